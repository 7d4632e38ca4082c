"""The keys that act as long as they are held in the compare view."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

ORIGINAL_KEYS = (Qt.Key.Key_H, Qt.Key.Key_Backslash)
"""Keys that show the original."""
LOUPE_KEY = Qt.Key.Key_L
"""Key that shows the loupe."""
PAN_KEY = Qt.Key.Key_Space
"""Key with which every drag pans."""
HOLD_KEYS = (*ORIGINAL_KEYS, LOUPE_KEY, PAN_KEY)
"""All keys that act while they are held."""


def is_hold_key_event(event: QKeyEvent) -> bool:
    """Return whether the event's key, with its modifiers, is one of `HOLD_KEYS`."""
    if event.key() == Qt.Key.Key_Backslash:
        return True  # many keyboards type it with AltGr
    return event.key() in HOLD_KEYS and not event.modifiers()
