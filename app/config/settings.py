"""Preferences of the user."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

MEMORY_MIB_RANGE = (256, 65_536)
"""Of the memory for results that are kept: the least and the most that can be set."""
DISK_MIB_RANGE = (0, 1_048_576)
"""The same of the disk."""
SYSTEM_LANGUAGE = "system"


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
