"""A large push button that triggers an action."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QPushButton, QSizePolicy

from app.ui.widgets.action_factory import strip_mnemonic
from app.ui.widgets.theme import ICON_SIZE, Icon, Theme

_MIN_HEIGHT_PX = 34


class ActionPushButton(QPushButton):
    """A button with text, tooltip and availability of an action, which can be prominent."""

    def __init__(self, action: QAction, icon: Icon, theme: Theme) -> None:
        super().__init__()
        self._action = action
        self._icon = icon
        self._theme = theme
        self._is_prominent = False
        self.setIconSize(ICON_SIZE)
        self.setMinimumHeight(_MIN_HEIGHT_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.clicked.connect(action.trigger)
        action.changed.connect(self._update_from_action)
        theme.colors_changed.connect(self._update_icon)
        self._update_from_action()
        self._update_icon()

    @property
    def is_prominent(self) -> bool:
        return self._is_prominent

    def set_prominent(self, prominent: bool) -> None:
        """Show or remove the accent color, which one button of the window has at a time."""
        if prominent != self._is_prominent:
            self._is_prominent = prominent
            self.setObjectName("prominent" if prominent else "")
            # Qt evaluates object names in style sheets only during polishing.
            self.style().unpolish(self)
            self.style().polish(self)
            self._update_icon()

    @Slot()
    def _update_from_action(self) -> None:
        action = self._action
        self.setText(strip_mnemonic(action.text()))
        self.setAccessibleName(strip_mnemonic(action.text()))
        self.setToolTip(action.toolTip())
        self.setEnabled(action.isEnabled())

    @Slot()
    def _update_icon(self) -> None:
        icon = self._theme.create_icon(self._icon, is_on_accent=self._is_prominent)
        self.setIcon(icon)
