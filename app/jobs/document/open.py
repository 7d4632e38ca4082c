"""Opening a file: its levels or pixels for the engine, and what the eye sees of them."""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.imaging.color_management import Display, display_for
from app.imaging.pyramid import Pyramid, pyramid
from ddrm_core.errors import DamagedJpeg, NotAJpeg, NotEightBits, NotQuantized
from ddrm_core.formats.jpeg import decode_jpeg
from ddrm_core.jpeg.header import read_bytes
from ddrm_core.jpeg.image import JpegImage
from ddrm_core.jpeg.read import MAX_PIXELS, read_jpeg
from ddrm_core.problems.bit_depth.estimate import estimate_bits

# Functions below import what needs torch when they run, for the reason given in `Engine`: a whole
# JPEG is open without it.
if TYPE_CHECKING:
    from ddrm_core.restoration.input import PixelImage, Source

_JPEG = "JPEG"
_UPRIGHT = 1
# What Pillow raises on damaged data.
_DAMAGED = (OSError, SyntaxError, ValueError, struct.error)


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """An opened file.

    Attributes:
        source: What it measured, or its pixels.
        format: Of the file, e.g. "JPEG" or "PNG".
        display: How its pixels are shown.
        picture: As an ordinary decoder and `display` show it.
        bits: Per channel, that its pixels seem to have been made of, 1 to 7; None where they have
            all of them, or it cannot be said.
        remembered: Whether the file is gone or holds another picture by now, and `source` is what
            was read from it before.
    """

    source: Source
    format: str
    display: Display
    picture: Pyramid
    bits: int | None = None
    remembered: bool = False


def open_document(
    path: Path, *, tolerate_damage: bool = False, max_pixels: int = MAX_PIXELS
) -> Document:
    """Read and decode a JPEG, or a picture that may have been one. Raises as `open_source`."""
    try:
        image = read_jpeg(path, tolerate_damage=tolerate_damage, max_pixels=max_pixels)
    except NotAJpeg as error:
        return _open_pixels(path, max_pixels, error)
    return _jpeg_document(image, _decoded(image, tolerate_damage=tolerate_damage))


def _jpeg_document(image: JpegImage, pixels: NDArray[np.uint8]) -> Document:
    display = display_for(image.metadata, image.channels)
    depth = estimate_bits(pixels)
    bits = None if depth is None else depth.bits
    return Document(image, _JPEG, display, pyramid(display.shown(pixels)), bits)


def document_from(source: Source) -> Document:
    """Return the file that was read before as it was then, without reading it again."""
    from ddrm_core.imaging.quantize_pixels import rounded

    if isinstance(source, JpegImage):
        return replace(_jpeg_document(source, _from_levels(source)), remembered=True)
    display = display_for(source.metadata, len(source.picture))
    shown = display.shown(rounded(source.picture))
    name = source.path.suffix.lstrip(".").upper()
    return Document(source, name, display, pyramid(shown), _bits_left(source), remembered=True)


def _open_pixels(path: Path, max_pixels: int, error: NotAJpeg) -> Document:
    """Raises `error` where it is a JPEG after all: the file has changed under the reader."""
    from ddrm_core.imaging.quantize_pixels import rounded
    from ddrm_core.restoration.input import open_source

    source = open_source(path, max_pixels=max_pixels)
    if isinstance(source, JpegImage):
        raise error
    display = display_for(source.metadata, len(source.picture))
    shown = display.shown(rounded(source.picture))
    return Document(source, error.found, display, pyramid(shown), _bits_left(source))


def _bits_left(source: PixelImage) -> int | None:
    from ddrm_core.problems.bit_depth.image import quantized_image

    try:
        return quantized_image(source.picture, path=source.path, metadata=source.metadata).bits
    except (NotEightBits, NotQuantized):
        return None


def _decoded(image: JpegImage, *, tolerate_damage: bool) -> NDArray[np.uint8]:
    """Pixels as stored: (h, w) grey, (h, w, 3) RGB, or (h, w, 4) ink."""
    # Decoders make up what is missing; results keep what the levels show of it.
    if image.damage is not None:
        return _from_levels(image)
    try:
        pixels = decode_jpeg(read_bytes(image.path)).pixels.astype(np.uint8, copy=False)
    except _DAMAGED:  # at stray bytes, for example: the levels are whole all the same
        return _from_levels(image)
    # A file of which two readers see two pictures is not whole, whichever of them is right.
    if pixels.shape != (image.height, image.width, len(image.components)):
        if tolerate_damage:
            return _from_levels(image)
        raise DamagedJpeg(image.path, "its data does not decode")
    return pixels[:, :, 0] if pixels.shape[2] == 1 else pixels


def _from_levels(image: JpegImage) -> NDArray[np.uint8]:
    import torch

    from ddrm_core.imaging.quantize_pixels import rounded
    from ddrm_core.jpeg.operator import level_tensors, operator_for

    operator = operator_for(image)
    x = operator.decode(level_tensors(image, torch.device("cpu")))
    return rounded(operator.colour.pixels(x)[0])
