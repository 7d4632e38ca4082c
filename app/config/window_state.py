"""The window state, which is stored between two sessions."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QByteArray

MAX_RECENT_FILES = 10
"""Largest number of files in the list of recent files."""


@dataclass(frozen=True, slots=True)
class WindowState:
    """The state of the main window when it was last closed; None for an unknown value.

    Attributes:
        geometry: Position and size of the window, encoded by Qt.
        splitter_state: Heights of compare view and bottom panel, encoded by Qt.
        bottom_panel_page: Name of the page that the bottom panel showed; empty if it was closed.
        last_folder: Folder of the last opened file.
        recent_files: Recently opened files, the latest first.
        has_thumbnail_strip: Whether the thumbnail strip is switched on.
    """

    geometry: QByteArray | None = None
    splitter_state: QByteArray | None = None
    bottom_panel_page: str | None = None
    last_folder: Path | None = None
    recent_files: tuple[Path, ...] | None = None
    has_thumbnail_strip: bool | None = None
