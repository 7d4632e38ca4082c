"""How actions are made."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow

from app.ui.widgets.theme import Icon, Theme

Group = tuple[QAction | None, ...]
"""Actions of a menu in their order; None stands for a separator."""


class ActionMaker:
    """Makes actions that belong to one window, so that their keys work wherever its focus is."""

    def __init__(self, window: QMainWindow, theme: Theme) -> None:
        self._window = window
        self._theme = theme

    def make(
        self,
        text: str,
        tip: str,
        keys: Sequence[str] = (),
        icon: Icon | None = None,
        *,
        checkable: bool = False,
    ) -> QAction:
        """An action that is not connected yet.

        Args:
            text: In menus and on buttons; with an ellipsis where it asks for more.
            tip: What it does; the first key is added.
            keys: That trigger it, as QKeySequence spells them.
            icon: For the toolbar.
            checkable: Whether it is on or off.
        """
        action = QAction(text, self._window)
        # What it is called in lists, whatever is added to its words later.
        action.setData(text)
        action.setShortcuts([QKeySequence(key) for key in keys])
        native = QKeySequence.SequenceFormat.NativeText
        shown = f" ({action.shortcut().toString(native)})" if keys else ""
        action.setToolTip(f"{tip}{shown}")
        action.setCheckable(checkable)
        if icon is not None:
            self._theme.dress(action, icon)
            # Menus stay plain; the toolbar has the icons.
            action.setIconVisibleInMenu(False)
        self._window.addAction(action)
        return action
