"""Automatic saving of settings that outlast the window."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from app.config.settings import ComputeSettings, Settings
from app.config.settings_store import SettingsStore
from app.config.window_state import WindowState
from app.viewmodels.document.document import DocumentOpened, DocumentState
from app.viewmodels.document.recent_files import RecentFilesState
from app.viewmodels.export.save_options import SaveOptionsState
from app.viewmodels.parameters.parameters import ParametersState
from app.viewmodels.results.stored_results import StoredResultsState
from app.viewmodels.window.window_view_models import WindowViewModels
from ddrm_core.prior.store.packaged import find_packaged_prior


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
        view_models.panel_layer.set_layer(store.load_panel_layer())
        view_models.panel_layer.state_changed.connect(store.save_panel_layer)
        view_models.compute_settings.set_settings(store.load_compute_settings())
        view_models.compute_settings.state_changed.connect(self._on_compute_settings_changed)
        view_models.stored_results.set_keeps_results(store.load_keeps_results())
        view_models.stored_results.state_changed.connect(self._on_stored_results_changed)
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
    def _on_stored_results_changed(self, state: StoredResultsState) -> None:
        if state.keeps_results != self._store.load_keeps_results():
            self._store.save_keeps_results(keep=state.keeps_results)

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
    def _on_compute_settings_changed(self, settings: ComputeSettings) -> None:
        self._store.save_compute_settings(settings)

    @Slot(object)
    def _on_parameters_changed(self, state: ParametersState) -> None:
        stored_name = self._store.load_prior_name()
        if state.chosen_prior == stored_name:
            return
        if state.is_choice_replaced and stored_name and find_packaged_prior(stored_name):
            return  # the prior is selected again once its package is installed
        self._store.save_prior_name(state.chosen_prior)
