"""The stored settings of the program."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QSettings

from app.config.prior_locations import find_preferred_prior_name
from app.config.save_choices import SaveChoices
from app.config.settings import (
    CORES_RANGE,
    DISK_MIB_RANGE,
    MEMORY_MIB_RANGE,
    SYSTEM_LANGUAGE,
    Appearance,
    ComputeSettings,
    LivePreviewFrequency,
    PanelLayer,
    Settings,
)
from app.config.window_state import MAX_RECENT_FILES, WindowState
from app.i18n.translation import LANGUAGES
from ddrm_core.export.settings import JPEG_QUALITY_RANGE, ExportSettings
from ddrm_core.formats.capabilities import BIT_DEPTHS, SaveFormat
from ddrm_core.metadata.model import MetadataPolicy

_GEOMETRY_KEY, _SPLITTER_KEY, _BOTTOM_PANEL_KEY = "window/geometry", "window/split", "window/drawer"
_LAST_FOLDER_KEY, _RECENT_FILES_KEY = "window/folder", "window/recent"
_PRIOR_KEY, _KEEP_RESULTS_KEY = "restoring/prior", "settings/keep_results"
_PRESET_KEY, _OWN_PREFIX = "restoring/preset", "own/"
_PANEL_LAYER_KEY, _HINTS_KEY = "window/panel_layer", "window/hints"
_THUMBNAIL_STRIP_KEY = "window/thumbnail_strip"
_DEVICE_PATTERN = re.compile(r"auto|cpu|mps|cuda(:[0-9]{1,2})?")
_BOOLEANS = {"true": True, "false": False}
_MAX_PATH_LENGTH = 4096

_log = logging.getLogger(__name__)


def _parse_language(text: str) -> str | None:
    known_codes = {SYSTEM_LANGUAGE, *(language.code for language in LANGUAGES)}
    return text if text in known_codes else None


def _parse_device(text: str) -> str | None:
    return text if _DEVICE_PATTERN.fullmatch(text) else None


def _create_integer_parser(limits: tuple[int, int]) -> Callable[[str], int | None]:
    def parse(text: str) -> int | None:
        if not re.fullmatch("[0-9]{1,9}", text):
            return None
        return int(text) if limits[0] <= int(text) <= limits[1] else None

    return parse


def _parse_folder(text: str) -> Path | None:
    path = Path(text)
    is_usable = len(text) <= _MAX_PATH_LENGTH and "\0" not in text and path.is_absolute()
    return path if is_usable else None


@dataclass(frozen=True, slots=True)
class _StoredField:
    """The stored form of a dataclass field.

    Attributes:
        key: Key of the stored value.
        parse: Parser of the stored text; returns None for an invalid text.
    """

    key: str
    parse: Callable[[str], object]


_SETTINGS_FIELDS = {
    "appearance": _StoredField("settings/appearance", {str(a): a for a in Appearance}.get),
    "language": _StoredField("settings/language", _parse_language),
    "reopen_last_file": _StoredField("settings/reopen", _BOOLEANS.get),
    "live_preview": _StoredField(
        "settings/live_pictures", {str(f): f for f in LivePreviewFrequency}.get
    ),
    "device": _StoredField("settings/device", _parse_device),
    "result_memory_mib": _StoredField(
        "settings/memory_mib", _create_integer_parser(MEMORY_MIB_RANGE)
    ),
    "result_disk_mib": _StoredField("settings/disk_mib", _create_integer_parser(DISK_MIB_RANGE)),
    "results_folder": _StoredField("settings/results_folder", _parse_folder),
}
_COMPUTE_FIELDS = {
    "quick_preview": _StoredField("computing/quick_preview", _BOOLEANS.get),
    "max_cores": _StoredField("computing/cores", _create_integer_parser(CORES_RANGE)),
    "is_low_priority": _StoredField("computing/low_priority", _BOOLEANS.get),
}
_EXPORT_FIELDS = {
    "bits": _StoredField("saving/bits", {str(n): n for n in BIT_DEPTHS}.get),
    "policy": _StoredField("saving/metadata", {str(p): p for p in MetadataPolicy}.get),
    "bake_orientation": _StoredField("saving/upright", _BOOLEANS.get),
    "jpeg_quality": _StoredField("saving/jpeg_quality", _create_integer_parser(JPEG_QUALITY_RANGE)),
    "same_levels": _StoredField("saving/same_levels", _BOOLEANS.get),
}
_SAVED_FILE_FIELDS = {
    "format": _StoredField("saving/format", {str(f): f for f in SaveFormat}.get),
    "keep_date": _StoredField("saving/keep_date", _BOOLEANS.get),
}


@dataclass(frozen=True, slots=True)
class StoredPresetName:
    """The name of a preset, as it is stored.

    Attributes:
        name: Name of the preset.
        is_own: Whether it is a preset of the user, which may have the name of a built-in one.
    """

    name: str
    is_own: bool


class SettingsStore:
    """A reader and writer of all settings that are stored between sessions.

    No other code knows the keys. Most values are stored as text, because the formats of `QSettings`
    differ in the types that they preserve.
    """

    def __init__(self, stored: QSettings) -> None:
        self._stored = stored

    def load_settings(self) -> Settings:
        """Read the preferences; log each invalid value and use its default instead."""
        return Settings(**self._read_fields(_SETTINGS_FIELDS))

    def save_settings(self, settings: Settings) -> None:
        """Store all preferences as text."""
        self._write_fields(_SETTINGS_FIELDS, settings)

    def load_compute_settings(self) -> ComputeSettings:
        """Read how much to compute; log each invalid value and use its default instead."""
        return ComputeSettings(**self._read_fields(_COMPUTE_FIELDS))

    def save_compute_settings(self, settings: ComputeSettings) -> None:
        """Store the settings of how much to compute as text."""
        self._write_fields(_COMPUTE_FIELDS, settings)

    def text_values(self) -> tuple[tuple[str, str], ...]:
        """Return the key and the value of every stored setting whose value is a text."""
        values = ((key, self._stored.value(key)) for key in self._stored.allKeys())
        return tuple((key, value) for key, value in values if isinstance(value, str))

    def private_paths(self) -> tuple[Path, ...]:
        """Return every stored path of a user's file or folder, for removal from bug reports."""
        window_state, results_folder = self.load_window_state(), self.load_settings().results_folder
        paths = (window_state.last_folder, results_folder, *(window_state.recent_files or ()))
        return tuple(path for path in paths if path is not None)

    def load_save_choices(self) -> SaveChoices:
        """Read the choices for saving; log each invalid value and use its default instead."""
        export = ExportSettings(**self._read_fields(_EXPORT_FIELDS))
        return SaveChoices(export, **self._read_fields(_SAVED_FILE_FIELDS))

    def save_save_choices(self, choices: SaveChoices) -> None:
        """Store the user's choices for saving results as text."""
        self._write_fields(_EXPORT_FIELDS, choices.export)
        self._write_fields(_SAVED_FILE_FIELDS, choices)

    def load_prior_name(self) -> str | None:
        """Return the name of the prior that the user chose, None for the bundled prior.

        If the user has never chosen one, it is the preferred prior.
        """
        if not self.has_prior_choice():
            return find_preferred_prior_name()
        return self._read_text(_PRIOR_KEY) or None

    def has_prior_choice(self) -> bool:
        """Return whether the user has ever chosen a prior."""
        return self._stored.contains(_PRIOR_KEY)

    def save_prior_name(self, name: str | None) -> None:
        """Store the name of the prior that the user chose, None for the bundled prior."""
        self._stored.setValue(_PRIOR_KEY, name or "")

    def load_panel_layer(self) -> PanelLayer:
        """Return the layer that the side panel had last, the simple one without a valid value."""
        text = self._read_text(_PANEL_LAYER_KEY)
        return PanelLayer(text) if text in list(PanelLayer) else PanelLayer.SIMPLE

    def save_panel_layer(self, layer: PanelLayer) -> None:
        self._stored.setValue(_PANEL_LAYER_KEY, str(layer))

    def load_preset_name(self) -> StoredPresetName | None:
        """Return the preset that was selected last, None if the user has never selected one."""
        text = self._read_text(_PRESET_KEY)
        if not text:
            return None
        return StoredPresetName(text.removeprefix(_OWN_PREFIX), text.startswith(_OWN_PREFIX))

    def save_preset_name(self, preset: StoredPresetName) -> None:
        """Store the preset that was selected last."""
        self._stored.setValue(_PRESET_KEY, f"{_OWN_PREFIX if preset.is_own else ''}{preset.name}")

    def load_keeps_results(self) -> bool:
        """Return whether results stay for a later session; True if the user has never decided."""
        return _BOOLEANS.get(self._read_text(_KEEP_RESULTS_KEY), True)

    def save_keeps_results(self, *, keep: bool) -> None:
        """Store whether results stay for a later session after the window has closed."""
        self._stored.setValue(_KEEP_RESULTS_KEY, str(keep).lower())

    def load_are_hints_wanted(self) -> bool:
        """Return whether the hints for the first pictures are shown: until they are dismissed."""
        return _BOOLEANS.get(self._read_text(_HINTS_KEY), True)

    def save_are_hints_wanted(self, *, wanted: bool) -> None:
        self._stored.setValue(_HINTS_KEY, str(wanted).lower())

    def load_window_state(self) -> WindowState:
        """Read the window state; a value that is missing or of another type is None."""
        folder = self._stored.value(_LAST_FOLDER_KEY)
        page = self._stored.value(_BOTTOM_PANEL_KEY)
        return WindowState(
            self._read_byte_array(_GEOMETRY_KEY),
            self._read_byte_array(_SPLITTER_KEY),
            page if isinstance(page, str) else None,
            Path(folder) if isinstance(folder, str) and folder else None,
            _parse_paths(self._stored.value(_RECENT_FILES_KEY)),
            _BOOLEANS.get(str(self._stored.value(_THUMBNAIL_STRIP_KEY))),
        )

    def save_window_state(self, window_state: WindowState) -> None:
        """Store the window state, except for values that are None."""
        folder = None if window_state.last_folder is None else str(window_state.last_folder)
        recent = (
            None
            if window_state.recent_files is None
            else [str(path) for path in window_state.recent_files]
        )
        has_strip = window_state.has_thumbnail_strip
        strip = None if has_strip is None else str(has_strip).lower()
        values = {
            _GEOMETRY_KEY: window_state.geometry,
            _SPLITTER_KEY: window_state.splitter_state,
            _BOTTOM_PANEL_KEY: window_state.bottom_panel_page,
            _LAST_FOLDER_KEY: folder,
            _RECENT_FILES_KEY: recent,
            _THUMBNAIL_STRIP_KEY: strip,
        }
        for key, value in values.items():
            if value is not None:
                self._stored.setValue(key, value)

    def _read_fields(self, stored_fields: Mapping[str, _StoredField]) -> dict[str, Any]:
        """Read the stored values of fields; return valid values by the names of their fields.

        Missing values are left out, as are invalid ones, which are logged.
        """
        values: dict[str, Any] = {}
        for name, field in stored_fields.items():
            stored = self._stored.value(field.key)
            if stored is None or stored == "":
                continue
            value = field.parse(stored) if isinstance(stored, str) else None
            if value is None:
                _log.warning("%s has an invalid value, %.80r; using the default", field.key, stored)
            else:
                values[name] = value
        return values

    def _write_fields(self, stored_fields: Mapping[str, _StoredField], values: object) -> None:
        for name, field in stored_fields.items():
            value = getattr(values, name)
            text = "" if value is None else str(value)
            self._stored.setValue(field.key, text.lower() if isinstance(value, bool) else text)

    def _read_text(self, key: str) -> str:
        value = self._stored.value(key)
        return value if isinstance(value, str) else ""

    def _read_byte_array(self, key: str) -> QByteArray | None:
        value = self._stored.value(key)
        return value if isinstance(value, QByteArray) else None


def _parse_paths(value: object) -> tuple[Path, ...] | None:
    """Return the absolute paths in a stored list; None if the value is no list.

    QSettings may give a list of one path as a string.
    """
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, Sequence):
        return None
    paths = [Path(name) for name in names if isinstance(name, str) and "\0" not in name]
    absolute_paths = [path for path in paths if path.is_absolute()]
    return tuple(dict.fromkeys(absolute_paths))[:MAX_RECENT_FILES]
