"""Rows of the list of keyboard and mouse shortcuts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KeyRow:
    """What keys or the mouse do.

    Attributes:
        name: What is done.
        keys: How, as on the keyboard.
        tip: The same in more words; may be empty.
    """

    name: str
    keys: str
    tip: str = ""


@dataclass(frozen=True, slots=True)
class KeyGroup:
    """Rows that belong together."""

    title: str
    rows: tuple[KeyRow, ...]
