"""The pictures alone on the whole screen, but for messages."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QSplitterHandle, QWidget

_LEAVE_SHORTCUT = QKeySequence(Qt.Key.Key_Escape)


class FullScreenController(QObject):
    """Hides what is around the pictures, and shows it again.

    Meanwhile Escape leaves instead of stopping a run.
    """

    def __init__(
        self,
        window: QMainWindow,
        toggle_action: QAction,
        escape_action: QAction,
        content: QWidget,
        message_bar: QWidget,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._toggle_action = toggle_action
        self._escape_action = escape_action
        self._content = content
        self._message_bar = message_bar
        self._toggle_shortcuts = toggle_action.shortcuts()
        self._escape_shortcuts = escape_action.shortcuts()
        self._hidden_widgets: list[QWidget] = []
        self._state_before = Qt.WindowState.WindowNoState
        toggle_action.triggered.connect(lambda _checked: self.toggle())

    def toggle(self) -> None:
        """Enter or leave."""
        if self._toggle_action.isChecked():
            self._enter()
        else:
            self._restore_window()

    def leave(self) -> None:
        """Leave, where that is where we are."""
        if self._hidden_widgets:
            self._toggle_action.setChecked(False)
            self._restore_window()

    def _enter(self) -> None:
        self._state_before = self._window.windowState()
        self._hidden_widgets = list(self._surrounding_widgets())
        for widget in self._hidden_widgets:
            widget.hide()
        self._escape_action.setShortcuts([])
        self._toggle_action.setShortcuts([*self._toggle_shortcuts, _LEAVE_SHORTCUT])
        self._window.setWindowState(self._state_before | Qt.WindowState.WindowFullScreen)

    def _surrounding_widgets(self) -> Iterator[QWidget]:
        """Everything that is seen in the window beside the pictures.

        Messages come and go by themselves: one that was shown again could be of a run long over.
        """
        inner = self._content
        while inner is not self._window:
            outer = inner.parentWidget()
            assert outer is not None  # the pictures are in the window
            for other in outer.children():
                if not isinstance(other, QWidget) or isinstance(other, QSplitterHandle):
                    continue  # a splitter shows and hides its handles itself
                is_kept_visible = other in (inner, self._message_bar) or other.isWindow()
                if other.isVisible() and not is_kept_visible:
                    yield other
            inner = outer

    def _restore_window(self) -> None:
        for widget in self._hidden_widgets:
            widget.show()
        self._hidden_widgets = []
        self._toggle_action.setShortcuts(self._toggle_shortcuts)
        self._escape_action.setShortcuts(self._escape_shortcuts)
        self._window.setWindowState(self._state_before)
