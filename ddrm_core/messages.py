"""English sentences that keep their facts, so that the app can word them in another language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from string import Formatter


def tr_noop(english: str) -> str:
    """Return an English sentence unchanged; the call marks it for the message catalogs."""
    return english


def list_placeholders(template: str) -> set[str]:
    """Return the names of the facts in a template."""
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


class Reason(StrEnum):
    """Base of the reasons that the core gives; each value is an English template.

    A reason without placeholders is a sentence by itself, one with placeholders needs a `Message`.
    """


@dataclass(frozen=True, slots=True)
class Message:
    """A reason with its facts; `str` gives the English sentence.

    Attributes:
        reason: Template with a placeholder for each fact.
        facts: Numbers, names and other messages by the name of their placeholder.
    """

    reason: Reason
    facts: Mapping[str, object] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        """Raises ValueError where the facts are not those of the template."""
        if list_placeholders(self.reason) != self.facts.keys():
            raise ValueError(f"{self.reason!r} does not have the facts {sorted(self.facts)}")

    def __str__(self) -> str:
        return self.reason.format_map(self.facts)


Description = Message | Reason
"""A sentence or a phrase that has translations: a reason without placeholders, or a message."""
Text = Description | str
"""A description, or words that stay as they are, such as a name or a text of the system."""


class SizeText(Reason):
    """Number of bytes in the unit that suits it."""

    BYTES = tr_noop("{count} bytes")
    KILOBYTES = tr_noop("{count:,.1f} kB")
    MEGABYTES = tr_noop("{count:,.1f} MB")
    GIGABYTES = tr_noop("{count:,.1f} GB")


def describe_size(byte_count: int) -> Message:
    """Return a number of bytes in the unit that suits it."""
    count: float = byte_count
    *smaller_units, largest_unit = SizeText
    for unit in smaller_units:
        if count < 1000:
            return Message(unit, {"count": count})
        count /= 1000
    return Message(largest_unit, {"count": count})


class ImageSizeText(Reason):
    """Size and kind of a picture."""

    GRAY = tr_noop("{width}x{height} grey")
    COLOR = tr_noop("{width}x{height} colour")


def describe_image_size(size: tuple[int, int, int]) -> Message:
    """Return a size of width, height and channels."""
    width, height, channels = size
    reason = ImageSizeText.GRAY if channels == 1 else ImageSizeText.COLOR
    return Message(reason, {"width": width, "height": height})
