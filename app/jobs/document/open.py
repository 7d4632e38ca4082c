"""Job that opens a file: levels or pixels for the core, and an image for the screen."""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.imaging.color_management import DisplayTransform, create_display_transform
from app.imaging.mipmap_image import MipmapImage, create_mipmap_image
from ddrm_core.errors import BitDepthNotDetected, DamagedJpeg, NotAJpeg, NotEightBitImage
from ddrm_core.formats.defaults import MAX_PIXELS
from ddrm_core.formats.jpeg import decode_jpeg
from ddrm_core.jpeg.header import read_file_bytes
from ddrm_core.jpeg.image import JpegImage
from ddrm_core.jpeg.read import read_jpeg
from ddrm_core.jpeg.reasons import DamageReason
from ddrm_core.problems.bit_depth.detect import detect_bit_depth

# torch takes seconds to import, so the functions below import it when they run; see `PriorCache`.
# An undamaged JPEG is opened without torch.
if TYPE_CHECKING:
    from ddrm_core.restoration.source import PixelImage, SourceImage

_JPEG_FORMAT = "JPEG"
# Exceptions that Pillow raises on damaged data.
_DECODE_ERRORS = (OSError, SyntaxError, ValueError, struct.error)


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """An opened file with its content, its image for the screen and its display transform.

    Attributes:
        source: Levels of a JPEG, or pixels of another image.
        format: Name of the file's format, e.g. "JPEG" or "PNG".
        display: Transform from stored pixels to pixels for the screen.
        image: Image for the screen, as an ordinary decoder and `display` show the file.
        estimated_bits: Estimated bits per channel of pixels with reduced bit depth, 1 to 7; None
            for pixels with all 8 bits and if detection fails.
        is_from_memory: Whether the file is missing or has other content by now, so that `source`
            is the content read earlier.
        is_pasted: Whether the pixels are from the clipboard, so that no file exists.
    """

    source: SourceImage
    format: str
    display: DisplayTransform
    image: MipmapImage
    estimated_bits: int | None = None
    is_from_memory: bool = False
    is_pasted: bool = False


def open_document(
    path: Path, *, tolerate_damage: bool = False, max_pixels: int = MAX_PIXELS
) -> Document:
    """Read and decode a JPEG or another image.

    Args:
        path: The file.
        tolerate_damage: Whether a damaged JPEG is opened with its readable part.
        max_pixels: Most pixels that the image may have.

    Raises the errors of `open_source_image`.
    """
    try:
        image = read_jpeg(path, tolerate_damage=tolerate_damage, max_pixels=max_pixels)
    except NotAJpeg as error:
        return _open_pixel_image(path, max_pixels, error)
    return _build_jpeg_document(image, _decode_pixels(image, tolerate_damage=tolerate_damage))


def _build_jpeg_document(image: JpegImage, pixels: NDArray[np.uint8]) -> Document:
    display = create_display_transform(image.metadata, image.channels)
    bit_depth = detect_bit_depth(pixels)
    bits = None if bit_depth is None else bit_depth.bits
    return Document(
        image, _JPEG_FORMAT, display, create_mipmap_image(display.to_display_pixels(pixels)), bits
    )


def document_from_source(source: SourceImage) -> Document:
    """Return a document of a source that is in memory, without reading its file again."""
    from ddrm_core.imaging.quantize_pixels import to_uint8

    if isinstance(source, JpegImage):
        return replace(
            _build_jpeg_document(source, _pixels_from_levels(source)), is_from_memory=True
        )
    display = create_display_transform(source.metadata, len(source.pixels))
    screen_pixels = display.to_display_pixels(to_uint8(source.pixels))
    format_name = source.path.suffix.lstrip(".").upper()
    return Document(
        source,
        format_name,
        display,
        create_mipmap_image(screen_pixels),
        _estimate_bits_of_pixels(source),
        is_from_memory=True,
    )


def _open_pixel_image(path: Path, max_pixels: int, error: NotAJpeg) -> Document:
    """Open an image that is no JPEG.

    Args:
        path: The file.
        max_pixels: Most pixels that the image may have.
        error: Error with which `path` was rejected as a JPEG; raised if `path` is a JPEG now,
            because the file has changed while it was read.

    Raises the errors of `open_source_image`.
    """
    from ddrm_core.imaging.quantize_pixels import to_uint8
    from ddrm_core.restoration.source import open_source_image

    source = open_source_image(path, max_pixels=max_pixels)
    if isinstance(source, JpegImage):
        raise error
    display = create_display_transform(source.metadata, len(source.pixels))
    screen_pixels = display.to_display_pixels(to_uint8(source.pixels))
    return Document(
        source,
        error.found_kind,
        display,
        create_mipmap_image(screen_pixels),
        _estimate_bits_of_pixels(source),
    )


def _estimate_bits_of_pixels(source: PixelImage) -> int | None:
    from ddrm_core.problems.bit_depth.image import quantized_image_from_pixels

    try:
        return quantized_image_from_pixels(
            source.pixels, path=source.path, metadata=source.metadata
        ).bits
    except (NotEightBitImage, BitDepthNotDetected):
        return None


def _decode_pixels(image: JpegImage, *, tolerate_damage: bool) -> NDArray[np.uint8]:
    """Decode a JPEG into stored pixels: (h, w) gray, (h, w, 3) RGB, or (h, w, 4) CMYK ink.

    Raises DamagedJpeg if the size of the decoded pixels differs from the header, unless
    `tolerate_damage` is set.
    """
    # Decoders invent pixels for missing data; results are computed from the levels alone.
    if image.damage is not None:
        return _pixels_from_levels(image)
    try:
        pixels = decode_jpeg(read_file_bytes(image.path)).pixels.astype(np.uint8, copy=False)
    except _DECODE_ERRORS:  # for example at stray bytes, which leave the levels intact
        return _pixels_from_levels(image)
    # If two decoders disagree on the shape, the file is damaged, whichever decoder is right.
    if pixels.shape != (image.height, image.width, len(image.components)):
        if tolerate_damage:
            return _pixels_from_levels(image)
        raise DamagedJpeg(image.path, DamageReason.UNDECODABLE)
    return pixels[:, :, 0] if pixels.shape[2] == 1 else pixels


def _pixels_from_levels(image: JpegImage) -> NDArray[np.uint8]:
    import torch

    from ddrm_core.imaging.quantize_pixels import to_uint8
    from ddrm_core.jpeg.operator import create_jpeg_operator, levels_to_tensors

    operator = create_jpeg_operator(image)
    x = operator.decode(levels_to_tensors(image, torch.device("cpu")))
    return to_uint8(operator.color_model.to_pixels(x)[0])
