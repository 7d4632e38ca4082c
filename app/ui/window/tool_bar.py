"""The main toolbar."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QMainWindow, QToolBar, QToolButton

from app.i18n.translation import tr
from app.ui.widgets.action_factory import strip_mnemonic
from app.ui.widgets.theme import ICON_SIZE

ActionGroups = Sequence[Sequence[QAction]]
COMPACT_PROPERTY = "tight"
"""The dynamic property that selects the compact toolbar in the style sheet."""


class MainToolBar(QToolBar):
    """The toolbar of the main window, which adapts to its width.

    The buttons of the compare view show their texts as far as there is room: those of the last
    group, which have the least telling icons, then the others from the first on. If space is short
    even without texts, all buttons lose their padding.
    """

    def __init__(
        self, window: QMainWindow, main_groups: ActionGroups, view_groups: ActionGroups
    ) -> None:
        super().__init__(tr("Tools"), window)
        self.setMovable(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setIconSize(ICON_SIZE)
        self._view_buttons: list[QToolButton] = []
        for index, group in enumerate((*main_groups, *view_groups)):
            if index:
                self.addSeparator()
            for action in group:
                button = self._add_button(action)
                if index >= len(main_groups):
                    button.setObjectName("view")
                    self._view_buttons.append(button)
        last = len(view_groups[-1])
        self._view_buttons = [*self._view_buttons[-last:], *self._view_buttons[:-last]]

    def button_for(self, action: QAction) -> QToolButton:
        """Return the button of an action in this toolbar."""
        widget = self.widgetForAction(action)
        assert isinstance(widget, QToolButton)
        return widget

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for text_count in range(len(self._view_buttons), -1, -1):
            self._set_button_style(text_count, is_compact=False)
            if self.sizeHint().width() <= self.width():
                return
        self._set_button_style(0, is_compact=True)

    def _add_button(self, action: QAction) -> QToolButton:
        self.addAction(action)
        button = self.button_for(action)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setAccessibleName(strip_mnemonic(action.text()))
        return button

    def _set_button_style(self, text_count: int, *, is_compact: bool) -> None:
        """Show the texts of `text_count` view buttons, and switch the compact style."""
        text_beside_icon = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        icon_only = Qt.ToolButtonStyle.ToolButtonIconOnly
        for index, button in enumerate(self._view_buttons):
            button.setToolButtonStyle(text_beside_icon if index < text_count else icon_only)
        if self.property(COMPACT_PROPERTY) != is_compact:
            self.setProperty(COMPACT_PROPERTY, is_compact)
            for widget in (self, *self.findChildren(QToolButton)):
                # Qt evaluates dynamic properties in style sheets only during polishing.
                widget.style().unpolish(widget)
                widget.style().polish(widget)
