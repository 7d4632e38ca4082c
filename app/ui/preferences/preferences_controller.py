"""What the user goes through to set what is the same for every picture."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from app.config.settings import Settings
from app.config.settings_store import SettingsStore
from app.ui.preferences.preferences_dialog import PreferencesDialog
from app.ui.widgets.dialogs import Dialogs
from app.ui.widgets.theme import Theme
from app.viewmodels.parameters.parameters import ParametersState, ParametersViewModel
from app.viewmodels.preferences.preferences import PreferencesViewModel


class PreferencesController(QObject):
    """Opens the page, remembers what is set there, and puts it in force.

    Attributes:
        page: Of the settings.
    """

    def __init__(
        self,
        window: QWidget,
        preferences: PreferencesViewModel,
        parameters: ParametersViewModel,
        *,
        theme: Theme,
        dialogs: Dialogs,
        store: SettingsStore,
    ) -> None:
        super().__init__(window)
        self._preferences = preferences
        self._parameters = parameters
        self._theme = theme
        self._dialogs = dialogs
        self._store = store
        self._applied_device: str | None = None
        self.page = PreferencesDialog(window, preferences)
        self.page.results_folder_requested.connect(self._ask_results_folder)
        preferences.state_changed.connect(self._on_preferences_changed)
        parameters.state_changed.connect(self._on_parameters_changed)
        theme.set_appearance(preferences.state.appearance)
        self._on_parameters_changed(parameters.state)

    @Slot()
    def show_page(self) -> None:
        """Open it, or bring it to the front."""
        self.page.show()
        self.page.activateWindow()

    @Slot()
    def _ask_results_folder(self) -> None:
        folder = self._preferences.state.results_folder or Path.home()
        chosen = self._dialogs.ask_folder(self.page, folder)
        if chosen is not None:
            self._preferences.set_results_folder(chosen)

    @Slot(object)
    def _on_preferences_changed(self, settings: Settings) -> None:
        self._store.save_settings(settings)
        self._theme.set_appearance(settings.appearance)
        self._apply_device(self._parameters.state)

    @Slot(object)
    def _on_parameters_changed(self, state: ParametersState) -> None:
        self.page.show_devices(state.devices)
        self._apply_device(state)

    def _apply_device(self, state: ParametersState) -> None:
        """Choose the device that was set, once it is known to be here; then the user may differ."""
        preferred = self._preferences.state.device
        is_available = preferred in [device.name for device in state.devices]
        if preferred != self._applied_device and is_available:
            self._applied_device = preferred
            self._parameters.set_device(preferred)
