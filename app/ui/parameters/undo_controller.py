"""What the user goes through to take a change of settings back."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Slot
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QSpinBox, QWidget

from app.i18n.translation import tr
from app.ui.parameters.actions import ParameterActions
from app.viewmodels.parameters.undo import ParameterChange, UndoState, UndoViewModel


class UndoController(QObject):
    """Says in the actions what they take back or make again.

    A field with the focus takes back what was typed into it; where there is nothing of that left,
    the keys mean the settings.
    """

    def __init__(
        self, window: QWidget, actions: ParameterActions, undo: UndoViewModel, *, panel: QWidget
    ) -> None:
        super().__init__(window)
        self._actions = actions
        actions.undo.triggered.connect(lambda _checked: undo.undo())
        actions.redo.triggered.connect(lambda _checked: undo.redo())
        for field in (*panel.findChildren(QSpinBox), *panel.findChildren(QLineEdit)):
            field.installEventFilter(self)
        undo.state_changed.connect(self._update_actions)
        self._update_actions(undo.state)

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

    @Slot(object)
    def _update_actions(self, state: UndoState) -> None:
        last_change = state.undo_stack[-1] if state.undo_stack else None
        next_change = state.redo_stack[-1] if state.redo_stack else None
        _update_undo_action(self._actions.undo, tr("&Undo: {change}"), tr("&Undo"), last_change)
        _update_undo_action(self._actions.redo, tr("&Redo: {change}"), tr("&Redo"), next_change)


def _update_undo_action(
    action: QAction, template: str, default_text: str, change: ParameterChange | None
) -> None:
    action.setText(default_text if change is None else template.format(change=change.label))
    action.setEnabled(change is not None)
