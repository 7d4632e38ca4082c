"""The keys of undo and redo in a field."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QSpinBox, QWidget


class UndoKeyFilter(QObject):
    """An event filter that leaves the keys of undo and redo to the window.

    A field undoes first what was typed into it. Once it has nothing left, the keys mean the
    settings.
    """

    def __init__(self, panel: QWidget) -> None:
        super().__init__(panel)
        for field in (*panel.findChildren(QSpinBox), *panel.findChildren(QLineEdit)):
            field.installEventFilter(self)

    def eventFilter(self, field: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            line_edit = field.lineEdit() if isinstance(field, QSpinBox) else field
            if isinstance(line_edit, QLineEdit):
                is_undo = event.matches(QKeySequence.StandardKey.Undo)
                is_redo = event.matches(QKeySequence.StandardKey.Redo)
                has_nothing_to_undo = is_undo and not line_edit.isUndoAvailable()
                if has_nothing_to_undo or (is_redo and not line_edit.isRedoAvailable()):
                    event.ignore()
                    return True
        return super().eventFilter(field, event)
