"""Sizes of image files and of the images in them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from ddrm_core.errors import CoreError, NotAJpeg
from ddrm_core.jpeg.header import read_header

_USUAL_CHANNELS = 3


@dataclass(frozen=True, slots=True)
class ImageShape:
    """The size of an image file and of its image.

    Attributes:
        byte_count: Bytes of the file.
        width: Width in pixels.
        height: Height in pixels.
        channels: Number of channels: 1 gray, 3 RGB, 4 CMYK.
    """

    byte_count: int
    width: int
    height: int
    channels: int

    @property
    def pixel_count(self) -> int:
        return self.width * self.height


class ImageShapeReader:
    """A reader of image shapes that reads a file again only if it has changed. Not thread-safe."""

    def __init__(self) -> None:
        self._shapes: dict[Path, tuple[tuple[int, int], ImageShape | None]] = {}

    def read(self, path: Path) -> ImageShape | None:
        """Return the shape of a file's image, None if the file cannot be read as an image."""
        try:
            status = os.stat(path)
        except OSError:
            return None
        version = (status.st_size, status.st_mtime_ns)
        known_version, shape = self._shapes.get(path, (None, None))
        if known_version != version:
            shape = _read_shape(path, status.st_size)
            self._shapes[path] = (version, shape)
        return shape


def _read_shape(path: Path, byte_count: int) -> ImageShape | None:
    try:
        header = read_header(path)
    except NotAJpeg:
        return _read_shape_without_levels(path, byte_count)
    except CoreError:
        return None
    return ImageShape(byte_count, header.width, header.height, len(header.components))


def _read_shape_without_levels(path: Path, byte_count: int) -> ImageShape | None:
    # The window starts without the decoders.
    from ddrm_core.formats.decode import read_image_size

    try:
        width, height = read_image_size(path)
    except CoreError:
        return None
    return ImageShape(byte_count, width, height, _USUAL_CHANNELS)
