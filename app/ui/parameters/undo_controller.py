"""What the user goes through to take a change of settings back."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Slot
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QSpinBox, QWidget

from app.i18n.translation import tr
from app.ui.parameters.actions import ParameterActions
from app.viewmodels.parameters.undo import Change, UndoState, UndoViewModel


class UndoKeeper(QObject):
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
        undo.state_changed.connect(self._render)
        self._render(undo.state)

    def eventFilter(self, field: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            line = field.lineEdit() if isinstance(field, QSpinBox) else field
            if isinstance(line, QLineEdit):
                undo = event.matches(QKeySequence.StandardKey.Undo)
                redo = event.matches(QKeySequence.StandardKey.Redo)
                nothing = undo and not line.isUndoAvailable()
                if nothing or (redo and not line.isRedoAvailable()):
                    event.ignore()
                    return True
        return super().eventFilter(field, event)

    @Slot(object)
    def _render(self, state: UndoState) -> None:
        last = state.past[-1] if state.past else None
        following = state.future[-1] if state.future else None
        _name(self._actions.undo, tr("Undo: {change}"), tr("Undo"), last)
        _name(self._actions.redo, tr("Redo: {change}"), tr("Redo"), following)


def _name(action: QAction, words: str, alone: str, change: Change | None) -> None:
    action.setText(alone if change is None else words.format(change=change.words))
    action.setEnabled(change is not None)
