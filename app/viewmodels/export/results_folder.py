"""The folder of results, which is a preference and an option of saving."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from app.viewmodels.export.save_options import SaveOptionsViewModel
from app.viewmodels.preferences.preferences import PreferencesViewModel


class ResultsFolder(QObject):
    """Link that keeps the folder of the save options and that of the preferences the same."""

    def __init__(
        self, save_options: SaveOptionsViewModel, preferences: PreferencesViewModel
    ) -> None:
        super().__init__(save_options)
        self._save_options = save_options
        self._preferences = preferences
        self._use_preference()
        preferences.state_changed.connect(self._use_preference)
        save_options.state_changed.connect(self._store_choice)

    @Slot()
    def _use_preference(self) -> None:
        self._save_options.set_folder(self._preferences.state.results_folder)

    @Slot()
    def _store_choice(self) -> None:
        self._preferences.set_results_folder(self._save_options.state.folder)
