"""The facts about one file by which a user decides what to restore, without torch."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ddrm_core.attachments.model import NO_ATTACHMENTS, Attachments
from ddrm_core.batch.selection.compression_facts import compression_facts_from_header
from ddrm_core.cancel import CancelToken
from ddrm_core.errors import (
    CompressionNotDetected,
    CoreError,
    DamagedJpeg,
    NotAJpeg,
    OperationCancelled,
    OutOfMemory,
    TooManyPixels,
    UnsupportedJpeg,
)
from ddrm_core.formats.defaults import MAX_PIXELS
from ddrm_core.jpeg.header import JpegHeader, read_header
from ddrm_core.jpeg.image import JpegImage
from ddrm_core.jpeg.quality_factor import LibjpegQuality
from ddrm_core.jpeg.read import read_jpeg
from ddrm_core.jpeg.recompression import PreviousCompression, detect_from_coefficients
from ddrm_core.messages import Description
from ddrm_core.os_errors import reading
from ddrm_core.restoration.decoded_pixels import decode_non_jpeg, detect_pixel_compression

JPEG_FORMAT = "JPEG"


@dataclass(frozen=True, slots=True, eq=False)
class ImageFacts:
    """The facts about one file, as far as the file can be read.

    Attributes:
        path: Path of the file.
        file_size: Size of the file in bytes, 0 if the system does not report it.
        format_name: Format of the content, e.g. "JPEG" or "PNG"; empty if nothing can be read.
        width: Width of the stored image in pixels, 0 if unknown.
        height: Height of the stored image in pixels, 0 if unknown.
        channels: Number of channels: 1 gray, 3 color, 4 CMYK; 0 if unknown.
        coding: Coding process of a JPEG, e.g. "baseline"; empty for any other file.
        color_model_name: Color model of a JPEG, e.g. "YCbCr"; empty for any other file.
        chroma_sampling: Chroma sampling of a JPEG, e.g. "4:2:0"; empty for any other file.
        quality: Quality factor of the quantization tables, None for a file without tables.
        quantization_error: Expected error of the tables in gray levels, see
            `compute_quantization_error`; None for a file without tables or of another color model.
        previous_compression: Earlier, harsher compression of which a JPEG shows signs, or the
            compression that the pixels of another file were decoded from; None without signs.
        was_searched: Whether the file was searched for signs of an earlier compression.
        damage: Damage of a JPEG, None for an undamaged or unreadable file.
        refusal: Error of a run with default settings, None if such a run accepts the file.
        is_partially_restorable: Whether a run that tolerates damage accepts a damaged file.
        attachments: Everything behind the image of a JPEG.
        trailing_size: Number of bytes behind the image of a JPEG: attachments or foreign data.
    """

    path: Path
    file_size: int = 0
    format_name: str = ""
    width: int = 0
    height: int = 0
    channels: int = 0
    coding: str = ""
    color_model_name: str = ""
    chroma_sampling: str = ""
    quality: LibjpegQuality | None = None
    quantization_error: float | None = None
    previous_compression: PreviousCompression | None = None
    was_searched: bool = False
    damage: Description | None = None
    refusal: Exception | None = None
    is_partially_restorable: bool = False
    attachments: Attachments = NO_ATTACHMENTS
    trailing_size: int = 0

    @property
    def is_image(self) -> bool:
        """Whether the file could be read as an image, at least its size."""
        return self.width > 0

    @property
    def is_restorable(self) -> bool:
        """Whether a run with default settings accepts the file, as far as is known."""
        return self.refusal is None

    @property
    def is_restorability_known(self) -> bool:
        """Whether `is_restorable` is certain; a file without tables has to be searched for that."""
        return self.was_searched or self.format_name == JPEG_FORMAT or self.refusal is not None


def read_image_facts(
    path: Path,
    *,
    max_pixels: int = MAX_PIXELS,
    searches_compression: bool = True,
    token: CancelToken | None = None,
) -> ImageFacts:
    """Read an entire file and return the facts about it; every failure is one of the facts.

    The search for signs of an earlier compression takes up to a second; everything else takes
    milliseconds, unless the image is large.

    Args:
        path: Path of the file.
        max_pixels: Largest number of pixels of an image that is read.
        searches_compression: Whether to search for signs of an earlier compression. Without the
            search, `refusal` of an image that is not a JPEG is None.
        token: Cancel token, checked during the search; None if nothing cancels it.

    Raises:
        OperationCancelled: If `token` was cancelled.
    """
    facts = ImageFacts(path)
    try:
        facts = replace(facts, file_size=_read_file_size(path))
        try:
            image = read_jpeg(path, tolerate_damage=True, max_pixels=max_pixels)
        except NotAJpeg as error:
            facts, pixels = _add_decoded_image(facts, error, max_pixels)
            if not searches_compression:
                return facts
            return _add_compression_of_pixels(facts, pixels)
        facts = _add_image(facts, image)
        if not searches_compression:
            return facts
        previous = detect_from_coefficients(image, token)
        return replace(facts, previous_compression=previous, was_searched=True)
    except OperationCancelled:
        raise
    # No file may end the triage of a folder.
    except Exception as error:  # noqa: BLE001
        return _add_failure(facts, error)


def _read_file_size(path: Path) -> int:
    with reading(path):
        return path.stat().st_size


def _add_image(facts: ImageFacts, image: JpegImage) -> ImageFacts:
    """Return facts with those of a JPEG whose levels were read."""
    assert image.header is not None  # only files that are not JPEGs have none
    facts = _add_header(facts, image.header)
    if image.damage is None:
        return facts
    damage = image.damage.description
    return replace(
        facts,
        damage=damage,
        refusal=DamagedJpeg(facts.path, damage),
        is_partially_restorable=True,
    )


def _add_header(facts: ImageFacts, header: JpegHeader) -> ImageFacts:
    """Return facts with those of a JPEG's markers."""
    compression = compression_facts_from_header(header)
    return replace(
        facts,
        format_name=JPEG_FORMAT,
        width=header.width,
        height=header.height,
        channels=len(header.components),
        coding=str(header.coding),
        color_model_name=header.color_model_name,
        chroma_sampling=header.chroma_sampling,
        quality=compression.quality,
        quantization_error=compression.quantization_error,
        attachments=header.attachments,
        trailing_size=header.trailing_size,
    )


def _add_decoded_image(
    facts: ImageFacts, error: NotAJpeg, max_pixels: int
) -> tuple[ImageFacts, NDArray[np.float32]]:
    """Return facts with those of a file that is not a JPEG, and its pixels.

    Raises the errors of `decode_non_jpeg`.
    """
    decoded = decode_non_jpeg(error, max_pixels=max_pixels)
    channels, height, width = decoded.pixels.shape
    facts = replace(
        facts, format_name=error.found_kind, width=width, height=height, channels=channels
    )
    return facts, decoded.pixels


def _add_compression_of_pixels(facts: ImageFacts, pixels: NDArray[np.float32]) -> ImageFacts:
    previous = detect_pixel_compression(pixels)
    refusal = CompressionNotDetected(facts.path) if previous is None else None
    return replace(facts, previous_compression=previous, was_searched=True, refusal=refusal)


def _add_failure(facts: ImageFacts, error: Exception) -> ImageFacts:
    """Return facts with the error of a file, and what its markers say in spite of the error."""
    error.__traceback__ = error.__cause__ = error.__context__ = None  # their frames hold images
    if isinstance(error, DamagedJpeg):
        facts = replace(facts, damage=error.damage)
    if isinstance(error, (UnsupportedJpeg, DamagedJpeg, TooManyPixels, OutOfMemory)):
        with suppress(CoreError):
            facts = _add_header(facts, read_header(facts.path))
    return replace(facts, refusal=error)
