"""The controller of help and bug reports."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt, Slot
from PySide6.QtGui import QGuiApplication

from app import COMMAND
from app.i18n.error_messages import UserMessage, message_from_error
from app.i18n.translation import tr
from app.jobs.results.result_store import EarlierResults
from app.support.diagnostics import SystemInfo
from app.ui.support.about_dialog import show_about_dialog
from app.ui.support.actions import SupportActions
from app.ui.support.shortcuts_dialog import ShortcutsDialog, collect_shortcut_groups
from app.ui.widgets.dialogs import open_folder
from app.ui.widgets.shortcut_rows import ShortcutGroup
from app.ui.window_context import Controller, WindowContext
from app.viewmodels.results.stored_results_text import earlier_results_text
from app.viewmodels.support.bug_report import BugReportState


class SupportController(Controller):
    """The controller that shows help and writes bug reports.

    Attributes:
        shortcuts_dialog: The list of keyboard and mouse shortcuts.
    """

    def __init__(
        self,
        context: WindowContext,
        actions: SupportActions,
        build_view_shortcuts: Callable[[], ShortcutGroup],
    ) -> None:
        super().__init__(context)
        self._build_view_shortcuts = build_view_shortcuts
        self._bug_report = context.view_models.bug_report
        self._stored_results = context.view_models.stored_results
        self._document = context.view_models.document
        self._parameters = context.view_models.parameters
        self._settings_store = context.settings_store
        self.shortcuts_dialog = ShortcutsDialog(context.window)
        actions.show_shortcuts.triggered.connect(lambda _checked: self.show_shortcuts())
        actions.save_bug_report.triggered.connect(lambda _checked: self.ask_and_write_report())
        actions.show_about.triggered.connect(lambda _checked: show_about_dialog(self._window))
        self._message_bar.bug_message_shown.connect(self._on_bug_message_shown)
        self._bug_report.crash_found.connect(self._show_crash)
        # The offer of earlier results, which is shown at the same signal, joins the message.
        self._stored_results.earlier_found.connect(
            self._on_earlier_found, Qt.ConnectionType.QueuedConnection
        )
        self._bug_report.state_changed.connect(self._on_bug_report_changed)

    @Slot()
    def show_shortcuts(self) -> None:
        """Open the list of shortcuts, or bring the list to the front."""
        groups = collect_shortcut_groups(self._window.menuBar().actions())
        self.shortcuts_dialog.show_shortcuts((*groups, self._build_view_shortcuts()))
        self.shortcuts_dialog.show()
        self.shortcuts_dialog.activateWindow()

    @Slot(str)
    def show_unexpected_error(self, error_type: str) -> None:
        """Show a message about an unexpected exception, which is a bug of the program.

        `error_type` is the name of the exception's class.
        """
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
        """Ask for a path and write a bug report, if the user chooses a path."""
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
    def _on_earlier_found(self, _earlier: EarlierResults) -> None:
        if self._bug_report.state.crash_text:
            self._show_crash()

    @Slot()
    def _show_crash(self) -> None:
        """Say that the program crashed, offer a report, and the results that outlasted it."""
        advice = tr(
            "A report helps to mend it; it holds no names or paths of yours, and is sent nowhere."
        )
        earlier = self._stored_results.state.earlier
        if earlier.file_names:
            advice = f"{earlier_results_text(earlier)} {advice}"
        self._message_bar.show_info(UserMessage(tr("The program crashed the last time"), advice))
        if earlier.file_names:
            self._message_bar.add_button(
                tr("Show earlier results"), self._stored_results.show_earlier, keeps_message=True
            )
        self._message_bar.add_button(tr("Save report…"), self.ask_and_write_report)

    @Slot(object)
    def _on_bug_report_changed(self, state: BugReportState) -> None:
        if state.report_path is not None:
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
        document = self._document.document
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
            settings=self._settings_store.text_values(),
            private_paths=(*self._settings_store.private_paths(), *document_paths),
        )
