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

    If space is short, the buttons of the compare view lose their texts, and all buttons lose their
    padding.
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

    def button_for(self, action: QAction) -> QToolButton:
        """Return the button of an action in this toolbar."""
        widget = self.widgetForAction(action)
        assert isinstance(widget, QToolButton)
        return widget

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for show_text, is_compact in ((True, False), (False, False), (False, True)):
            self._set_button_style(show_text=show_text, is_compact=is_compact)
            if self.sizeHint().width() <= self.width():
                return

    def _add_button(self, action: QAction) -> QToolButton:
        self.addAction(action)
        button = self.button_for(action)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setAccessibleName(strip_mnemonic(action.text()))
        return button

    def _set_button_style(self, *, show_text: bool, is_compact: bool) -> None:
        """Show or hide the texts of the view buttons, and switch the compact style."""
        text_beside_icon = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        for button in self._view_buttons:
            button.setToolButtonStyle(
                text_beside_icon if show_text else Qt.ToolButtonStyle.ToolButtonIconOnly
            )
        if self.property(COMPACT_PROPERTY) != is_compact:
            self.setProperty(COMPACT_PROPERTY, is_compact)
            for widget in (self, *self.findChildren(QToolButton)):
                # Qt evaluates dynamic properties in style sheets only during polishing.
                widget.style().unpolish(widget)
                widget.style().polish(widget)
