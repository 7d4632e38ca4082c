"""Letters for menus, in whatever language they are."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar


def assign_mnemonics(actions: Iterable[QAction]) -> None:
    """Give each entry, and those in its menu, a letter that no other beside it has."""
    actions = [action for action in actions if not action.isSeparator() and action.text()]
    taken_mnemonics = {_read_mnemonic(action.text()) for action in actions}
    for action in actions:
        if not _read_mnemonic(action.text()):
            text = _add_mnemonic(action.text(), taken_mnemonics)
            taken_mnemonics.add(_read_mnemonic(text))
            # Buttons of the same action have their own words.
            icon_text = action.iconText()
            action.setText(text)
            action.setIconText(icon_text)
        submenu = action.menu()
        if isinstance(submenu, QMenu):
            assign_mnemonics(submenu.actions())


def keep_mnemonics_unique(menu_bar: QMenuBar) -> None:
    """Give letters to all its menus, and again when one is shown: some words change."""
    assign_mnemonics(menu_bar.actions())
    for action in menu_bar.actions():
        menu = action.menu()
        if isinstance(menu, QMenu):
            menu.aboutToShow.connect(partial(_reassign_mnemonics, menu))


def _reassign_mnemonics(menu: QMenu) -> None:
    assign_mnemonics(menu.actions())


def _read_mnemonic(text: str) -> str:
    return QKeySequence.mnemonic(text).toString()


def _add_mnemonic(text: str, taken_mnemonics: set[str]) -> str:
    """With the first letter of a word that is free, else with any; as it is where none is."""
    word_starts = [
        position for position in range(len(text)) if position == 0 or text[position - 1] == " "
    ]
    for position in (*word_starts, *range(len(text))):
        if text[position].isalnum() and text[position].isascii():
            marked_text = f"{text[:position]}&{text[position:]}"
            if _read_mnemonic(marked_text) not in taken_mnemonics:
                return marked_text
    return text
