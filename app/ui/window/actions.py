"""All actions of the main window, with its menus and toolbar."""

from __future__ import annotations

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow, QMenu

from app.i18n.translation import tr
from app.ui.batch.actions import BatchActions
from app.ui.compare.actions import ViewActions
from app.ui.document.actions import RecentFilesActions
from app.ui.export.actions import CopyActions
from app.ui.inspector.actions import InspectorActions
from app.ui.parameters.actions import ParameterActions
from app.ui.regions.actions import RegionsActions
from app.ui.results.actions import ResultActions
from app.ui.run.actions import RunActions
from app.ui.support.actions import SupportActions
from app.ui.widgets.action_factory import ActionFactory, add_menu_entries
from app.ui.widgets.theme import Icon, Theme
from app.ui.window.tool_bar import MainToolBar


class WindowActions:
    """All actions of the main window; controllers and the window connect their signals."""

    def __init__(self, window: QMainWindow, theme: Theme) -> None:
        self._window = window
        factory = ActionFactory(window, theme)
        self._create_action = factory.create
        self.view = ViewActions(window, factory)
        self.regions = RegionsActions(factory)
        self.run = RunActions(factory)
        self.results = ResultActions(factory)
        self.parameters = ParameterActions(factory)
        self.recent_files = RecentFilesActions(factory)
        self.clipboard = CopyActions(factory)
        self.support = SupportActions(factory)
        self.recent_menu = QMenu(tr("&Recent"), window)
        self.batch = BatchActions(factory)
        self.inspector = InspectorActions(factory)
        self.open = self._create_action(
            tr("&Open…"), tr("Open a JPEG, or a picture that once was one"), ["Ctrl+O"], Icon.OPEN
        )
        self.reuse_settings = self._create_action(
            tr("&Load settings from a restored file…"),
            tr("Set all that the run of a saved result used, to make it again of this file"),
            ["Ctrl+Shift+O"],
        )
        self.paste = self._create_action(
            tr("&Paste"),
            tr("Open the file or the picture on the clipboard"),
            ["Ctrl+V"],
            Icon.PASTE,
        )
        self._create_run_actions()
        self.show_priors = self._create_action(
            tr("Mo&dels…"), tr("Import, download, check and remove models"), ["Ctrl+P"], Icon.PRIORS
        )
        self.save = self._create_action(
            tr("&Save"),
            tr("Save the result at once, in the format and at the place that the panel shows"),
            ["Ctrl+S"],
        )
        self.save_as = self._create_action(
            tr("Save &as…"),
            tr("Save the result under another name, in another folder or format"),
            ["Ctrl+Shift+S"],
        )
        self.show_settings = self._create_action(
            tr("&Settings…"), tr("What is the same for every picture"), ["Ctrl+,"]
        )
        self.show_expert_controls = self._create_action(
            tr("E&xpert controls"),
            tr("Show all settings and facts in the panel"),
            ["Ctrl+Shift+X"],
            checkable=True,
        )
        self.quit = self._create_action(tr("&Quit"), tr("Close the window"), ["Ctrl+Q"])

    def _create_run_actions(self) -> None:
        """Create the actions that start and stop a run."""
        self.restore = self._create_action(
            tr("&Restore"),
            tr("Restore the opened file"),
            ["Ctrl+Return", "Ctrl+Enter"],
        )
        self.restore_visible = self._create_action(
            tr("Restore &visible part"),
            tr("Restore only what is seen now; it is what the whole picture will have there"),
            ["Ctrl+Shift+Return", "Ctrl+Shift+Enter"],
        )
        self.stop = self._create_action(
            tr("&Stop"), tr("Stop the run; its latest step can be used"), ["Esc"]
        )

    def create_menus(self) -> tuple[QMenu, ...]:
        """Create the menus of the menu bar."""
        clipboard, support = self.clipboard, self.support
        menu_items: dict[str, tuple[QAction | QMenu | None, ...]] = {
            tr("&File"): (
                *(self.open, self.recent_menu, self.batch.show_open_file, None),
                *(self.reuse_settings, None),
                *(self.save, self.save_as, self.regions.export_contact_sheet, None, self.quit),
            ),
            tr("&Edit"): (
                *self.parameters.undo_menu_items,
                *(clipboard.copy_result, clipboard.copy_original, self.paste, None),
                *self.parameters.preset_menu_items,
                *(self.show_expert_controls, self.show_settings),
            ),
            tr("&Run"): (
                *(self.restore, self.restore_visible, self.run.restore_remaining, self.stop, None),
                *(self.run.preview_center, self.run.toggle_quick_preview, None),
                *(*self.run.menu_items, *self.results.menu_items, None, self.show_priors),
            ),
            tr("&View"): (
                *(
                    *self.view.menu_actions,
                    None,
                    self.batch.show_thumbnail_strip,
                    self.regions.add_visible_region,
                    self.regions.toggle_regions_page,
                ),
                self.inspector.open_inspector,
            ),
            tr("F&older"): self.batch.menu_items(),
            tr("&Help"): (
                support.show_shortcuts,
                None,
                support.save_bug_report,
                support.show_about,
            ),
        }
        return tuple(self._create_menu(title, entries) for title, entries in menu_items.items())

    def create_tool_bar(self) -> MainToolBar:
        """Create the toolbar with the actions that open files and those that compare images."""
        main_groups = ((self.open, self.batch.show_page), (self.regions.toggle_regions_page,))
        return MainToolBar(self._window, main_groups, self.view.toolbar_groups)

    def _create_menu(self, title: str, entries: tuple[QAction | QMenu | None, ...]) -> QMenu:
        menu = QMenu(title, self._window)
        add_menu_entries(menu, entries)
        return menu
