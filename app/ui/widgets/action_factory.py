"""How actions are made."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow

from app.ui.widgets.theme import Icon, Theme

MenuItems = tuple[QAction | None, ...]
"""Actions of a menu in their order; None stands for a separator."""


def strip_mnemonic(text: str) -> str:
    """Return the text of an action or a button without mnemonic and ellipsis."""
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&").rstrip("…")


class ActionFactory:
    """Makes actions that belong to one window, so that their keys work wherever its focus is."""

    def __init__(self, window: QMainWindow, theme: Theme) -> None:
        self._window = window
        self._theme = theme

    def create(
        self,
        text: str,
        tooltip: str,
        shortcuts: Sequence[str] = (),
        icon: Icon | None = None,
        *,
        checkable: bool = False,
    ) -> QAction:
        """An action that is not connected yet.

        Args:
            text: Text in menus and on buttons, with a mnemonic of its own within its menu and an
                ellipsis where the action asks for more.
            tooltip: What it does; the first key is added.
            shortcuts: That trigger it, as QKeySequence spells them.
            icon: For the toolbar.
            checkable: Whether it is on or off.
        """
        action = QAction(text, self._window)
        # The name of the action in lists, whatever is added to its text later.
        action.setData(text)
        action.setShortcuts([QKeySequence(key) for key in shortcuts])
        native = QKeySequence.SequenceFormat.NativeText
        shortcut_text = f" ({action.shortcut().toString(native)})" if shortcuts else ""
        action.setToolTip(f"{tooltip}{shortcut_text}")
        action.setCheckable(checkable)
        if icon is not None:
            self._theme.set_icon(action, icon)
            # Menus stay plain; the toolbar has the icons.
            action.setIconVisibleInMenu(False)
        self._window.addAction(action)
        return action
