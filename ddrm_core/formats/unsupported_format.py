"""Error of a format that cannot hold a result."""

from __future__ import annotations

from dataclasses import dataclass

from ddrm_core.errors import FileError
from ddrm_core.messages import Reason, tr_noop


class UnsupportedImageReason(Reason):
    """Property of a file that is not read as one picture."""

    PAGES = tr_noop("{path} has {page_count:,} pages")
    FRAMES = tr_noop("{path} is an animation of {frame_count:,} frames")
    CONTENT = tr_noop("{path} cannot be read as a grey, RGB or CMYK picture without transparency")


@dataclass(eq=False)
class UnsupportedImage(FileError):
    """A file cannot be read as one grey, RGB or CMYK picture.

    Attributes:
        page_count: How many the file has; 0 where their number is not the reason.
        frame_count: How many its animation has; 0 where it is none.
    """

    page_count: int = 0
    frame_count: int = 0

    @property
    def template(self) -> UnsupportedImageReason:
        if self.page_count:
            return UnsupportedImageReason.PAGES
        return UnsupportedImageReason.FRAMES if self.frame_count else UnsupportedImageReason.CONTENT


class UnsupportedProperty(Reason):
    """Property of a result that the output format cannot hold."""

    FORMAT = tr_noop("The name {path} does not end in a format that this program writes")
    CMYK = tr_noop("{path} cannot hold four inks (CMYK): {format} holds gray or RGB")
    CHANNELS = tr_noop("{path} cannot hold this picture: {format} holds gray or RGB")
    BITS = tr_noop("{path} cannot hold {bits} bits a channel as {format}")
    SIZE = tr_noop(
        "{path} cannot hold {width}x{height} pixels: {format} holds at most {max_side:,} a side"
    )


@dataclass(eq=False)
class UnsupportedFormat(FileError):
    """The format of an output path cannot hold the result.

    Attributes:
        bits: Requested bits per channel.
        width: Width of the picture in pixels.
        height: Height of the picture in pixels.
        unsupported_property: Property that the format cannot hold.
        format: Name of the format, e.g. "PNG"; "" for one that is not written here.
        max_side: Longest side of the format in pixels.
        capable_suffixes: One suffix per format that can hold the image.
    """

    bits: int
    width: int
    height: int
    unsupported_property: UnsupportedProperty
    format: str
    max_side: int
    capable_suffixes: tuple[str, ...]

    @property
    def template(self) -> UnsupportedProperty:
        return self.unsupported_property
