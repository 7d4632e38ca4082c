"""View model of the settings of how much the program computes."""

from __future__ import annotations

from dataclasses import replace

from app.config.settings import ComputeSettings
from app.viewmodels.state_view_model import StateViewModel


class ComputeSettingsViewModel(StateViewModel[ComputeSettings]):
    """View model of the settings of how much the program computes."""

    def __init__(self) -> None:
        super().__init__(ComputeSettings())

    def set_settings(self, settings: ComputeSettings) -> None:
        self._set_state(settings)

    def set_quick_preview(self, is_enabled: bool) -> None:
        self._set_state(replace(self._state, quick_preview=is_enabled))

    def reset(self) -> None:
        """Reset all settings to their defaults."""
        self._set_state(ComputeSettings())
