"""What the user has set for every session."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from app.config.settings import DISK_MIB, MEMORY_MIB, Appearance, LivePictures, Settings
from app.viewmodels.state_view_model import StateViewModel


class PreferencesViewModel(StateViewModel[Settings]):
    """The settings as one value that changes."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)

    def set_appearance(self, appearance: Appearance) -> None:
        self._set(replace(self._state, appearance=appearance))

    def set_language(self, code: str) -> None:
        self._set(replace(self._state, language=code))

    def set_reopen(self, reopen: bool) -> None:
        self._set(replace(self._state, reopen=reopen))

    def set_live(self, live: LivePictures) -> None:
        self._set(replace(self._state, live=live))

    def set_device(self, device: str) -> None:
        self._set(replace(self._state, device=device))

    def set_memory(self, mib: int | None) -> None:
        """MiB, brought within `MEMORY_MIB`; None follows the machine."""
        self._set(replace(self._state, memory_mib=_within(mib, MEMORY_MIB)))

    def set_disk(self, mib: int | None) -> None:
        """MiB, brought within `DISK_MIB`; None follows the machine."""
        self._set(replace(self._state, disk_mib=_within(mib, DISK_MIB)))

    def set_results_folder(self, folder: Path | None) -> None:
        self._set(replace(self._state, results_folder=folder))

    def reset(self) -> None:
        """All as at the first start."""
        self._set(Settings())


def _within(value: int | None, limits: tuple[int, int]) -> int | None:
    return None if value is None else min(max(value, limits[0]), limits[1])
