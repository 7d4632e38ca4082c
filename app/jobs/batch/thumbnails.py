"""Thumbnails of the files of a batch and of their results."""

from __future__ import annotations

import struct
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage

from app.imaging.color_management import create_display_transform
from app.imaging.qimage import qimage_from_pixels
from ddrm_core.cancel import CancelToken
from ddrm_core.errors import CoreError
from ddrm_core.formats.defaults import MAX_PIXELS
from ddrm_core.formats.jpeg import decode_jpeg, read_jpeg_size
from ddrm_core.jpeg.header import read_file_bytes
from ddrm_core.metadata.jpeg_segments import START_OF_IMAGE
from ddrm_core.metadata.model import Metadata

# Errors of the decoders for damaged data.
_DECODE_ERRORS = (ArithmeticError, LookupError, OSError, SyntaxError, ValueError, struct.error)
THUMBNAIL_SIDE_PX = 256
"""Longer side of a thumbnail in pixels."""


class ThumbnailKind(Enum):
    """The image of a batch item that a thumbnail shows: before or after the restoration."""

    BEFORE = auto()
    AFTER = auto()


@dataclass(frozen=True, slots=True)
class ThumbnailRequest:
    """A request for a thumbnail.

    Attributes:
        item_id: Number of the batch item.
        kind: Whether `path` is the source or the result.
        path: The file.
        side: Longer side of the thumbnail in pixels.
    """

    item_id: int
    kind: ThumbnailKind
    path: Path
    side: int = THUMBNAIL_SIDE_PX


@dataclass(frozen=True, slots=True, eq=False)
class LoadedThumbnail:
    """The outcome of a request.

    Attributes:
        request: The request.
        image: The thumbnail, None if the file cannot be decoded.
    """

    request: ThumbnailRequest
    image: QImage | None


def load_thumbnails_job(
    requests: Sequence[ThumbnailRequest], token: CancelToken
) -> Generator[LoadedThumbnail, None, None]:
    """Load one thumbnail after another; a file that cannot be decoded gives None."""
    for request in requests:
        token.raise_if_cancelled()
        yield LoadedThumbnail(request, load_thumbnail(request.path, request.side))


def load_thumbnail(path: Path, side: int) -> QImage | None:
    """Return an upright sRGB image whose longer side is at most `side` pixels.

    Return None if the file cannot be read or decoded: the restoration of the file reports why.
    """
    try:
        pixels, metadata = _decode_small(path, side)
    except (CoreError, *_DECODE_ERRORS):
        return None
    channels = 1 if pixels.ndim == 2 else pixels.shape[2]
    display = create_display_transform(metadata, channels)
    return shrink_to_side(qimage_from_pixels(display.to_display_pixels(pixels)), side)


def shrink_to_side(image: QImage, side: int) -> QImage:
    """Return the image with a longer side of at most `side` pixels."""
    if max(image.width(), image.height()) <= side:
        return image
    return image.scaled(
        QSize(side, side),
        Qt.AspectRatioMode.KeepAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )


def _decode_small(path: Path, side: int) -> tuple[NDArray[np.uint8], Metadata]:
    """Return stored pixels, for a JPEG only a little larger than `side`, and metadata."""
    data = read_file_bytes(path)
    if not data.startswith(START_OF_IMAGE):
        return _load_pixels(path)
    width, height = read_jpeg_size(data)
    if width * height > MAX_PIXELS:
        raise ValueError("too many pixels")
    decoded = decode_jpeg(data, min_size=(side, side))
    pixels = decoded.pixels.astype(np.uint8, copy=False)
    return (pixels[:, :, 0] if pixels.shape[2] == 1 else pixels), decoded.metadata


def _load_pixels(path: Path) -> tuple[NDArray[np.uint8], Metadata]:
    # torch takes seconds to import; see `PriorCache`.
    from ddrm_core.formats.load import load_image
    from ddrm_core.imaging.quantize_pixels import to_uint8

    loaded = load_image(path)
    return to_uint8(loaded.pixels), loaded.metadata
