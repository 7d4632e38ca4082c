"""What the user goes through where something went wrong."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QSettings, QStandardPaths, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from app import COMMAND
from app.config.settings import load_settings
from app.config.window_state import load_window_state
from app.i18n.error_messages import UserMessage, message_from_error
from app.i18n.translation import tr
from app.support.diagnostics import SystemInfo
from app.ui.widgets.dialogs import FileDialogs, open_folder
from app.ui.widgets.message_bar import MessageBar
from app.viewmodels.document.document import DocumentViewModel
from app.viewmodels.parameters.parameters import ParametersViewModel
from app.viewmodels.support.bug_report import ReportingState, ReportingViewModel


class ReportKeeper(QObject):
    """Says that there was a fault, and writes a report where the user wants one."""

    def __init__(
        self,
        window: QWidget,
        reporting: ReportingViewModel,
        document: DocumentViewModel,
        parameters: ParametersViewModel,
        *,
        message: MessageBar,
        dialogs: FileDialogs,
        store: QSettings,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._reporting = reporting
        self._document = document
        self._parameters = parameters
        self._message = message
        self._dialogs = dialogs
        self._store = store
        self._state = reporting.state
        message.bug_shown.connect(self._on_bug_shown)
        reporting.state_changed.connect(self._on_reporting_changed)

    @Slot(str)
    def show_fault(self, kind: str) -> None:
        """Say that something unexpected happened, of which no part of the window says more."""
        self._message.show_failure(
            UserMessage(
                tr("Something went wrong in the program ({kind})").format(kind=kind),
                tr(
                    "Your files are as they were. A report helps to mend it; it holds no names or "
                    "paths of yours, and is sent nowhere."
                ),
                is_bug=True,
            )
        )

    @Slot()
    def ask_and_write(self) -> None:
        """Nothing happens where the user takes no file."""
        place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        proposal = Path(place) / f"{COMMAND}-report.txt"
        path = self._dialogs.ask_diagnostics(self._window, proposal)
        if path is not None:
            self._reporting.write(path, self._facts())

    @Slot()
    def _on_bug_shown(self) -> None:
        self._message.add_action(tr("Save report…"), self.ask_and_write)

    @Slot(object)
    def _on_reporting_changed(self, state: ReportingState) -> None:
        before, self._state = self._state, state
        if state.crash != before.crash:
            self._message.show_note(
                UserMessage(
                    tr("The program crashed the last time"),
                    tr(
                        "A report helps to mend it; it holds no names or paths of yours, and is "
                        "sent nowhere."
                    ),
                )
            )
            self._message.add_action(tr("Save report…"), self.ask_and_write)
        elif state.written is not None:
            self._show_written(state.written)
        elif state.error is not None:
            self._message.show_failure(message_from_error(state.error))

    def _show_written(self, path: Path) -> None:
        self._message.show_note(
            UserMessage(
                tr("Saved {name}").format(name=path.name),
                tr("It is a plain text: read it before you send it to anybody."),
            )
        )
        show = partial(open_folder, self._dialogs, path.parent, self._message)
        self._message.add_action(tr("Open folder"), show)

    def _facts(self) -> SystemInfo:
        session, settings = load_window_state(self._store), load_settings(self._store)
        document = self._document.document
        own = (session.last_folder, settings.results_folder, *(session.recent_files or ()))
        opened = () if document is None else (document.source.path,)
        keys = [key for key in self._store.allKeys() if isinstance(self._store.value(key), str)]
        return SystemInfo(
            qt_platform=QGuiApplication.platformName(),
            screens=tuple(
                f"{screen.size().width()}x{screen.size().height()} "
                f"at {screen.devicePixelRatio():.0%}"
                for screen in QGuiApplication.screens()
            ),
            devices=tuple(
                f"{device.name} {device.product_name}".strip()
                for device in self._parameters.state.devices
            ),
            settings=tuple((key, str(self._store.value(key))) for key in keys),
            private_paths=tuple(path for path in (*own, *opened) if path is not None),
        )
