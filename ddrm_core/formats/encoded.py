"""What a picture file holds, as every format's reader and writer sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from PIL import Image

from ddrm_core.imaging.array_types import Pixels
from ddrm_core.metadata.model import Density, Metadata, OtherSegment

INCH_CM = 2.54
_MOST_DENSITY = 0xFFFF
_MODES = {1: "L", 3: "RGB", 4: "CMYK"}


@dataclass(frozen=True, slots=True, eq=False)
class Stored:
    """A decoded file.

    Attributes:
        pixels: (h, w, c), c being 1 (grey), 3 (RGB) or 4 (CMYK, 0 without ink); no alpha.
        metadata: Its blocks.
    """

    pixels: Pixels
    metadata: Metadata


class SeveralPictures(ValueError):
    """A file holds more than one picture.

    Attributes:
        pages: How many, 0 in an animation.
        frames: How many the animation has, 0 where it is none.
    """

    def __init__(self, *, pages: int = 0, frames: int = 0) -> None:
        super().__init__("several pictures")
        self.pages, self.frames = pages, frames


@dataclass(frozen=True, slots=True)
class Encoded:
    """A file's content.

    Attributes:
        data: The whole of it.
        losses: A sentence for each kind of metadata block that the format cannot hold.
    """

    data: bytes
    losses: tuple[str, ...]


def losses(holder: str, left_out: Metadata, *, exif: str = "", comments: str = "") -> list[str]:
    """A sentence for each block that is there.

    Args:
        holder: The format.
        left_out: The blocks that it does not hold.
        exif: More exact words for the EXIF block.
        comments: The same for comments.
    """
    words = {
        "icc_profile": "colour profile",
        "exif": exif or "EXIF",
        "xmp": "XMP",
        "xmp_extensions": "extended XMP",
        "iptc": "IPTC",
        "comments": comments or "comments",
        "density": "density",
        "others": f"other JPEG segments ({_names(left_out.others)})",
    }
    found = [f.name for f in fields(Metadata) if getattr(left_out, f.name)]
    return [f"{holder} holds no {words[name]}." for name in found]


def says_nothing(density: Density | None) -> bool:
    """Whether it is missing, or says that pixels are square and no more."""
    return density is None or (density.unit == 0 and density.x == density.y)


def density_per_metre(x: int, y: int) -> Density | None:
    """Pixels per metre as an encoder computed them from whole pixels per inch, or centimetre.

    None where either is zero, or too many for `Density`.
    """
    inches = [round(n * INCH_CM / 100) for n in (x, y)]
    if [round(n * 100 / INCH_CM) for n in inches] == [x, y]:
        return density_or_none(inches[0], inches[1], 1)
    return density_or_none(round(x / 100), round(y / 100), 2)


def density_or_none(x: int, y: int, unit: int) -> Density | None:
    """None where JFIF could not say it: 16 bits each, and no zeros."""
    possible = 1 <= x <= _MOST_DENSITY and 1 <= y <= _MOST_DENSITY
    return Density(x, y, unit) if possible else None


def per_metre(density: Density) -> tuple[int, int]:
    """Pixels per metre of a density with a unit."""
    scale = 100 / INCH_CM if density.unit == 1 else 100
    return round(density.x * scale), round(density.y * scale)


def without_opaque_alpha(pixels: Pixels, *, colours: int) -> Pixels:
    """The first `colours` channels.

    Raises:
        ValueError: There are more and they are not one that is opaque everywhere.
    """
    extra = pixels.shape[2] - colours
    if extra not in (0, 1):
        raise ValueError("channels of unknown meaning")
    # Floats have no number that says opaque.
    opaque = {1: 0xFF, 2: 0xFFFF}.get(pixels.dtype.itemsize, np.inf)
    if extra and pixels[:, :, -1].min() < opaque:
        raise ValueError("not opaque")
    return pixels[:, :, :colours]


def image_of(pixels: Pixels) -> Image.Image:
    """Pillow's image of (h, w, c) with 8 bits a channel; of grey and ink it is no copy."""
    height, width, channels = pixels.shape
    mode = _MODES[channels]
    return Image.frombuffer(mode, (width, height), pixels, "raw", mode, 0, 1)


def _names(others: Sequence[OtherSegment]) -> str:
    return ", ".join(dict.fromkeys(f"APP{other.marker - 0xE0}" for other in others))
