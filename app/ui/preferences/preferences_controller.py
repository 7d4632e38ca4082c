"""What the user goes through to set what is the same for every picture."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QSettings, Slot
from PySide6.QtWidgets import QWidget

from app.config.settings import Settings, save_settings
from app.ui.preferences.preferences_page import SettingsPage
from app.ui.widgets.dialogs import FileDialogs
from app.ui.widgets.theme import Theme
from app.viewmodels.parameters.parameters import ParametersState, ParametersViewModel
from app.viewmodels.preferences.preferences import PreferencesViewModel


class SettingsKeeper(QObject):
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
        dialogs: FileDialogs,
        store: QSettings,
    ) -> None:
        super().__init__(window)
        self._preferences = preferences
        self._parameters = parameters
        self._theme = theme
        self._dialogs = dialogs
        self._store = store
        self._device: str | None = None
        self.page = SettingsPage(window, preferences)
        self.page.folder_wanted.connect(self._ask_folder)
        preferences.state_changed.connect(self._on_preferences_changed)
        parameters.state_changed.connect(self._on_parameters_changed)
        theme.choose(preferences.state.appearance)
        self._on_parameters_changed(parameters.state)

    @Slot()
    def show_page(self) -> None:
        """Open it, or bring it to the front."""
        self.page.show()
        self.page.activateWindow()

    @Slot()
    def _ask_folder(self) -> None:
        folder = self._preferences.state.results_folder or Path.home()
        chosen = self._dialogs.ask_folder(self.page, folder)
        if chosen is not None:
            self._preferences.set_results_folder(chosen)

    @Slot(object)
    def _on_preferences_changed(self, settings: Settings) -> None:
        save_settings(self._store, settings)
        self._theme.choose(settings.appearance)
        self._follow_device(self._parameters.state)

    @Slot(object)
    def _on_parameters_changed(self, state: ParametersState) -> None:
        self.page.show_devices(state.devices)
        self._follow_device(state)

    def _follow_device(self, state: ParametersState) -> None:
        """Choose the device that was set, once it is known to be here; then the user may differ."""
        wanted = self._preferences.state.device
        here = wanted in [device.name for device in state.devices]
        if wanted != self._device and here:
            self._device = wanted
            self._parameters.set_device(wanted)
