"""Decoded and encoded image files, and conversions that several formats need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from PIL import Image

from ddrm_core.formats.notes import FormatNote
from ddrm_core.imaging.array_types import PixelArray
from ddrm_core.messages import Description, Message
from ddrm_core.metadata.model import Metadata, PixelDensity, UnknownSegment

CM_PER_INCH = 2.54
_MAX_DENSITY = 0xFFFF
_PILLOW_MODES = {1: "L", 3: "RGB", 4: "CMYK"}


@dataclass(frozen=True, slots=True, eq=False)
class DecodedFile:
    """Pixels and metadata of a decoded file.

    Attributes:
        pixels: Array (h, w, c); c is 1 (gray), 3 (RGB) or 4 (CMYK, 0 for no ink); no alpha.
        metadata: Metadata of the file.
    """

    pixels: PixelArray
    metadata: Metadata


class MultipleImagesError(ValueError):
    """The error that a file holds more than one image.

    Attributes:
        page_count: Number of pages; 0 for an animation.
        frame_count: Number of frames of the animation; 0 for pages.
    """

    def __init__(self, *, page_count: int = 0, frame_count: int = 0) -> None:
        super().__init__("several pictures")
        self.page_count, self.frame_count = page_count, frame_count


@dataclass(frozen=True, slots=True)
class EncodedFile:
    """Content of an encoded file.

    Attributes:
        data: All bytes of the file.
        warnings: One sentence per kind of metadata block that the format cannot hold.
    """

    data: bytes
    warnings: tuple[Description, ...]


def describe_losses(
    format_name: str, left_out: Metadata, *, comments: FormatNote = FormatNote.COMMENTS
) -> tuple[Message, ...]:
    """Return one sentence per metadata block that a format cannot hold.

    Args:
        format_name: Name of the format in the sentences.
        left_out: Metadata of which every block that is present gets a sentence.
        comments: Sentence about comments.
    """
    facts = {"format": format_name}
    notes = {
        "exif": Message(FormatNote.DAMAGED_EXIF, facts),
        "xmp_extensions": Message(FormatNote.EXTENDED_XMP, facts),
        "iptc": Message(FormatNote.IPTC, facts),
        "comments": Message(comments, facts),
        "density": Message(FormatNote.DENSITY, facts),
        "others": Message(
            FormatNote.SEGMENTS, facts | {"segments": _format_app_markers(left_out.others)}
        ),
    }
    lost_blocks = [field.name for field in fields(Metadata) if getattr(left_out, field.name)]
    return tuple(notes[name] for name in lost_blocks)


def describe_unstored_blocks(format_name: str, metadata: Metadata) -> tuple[Message, ...]:
    """Return the losses in a format that holds an ICC profile, EXIF and XMP, and nothing else.

    A pixel density that states nothing except that pixels are square is no loss.
    """
    left_out = replace(metadata, icc_profile=None, exif=None, xmp=None)
    if is_trivial_density(metadata.density):
        left_out = replace(left_out, density=None)
    return describe_losses(format_name, left_out)


def is_trivial_density(density: PixelDensity | None) -> bool:
    """Return whether a pixel density is missing or states nothing except that pixels are square."""
    return density is None or (density.unit == 0 and density.x == density.y)


def density_from_pixels_per_meter(x: int, y: int) -> PixelDensity | None:
    """Convert pixels per meter in a file to whole pixels per inch or per centimeter.

    The result is in pixels per inch if an encoder would have computed `x` and `y` from whole pixels
    per inch. Return None if `x` or `y` is zero or too large for `PixelDensity`.
    """
    per_inch = [round(n * CM_PER_INCH / 100) for n in (x, y)]
    if [round(n * 100 / CM_PER_INCH) for n in per_inch] == [x, y]:
        return density_or_none(per_inch[0], per_inch[1], 1)
    return density_or_none(round(x / 100), round(y / 100), 2)


def density_or_none(x: int, y: int, unit: int) -> PixelDensity | None:
    """Return a pixel density, or None if `x` or `y` is outside JFIF's range, 1 to 65,535."""
    possible = 1 <= x <= _MAX_DENSITY and 1 <= y <= _MAX_DENSITY
    return PixelDensity(x, y, unit) if possible else None


def pixels_per_meter(density: PixelDensity) -> tuple[int, int]:
    """Convert a density per inch or centimeter to horizontal and vertical pixels per meter."""
    scale = 100 / CM_PER_INCH if density.unit == 1 else 100
    return round(density.x * scale), round(density.y * scale)


def remove_opaque_alpha(pixels: PixelArray, *, color_channels: int) -> PixelArray:
    """Return the color channels of an image, without an alpha channel that is opaque everywhere.

    Raises:
        ValueError: If more channels follow than one alpha channel, or a pixel is not opaque.
    """
    extra_channels = pixels.shape[2] - color_channels
    if extra_channels not in (0, 1):
        raise ValueError("channels of unknown meaning")
    # No float stands for opaque.
    opaque = {1: 0xFF, 2: 0xFFFF}.get(pixels.dtype.itemsize, np.inf)
    if extra_channels and pixels[:, :, -1].min() < opaque:
        raise ValueError("not opaque")
    return pixels[:, :, :color_channels]


def to_pillow_image(pixels: PixelArray) -> Image.Image:
    """Return an 8-bit (h, w, c) array as a Pillow image.

    Gray and CMYK images share the array's memory.
    """
    height, width, channels = pixels.shape
    mode = _PILLOW_MODES[channels]
    return Image.frombuffer(mode, (width, height), pixels, "raw", mode, 0, 1)


def _format_app_markers(segments: Sequence[UnknownSegment]) -> str:
    return ", ".join(dict.fromkeys(f"APP{segment.marker - 0xE0}" for segment in segments))
