"""Rows of the list of keyboard and mouse shortcuts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ShortcutRow:
    """What keys or the mouse do.

    Attributes:
        action_text: What is done.
        keys: How, as on the keyboard.
        tooltip: The same in more words; may be empty.
    """

    action_text: str
    keys: str
    tooltip: str = ""


@dataclass(frozen=True, slots=True)
class ShortcutGroup:
    """Rows that belong together."""

    title: str
    rows: tuple[ShortcutRow, ...]
