"""What the window remembers between two starts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from app.viewmodels.save_options import BITS, JPEG_QUALITIES, SaveChoices, SaveFormat
from ddrm_core.metadata.policy import MetadataPolicy

_GEOMETRY, _FOLDER = "window/geometry", "window/folder"
_PRIOR = "restoring/prior"
_BITS, _POLICY, _UPRIGHT = "saving/bits", "saving/metadata", "saving/upright"
_QUALITY, _SAME, _FORMAT = "saving/jpeg_quality", "saving/same_levels", "saving/format"


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


def load_choices(store: QSettings) -> SaveChoices:
    """How results are saved; each value that is missing or unknown is as at the first start."""
    first = SaveChoices()
    policies, formats = {str(p): p for p in MetadataPolicy}, {str(f): f for f in SaveFormat}
    flags = {"true": True, "false": False}
    bits = {str(n): n for n in BITS}
    qualities = {str(n): n for n in range(JPEG_QUALITIES[0], JPEG_QUALITIES[1] + 1)}
    return SaveChoices(
        bits=bits.get(_text(store, _BITS), first.bits),
        policy=policies.get(_text(store, _POLICY), first.policy),
        upright=flags.get(_text(store, _UPRIGHT), first.upright),
        jpeg_quality=qualities.get(_text(store, _QUALITY), first.jpeg_quality),
        same_levels=flags.get(_text(store, _SAME), first.same_levels),
        format=formats.get(_text(store, _FORMAT), first.format),
    )


def save_choices(store: QSettings, choices: SaveChoices) -> None:
    """Remember all of them, as text: formats of settings differ in the types that they keep."""
    store.setValue(_BITS, str(choices.bits))
    store.setValue(_POLICY, str(choices.policy))
    store.setValue(_UPRIGHT, str(choices.upright).lower())
    store.setValue(_QUALITY, str(choices.jpeg_quality))
    store.setValue(_SAME, str(choices.same_levels).lower())
    store.setValue(_FORMAT, str(choices.format))


def load_prior(store: QSettings) -> str | None:
    """Name of the imported prior that was chosen, None for the bundled one."""
    return _text(store, _PRIOR) or None


def save_prior(store: QSettings, name: str | None) -> None:
    """Remember which was chosen."""
    store.setValue(_PRIOR, name or "")


def _text(store: QSettings, key: str) -> str:
    value = store.value(key)
    return value if isinstance(value, str) else ""
