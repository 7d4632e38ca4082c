"""Job that reopens the file of a past run, from memory if the file has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.jobs.document.open import Document, document_from_source, open_document
from ddrm_core.errors import CoreError
from ddrm_core.jpeg.image import JpegImage

if TYPE_CHECKING:  # these imports load torch, see `PriorCache`
    from ddrm_core.restoration.source import SourceImage


def reopen_document(source: SourceImage) -> Document:
    """Open the file of `source` again.

    If the file is missing or has changed, return a document with the content of `source`.
    """
    is_damaged = isinstance(source, JpegImage) and source.damage is not None
    width, height = source.size
    try:
        document = open_document(source.path, tolerate_damage=is_damaged, max_pixels=width * height)
    except CoreError:
        return document_from_source(source)
    return document if is_same_content(document.source, source) else document_from_source(source)


def is_same_content(first: SourceImage, second: SourceImage) -> bool:
    """Return whether two sources have the same path and the same content."""
    if first is second:
        return True
    if first.path != second.path or first.size != second.size:
        return False
    if isinstance(first, JpegImage) and isinstance(second, JpegImage):
        pairs = zip(
            (*first.levels, *first.quantization_tables),
            (*second.levels, *second.quantization_tables),
            strict=True,
        )
        return all(np.array_equal(a, b) for a, b in pairs)
    if isinstance(first, JpegImage) or isinstance(second, JpegImage):
        return False
    return first.pixels.equal(second.pixels)
