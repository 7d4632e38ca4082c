"""What the window remembers between two starts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

_GEOMETRY, _FOLDER = "window/geometry", "window/folder"


@dataclass(frozen=True, slots=True)
class Settings:
    """Remembered values.

    Attributes:
        geometry: The window's place and size, as Qt encodes them; None at the first start.
        folder: Where the last file was opened; None at the first start.
    """

    geometry: QByteArray | None = None
    folder: Path | None = None


def load_settings(store: QSettings) -> Settings:
    """The remembered values; what is missing or of another type is as at the first start."""
    geometry, folder = store.value(_GEOMETRY), store.value(_FOLDER)
    return Settings(
        geometry if isinstance(geometry, QByteArray) else None,
        Path(folder) if isinstance(folder, str) and folder else None,
    )


def save_settings(store: QSettings, settings: Settings) -> None:
    """Remember `settings`; None leaves the former value."""
    if settings.geometry is not None:
        store.setValue(_GEOMETRY, settings.geometry)
    if settings.folder is not None:
        store.setValue(_FOLDER, str(settings.folder))
