"""The full-screen mode."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QSplitterHandle, QWidget

_LEAVE_SHORTCUT = QKeySequence(Qt.Key.Key_Escape)


class FullScreenController(QObject):
    """A controller that hides all widgets around the images and shows the widgets again.

    In full screen, Escape leaves the mode instead of stopping a run.
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
        """Enter or leave full screen, depending on the action's checked state."""
        if self._toggle_action.isChecked():
            self._enter()
        else:
            self._restore_window()

    def leave(self) -> None:
        """Leave full screen if the window is in that mode."""
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
        """Yield every visible widget around the images except the message bar.

        The message bar shows and hides itself; showing an old message again would mislead.
        """
        inner = self._content
        while inner is not self._window:
            outer = inner.parentWidget()
            assert outer is not None  # the content is inside the window
            for other in outer.children():
                if not isinstance(other, QWidget) or isinstance(other, QSplitterHandle):
                    continue  # QSplitter shows and hides its handles
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
