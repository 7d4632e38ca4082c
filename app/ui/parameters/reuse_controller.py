"""What the user goes through to make a run again."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from app.i18n.error_messages import message_for
from app.ui.priors.prior_controller import PriorKeeper
from app.ui.widgets.dialogs import FileDialogs
from app.ui.widgets.message_bar import MessageBar
from app.viewmodels.document.document import DocumentViewModel
from app.viewmodels.parameters.parameters import ParametersViewModel
from app.viewmodels.parameters.reuse import (
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
        document: DocumentViewModel,
        parameters: ParametersViewModel,
        *,
        message: MessageBar,
        dialogs: FileDialogs,
        keeper: PriorKeeper,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._repeat = repeat
        self._document = document
        self._parameters = parameters
        self._message = message
        self._dialogs = dialogs
        self._keeper = keeper
        repeat.state_changed.connect(self._on_repeat_changed)

    @Slot()
    def ask(self) -> None:
        """Begin beside the opened file; nothing happens where the user takes none."""
        document = self._document.document
        if document is None:
            return
        source = document.source
        path = self._dialogs.ask_result(self._window, source.path.parent)
        if path is not None:
            self._repeat.read(path, source, self._parameters.state.device)

    @Slot(object)
    def _on_repeat_changed(self, state: RepeatState) -> None:
        match state:
            case RecordRead(repeated=repeated):
                self._parameters.repeat(repeated)
                self._message.show_note(repeated_message(repeated))
                if repeated.missing is not None:
                    self._keeper.add_offers(repeated.missing)
            case NoRecordRead(error=error):
                self._message.show_failure(message_for(error))
