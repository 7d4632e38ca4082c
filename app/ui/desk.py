"""What makes the window belong on a desktop, put together."""

from __future__ import annotations

from PySide6.QtCore import QObject, QSettings, Slot
from PySide6.QtWidgets import QMainWindow

from app.ui.actions import Actions
from app.ui.canvas_keys import canvas_keys
from app.ui.dialogs import FileDialogs
from app.ui.empty_page import EmptyPage
from app.ui.help_dialogs import show_about
from app.ui.keys_page import KeysPage, groups_of
from app.ui.opener import Opener
from app.ui.recent_keeper import RecentKeeper
from app.ui.settings_keeper import SettingsKeeper
from app.ui.theme import Theme
from app.viewmodels.document import DocumentViewModel
from app.viewmodels.parameters import ParametersViewModel
from app.viewmodels.preferences import PreferencesViewModel
from app.viewmodels.recent import RecentViewModel


class Desk(QObject):
    """Holds the keepers of recent files, settings and help.

    Attributes:
        recent: Keeps the files of before.
        settings: Keeps the settings.
        keys: The sheet of all keys.
    """

    def __init__(
        self,
        window: QMainWindow,
        actions: Actions,
        document: DocumentViewModel,
        parameters: ParametersViewModel,
        preferences: PreferencesViewModel,
        recent: RecentViewModel,
        *,
        opener: Opener,
        empty: EmptyPage,
        theme: Theme,
        dialogs: FileDialogs,
        store: QSettings,
    ) -> None:
        super().__init__(window)
        self._window = window
        desktop = actions.desktop
        self.recent = RecentKeeper(
            window,
            desktop,
            actions.recent_menu,
            recent,
            document,
            opener=opener,
            empty=empty,
            store=store,
        )
        self.settings = SettingsKeeper(
            window, preferences, parameters, theme=theme, dialogs=dialogs, store=store
        )
        self.keys = KeysPage(window)
        desktop.settings.triggered.connect(lambda _checked: self.settings.show_page())
        desktop.keys.triggered.connect(lambda _checked: self.show_keys())
        desktop.about.triggered.connect(lambda _checked: show_about(window))

    @Slot()
    def show_keys(self) -> None:
        """Open the sheet, or bring it to the front."""
        groups = groups_of(self._window.menuBar().actions())
        self.keys.show_keys((*groups, canvas_keys()))
        self.keys.show()
        self.keys.activateWindow()

    def close_pages(self) -> None:
        """They would stay when the window is closed."""
        for page in (self.settings.page, self.keys):
            page.close()
