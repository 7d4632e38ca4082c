"""Actions on the batch."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.i18n.translation import tr
from app.ui.widgets.action_factory import ActionFactory, MenuItems
from app.ui.widgets.theme import Icon


class BatchActions:
    """The menu and toolbar actions of the batch; `BatchController` connects their signals."""

    def __init__(self, factory: ActionFactory) -> None:
        create = factory.create
        self.show_page = create(
            tr("&Folder…"),
            tr("Choose a folder to restore, or show and hide the list of its files"),
            ["Ctrl+Shift+F"],
            Icon.BATCH,
        )
        self.add_files = create(
            tr("&Add files…"), tr("Add pictures to the list"), ["Ctrl+Shift+A"], Icon.ADD_FILES
        )
        self.add_folder = create(
            tr("A&dd a folder…"),
            tr("Add the pictures in a folder to the list"),
            ["Ctrl+Shift+D"],
            Icon.ADD_FOLDER,
        )
        self.start = create(
            tr("&Start the folder"),
            tr("Restore the files that are not finished"),
            ["F5"],
            Icon.START,
        )
        self.pause = create(
            tr("&Pause the folder"), tr("Pause after this file"), ["F6"], Icon.PAUSE
        )
        self.stop = create(
            tr("Stop &the folder"),
            tr("Stop now; this file restarts later"),
            ["F7"],
            Icon.STOP,
        )
        for action, text in (
            (self.add_files, tr("Add files")),
            (self.add_folder, tr("Add folder")),
            (self.start, tr("Start")),
            (self.pause, tr("Pause")),
            (self.stop, tr("Stop")),
        ):
            action.setIconText(text)  # text of buttons, shorter than in menus
        self.next_file = create(
            tr("Ne&xt file"), tr("Open the next file of the list or of the folder"), ["PgDown"]
        )
        self.previous_file = create(
            tr("Prev&ious file"),
            tr("Open the previous file of the list or of the folder"),
            ["PgUp"],
        )
        self.show_thumbnail_strip = create(
            tr("S&how film strip"),
            tr("Show the pictures in the folder of the open file, with marks on restored ones"),
            checkable=True,
        )
        self.show_open_file = create(
            tr("Show in &folder"), tr("Open the folder of the open file in the file manager")
        )
        self._create_item_actions(factory)

    def _create_item_actions(self, factory: ActionFactory) -> None:
        """Create the actions on selected or finished files."""
        create = factory.create
        self.open_with_result = create(
            tr("&Open with its result"),
            tr("Look at the selected file beside its result; so does Enter, or a double click"),
        )
        self.retry_selected = create(
            tr("Restore a&gain"),
            tr(
                "Restore the selected failed files again now, and replace results of other settings"
            ),
        )
        self.show_source = create(
            tr("S&how file on disk"), tr("Open the folder of the selected file")
        )
        self.show_result = create(
            tr("Show result on dis&k"), tr("Open the folder of the selected file's result")
        )
        self.remove_selected = create(
            tr("Remove from the &list"),
            tr("Remove the selected files from the list; nothing is deleted"),
            ["Del"],
            Icon.REMOVE,
        )
        self.move_up = create(
            tr("&Move up"), tr("Restore the selected files earlier"), ["Alt+Up"], Icon.MOVE_UP
        )
        self.move_down = create(
            tr("Mo&ve down"), tr("Restore the selected files later"), ["Alt+Down"], Icon.MOVE_DOWN
        )
        self.use_own_settings = create(
            tr("&Use other settings for these"),
            tr("Restore the selected files with what the window is set to now"),
        )
        self.use_common_settings = create(
            tr("Us&e the folder's settings"),
            tr("Restore the selected files with the settings of all"),
        )
        self._create_list_actions(factory)

    def _create_list_actions(self, factory: ActionFactory) -> None:
        """Create the actions on the whole list of files."""
        create = factory.create
        self.retry_failed = create(
            tr("Retr&y failed files"), tr("Restore all failed files again now")
        )
        self.clear_finished = create(
            tr("&Clear finished files"),
            tr("Remove the files with a result from the list; nothing is deleted"),
        )
        self.save_report = create(
            tr("Save &report…"), tr("Write what became of each file, as CSV or JSON")
        )
        self.undo_replacement = create(
            tr("U&ndo replacement…"),
            tr("Give originals that results have replaced their names back"),
        )
        self.show_details = create(
            tr("Show details in the ta&ble"),
            tr("Show size, damage, earlier compression and expected time of each file"),
            icon=Icon.DETAILS,
            checkable=True,
        )
        self.show_details.setIconText(tr("Details"))
        self.watch_folder = create(
            tr("&Watch a folder…"),
            tr("Add and restore what arrives in a folder, for as long as this is on"),
            checkable=True,
        )

    def limit_shortcut_scope(self, page: QWidget, compare_view: QWidget, window: QWidget) -> None:
        """Limit five shortcuts, whose keys the window also uses elsewhere, to one widget each.

        The shortcuts to remove and move files then work only in `page`, those for the next and
        previous file only in `compare_view`. Their actions are removed from `window`.
        """
        for scope, actions in (
            (page, (self.remove_selected, self.move_up, self.move_down)),
            (compare_view, (self.next_file, self.previous_file)),
        ):
            for action in actions:
                action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
                window.removeAction(action)
                scope.addAction(action)

    def menu_items(self) -> MenuItems:
        """Return the actions of the Folder menu in order, with None for each separator."""
        return (
            *(self.show_page, self.show_details, None),
            *(self.add_files, self.add_folder, self.watch_folder, None),
            *(
                self.start,
                self.pause,
                self.stop,
                None,
                self.open_with_result,
                self.show_source,
                self.show_result,
                self.previous_file,
                self.next_file,
                None,
            ),
            *(
                self.move_up,
                self.move_down,
                self.remove_selected,
                self.use_own_settings,
                self.use_common_settings,
                None,
            ),
            *(self.retry_selected, self.retry_failed, self.clear_finished, self.save_report),
            *(None, self.undo_replacement),
        )

    def row_menu_items(self) -> MenuItems:
        """Return the actions of the context menu of rows, with None for each separator."""
        return (
            *(self.open_with_result, self.show_source, self.show_result, None),
            *(self.retry_selected, self.use_own_settings, self.use_common_settings, None),
            *(self.move_up, self.move_down, self.remove_selected),
        )

    def more_menu_items(self) -> MenuItems:
        """Return the actions of the page's More menu, with None for each separator.

        These are the actions on the batch that have no button on the page.
        """
        return (
            *(self.open_with_result, None, self.use_own_settings, self.use_common_settings, None),
            *(self.retry_failed, self.clear_finished, None, self.watch_folder, self.save_report),
        )
