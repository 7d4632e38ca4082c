"""What the window remembers of its last session."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

MOST_RECENT = 10
"""Files in the list of those that were opened last."""
_GEOMETRY, _SPLIT, _DRAWER = "window/geometry", "window/split", "window/drawer"
_FOLDER, _RECENT = "window/folder", "window/recent"


@dataclass(frozen=True, slots=True)
class Session:
    """Remembered values; None is not known, as at the first start.

    Attributes:
        geometry: The window's place and size, as Qt encodes them.
        split: How pictures and drawer share the height, as Qt encodes it.
        drawer: Name of the page that the drawer showed; empty where it was shut.
        folder: Where the last file was opened.
        recent: The files that were opened last, the latest first.
    """

    geometry: QByteArray | None = None
    split: QByteArray | None = None
    drawer: str | None = None
    folder: Path | None = None
    recent: tuple[Path, ...] | None = None


def load_session(store: QSettings) -> Session:
    """The remembered values; what is missing or of another type is as at the first start."""
    folder, drawer = store.value(_FOLDER), store.value(_DRAWER)
    return Session(
        _bytes(store, _GEOMETRY),
        _bytes(store, _SPLIT),
        drawer if isinstance(drawer, str) else None,
        Path(folder) if isinstance(folder, str) and folder else None,
        _paths(store.value(_RECENT)),
    )


def save_session(store: QSettings, session: Session) -> None:
    """Remember `session`; None leaves the former value."""
    folder = None if session.folder is None else str(session.folder)
    recent = None if session.recent is None else [str(path) for path in session.recent]
    values = {
        _GEOMETRY: session.geometry,
        _SPLIT: session.split,
        _DRAWER: session.drawer,
        _FOLDER: folder,
        _RECENT: recent,
    }
    for key, value in values.items():
        if value is not None:
            store.setValue(key, value)


def _bytes(store: QSettings, key: str) -> QByteArray | None:
    value = store.value(key)
    return value if isinstance(value, QByteArray) else None


def _paths(value: object) -> tuple[Path, ...] | None:
    """Of a list, or of the string that a list of one is read as."""
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, Sequence):
        return None
    paths = [Path(name) for name in names if isinstance(name, str) and "\0" not in name]
    whole = [path for path in paths if path.is_absolute()]
    return tuple(dict.fromkeys(whole))[:MOST_RECENT]
