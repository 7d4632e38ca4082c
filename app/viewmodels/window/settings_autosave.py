"""Automatic saving of settings that outlast the window."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from app.config.prior_locations import find_default_prior
from app.config.settings import Settings
from app.config.settings_store import SettingsStore
from app.config.window_state import WindowState
from app.viewmodels.document.document import DocumentOpened, DocumentState
from app.viewmodels.document.recent_files import RecentFilesState
from app.viewmodels.export.save_options import SaveOptionsState
from app.viewmodels.parameters.parameters import ParametersState
from app.viewmodels.window.window_view_models import WindowViewModels


class SettingsAutosave(QObject):
    """Link that applies stored settings to view models, and saves each later change."""

    def __init__(self, view_models: WindowViewModels, store: SettingsStore) -> None:
        super().__init__(view_models.preferences)
        self._store = store
        view_models.saving.options.set_choices(store.load_save_choices())
        view_models.parameters.select_initial_prior(
            store.load_prior_name(), is_chosen=store.has_prior_choice()
        )
        view_models.recent_files.set_files(store.load_window_state().recent_files or ())
        view_models.document.state_changed.connect(self._on_document_changed)
        view_models.recent_files.state_changed.connect(self._on_recent_files_changed)
        view_models.saving.options.state_changed.connect(self._on_save_options_changed)
        view_models.parameters.state_changed.connect(self._on_parameters_changed)
        view_models.preferences.state_changed.connect(self._on_preferences_changed)

    @Slot(object)
    def _on_document_changed(self, state: DocumentState) -> None:
        if isinstance(state, DocumentOpened):
            folder = state.document.source.path.parent
            self._store.save_window_state(WindowState(last_folder=folder))

    @Slot(object)
    def _on_recent_files_changed(self, state: RecentFilesState) -> None:
        self._store.save_window_state(WindowState(recent_files=state.files))

    @Slot(object)
    def _on_save_options_changed(self, state: SaveOptionsState) -> None:
        self._store.save_save_choices(state.choices)

    @Slot(object)
    def _on_preferences_changed(self, settings: Settings) -> None:
        self._store.save_settings(settings)

    @Slot(object)
    def _on_parameters_changed(self, state: ParametersState) -> None:
        if state.chosen_prior == self._store.load_prior_name():
            return
        if not self._store.has_prior_choice() and find_default_prior().fallback_error is not None:
            return  # the preferred prior is missing: the user has not chosen the bundled one
        self._store.save_prior_name(state.chosen_prior)
