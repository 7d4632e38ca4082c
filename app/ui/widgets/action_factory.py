"""Creation of the window's actions."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from app.ui.widgets.theme import Icon, Theme

MenuItems = tuple[QAction | None, ...]
"""The actions of a menu in their order; None is a separator."""


def strip_mnemonic(text: str) -> str:
    """Return the text of an action or a button without its mnemonic marker and its ellipsis."""
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&").rstrip("…")


def add_menu_entries(menu: QMenu, entries: Sequence[QAction | QMenu | None]) -> None:
    """Append actions and submenus to a menu, and a separator for each None."""
    for entry in entries:
        if entry is None:
            menu.addSeparator()
        elif isinstance(entry, QMenu):
            menu.addMenu(entry)
        else:
            menu.addAction(entry)


class ActionFactory:
    """A factory for actions whose shortcuts work anywhere in one window."""

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
        """Create an action of the window; the caller connects its signals.

        Args:
            text: Text in menus and on buttons, with a mnemonic that is unique in its menu and an
                ellipsis if the action opens a dialog.
            tooltip: Description of the action; the first shortcut is appended.
            shortcuts: Keys that trigger the action, as QKeySequence spells them.
            icon: Icon of the action in the toolbar.
            checkable: Whether the action is switched on and off.
        """
        action = QAction(text, self._window)
        # The action's name in lists, kept when another text is set later.
        action.setData(text)
        action.setShortcuts([QKeySequence(key) for key in shortcuts])
        native = QKeySequence.SequenceFormat.NativeText
        shortcut_text = f" ({action.shortcut().toString(native)})" if shortcuts else ""
        action.setToolTip(f"{tooltip}{shortcut_text}")
        action.setCheckable(checkable)
        if icon is not None:
            self._theme.set_icon(action, icon)
            # Only the toolbar shows icons.
            action.setIconVisibleInMenu(False)
        self._window.addAction(action)
        return action
