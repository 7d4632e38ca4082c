"""The failure of a format to hold a result, with the reason."""

from __future__ import annotations

from enum import Enum
from pathlib import Path

from ddrm_core.errors import CoreError


class UnsupportedProperty(Enum):
    """The property of a result that its format cannot hold."""

    FORMAT = "format"  # the name asks for a format that is not written here
    CHANNELS = "channels"
    BITS = "bits"
    SIZE = "size"


class UnsupportedFormat(CoreError):
    """The output's name asks for a format that cannot hold the result.

    Attributes:
        path: The output file.
        bits: Bits per channel that were asked for.
        channels: Number of channels of the picture: 1 gray, 3 RGB, 4 CMYK.
        size: Width and height of the picture in pixels.
        unsupported_property: The property that the format does not hold.
        format: The name of the format, e.g. "PNG"; "" for one that is not written here.
        max_side: The longest side that the format holds, in pixels.
        capable_suffixes: A suffix for each format that holds such a picture.
    """

    def __init__(
        self,
        path: Path,
        bits: int,
        *,
        channels: int = 3,
        size: tuple[int, int] = (1, 1),
        unsupported_property: UnsupportedProperty = UnsupportedProperty.FORMAT,
        format: str = "",  # noqa: A002  # the name of the attribute
        max_side: int = 0,
        capable_suffixes: tuple[str, ...] = (),
    ) -> None:
        super().__init__(path, bits)
        self.path, self.bits, self.channels, self.size = path, bits, channels, size
        self.unsupported_property, self.format, self.max_side, self.capable_suffixes = (
            unsupported_property,
            format,
            max_side,
            capable_suffixes,
        )
