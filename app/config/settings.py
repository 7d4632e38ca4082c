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

from app.config.save_choices import BITS, JPEG_QUALITIES, SaveChoices, SaveFormat
from app.i18n.translation import LANGUAGES
from ddrm_core.metadata.policy import MetadataPolicy

MEMORY_MIB = (256, 65_536)
"""Of the memory for results that are kept: the least and the most that can be set."""
DISK_MIB = (0, 1_048_576)
"""The same of the disk."""
SYSTEM_LANGUAGE = "system"

_APPEARANCE, _LANGUAGE, _REOPEN = "settings/appearance", "settings/language", "settings/reopen"
_LIVE, _DEVICE = "settings/live_pictures", "settings/device"
_MEMORY, _DISK, _RESULTS = "settings/memory_mib", "settings/disk_mib", "settings/results_folder"
_PRIOR = "restoring/prior"
_BITS, _POLICY, _UPRIGHT = "saving/bits", "saving/metadata", "saving/upright"
_QUALITY, _SAME, _FORMAT = "saving/jpeg_quality", "saving/same_levels", "saving/format"
_DEVICES = re.compile(r"auto|cpu|mps|cuda(:[0-9]{1,2})?")
_FLAGS = {"true": True, "false": False}
_LONGEST_PATH = 4096

_log = logging.getLogger(__name__)
_Value = TypeVar("_Value")
_Choice = TypeVar("_Choice", bound=StrEnum)


class Appearance(StrEnum):
    """In which colours the window is."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class LivePictures(StrEnum):
    """How often a run shows its estimate."""

    ALWAYS = "always"
    FEW = "few"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Settings:
    """What the page of the settings shows; these are the values at the first start.

    Attributes:
        appearance: In which colours the window is.
        language: Code of one of `LANGUAGES`, or `SYSTEM_LANGUAGE`.
        reopen: Whether the file that was open last is opened at the start.
        live: How often a run shows its estimate.
        device: Where priors run, as `choose_device` knows it.
        memory_mib: Memory for results that are kept, in `MEMORY_MIB`; None follows the machine.
        disk_mib: Disk for those that memory has no room for, in `DISK_MIB`; None the same.
        results_folder: Where results are proposed to go; None is beside their source.
    """

    appearance: Appearance = Appearance.SYSTEM
    language: str = SYSTEM_LANGUAGE
    reopen: bool = False
    live: LivePictures = LivePictures.ALWAYS
    device: str = "auto"
    memory_mib: int | None = None
    disk_mib: int | None = None
    results_folder: Path | None = None


def load_settings(store: QSettings) -> Settings:
    """What was set; each value that cannot be used is as at the first start, and logged."""
    first = Settings()
    return Settings(
        appearance=_read(store, _APPEARANCE, _one_of(Appearance), first.appearance),
        language=_read(store, _LANGUAGE, _language, first.language),
        reopen=_read(store, _REOPEN, _FLAGS.get, first.reopen),
        live=_read(store, _LIVE, _one_of(LivePictures), first.live),
        device=_read(store, _DEVICE, _device, first.device),
        memory_mib=_read(store, _MEMORY, _within(MEMORY_MIB), first.memory_mib),
        disk_mib=_read(store, _DISK, _within(DISK_MIB), first.disk_mib),
        results_folder=_read(store, _RESULTS, _folder, first.results_folder),
    )


def save_settings(store: QSettings, settings: Settings) -> None:
    """Remember all of them, as text: formats of settings differ in the types that they keep."""
    values = {
        _APPEARANCE: settings.appearance,
        _LANGUAGE: settings.language,
        _REOPEN: str(settings.reopen).lower(),
        _LIVE: settings.live,
        _DEVICE: settings.device,
        _MEMORY: settings.memory_mib,
        _DISK: settings.disk_mib,
        _RESULTS: settings.results_folder,
    }
    for key, value in values.items():
        store.setValue(key, "" if value is None else str(value))


def _read(
    store: QSettings, key: str, parse: Callable[[str], _Value | None], first: _Value
) -> _Value:
    """What `key` holds, `first` where that is nothing or `parse` gives None for it."""
    held = store.value(key)
    if held is None or held == "":
        return first
    value = parse(held) if isinstance(held, str) else None
    if value is None:
        _log.warning("%s cannot be %.80r: it is as at the first start", key, held)
        return first
    return value


def _one_of(kind: type[_Choice]) -> Callable[[str], _Choice | None]:
    return {str(choice): choice for choice in kind}.get


def _language(text: str) -> str | None:
    known = {SYSTEM_LANGUAGE, *(language.code for language in LANGUAGES)}
    return text if text in known else None


def _device(text: str) -> str | None:
    return text if _DEVICES.fullmatch(text) else None


def _within(limits: tuple[int, int]) -> Callable[[str], int | None]:
    def parse(text: str) -> int | None:
        if not re.fullmatch("[0-9]{1,9}", text):
            return None
        return int(text) if limits[0] <= int(text) <= limits[1] else None

    return parse


def _folder(text: str) -> Path | None:
    path = Path(text)
    usable = len(text) <= _LONGEST_PATH and "\0" not in text and path.is_absolute()
    return path if usable else None


def load_choices(store: QSettings) -> SaveChoices:
    """How results are saved; each value that is missing or unknown is as at the first start."""
    first = SaveChoices()
    policies, formats = {str(p): p for p in MetadataPolicy}, {str(f): f for f in SaveFormat}
    bits = {str(n): n for n in BITS}
    qualities = {str(n): n for n in range(JPEG_QUALITIES[0], JPEG_QUALITIES[1] + 1)}
    return SaveChoices(
        bits=bits.get(_text(store, _BITS), first.bits),
        policy=policies.get(_text(store, _POLICY), first.policy),
        upright=_FLAGS.get(_text(store, _UPRIGHT), first.upright),
        jpeg_quality=qualities.get(_text(store, _QUALITY), first.jpeg_quality),
        same_levels=_FLAGS.get(_text(store, _SAME), first.same_levels),
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
