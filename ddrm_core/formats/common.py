"""What a picture file holds, as every format's reader and writer sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

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
    """A decoded file.

    Attributes:
        pixels: (h, w, c), c being 1 (grey), 3 (RGB) or 4 (CMYK, 0 without ink); no alpha.
        metadata: Its blocks.
    """

    pixels: PixelArray
    metadata: Metadata


class MultipleImagesError(ValueError):
    """A file holds more than one picture.

    Attributes:
        page_count: How many, 0 in an animation.
        frame_count: How many the animation has, 0 where it is none.
    """

    def __init__(self, *, page_count: int = 0, frame_count: int = 0) -> None:
        super().__init__("several pictures")
        self.page_count, self.frame_count = page_count, frame_count


@dataclass(frozen=True, slots=True)
class EncodedFile:
    """A file's content.

    Attributes:
        data: The whole of it.
        warnings: Notes, one for each kind of metadata block that the format cannot hold.
    """

    data: bytes
    warnings: tuple[Description, ...]


def describe_losses(
    format_name: str, left_out: Metadata, *, comments: FormatNote = FormatNote.COMMENTS
) -> tuple[Message, ...]:
    """Return a note for each block that is there.

    Args:
        format_name: Name of the format.
        left_out: Blocks that the format does not hold.
        comments: Reason why it does not hold the comments.
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


def is_trivial_density(density: PixelDensity | None) -> bool:
    """Whether it is missing, or says that pixels are square and no more."""
    return density is None or (density.unit == 0 and density.x == density.y)


def density_from_pixels_per_meter(x: int, y: int) -> PixelDensity | None:
    """Pixels per metre as an encoder computed them from whole pixels per inch, or centimetre.

    None where either is zero, or too many for `PixelDensity`.
    """
    per_inch = [round(n * CM_PER_INCH / 100) for n in (x, y)]
    if [round(n * 100 / CM_PER_INCH) for n in per_inch] == [x, y]:
        return density_or_none(per_inch[0], per_inch[1], 1)
    return density_or_none(round(x / 100), round(y / 100), 2)


def density_or_none(x: int, y: int, unit: int) -> PixelDensity | None:
    """None where JFIF could not say it: 16 bits each, and no zeros."""
    possible = 1 <= x <= _MAX_DENSITY and 1 <= y <= _MAX_DENSITY
    return PixelDensity(x, y, unit) if possible else None


def pixels_per_meter(density: PixelDensity) -> tuple[int, int]:
    """Pixels per metre of a density with a unit."""
    scale = 100 / CM_PER_INCH if density.unit == 1 else 100
    return round(density.x * scale), round(density.y * scale)


def remove_opaque_alpha(pixels: PixelArray, *, color_channels: int) -> PixelArray:
    """The first `color_channels` channels.

    Raises:
        ValueError: There are more and they are not one that is opaque everywhere.
    """
    extra_channels = pixels.shape[2] - color_channels
    if extra_channels not in (0, 1):
        raise ValueError("channels of unknown meaning")
    # Floats have no number that says opaque.
    opaque = {1: 0xFF, 2: 0xFFFF}.get(pixels.dtype.itemsize, np.inf)
    if extra_channels and pixels[:, :, -1].min() < opaque:
        raise ValueError("not opaque")
    return pixels[:, :, :color_channels]


def to_pillow_image(pixels: PixelArray) -> Image.Image:
    """Pillow's image of (h, w, c) with 8 bits a channel; of grey and ink it is no copy."""
    height, width, channels = pixels.shape
    mode = _PILLOW_MODES[channels]
    return Image.frombuffer(mode, (width, height), pixels, "raw", mode, 0, 1)


def _format_app_markers(segments: Sequence[UnknownSegment]) -> str:
    return ", ".join(dict.fromkeys(f"APP{segment.marker - 0xE0}" for segment in segments))
