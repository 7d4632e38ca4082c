"""Automatic saving of settings that outlast the window."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from app.config.resources import is_installed_file
from app.config.settings import ComputeSettings, Settings
from app.config.settings_store import SettingsStore, StoredPresetName
from app.config.window_state import WindowState
from app.jobs.parameters.preset_file import UserPreset
from app.viewmodels.document.document import DocumentOpened, DocumentState
from app.viewmodels.document.recent_files import RecentFilesState
from app.viewmodels.export.save_options import SaveOptionsState
from app.viewmodels.parameters.parameters import ParametersState
from app.viewmodels.parameters.presets import PresetsState, find_selected_preset
from app.viewmodels.results.stored_results import StoredResultsState
from app.viewmodels.window.window_view_models import WindowViewModels
from ddrm_core.prior.store.packaged import find_packaged_prior
from ddrm_core.sampler.settings import Preset


class SettingsAutosave(QObject):
    """Link that applies stored settings to view models, and saves each later change."""

    def __init__(self, view_models: WindowViewModels, store: SettingsStore) -> None:
        super().__init__(view_models.preferences)
        self._store = store
        self._view_models = view_models
        view_models.saving.options.set_choices(store.load_save_choices())
        self._apply_stored_preset()
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
        view_models.undo.forget_changes()
        self._selected_preset = self._find_selected_preset()
        view_models.presets.state_changed.connect(self._on_presets_changed)
        view_models.parameters.state_changed.connect(self._save_selected_preset)
        view_models.document.state_changed.connect(self._on_document_changed)
        view_models.recent_files.state_changed.connect(self._on_recent_files_changed)
        view_models.saving.options.state_changed.connect(self._on_save_options_changed)
        view_models.parameters.state_changed.connect(self._on_parameters_changed)
        view_models.preferences.state_changed.connect(self._on_preferences_changed)

    def _apply_stored_preset(self) -> None:
        """Apply the preset that was selected last, a preset of the user after it is loaded."""
        stored = self._store.load_preset_name()
        self._pending_own_name = stored.name if stored is not None and stored.is_own else None
        if stored is not None and not stored.is_own and stored.name in list(Preset):
            self._view_models.parameters.apply_preset(Preset(stored.name))

    def _find_selected_preset(self) -> Preset | UserPreset | None:
        return find_selected_preset(
            self._view_models.presets.state, self._view_models.parameters.state
        )

    @Slot(object)
    def _on_presets_changed(self, state: PresetsState) -> None:
        name, self._pending_own_name = self._pending_own_name, None
        user_preset = None if name is None else state.find_by_name(name)
        if user_preset is None or self._view_models.undo.state.undo_stack:
            self._save_selected_preset()
            return
        self._view_models.presets.choose(user_preset.name)
        self._view_models.parameters.apply_settings(user_preset.settings, user_preset.prior)
        self._view_models.undo.forget_changes()

    @Slot()
    def _save_selected_preset(self) -> None:
        """Store the selected preset; with settings of no preset, the latest one stays stored."""
        selected = self._find_selected_preset()
        if selected is None or selected == self._selected_preset:
            return
        self._selected_preset = selected
        is_own = isinstance(selected, UserPreset)
        name = selected.name if isinstance(selected, UserPreset) else str(selected)
        self._store.save_preset_name(StoredPresetName(name, is_own))

    @Slot(object)
    def _on_document_changed(self, state: DocumentState) -> None:
        if isinstance(state, DocumentOpened):
            path = state.document.source.path
            if not is_installed_file(path):  # the sample picture is no user's folder
                self._store.save_window_state(WindowState(last_folder=path.parent))

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
