"""What the user goes through to make a run again."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from app.i18n.error_messages import message_from_error
from app.ui.priors.prior_controller import PriorController
from app.ui.widgets.dialogs import Dialogs
from app.ui.widgets.message_bar import MessageBar
from app.viewmodels.document.document import DocumentViewModel
from app.viewmodels.parameters.parameters import ParametersViewModel
from app.viewmodels.parameters.reuse_settings import (
    RecordReadDone,
    RecordReadFailed,
    ReuseSettingsState,
    ReuseSettingsViewModel,
    reused_settings_message,
)


class ReuseSettingsController(QObject):
    """Asks for a result, puts the settings of its run in force, and says so."""

    def __init__(
        self,
        window: QWidget,
        reuse: ReuseSettingsViewModel,
        document: DocumentViewModel,
        parameters: ParametersViewModel,
        *,
        message_bar: MessageBar,
        dialogs: Dialogs,
        prior_controller: PriorController,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._reuse = reuse
        self._document = document
        self._parameters = parameters
        self._message_bar = message_bar
        self._dialogs = dialogs
        self._prior_controller = prior_controller
        reuse.state_changed.connect(self._on_reuse_changed)

    @Slot()
    def ask_for_result(self) -> None:
        """Begin beside the opened file; nothing happens where the user takes none."""
        document = self._document.document
        if document is None:
            return
        source = document.source
        path = self._dialogs.ask_result_file(self._window, source.path.parent)
        if path is not None:
            self._reuse.read_record(path, source, self._parameters.state.device)

    @Slot(object)
    def _on_reuse_changed(self, state: ReuseSettingsState) -> None:
        match state:
            case RecordReadDone(recorded_settings=recorded):
                self._parameters.apply_recorded_settings(recorded)
                self._message_bar.show_info(reused_settings_message(recorded))
                if recorded.missing_prior is not None:
                    self._prior_controller.add_obtain_actions(recorded.missing_prior)
            case RecordReadFailed(error=error):
                self._message_bar.show_error(message_from_error(error))
