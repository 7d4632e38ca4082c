"""What the user can ask of the window, for menus, toolbar and keys."""

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
from app.ui.widgets.action_factory import ActionFactory
from app.ui.widgets.theme import Icon, Theme
from app.ui.window.tool_bar import Tools


class Actions:
    """Every action, made once; nothing is connected yet."""

    def __init__(self, window: QMainWindow, theme: Theme) -> None:
        self._window = window
        maker = ActionFactory(window, theme)
        self._make = maker.create
        self.view = ViewActions(window, maker)
        self.crops = RegionsActions(maker)
        self.run = RunActions(maker)
        self.results = ResultActions(maker)
        self.parameters = ParameterActions(maker)
        self.recent = RecentFilesActions(maker)
        self.copy = CopyActions(maker)
        self.support = SupportActions(maker)
        self.recent_menu = QMenu(tr("&Recent"), window)
        self.queue = BatchActions(maker)
        self.inspector = InspectorActions(maker)
        self.open = self._make(
            tr("Open…"), tr("Open a JPEG, or a picture that once was one"), ["Ctrl+O"], Icon.OPEN
        )
        self.repeat = self._make(
            tr("Use the settings of a result…"),
            tr("Set all that the run of a saved result used, to make it again of this file"),
            ["Ctrl+Shift+O"],
        )
        self.paste = self._make(
            tr("Paste"), tr("Open the file that the clipboard names"), ["Ctrl+V"], Icon.PASTE
        )
        self._make_run()
        self.priors = self._make(
            tr("Priors…"), tr("Import, download, check and remove priors"), ["Ctrl+P"], Icon.PRIORS
        )
        self.save = self._make(
            tr("Save as…"), tr("Save the result as PNG, TIFF, WebP or JPEG"), ["Ctrl+S"], Icon.SAVE
        )
        self.settings = self._make(
            tr("&Settings…"), tr("What is the same for every picture"), ["Ctrl+,"]
        )
        self.quit = self._make(tr("Quit"), tr("Close the window"), ["Ctrl+Q"])

    def _make_run(self) -> None:
        """What begins and ends a run."""
        self.restore = self._make(
            tr("Restore"),
            tr("Restore the opened file"),
            ["Ctrl+Return", "Ctrl+Enter"],
            Icon.RESTORE,
        )
        self.restore_visible = self._make(
            tr("Restore visible part"),
            tr("Restore only what is seen now; it is what the whole picture will have there"),
            ["Ctrl+Shift+Return", "Ctrl+Shift+Enter"],
        )
        self.stop = self._make(
            tr("Stop"), tr("Stop the run; its latest estimate can be kept"), ["Esc"], Icon.STOP
        )

    def menus(self) -> tuple[QMenu, ...]:
        """The menu bar's."""
        copy, support = self.copy, self.support
        parts: dict[str, tuple[QAction | QMenu | None, ...]] = {
            tr("&File"): (
                *(self.open, self.recent_menu, None, self.repeat, None),
                *(self.save, self.crops.export_contact_sheet, None, self.quit),
            ),
            tr("&Edit"): (
                *self.parameters.undo_menu_items,
                *(copy.copy_result, copy.copy_original, self.paste, None),
                *(*self.parameters.preset_menu_items, self.settings),
            ),
            tr("&Run"): (
                *(self.restore, self.restore_visible, self.run.restore_remaining, self.stop, None),
                *(*self.run.menu_items, *self.results.menu_items, None, self.priors),
            ),
            tr("&View"): (
                *(
                    *self.view.menu_actions,
                    None,
                    self.crops.add_visible_region,
                    self.crops.toggle_regions_page,
                ),
                self.inspector.open_inspector,
            ),
            tr("F&older"): self.queue.menu_items(),
            tr("&Help"): (
                support.show_shortcuts,
                None,
                support.save_bug_report,
                support.show_about,
            ),
        }
        return tuple(self._menu(title, entries) for title, entries in parts.items())

    def toolbar(self) -> Tools:
        """The ones in daily use, Restore prominent."""
        work = ((self.open, self.queue.show_page), (self.restore, self.stop), (self.save,))
        bar = Tools(self._window, work, self.view.toolbar_groups)
        bar.button(self.restore).setObjectName("prominent")
        return bar

    def _menu(self, title: str, entries: tuple[QAction | QMenu | None, ...]) -> QMenu:
        menu = QMenu(title, self._window)
        for entry in entries:
            if entry is None:
                menu.addSeparator()
            elif isinstance(entry, QMenu):
                menu.addMenu(entry)
            else:
                menu.addAction(entry)
        return menu
