"""What the window remembers of its last session."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QByteArray

MAX_RECENT_FILES = 10
"""Files in the list of those that were opened last."""


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
