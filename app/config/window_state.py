"""What the window remembers of its last session."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

MAX_RECENT_FILES = 10
"""Files in the list of those that were opened last."""
_GEOMETRY_KEY, _SPLITTER_KEY, _BOTTOM_PANEL_KEY = "window/geometry", "window/split", "window/drawer"
_LAST_FOLDER_KEY, _RECENT_FILES_KEY = "window/folder", "window/recent"


@dataclass(frozen=True, slots=True)
class WindowState:
    """Remembered values; None is not known, as at the first start.

    Attributes:
        geometry: The window's place and size, as Qt encodes them.
        splitter_state: How pictures and drawer share the height, as Qt encodes it.
        bottom_panel_page: Name of the page that the drawer showed; empty where it was shut.
        last_folder: Where the last file was opened.
        recent_files: The files that were opened last, the latest first.
    """

    geometry: QByteArray | None = None
    splitter_state: QByteArray | None = None
    bottom_panel_page: str | None = None
    last_folder: Path | None = None
    recent_files: tuple[Path, ...] | None = None


def load_window_state(store: QSettings) -> WindowState:
    """The remembered values; what is missing or of another type is as at the first start."""
    folder, bottom_panel_page = store.value(_LAST_FOLDER_KEY), store.value(_BOTTOM_PANEL_KEY)
    return WindowState(
        _read_byte_array(store, _GEOMETRY_KEY),
        _read_byte_array(store, _SPLITTER_KEY),
        bottom_panel_page if isinstance(bottom_panel_page, str) else None,
        Path(folder) if isinstance(folder, str) and folder else None,
        _parse_paths(store.value(_RECENT_FILES_KEY)),
    )


def save_window_state(store: QSettings, window_state: WindowState) -> None:
    """Remember `window_state`; None leaves the former value."""
    folder = None if window_state.last_folder is None else str(window_state.last_folder)
    recent = (
        None
        if window_state.recent_files is None
        else [str(path) for path in window_state.recent_files]
    )
    values = {
        _GEOMETRY_KEY: window_state.geometry,
        _SPLITTER_KEY: window_state.splitter_state,
        _BOTTOM_PANEL_KEY: window_state.bottom_panel_page,
        _LAST_FOLDER_KEY: folder,
        _RECENT_FILES_KEY: recent,
    }
    for key, value in values.items():
        if value is not None:
            store.setValue(key, value)


def _read_byte_array(store: QSettings, key: str) -> QByteArray | None:
    value = store.value(key)
    return value if isinstance(value, QByteArray) else None


def _parse_paths(value: object) -> tuple[Path, ...] | None:
    """Of a list, or of the string that a list of one is read as."""
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, Sequence):
        return None
    paths = [Path(name) for name in names if isinstance(name, str) and "\0" not in name]
    absolute_paths = [path for path in paths if path.is_absolute()]
    return tuple(dict.fromkeys(absolute_paths))[:MAX_RECENT_FILES]
