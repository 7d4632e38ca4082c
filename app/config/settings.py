"""What the user has set, and how results are saved, kept between two starts."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QSettings

from app.config.save_choices import BIT_DEPTHS, JPEG_QUALITY_RANGE, SaveChoices, SaveFormat
from app.i18n.translation import LANGUAGES
from ddrm_core.metadata.policy import MetadataPolicy

MEMORY_MIB_RANGE = (256, 65_536)
"""Of the memory for results that are kept: the least and the most that can be set."""
DISK_MIB_RANGE = (0, 1_048_576)
"""The same of the disk."""
SYSTEM_LANGUAGE = "system"

_APPEARANCE_KEY, _LANGUAGE_KEY, _REOPEN_KEY = (
    "settings/appearance",
    "settings/language",
    "settings/reopen",
)
_LIVE_PREVIEW_KEY, _DEVICE_KEY = "settings/live_pictures", "settings/device"
_MEMORY_KEY, _DISK_KEY, _RESULTS_FOLDER_KEY = (
    "settings/memory_mib",
    "settings/disk_mib",
    "settings/results_folder",
)
_PRIOR_KEY = "restoring/prior"
_BITS_KEY, _METADATA_POLICY_KEY, _BAKE_ORIENTATION_KEY = (
    "saving/bits",
    "saving/metadata",
    "saving/upright",
)
_JPEG_QUALITY_KEY, _SAME_LEVELS_KEY, _SAVE_FORMAT_KEY = (
    "saving/jpeg_quality",
    "saving/same_levels",
    "saving/format",
)
_DEVICE_PATTERN = re.compile(r"auto|cpu|mps|cuda(:[0-9]{1,2})?")
_BOOLEANS = {"true": True, "false": False}
_MAX_PATH_LENGTH = 4096

_log = logging.getLogger(__name__)
_ParsedValue = TypeVar("_ParsedValue")
_EnumMember = TypeVar("_EnumMember", bound=StrEnum)


class Appearance(StrEnum):
    """In which colours the window is."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class LivePreviewFrequency(StrEnum):
    """How often a run shows its estimate."""

    ALWAYS = "always"
    OCCASIONALLY = "few"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Settings:
    """What the page of the settings shows; these are the values at the first start.

    Attributes:
        appearance: In which colours the window is.
        language: Code of one of `LANGUAGES`, or `SYSTEM_LANGUAGE`.
        reopen_last_file: Whether the file that was open last is opened at the start.
        live_preview: How often a run shows its estimate.
        device: Where priors run, as `choose_device` knows it.
        result_memory_mib: Memory for results that are kept, in `MEMORY_MIB_RANGE`; None follows the
            machine.
        result_disk_mib: Disk for those that memory has no room for, in `DISK_MIB_RANGE`; None the
            same.
        results_folder: Where results are proposed to go; None is beside their source.
    """

    appearance: Appearance = Appearance.SYSTEM
    language: str = SYSTEM_LANGUAGE
    reopen_last_file: bool = False
    live_preview: LivePreviewFrequency = LivePreviewFrequency.ALWAYS
    device: str = "auto"
    result_memory_mib: int | None = None
    result_disk_mib: int | None = None
    results_folder: Path | None = None


def load_settings(store: QSettings) -> Settings:
    """What was set; each value that cannot be used is as at the first start, and logged."""
    defaults = Settings()
    return Settings(
        appearance=_read_value(
            store, _APPEARANCE_KEY, _create_enum_parser(Appearance), defaults.appearance
        ),
        language=_read_value(store, _LANGUAGE_KEY, _parse_language, defaults.language),
        reopen_last_file=_read_value(store, _REOPEN_KEY, _BOOLEANS.get, defaults.reopen_last_file),
        live_preview=_read_value(
            store,
            _LIVE_PREVIEW_KEY,
            _create_enum_parser(LivePreviewFrequency),
            defaults.live_preview,
        ),
        device=_read_value(store, _DEVICE_KEY, _parse_device, defaults.device),
        result_memory_mib=_read_value(
            store, _MEMORY_KEY, _create_integer_parser(MEMORY_MIB_RANGE), defaults.result_memory_mib
        ),
        result_disk_mib=_read_value(
            store, _DISK_KEY, _create_integer_parser(DISK_MIB_RANGE), defaults.result_disk_mib
        ),
        results_folder=_read_value(
            store, _RESULTS_FOLDER_KEY, _parse_folder, defaults.results_folder
        ),
    )


def save_settings(store: QSettings, settings: Settings) -> None:
    """Remember all of them, as text: formats of settings differ in the types that they keep."""
    values = {
        _APPEARANCE_KEY: settings.appearance,
        _LANGUAGE_KEY: settings.language,
        _REOPEN_KEY: str(settings.reopen_last_file).lower(),
        _LIVE_PREVIEW_KEY: settings.live_preview,
        _DEVICE_KEY: settings.device,
        _MEMORY_KEY: settings.result_memory_mib,
        _DISK_KEY: settings.result_disk_mib,
        _RESULTS_FOLDER_KEY: settings.results_folder,
    }
    for key, value in values.items():
        store.setValue(key, "" if value is None else str(value))


def _read_value(
    store: QSettings, key: str, parse: Callable[[str], _ParsedValue | None], default: _ParsedValue
) -> _ParsedValue:
    """What `key` holds, `default` where that is nothing or `parse` gives None for it."""
    stored = store.value(key)
    if stored is None or stored == "":
        return default
    value = parse(stored) if isinstance(stored, str) else None
    if value is None:
        _log.warning("%s cannot be %.80r: it is as at the first start", key, stored)
        return default
    return value


def _create_enum_parser(enum_type: type[_EnumMember]) -> Callable[[str], _EnumMember | None]:
    return {str(member): member for member in enum_type}.get


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


def load_save_choices(store: QSettings) -> SaveChoices:
    """How results are saved; each value that is missing or unknown is as at the first start."""
    defaults = SaveChoices()
    policies, formats = {str(p): p for p in MetadataPolicy}, {str(f): f for f in SaveFormat}
    bits = {str(n): n for n in BIT_DEPTHS}
    qualities = {str(n): n for n in range(JPEG_QUALITY_RANGE[0], JPEG_QUALITY_RANGE[1] + 1)}
    return SaveChoices(
        bits=bits.get(_read_text(store, _BITS_KEY), defaults.bits),
        metadata_policy=policies.get(
            _read_text(store, _METADATA_POLICY_KEY), defaults.metadata_policy
        ),
        bake_orientation=_BOOLEANS.get(
            _read_text(store, _BAKE_ORIENTATION_KEY), defaults.bake_orientation
        ),
        jpeg_quality=qualities.get(_read_text(store, _JPEG_QUALITY_KEY), defaults.jpeg_quality),
        same_levels=_BOOLEANS.get(_read_text(store, _SAME_LEVELS_KEY), defaults.same_levels),
        format=formats.get(_read_text(store, _SAVE_FORMAT_KEY), defaults.format),
    )


def store_save_choices(store: QSettings, choices: SaveChoices) -> None:
    """Remember all of them, as text: formats of settings differ in the types that they keep."""
    store.setValue(_BITS_KEY, str(choices.bits))
    store.setValue(_METADATA_POLICY_KEY, str(choices.metadata_policy))
    store.setValue(_BAKE_ORIENTATION_KEY, str(choices.bake_orientation).lower())
    store.setValue(_JPEG_QUALITY_KEY, str(choices.jpeg_quality))
    store.setValue(_SAME_LEVELS_KEY, str(choices.same_levels).lower())
    store.setValue(_SAVE_FORMAT_KEY, str(choices.format))


def load_prior_name(store: QSettings) -> str | None:
    """Name of the imported prior that was chosen, None for the bundled one."""
    return _read_text(store, _PRIOR_KEY) or None


def save_prior_name(store: QSettings, name: str | None) -> None:
    """Remember which was chosen."""
    store.setValue(_PRIOR_KEY, name or "")


def _read_text(store: QSettings, key: str) -> str:
    value = store.value(key)
    return value if isinstance(value, str) else ""
