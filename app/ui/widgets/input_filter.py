"""An event filter that reports the user's input."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget

_INPUT_TYPES = frozenset(
    {
        QEvent.Type.DragEnter,
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonDblClick,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.NativeGesture,
        QEvent.Type.ShortcutOverride,  # keys of actions are not delivered as KeyPress
        QEvent.Type.TouchBegin,
        QEvent.Type.TouchUpdate,
        QEvent.Type.Wheel,
    }
)


class InputFilter(QObject):
    """An event filter that reports keys, clicks, drags and gestures in a window.

    The filter is installed in the native window, which receives all input of its widgets. A filter
    of the whole application would run Python code for every event of Qt, too, and would often wait
    for the worker threads.

    Signals:
        input_received: The user has pressed, dragged or turned something.
    """

    input_received = Signal()

    def __init__(self, window: QWidget, view: QWidget) -> None:
        """Install the filter in a window, and in `view` inside the window.

        Events that a program sends to a widget, such as those of assistive technology, do not pass
        the native window.
        """
        super().__init__(window)
        for widget in (window, view):
            widget.installEventFilter(self)

    def eventFilter(self, receiver: QObject, event: QEvent) -> bool:
        kind = event.type()
        is_drag = (
            kind == QEvent.Type.MouseMove
            and isinstance(event, QMouseEvent)
            and event.buttons() != Qt.MouseButton.NoButton
        )
        if kind in _INPUT_TYPES or is_drag:
            self.input_received.emit()
        elif kind == QEvent.Type.Show and isinstance(receiver, QWidget):
            native_window = receiver.windowHandle()
            if native_window is not None:
                native_window.installEventFilter(self)
        return False
