"""The shortcuts of undo and redo in text fields."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractSpinBox, QLineEdit, QWidget


class UndoKeyFilter(QObject):
    """An event filter that lets the undo and redo keys of a text field reach the window.

    The keys undo or redo the typing in the field first. If nothing is left to undo or redo in the
    field, the window undoes or redoes changes of settings.
    """

    def __init__(self, panel: QWidget) -> None:
        super().__init__(panel)
        self._panel = panel
        self.watch_fields()

    @Slot()
    def watch_fields(self) -> None:
        """Filter the events of all text fields that the panel has now."""
        line_edits = self._panel.findChildren(QLineEdit)
        for field in (*self._panel.findChildren(QAbstractSpinBox), *line_edits):
            field.installEventFilter(self)

    def eventFilter(self, field: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            line_edit = field.lineEdit() if isinstance(field, QAbstractSpinBox) else field
            if isinstance(line_edit, QLineEdit):
                is_undo = event.matches(QKeySequence.StandardKey.Undo)
                is_redo = event.matches(QKeySequence.StandardKey.Redo)
                has_nothing_to_undo = is_undo and not line_edit.isUndoAvailable()
                if has_nothing_to_undo or (is_redo and not line_edit.isRedoAvailable()):
                    event.ignore()
                    return True
        return super().eventFilter(field, event)
