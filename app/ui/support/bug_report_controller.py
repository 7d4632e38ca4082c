"""What the user goes through where something went wrong."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from app import COMMAND
from app.config.settings_store import SettingsStore
from app.i18n.error_messages import UserMessage, message_from_error
from app.i18n.translation import tr
from app.support.diagnostics import SystemInfo
from app.ui.widgets.dialogs import Dialogs, open_folder
from app.ui.widgets.message_bar import MessageBar
from app.viewmodels.document.document import DocumentViewModel
from app.viewmodels.parameters.parameters import ParametersViewModel
from app.viewmodels.support.bug_report import BugReportState, BugReportViewModel


class BugReportController(QObject):
    """Says that there was a fault, and writes a report where the user wants one."""

    def __init__(
        self,
        window: QWidget,
        bug_report: BugReportViewModel,
        document: DocumentViewModel,
        parameters: ParametersViewModel,
        *,
        message_bar: MessageBar,
        dialogs: Dialogs,
        store: SettingsStore,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._bug_report = bug_report
        self._document = document
        self._parameters = parameters
        self._message_bar = message_bar
        self._dialogs = dialogs
        self._store = store
        self._last_state = bug_report.state
        message_bar.bug_message_shown.connect(self._on_bug_message_shown)
        bug_report.state_changed.connect(self._on_bug_report_changed)

    @Slot(str)
    def show_unexpected_error(self, error_type: str) -> None:
        """Say that something unexpected happened, of which no part of the window says more."""
        self._message_bar.show_error(
            UserMessage(
                tr("Something went wrong in the program ({kind})").format(kind=error_type),
                tr(
                    "Your files are as they were. A report helps to mend it; it holds no names or "
                    "paths of yours, and is sent nowhere."
                ),
                is_bug=True,
            )
        )

    @Slot()
    def ask_and_write_report(self) -> None:
        """Nothing happens where the user takes no file."""
        documents_folder = QStandardPaths.writableLocation(
            QStandardPaths.StandardLocation.DocumentsLocation
        )
        proposed_path = Path(documents_folder) / f"{COMMAND}-report.txt"
        path = self._dialogs.ask_bug_report_path(self._window, proposed_path)
        if path is not None:
            self._bug_report.write_report(path, self._collect_system_info())

    @Slot()
    def _on_bug_message_shown(self) -> None:
        self._message_bar.add_button(tr("Save report…"), self.ask_and_write_report)

    @Slot(object)
    def _on_bug_report_changed(self, state: BugReportState) -> None:
        previous, self._last_state = self._last_state, state
        if state.crash_text != previous.crash_text:
            self._message_bar.show_info(
                UserMessage(
                    tr("The program crashed the last time"),
                    tr(
                        "A report helps to mend it; it holds no names or paths of yours, and is "
                        "sent nowhere."
                    ),
                )
            )
            self._message_bar.add_button(tr("Save report…"), self.ask_and_write_report)
        elif state.report_path is not None:
            self._show_report_saved(state.report_path)
        elif state.error is not None:
            self._message_bar.show_error(message_from_error(state.error))

    def _show_report_saved(self, path: Path) -> None:
        self._message_bar.show_info(
            UserMessage(
                tr("Saved {name}").format(name=path.name),
                tr("It is a plain text: read it before you send it to anybody."),
            )
        )
        show = partial(open_folder, self._dialogs, path.parent, self._message_bar)
        self._message_bar.add_button(tr("Open folder"), show)

    def _collect_system_info(self) -> SystemInfo:
        window_state, settings = self._store.load_window_state(), self._store.load_settings()
        document = self._document.document
        stored_paths = (
            window_state.last_folder,
            settings.results_folder,
            *(window_state.recent_files or ()),
        )
        document_paths = () if document is None else (document.source.path,)
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
            settings=self._store.text_values(),
            private_paths=tuple(
                path for path in (*stored_paths, *document_paths) if path is not None
            ),
        )
