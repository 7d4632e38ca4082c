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
    """A template for the text of an image's size, one for gray and one for color images."""

    GRAY = tr_noop("{width}x{height} grey")
    COLOR = tr_noop("{width}x{height} colour")


def describe_image_size(size: tuple[int, int, int]) -> Message:
    """Return a translatable text of an image's size, and whether the image is gray.

    `size` is (width, height, channels).
    """
    width, height, channels = size
    reason = ImageSizeText.GRAY if channels == 1 else ImageSizeText.COLOR
    return Message(reason, {"width": width, "height": height})
