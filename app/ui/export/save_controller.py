"""What the user goes through to save a result."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QSettings, Slot
from PySide6.QtWidgets import QWidget

from app.config.settings import load_choices, load_settings, save_choices
from app.i18n.error_messages import message_for
from app.i18n.translation import tr
from app.ui.widgets.dialogs import FileDialogs
from app.ui.widgets.message_bar import MessageBar
from app.viewmodels.export.save_options import SaveOptionsState
from app.viewmodels.export.saving import (
    MOST_NOTES,
    Saved,
    SavingFailed,
    SavingState,
    SavingViewModel,
    note_lines,
    saved_message,
)
from app.viewmodels.run.run import Done


class Saver(QObject):
    """Asks where to, says what became of it, and remembers how."""

    def __init__(
        self,
        window: QWidget,
        saving: SavingViewModel,
        *,
        message: MessageBar,
        dialogs: FileDialogs,
        store: QSettings,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._saving = saving
        self._message = message
        self._dialogs = dialogs
        self._store = store
        saving.options.set_choices(load_choices(store))
        saving.options.state_changed.connect(self._on_options_changed)
        saving.state_changed.connect(self._on_saving_changed)

    def ask_and_save(self, done: Done, number: int | None) -> None:
        """Propose a name where results go; nothing happens where the user takes none.

        Args:
            done: The result.
            number: Number of the run that gave it.
        """
        options = self._saving.options
        proposal = options.state.proposal(done.restored.restoration.run.image.path)
        folder = load_settings(self._store).results_folder
        if folder is not None:
            proposal = folder / proposal.name
        path = self._dialogs.ask_save(self._window, proposal, options.state.formats)
        if path is not None:
            options.saved_as(path)
            self._saving.save(
                done.restored,
                path,
                sharpness=done.sharpness,
                sample=done.sample,
                number=number or 0,
            )

    @Slot(object)
    def _on_options_changed(self, state: SaveOptionsState) -> None:
        save_choices(self._store, state.choices)

    @Slot(object)
    def _on_saving_changed(self, state: SavingState) -> None:
        match state:
            case Saved():
                self._show_saved(state)
            case SavingFailed(error=error):
                self._message.show_failure(message_for(error))

    def _show_saved(self, saved: Saved) -> None:
        self._message.show_note(saved_message(saved))
        if len(saved.notes) > MOST_NOTES:
            every_note = saved_message(saved, most=None)
            self._message.add_action(tr("Show all"), partial(self._message.show_note, every_note))
            self._message.action.setToolTip("\n".join(note_lines(saved)))
