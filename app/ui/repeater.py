"""What the user goes through to make a run again."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from app.errors import message_for
from app.jobs.open_job import Document
from app.ui.dialogs import FileDialogs
from app.ui.message_bar import MessageBar
from app.viewmodels.parameters import ParametersViewModel
from app.viewmodels.repeat import (
    NoRecordRead,
    RecordRead,
    RepeatState,
    RepeatViewModel,
    repeated_message,
)


class Repeater(QObject):
    """Asks for a result, puts the settings of its run in force, and says so."""

    def __init__(
        self,
        window: QWidget,
        repeat: RepeatViewModel,
        parameters: ParametersViewModel,
        *,
        message: MessageBar,
        dialogs: FileDialogs,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._repeat = repeat
        self._parameters = parameters
        self._message = message
        self._dialogs = dialogs
        repeat.state_changed.connect(self._on_repeat_changed)

    def ask_and_read(self, document: Document, folder: Path) -> None:
        """Begin in `folder`; nothing happens where the user takes none."""
        path = self._dialogs.ask_result(self._window, folder)
        if path is not None:
            self._repeat.read(path, document.source, self._parameters.state.device)

    @Slot(object)
    def _on_repeat_changed(self, state: RepeatState) -> None:
        match state:
            case RecordRead(repeated=repeated):
                self._parameters.repeat(repeated)
                self._message.show_note(repeated_message(repeated))
            case NoRecordRead(error=error):
                self._message.show_failure(message_for(error))
