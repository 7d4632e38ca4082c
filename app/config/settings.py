"""Preferences of the user."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

MEMORY_MIB_RANGE = (256, 65_536)
"""Smallest and largest memory budget of the array store in MiB."""
DISK_MIB_RANGE = (0, 1_048_576)
"""Smallest and largest disk budget of the array store in MiB."""
CORES_RANGE = (1, 1024)
"""Smallest and largest limit on the number of cores."""
SYSTEM_LANGUAGE = "system"


class Appearance(StrEnum):
    """Color scheme of the window."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class LivePreviewFrequency(StrEnum):
    """Frequency of the previews during a run."""

    ALWAYS = "always"
    OCCASIONALLY = "few"
    OFF = "off"


class PanelLayer(StrEnum):
    """Layer of the side panel, which decides how many controls it has."""

    SIMPLE = "simple"
    EXPERT = "expert"


@dataclass(frozen=True, slots=True)
class Settings:
    """The preferences of the user; the defaults apply at the first start.

    Attributes:
        appearance: Color scheme of the window.
        language: Code of one of `LANGUAGES`, or `SYSTEM_LANGUAGE`.
        reopen_last_file: Whether the last opened file is opened at the start.
        live_preview: Frequency of the previews during a run.
        device: Device name for `choose_device`, on which priors run.
        result_memory_mib: Memory budget of the array store, in `MEMORY_MIB_RANGE`; None for a
            share of the free memory.
        result_disk_mib: Disk budget of the array store, in `DISK_MIB_RANGE`; None for a share of
            the free disk space.
        results_folder: Proposed folder of results; None for the folder of their source.
    """

    appearance: Appearance = Appearance.SYSTEM
    language: str = SYSTEM_LANGUAGE
    reopen_last_file: bool = False
    live_preview: LivePreviewFrequency = LivePreviewFrequency.ALWAYS
    device: str = "auto"
    result_memory_mib: int | None = None
    result_disk_mib: int | None = None
    results_folder: Path | None = None


@dataclass(frozen=True, slots=True)
class ComputeSettings:
    """The settings of how much the program computes; the defaults apply at the first start.

    Attributes:
        quick_preview: Whether the visible image is previewed while nothing is touched.
        max_cores: Most cores that jobs use, in `CORES_RANGE`; None for all.
        is_low_priority: Whether other programs come before the computing threads.
    """

    quick_preview: bool = True
    max_cores: int | None = None
    is_low_priority: bool = False
