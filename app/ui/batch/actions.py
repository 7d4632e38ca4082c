"""What can be done with a queue."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from app.i18n.translation import tr
from app.ui.widgets.action_factory import ActionMaker
from app.ui.widgets.theme import Icon

Lines = tuple[QAction | None, ...]


class QueueActions:
    """Actions for folders of files."""

    def __init__(self, maker: ActionMaker) -> None:
        make = maker.make
        self.page = make(
            tr("Folder…"),
            tr("Restore whole folders, one file after another"),
            ["Ctrl+Shift+F"],
            Icon.FOLDER,
        )
        self.add_files = make(
            tr("Add files…"), tr("Add pictures to the queue"), ["Ctrl+Shift+A"], Icon.ADD_FILES
        )
        self.add_folder = make(
            tr("Add a folder…"),
            tr("Add the pictures in a folder to the queue"),
            ["Ctrl+Shift+D"],
            Icon.ADD_FOLDER,
        )
        self.start = make(
            tr("Start the folder"), tr("Restore what is left of the queue"), ["F5"], Icon.START
        )
        self.pause = make(
            tr("Pause the folder"), tr("Rest after the present file"), ["F6"], Icon.PAUSE
        )
        self.stop = make(
            tr("Stop the folder"),
            tr("Rest at once; the present file begins again later"),
            ["F7"],
            Icon.STOP,
        )
        for action, words in (
            (self.page, tr("Folder")),
            (self.start, tr("Start")),
            (self.pause, tr("Pause")),
            (self.stop, tr("Stop")),
        ):
            action.setIconText(words)  # on buttons
        self.next = make(tr("Next file"), tr("Open the next file of the queue"), ["PgDown"])
        self.previous = make(
            tr("Previous file"), tr("Open the previous file of the queue"), ["PgUp"]
        )
        self._make_row_actions(maker)

    def _make_row_actions(self, maker: ActionMaker) -> None:
        """What is done with selected or with finished files."""
        make = maker.make
        self.open = make(
            tr("Open with its result"),
            tr("Look at the selected file beside its result; so does Enter, or a double click"),
        )
        self.remove = make(
            tr("Remove from the queue"),
            tr("Take the selected files out of the queue; nothing is deleted"),
            ["Del"],
            Icon.REMOVE,
        )
        self.up = make(tr("Move up"), tr("Restore the selected files earlier"), ["Alt+Up"], Icon.UP)
        self.down = make(
            tr("Move down"), tr("Restore the selected files later"), ["Alt+Down"], Icon.DOWN
        )
        self.own = make(
            tr("Use other settings for these"),
            tr("Restore the selected files with what the window is set to now"),
        )
        self.common = make(
            tr("Use the folder's settings"),
            tr("Restore the selected files with the settings of all"),
        )
        self.retry = make(
            tr("Retry failed files"), tr("Have all failed files wait for another turn")
        )
        self.clear = make(
            tr("Clear finished files"), tr("Take the files with a result out of the queue")
        )
        self.report = make(tr("Save report…"), tr("Write what became of each file, as CSV or JSON"))
        self.watch = make(
            tr("Watch a folder…"),
            tr("Add and restore what arrives in a folder, for as long as this is on"),
            checkable=True,
        )

    def settle(self, page: QWidget, canvas: QWidget, window: QWidget) -> None:
        """Have keys that other parts of the window have, too, only on the page or the pictures."""
        for place, actions in (
            (page, (self.remove, self.up, self.down)),
            (canvas, (self.next, self.previous)),
        ):
            for action in actions:
                action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
                window.removeAction(action)
                place.addAction(action)

    def lines(self) -> Lines:
        """All of them, for a menu; None for a rule."""
        return (
            *(self.page, None, self.add_files, self.add_folder, self.watch, None),
            *(self.start, self.pause, self.stop, None, self.open, self.previous, self.next, None),
            *(self.up, self.down, self.remove, self.own, self.common, None),
            *(self.retry, self.clear, self.report),
        )

    def further(self) -> Lines:
        """Those without a button on the page."""
        return (
            *(self.open, None, self.own, self.common, None),
            *(self.retry, self.clear, None, self.watch, self.report),
        )
