"""What makes the window belong on a desktop, put together."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QMainWindow

from app.config.settings_store import SettingsStore
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
from app.ui.window.actions import WindowActions
from app.viewmodels.window.window_view_models import WindowViewModels


class SupportControllers(QObject):
    """Holds the keepers of recent files, settings, clipboard, reports and help.

    Attributes:
        recent_files: Keeps the files of before.
        preferences: Keeps the settings.
        sharing: Copies, and lets results be dragged.
        bug_report: Tells of faults.
        shortcuts_page: The sheet of all keys.
    """

    def __init__(
        self,
        window: QMainWindow,
        actions: WindowActions,
        view_models: WindowViewModels,
        *,
        open_controller: OpenController,
        welcome_page: WelcomePage,
        drag_handle: DragHandle,
        message_bar: MessageBar,
        theme: Theme,
        dialogs: Dialogs,
        settings_store: SettingsStore,
    ) -> None:
        super().__init__(window)
        self._window = window
        self.recent_files = RecentFilesController(
            window,
            actions.recent_files,
            actions.recent_menu,
            view_models.recent_files,
            view_models.document,
            open_controller=open_controller,
            welcome_page=welcome_page,
            store=settings_store,
        )
        self.preferences = PreferencesController(
            window,
            view_models.preferences,
            view_models.parameters,
            theme=theme,
            dialogs=dialogs,
            store=settings_store,
        )
        self.sharing = ShareController(
            window,
            actions.clipboard,
            view_models.sharing,
            view_models.run,
            view_models.document,
            view_models.saving.options,
            drag_handle=drag_handle,
            message_bar=message_bar,
        )
        self.bug_report = BugReportController(
            window,
            view_models.bug_report,
            view_models.document,
            view_models.parameters,
            message_bar=message_bar,
            dialogs=dialogs,
            store=settings_store,
        )
        self.shortcuts_page = ShortcutsDialog(window)
        actions.show_settings.triggered.connect(lambda _checked: self.preferences.show_page())
        actions.support.show_shortcuts.triggered.connect(lambda _checked: self.show_shortcuts())
        actions.support.save_bug_report.triggered.connect(
            lambda _checked: self.bug_report.ask_and_write_report()
        )
        actions.support.show_about.triggered.connect(lambda _checked: show_about_dialog(window))

    @Slot()
    def show_shortcuts(self) -> None:
        """Open the sheet, or bring it to the front."""
        groups = collect_shortcut_groups(self._window.menuBar().actions())
        self.shortcuts_page.show_shortcuts((*groups, compare_view_shortcuts()))
        self.shortcuts_page.show()
        self.shortcuts_page.activateWindow()

    def close_pages(self) -> None:
        """Close the pages, which would stay."""
        for page in (self.preferences.page, self.shortcuts_page):
            page.close()
