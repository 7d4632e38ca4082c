"""The controller of the preferences."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Slot

from app.config.paths import pictures_folder
from app.config.settings import Settings
from app.i18n.error_messages import UserMessage
from app.i18n.translation import tr
from app.ui.preferences.preferences_dialog import PreferencesDialog
from app.ui.window_context import Controller, WindowContext
from app.viewmodels.parameters.parameters import ParametersState
from app.viewmodels.parameters.undo import ActionChange
from app.viewmodels.results.stored_results import StoredResultsState


class PreferencesController(Controller):
    """The controller that connects the preferences with their dialog and the theme.

    Attributes:
        page: The preferences dialog.
    """

    def __init__(self, context: WindowContext) -> None:
        super().__init__(context)
        self._preferences = context.view_models.preferences
        self._stored_results = context.view_models.stored_results
        self._compute_settings = context.view_models.compute_settings
        self._undo = context.view_models.undo
        self._theme = context.theme
        self.page = PreferencesDialog(context.window, self._preferences, self._compute_settings)
        self.page.results_folder_requested.connect(self._ask_results_folder)
        self.page.keep_results_changed.connect(self._stored_results.set_keeps_results)
        self.page.reset_requested.connect(self._on_reset_requested)
        self._stored_results.state_changed.connect(self._on_stored_results_changed)
        self._preferences.state_changed.connect(self._on_preferences_changed)
        context.view_models.parameters.state_changed.connect(self._on_parameters_changed)
        self._on_stored_results_changed(self._stored_results.state)
        self._on_preferences_changed(self._preferences.state)
        self._on_parameters_changed(context.view_models.parameters.state)

    @Slot()
    def show_page(self) -> None:
        """Open the preferences dialog, or bring the dialog to the front."""
        self.page.show()
        self.page.activateWindow()

    @Slot()
    def _ask_results_folder(self) -> None:
        folder = self._preferences.state.results_folder or pictures_folder()
        chosen = self._dialogs.ask_folder(self.page, folder)
        if chosen is not None:
            self._preferences.set_results_folder(chosen)

    @Slot()
    def _on_reset_requested(self) -> None:
        """Reset all preferences at once; the reset can be undone."""
        settings, keeps_results = self._preferences.state, self._stored_results.state.keeps_results
        compute_settings = self._compute_settings.state

        def reset() -> None:
            self._preferences.reset()
            self._compute_settings.reset()
            self._stored_results.set_keeps_results(True)

        def undo() -> None:
            self._preferences.set_all(settings)
            self._compute_settings.set_settings(compute_settings)
            self._stored_results.set_keeps_results(keeps_results)

        reset()
        label = tr("Reset all settings")
        self._undo.record_action(ActionChange(label, undo, reset, belongs_to_file=False))
        self._message_bar.show_info(
            UserMessage(tr("All settings are as at the first start"), tr("Undo brings them back."))
        )
        self._message_bar.add_button(tr("Undo"), partial(self._undo.undo_action, label))

    @Slot(object)
    def _on_preferences_changed(self, settings: Settings) -> None:
        self._theme.set_appearance(settings.appearance)

    @Slot(object)
    def _on_stored_results_changed(self, state: StoredResultsState) -> None:
        self.page.show_keeps_results(keep=state.keeps_results)

    @Slot(object)
    def _on_parameters_changed(self, state: ParametersState) -> None:
        self.page.show_devices(state.devices)
