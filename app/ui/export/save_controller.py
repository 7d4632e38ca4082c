"""What the user goes through to save a result."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from app.config.settings_store import SettingsStore
from app.i18n.error_messages import message_from_error
from app.i18n.translation import tr
from app.ui.widgets.dialogs import Dialogs
from app.ui.widgets.message_bar import MessageBar
from app.viewmodels.export.save_options import SaveOptionsState
from app.viewmodels.export.saving import (
    MAX_NOTES,
    ResultSaved,
    SavingFailed,
    SavingState,
    SavingViewModel,
    result_saved_message,
    translate_notes,
)
from app.viewmodels.run.run import ResultReady


class SaveController(QObject):
    """Asks where to, says what became of it, and remembers how."""

    def __init__(
        self,
        window: QWidget,
        saving: SavingViewModel,
        *,
        message_bar: MessageBar,
        dialogs: Dialogs,
        store: SettingsStore,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._saving = saving
        self._message_bar = message_bar
        self._dialogs = dialogs
        self._store = store
        saving.options.set_choices(store.load_save_choices())
        saving.options.state_changed.connect(self._on_options_changed)
        saving.state_changed.connect(self._on_saving_changed)

    def ask_and_save(self, done: ResultReady, run_number: int | None) -> None:
        """Propose a name where results go; nothing happens where the user takes none.

        Args:
            done: The result.
            run_number: Number of the run that gave it.
        """
        options = self._saving.options
        proposed_path = options.state.propose_path(done.result.restoration.run.image.path)
        folder = self._store.load_settings().results_folder
        if folder is not None:
            proposed_path = folder / proposed_path.name
        path = self._dialogs.ask_save_path(
            self._window, proposed_path, options.state.available_formats
        )
        if path is not None:
            options.set_format_from_path(path)
            self._saving.save(
                done.result,
                path,
                sharpness=done.sharpness,
                sample=done.sample_number,
                run_number=run_number or 0,
            )

    @Slot(object)
    def _on_options_changed(self, state: SaveOptionsState) -> None:
        self._store.save_save_choices(state.choices)

    @Slot(object)
    def _on_saving_changed(self, state: SavingState) -> None:
        match state:
            case ResultSaved():
                self._show_saved_message(state)
            case SavingFailed(error=error):
                self._message_bar.show_error(message_from_error(error))

    def _show_saved_message(self, saved: ResultSaved) -> None:
        self._message_bar.show_info(result_saved_message(saved))
        if len(saved.notes) > MAX_NOTES:
            full_message = result_saved_message(saved, max_notes=None)
            self._message_bar.add_button(
                tr("Show all"), partial(self._message_bar.show_info, full_message)
            )
            self._message_bar.action_button.setToolTip("\n".join(translate_notes(saved)))
