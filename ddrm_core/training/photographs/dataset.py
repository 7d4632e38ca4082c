"""Photographs in a folder: the training set, the held-out set, and their pixels.

Lossy files are reduced to at most half their size, so that no compression artifact is learned.
"""

from __future__ import annotations

import struct
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import UInt8
from numpy.typing import NDArray
from PIL import Image

from ddrm_core.errors import InvalidSetting, UnreadableFile
from ddrm_core.formats.suffixes import OTHER_IMAGE_SUFFIXES, WRITABLE_JPEG_SUFFIXES
from ddrm_core.formats.unsupported_format import UnsupportedImage
from ddrm_core.os_errors import describe_failure, reading

PHOTOGRAPH_SUFFIXES = frozenset({*WRITABLE_JPEG_SUFFIXES, *OTHER_IMAGE_SUFFIXES})
SHORT_SIDE_LIMIT = 1024
"""Short side in pixels to which larger photographs are reduced.

Larger photographs are blurred at full size and show little of the sharpness of typical images.
"""
# Every 20th photograph is held out, beginning with this index. The bundled prior was validated on
# these photographs of its folder, so training must never use them.
_HELD_OUT_PERIOD, _HELD_OUT_INDEX = 20, 7
_DECODING_ERRORS = (OSError, SyntaxError, ValueError, ArithmeticError, LookupError, struct.error)
_DECOMPRESSION_BOMBS = (Image.DecompressionBombWarning, Image.DecompressionBombError)

PhotographPixels = UInt8[NDArray[np.uint8], "h w 3"]


@dataclass(frozen=True, slots=True)
class Photograph:
    """A photograph whose header has been read.

    Attributes:
        path: Path of the file.
        size: Width and height in pixels.
        min_reduction: Least factor by which the sides are reduced in decoding: 1, or 2 for a lossy
            file, to remove compression artifacts.
    """

    path: Path
    size: tuple[int, int]
    min_reduction: int

    @property
    def max_short_side(self) -> int:
        """Largest short side in pixels to which the photograph may be decoded."""
        return min(min(self.size) // self.min_reduction, SHORT_SIDE_LIMIT)

    def read_pixels(self, short_side: int) -> PhotographPixels:
        """Read the pixels, reduced so that the short side has `short_side` pixels.

        Args:
            short_side: Short side in pixels, at most `max_short_side`.

        Raises:
            UnreadableFile: If the system cannot read the file.
            UnsupportedImage: If the file is damaged or partly transparent.
        """
        scale = short_side / min(self.size)
        width, height = (max(short_side, round(side * scale)) for side in self.size)
        try:
            with Image.open(self.path) as image:
                if image.size != self.size or image.mode not in ("RGB", "RGBA"):
                    raise UnsupportedImage(self.path)
                # A JPEG is halved during decoding, several times faster than afterwards.
                image.draft("RGB", (width, height))
                if image.mode == "RGBA" and image.getchannel("A").getextrema() != (255, 255):
                    raise UnsupportedImage(self.path)
                rgb_image = image.convert("RGB")
                if rgb_image.size != (width, height):
                    rgb_image = rgb_image.resize((width, height), Image.Resampling.LANCZOS)
                return np.array(rgb_image)
        except _DECODING_ERRORS as error:
            raise _create_read_error(self.path, error) from error


@dataclass(frozen=True, slots=True)
class PhotographCollection:
    """The photographs of a folder, divided into a training set and a held-out set.

    Attributes:
        training: Training set.
        held_out: Held-out set: every 20th photograph, never used for training.
        refused_paths: Files that are not used: not color photographs, damaged, or too small.
    """

    training: tuple[Photograph, ...]
    held_out: tuple[Photograph, ...]
    refused_paths: tuple[Path, ...]


def collect_photographs(
    folder: Path, *, min_short_side: int, min_held_out_side: int
) -> PhotographCollection:
    """Divide the photographs below `folder` into a training and a held-out set.

    Files are inspected in the order of their paths.

    Args:
        folder: Folder to search, with all its subfolders.
        min_short_side: Least short side, after reduction, of a training photograph in pixels.
        min_held_out_side: Least short side, after reduction, of a held-out photograph in pixels.

    Raises:
        UnreadableFile: If `folder` is not a readable folder.
        InvalidSetting: If the training set or the held-out set is empty.
    """
    with reading(folder):
        next(folder.iterdir(), None)
    paths = sorted(p for p in folder.rglob("*") if p.suffix.lower() in PHOTOGRAPH_SUFFIXES)
    training: list[Photograph] = []
    held_out: list[Photograph] = []
    refused_paths: list[Path] = []
    for index, path in enumerate(paths):
        is_held_out = index % _HELD_OUT_PERIOD == _HELD_OUT_INDEX
        photograph = _inspect_photograph(path)
        if photograph is None or photograph.max_short_side < (
            min_held_out_side if is_held_out else min_short_side
        ):
            refused_paths.append(path)
        else:
            (held_out if is_held_out else training).append(photograph)
    if not training or not held_out:
        needed_text = (
            f"{_HELD_OUT_INDEX + 1} or more photographs"
            f" of at least {min_held_out_side} pixels a side"
        )
        raise InvalidSetting("FOLDER", str(folder), f"a folder with {needed_text}")
    return PhotographCollection(tuple(training), tuple(held_out), tuple(refused_paths))


def read_central_crops(
    photographs: Iterable[Photograph], side: int
) -> UInt8[NDArray[np.uint8], "n s s 3"]:
    """Return the central square of each photograph, `side` pixels wide.

    Photographs are decoded at their largest allowed size, lossy ones at half their stored size.
    """
    crops = []
    for photograph in photographs:
        pixels = photograph.read_pixels(photograph.max_short_side)
        top, left = ((length - side) // 2 for length in pixels.shape[:2])
        crops.append(pixels[top : top + side, left : left + side])
    return np.stack(crops)


def _inspect_photograph(path: Path) -> Photograph | None:
    """Read the header of a file; return None unless the file is an RGB or RGBA photograph."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path) as image:
                if image.mode not in ("RGB", "RGBA") or getattr(image, "n_frames", 1) != 1:
                    return None
                return Photograph(path, image.size, 2 if _is_lossy(path, image.format) else 1)
    except (*_DECODING_ERRORS, *_DECOMPRESSION_BOMBS):
        return None


def _is_lossy(path: Path, image_format: str | None) -> bool:
    """Return whether a file is a JPEG or a lossy WebP.

    A WebP is lossless if its image data is a chunk VP8L (RFC 9649).
    """
    if image_format != "WEBP":
        return image_format == "JPEG"
    with path.open("rb") as file:
        file.seek(12)
        while len(head := file.read(8)) == 8:
            name, length = struct.unpack("<4sI", head)
            if name in (b"VP8 ", b"VP8L"):
                return bool(name == b"VP8 ")
            file.seek(length + length % 2, 1)
    return True


def _create_read_error(path: Path, error: Exception) -> UnsupportedImage | UnreadableFile:
    """Convert an error of Pillow in reading a photograph to a CoreError.

    Return UnreadableFile if the operating system raised the error, UnsupportedImage otherwise. Only
    an OSError of the operating system has an error number.
    """
    if isinstance(error, OSError) and error.errno is not None:
        return UnreadableFile(path, describe_failure(error))
    return UnsupportedImage(path)
