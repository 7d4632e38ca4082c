"""Opening the file of an earlier run again, from memory where the file is another one by now."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.jobs.document.open import Document, document_from, open_document
from ddrm_core.errors import CoreError
from ddrm_core.jpeg.image import JpegImage

if TYPE_CHECKING:  # imports torch, see `Engine`
    from ddrm_core.restoration.input import Source


def reopen(source: Source) -> Document:
    """Open the file that `source` was read from; as it was then where it is gone or has changed."""
    damaged = isinstance(source, JpegImage) and source.damage is not None
    width, height = source.size
    try:
        document = open_document(source.path, tolerate_damage=damaged, max_pixels=width * height)
    except CoreError:
        return document_from(source)
    return document if same_picture(document.source, source) else document_from(source)


def same_picture(one: Source, other: Source) -> bool:
    """Whether both are the same content of the same file, perhaps read twice."""
    if one is other:
        return True
    if one.path != other.path or one.size != other.size:
        return False
    if isinstance(one, JpegImage) and isinstance(other, JpegImage):
        pairs = zip((*one.levels, *one.tables), (*other.levels, *other.tables), strict=True)
        return all(np.array_equal(a, b) for a, b in pairs)
    if isinstance(one, JpegImage) or isinstance(other, JpegImage):
        return False
    return one.picture.equal(other.picture)
