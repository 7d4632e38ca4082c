"""View model of the settings of how much the program computes."""

from __future__ import annotations

from dataclasses import replace

from app.config.settings import ComputeSettings
from app.jobs.run.compute_limits import ComputeLimits
from app.viewmodels.state_view_model import StateViewModel


class ComputeSettingsViewModel(StateViewModel[ComputeSettings]):
    """View model of the settings of how much the program computes.

    Limits take effect when the next job applies them.
    """

    def __init__(self, limits: ComputeLimits) -> None:
        super().__init__(ComputeSettings())
        self._limits = limits

    def set_settings(self, settings: ComputeSettings) -> None:
        self._limits.settings = settings
        self._set_state(settings)

    def set_quick_preview(self, is_enabled: bool) -> None:
        self.set_settings(replace(self._state, quick_preview=is_enabled))

    def set_max_cores(self, max_cores: int | None) -> None:
        """Set the most cores that jobs use, None for all."""
        self.set_settings(replace(self._state, max_cores=max_cores))

    def set_low_priority(self, is_low_priority: bool) -> None:
        self.set_settings(replace(self._state, is_low_priority=is_low_priority))

    def reset(self) -> None:
        """Reset all settings to their defaults."""
        self.set_settings(ComputeSettings())
