"""The toolbar."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QMainWindow, QToolBar, QToolButton

from app.i18n.translation import tr
from app.ui.widgets.theme import ICON_SIZE

Groups = Sequence[Sequence[QAction]]
TIGHT = "tight"
"""A property that the style sheet knows."""


class Tools(QToolBar):
    """Groups of buttons: those of the work with words, those of the view where there is room."""

    def __init__(self, window: QMainWindow, work: Groups, view: Groups) -> None:
        super().__init__(tr("Tools"), window)
        self.setMovable(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setIconSize(ICON_SIZE)
        self._of_view: list[QToolButton] = []
        for index, group in enumerate((*work, *view)):
            if index:
                self.addSeparator()
            for action in group:
                button = self._add(action)
                if index >= len(work):
                    button.setObjectName("view")
                    self._of_view.append(button)

    def button(self, action: QAction) -> QToolButton:
        """The button of an action that is here."""
        found = self.widgetForAction(action)
        assert isinstance(found, QToolButton)
        return found

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for words, tight in ((True, False), (False, False), (False, True)):
            self._set_style(words=words, tight=tight)
            if self.sizeHint().width() <= self.width():
                return

    def _add(self, action: QAction) -> QToolButton:
        self.addAction(action)
        button = self.button(action)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setAccessibleName(action.text().rstrip("…"))
        return button

    def _set_style(self, *, words: bool, tight: bool) -> None:
        """Whether the view's buttons have words, and all of them less room around."""
        beside = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        for button in self._of_view:
            button.setToolButtonStyle(beside if words else Qt.ToolButtonStyle.ToolButtonIconOnly)
        if self.property(TIGHT) != tight:
            self.setProperty(TIGHT, tight)
            for part in (self, *self.findChildren(QToolButton)):
                # Style sheets look at properties only then.
                part.style().unpolish(part)
                part.style().polish(part)
