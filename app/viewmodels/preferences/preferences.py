"""View model of the preferences."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from app.config.settings import (
    DISK_MIB_RANGE,
    MEMORY_MIB_RANGE,
    Appearance,
    LivePreviewFrequency,
    Settings,
)
from app.viewmodels.state_view_model import StateViewModel


class PreferencesViewModel(StateViewModel[Settings]):
    """View model of the preferences, the settings that apply to every session."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)

    def set_appearance(self, appearance: Appearance) -> None:
        self._set_state(replace(self._state, appearance=appearance))

    def set_language(self, code: str) -> None:
        self._set_state(replace(self._state, language=code))

    def set_reopen_last_file(self, reopen: bool) -> None:
        self._set_state(replace(self._state, reopen_last_file=reopen))

    def set_live_preview(self, live: LivePreviewFrequency) -> None:
        self._set_state(replace(self._state, live_preview=live))

    def set_device(self, device: str) -> None:
        self._set_state(replace(self._state, device=device))

    def set_memory_limit(self, mib: int | None) -> None:
        """Set the memory budget of results in MiB, clamped to `MEMORY_MIB_RANGE`.

        None stands for a share of the machine's memory.
        """
        self._set_state(
            replace(self._state, result_memory_mib=_clamp_optional(mib, MEMORY_MIB_RANGE))
        )

    def set_disk_limit(self, mib: int | None) -> None:
        """Set the disk budget of results in MiB, clamped to `DISK_MIB_RANGE`.

        None stands for a share of the disk space.
        """
        self._set_state(replace(self._state, result_disk_mib=_clamp_optional(mib, DISK_MIB_RANGE)))

    def set_results_folder(self, folder: Path | None) -> None:
        self._set_state(replace(self._state, results_folder=folder))

    def set_all(self, settings: Settings) -> None:
        """Replace all preferences, for example by those before a reset."""
        self._set_state(settings)

    def reset(self) -> None:
        """Reset all preferences to their defaults."""
        self._set_state(Settings())


def _clamp_optional(value: int | None, limits: tuple[int, int]) -> int | None:
    return None if value is None else min(max(value, limits[0]), limits[1])
