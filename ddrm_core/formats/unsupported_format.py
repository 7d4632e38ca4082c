"""Errors of files with unsupported images, and of formats that do not support a result."""

from __future__ import annotations

from dataclasses import dataclass

from ddrm_core.errors import FileError
from ddrm_core.messages import Reason, tr_noop


class UnsupportedImageReason(Reason):
    """The reason why a file cannot be read as one gray, RGB or CMYK image."""

    PAGES = tr_noop("{path} has {page_count:,} pages")
    FRAMES = tr_noop("{path} is an animation of {frame_count:,} frames")
    CONTENT = tr_noop("{path} cannot be read as a gray, RGB or CMYK picture without transparency")


@dataclass(eq=False)
class UnsupportedImage(FileError):
    """The error that a file cannot be read as one gray, RGB or CMYK image.

    Attributes:
        page_count: Number of pages of the file; 0 if the number of pages is not the reason.
        frame_count: Number of frames of an animation; 0 if the file is no animation.
    """

    page_count: int = 0
    frame_count: int = 0

    @property
    def template(self) -> UnsupportedImageReason:
        if self.page_count:
            return UnsupportedImageReason.PAGES
        return UnsupportedImageReason.FRAMES if self.frame_count else UnsupportedImageReason.CONTENT


class UnsupportedProperty(Reason):
    """The property of a result that an output format does not support."""

    FORMAT = tr_noop("The name {path} does not end in a format that this program writes")
    CMYK = tr_noop("{path} cannot hold four inks (CMYK): {format} holds gray or RGB")
    CHANNELS = tr_noop("{path} cannot hold this picture: {format} holds gray or RGB")
    BITS = tr_noop("{path} cannot hold {bits} bits a channel as {format}")
    SIZE = tr_noop(
        "{path} cannot hold {width}x{height} pixels: {format} holds at most {max_side:,} a side"
    )


@dataclass(eq=False)
class UnsupportedFormat(FileError):
    """The error that the format of an output path does not support a result.

    Attributes:
        bits: Requested bits per channel.
        width: Width of the result in pixels.
        height: Height of the result in pixels.
        unsupported_property: Property that the format does not support.
        format: Name of the format, e.g. "PNG"; empty if the suffix is not that of a format.
        max_side: Longest side that the format supports, in pixels; 0 without a format.
        capable_suffixes: One suffix per format that supports the result.
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
