"""Rows of the list of keyboard and mouse shortcuts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ShortcutRow:
    """A keyboard or mouse shortcut and its effect.

    Attributes:
        action_text: Name of the action.
        keys: Keys or mouse gesture, as printed on the keyboard.
        tooltip: Description of the action; may be empty.
    """

    action_text: str
    keys: str
    tooltip: str = ""


@dataclass(frozen=True, slots=True)
class ShortcutGroup:
    """A titled group of shortcut rows."""

    title: str
    rows: tuple[ShortcutRow, ...]
