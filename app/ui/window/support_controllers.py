"""What makes the window belong on a desktop, put together."""

from __future__ import annotations

from PySide6.QtCore import QObject, QSettings, Slot
from PySide6.QtWidgets import QMainWindow

from app.ui.compare.key_help import compare_view_shortcuts
from app.ui.document.open_controller import OpenController
from app.ui.document.recent_files_controller import RecentFilesController
from app.ui.document.welcome_page import WelcomePage
from app.ui.export.drag_handle import DragHandle
from app.ui.export.share_controller import ShareController
from app.ui.preferences.preferences_controller import PreferencesController
from app.ui.support.about_dialog import show_about_dialog
from app.ui.support.bug_report_controller import BugReportController
from app.ui.support.shortcuts_dialog import ShortcutsDialog, collect_shortcut_groups
from app.ui.widgets.dialogs import Dialogs
from app.ui.widgets.message_bar import MessageBar
from app.ui.widgets.theme import Theme
from app.ui.window.actions import Actions
from app.viewmodels.window.window import ViewModels


class Desk(QObject):
    """Holds the keepers of recent files, settings, clipboard, reports and help.

    Attributes:
        recent: Keeps the files of before.
        settings: Keeps the settings.
        hand_out: Copies, and lets results be dragged.
        report: Tells of faults.
        keys: The sheet of all keys.
    """

    def __init__(
        self,
        window: QMainWindow,
        actions: Actions,
        models: ViewModels,
        *,
        opener: OpenController,
        empty: WelcomePage,
        handle: DragHandle,
        message: MessageBar,
        theme: Theme,
        dialogs: Dialogs,
        store: QSettings,
    ) -> None:
        super().__init__(window)
        self._window = window
        self.recent = RecentFilesController(
            window,
            actions.recent,
            actions.recent_menu,
            models.recent,
            models.document,
            open_controller=opener,
            welcome_page=empty,
            store=store,
        )
        self.settings = PreferencesController(
            window,
            models.preferences,
            models.parameters,
            theme=theme,
            dialogs=dialogs,
            store=store,
        )
        self.hand_out = ShareController(
            window,
            actions.copy,
            models.handing,
            models.run,
            models.document,
            models.saving.options,
            drag_handle=handle,
            message_bar=message,
        )
        self.report = BugReportController(
            window,
            models.reporting,
            models.document,
            models.parameters,
            message_bar=message,
            dialogs=dialogs,
            store=store,
        )
        self.keys = ShortcutsDialog(window)
        actions.settings.triggered.connect(lambda _checked: self.settings.show_page())
        actions.support.show_shortcuts.triggered.connect(lambda _checked: self.show_keys())
        actions.support.save_bug_report.triggered.connect(
            lambda _checked: self.report.ask_and_write_report()
        )
        actions.support.show_about.triggered.connect(lambda _checked: show_about_dialog(window))

    @Slot()
    def show_keys(self) -> None:
        """Open the sheet, or bring it to the front."""
        groups = collect_shortcut_groups(self._window.menuBar().actions())
        self.keys.show_shortcuts((*groups, compare_view_shortcuts()))
        self.keys.show()
        self.keys.activateWindow()

    def close(self) -> None:
        """Close the pages, which would stay."""
        for page in (self.settings.page, self.keys):
            page.close()
