"""Settings that a batch takes from the window."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Slot

from app.viewmodels.batch.batch import BatchViewModel
from app.viewmodels.batch.batch_text import common_settings_from_window
from app.viewmodels.export.save_options import SaveOptionsViewModel
from app.viewmodels.parameters.parameters import ParametersViewModel
from app.viewmodels.preferences.preferences import PreferencesViewModel


class BatchDefaults(QObject):
    """Link that passes the window's settings and results folder to the batch as defaults.

    The settings are those of the parameters and the save options; the folder is a preference. A
    folder that is chosen while the batch has not started becomes its output folder. The choice of
    no folder affects a batch without items, which has no folder on display yet.
    """

    def __init__(
        self,
        batch: BatchViewModel,
        parameters: ParametersViewModel,
        save_options: SaveOptionsViewModel,
        preferences: PreferencesViewModel,
    ) -> None:
        super().__init__(batch)
        self._batch = batch
        self._parameters = parameters
        self._save_options = save_options
        self._preferences = preferences
        self._results_folder = preferences.state.results_folder
        for view_model in (parameters, save_options, preferences):
            view_model.state_changed.connect(self._update)
        self._update()

    @Slot()
    def _update(self) -> None:
        choices = self._save_options.state.choices
        self._batch.set_default_settings(
            common_settings_from_window(self._parameters.state, choices)
        )
        folder = self._preferences.state.results_folder
        self._batch.set_default_folder(folder)
        if folder != self._results_folder:
            self._results_folder = folder
            self._use_as_output_folder(folder)

    def _use_as_output_folder(self, folder: Path | None) -> None:
        state = self._batch.state
        has_started = state.is_active or state.captured_settings is not None
        is_reset = folder is None and not state.items
        if (folder is not None or is_reset) and not has_started:
            self._batch.set_output_location(replace(state.output_location, folder=folder))
