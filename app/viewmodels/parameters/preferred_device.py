"""Selection of the preferred device as soon as it is found."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from app.viewmodels.parameters.parameters import ParametersViewModel
from app.viewmodels.preferences.preferences import PreferencesViewModel


class PreferredDevice(QObject):
    """Link that selects the preferred device of the preferences once it has been found.

    The preferred device is selected only once, so that later choices of the user stay.
    """

    def __init__(self, preferences: PreferencesViewModel, parameters: ParametersViewModel) -> None:
        super().__init__(parameters)
        self._preferences = preferences
        self._parameters = parameters
        self._applied_device: str | None = None
        preferences.state_changed.connect(self._apply)
        parameters.state_changed.connect(self._apply)
        self._apply()

    @Slot()
    def _apply(self) -> None:
        preferred = self._preferences.state.device
        is_available = preferred in self._parameters.state.device_names
        if preferred != self._applied_device and is_available:
            self._applied_device = preferred
            self._parameters.set_device(preferred)
