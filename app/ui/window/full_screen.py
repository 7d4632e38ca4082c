"""The pictures alone on the whole screen, but for messages."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QSplitterHandle, QWidget

_LEAVE = QKeySequence(Qt.Key.Key_Escape)


class FullScreen(QObject):
    """Hides what is around the pictures, and shows it again.

    Meanwhile Escape leaves instead of stopping a run.
    """

    def __init__(
        self,
        window: QMainWindow,
        action: QAction,
        escape: QAction,
        pictures: QWidget,
        message: QWidget,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._action = action
        self._escape = escape
        self._pictures = pictures
        self._message = message
        self._keys = action.shortcuts()
        self._escape_keys = escape.shortcuts()
        self._hidden: list[QWidget] = []
        self._before = Qt.WindowState.WindowNoState
        action.triggered.connect(lambda _checked: self.toggle())

    def toggle(self) -> None:
        """Enter or leave."""
        if self._action.isChecked():
            self._enter()
        else:
            self._leave()

    def leave(self) -> None:
        """Leave, where that is where we are."""
        if self._hidden:
            self._action.setChecked(False)
            self._leave()

    def _enter(self) -> None:
        self._before = self._window.windowState()
        self._hidden = list(self._around())
        for part in self._hidden:
            part.hide()
        self._escape.setShortcuts([])
        self._action.setShortcuts([*self._keys, _LEAVE])
        self._window.setWindowState(self._before | Qt.WindowState.WindowFullScreen)

    def _around(self) -> Iterator[QWidget]:
        """Everything that is seen in the window beside the pictures.

        Messages come and go by themselves: one that was shown again could be of a run long over.
        """
        part = self._pictures
        while part is not self._window:
            outer = part.parentWidget()
            assert outer is not None  # the pictures are in the window
            for other in outer.children():
                if not isinstance(other, QWidget) or isinstance(other, QSplitterHandle):
                    continue  # a splitter shows and hides its handles itself
                stays = other in (part, self._message) or other.isWindow()
                if other.isVisible() and not stays:
                    yield other
            part = outer

    def _leave(self) -> None:
        for part in self._hidden:
            part.show()
        self._hidden = []
        self._action.setShortcuts(self._keys)
        self._escape.setShortcuts(self._escape_keys)
        self._window.setWindowState(self._before)
