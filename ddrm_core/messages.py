"""English sentences with their facts, from which the app makes translations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from string import Formatter


def tr_noop(english: str) -> str:
    """Return an English sentence unchanged.

    The call marks the sentence for the tool that collects sentences to translate.
    """
    return english


def list_placeholders(template: str) -> set[str]:
    """Return the names of the placeholders in a template, e.g. {"count"} for "{count} bytes"."""
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


class Reason(StrEnum):
    """The base class of the core's reasons; each value is an English template.

    A reason without placeholders is a complete text. A reason with placeholders needs a `Message`
    with its facts.
    """


@dataclass(frozen=True, slots=True)
class Message:
    """A reason with its facts; `str` gives the English sentence.

    Attributes:
        reason: Template with a placeholder for each fact.
        facts: Numbers, names and other messages, by the names of their placeholders.
    """

    reason: Reason
    facts: Mapping[str, object] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        """Raise ValueError if the names of the facts are not the placeholders of the template."""
        if list_placeholders(self.reason) != self.facts.keys():
            raise ValueError(f"{self.reason!r} does not have the facts {sorted(self.facts)}")

    def __str__(self) -> str:
        return self.reason.format_map(self.facts)


Description = Message | Reason
"""A translatable text: a reason without placeholders, or a message."""
Text = Description | str
"""A description, or a text without translation, such as a name or a text of the system."""


class SizeText(Reason):
    """A template for the text of a number of bytes, one per unit."""

    BYTES = tr_noop("{count} bytes")
    KILOBYTES = tr_noop("{count:,.1f} kB")
    MEGABYTES = tr_noop("{count:,.1f} MB")
    GIGABYTES = tr_noop("{count:,.1f} GB")


def describe_size(byte_count: int) -> Message:
    """Return a translatable text of a number of bytes, in the largest unit that gives 1 or more."""
    count: float = byte_count
    *smaller_units, largest_unit = SizeText
    for unit in smaller_units:
        if count < 1000:
            return Message(unit, {"count": count})
        count /= 1000
    return Message(largest_unit, {"count": count})


class ImageSizeText(Reason):
    """A template for the text of an image's size, one per kind of channels."""

    GRAY = tr_noop("{width}x{height} gray")
    RGB = tr_noop("{width}x{height} RGB")
    CMYK = tr_noop("{width}x{height} CMYK")


_SIZE_TEXT_OF_CHANNELS = {1: ImageSizeText.GRAY, 3: ImageSizeText.RGB, 4: ImageSizeText.CMYK}


def describe_image_size(size: tuple[int, int, int]) -> Message:
    """Return a translatable text of an image's size and of the kind of its channels.

    `size` is (width, height, channels); channels is 1 for gray, 3 for RGB, 4 for CMYK.
    """
    width, height, channels = size
    return Message(_SIZE_TEXT_OF_CHANNELS[channels], {"width": width, "height": height})


class InputFileRole(Reason):
    """The purpose for which a command reads a file, as a sentence that refuses to write to it."""

    SOURCE = tr_noop("{path} is the source picture, which is never changed")
    RESULT = tr_noop("{path} is the result that is verified, which is not changed")
