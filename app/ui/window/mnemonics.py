"""Letters for menus, in whatever language they are."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar


def give_letters(entries: Iterable[QAction]) -> None:
    """Give each entry, and those in its menu, a letter that no other beside it has."""
    entries = [entry for entry in entries if not entry.isSeparator() and entry.text()]
    taken = {_letter(entry.text()) for entry in entries}
    for entry in entries:
        if not _letter(entry.text()):
            text = _lettered(entry.text(), taken)
            taken.add(_letter(text))
            # Buttons of the same action have their own words.
            button = entry.iconText()
            entry.setText(text)
            entry.setIconText(button)
        inner = entry.menu()
        if isinstance(inner, QMenu):
            give_letters(inner.actions())


def keep_letters(bar: QMenuBar) -> None:
    """Give letters to all its menus, and again when one is shown: some words change."""
    give_letters(bar.actions())
    for entry in bar.actions():
        menu = entry.menu()
        if isinstance(menu, QMenu):
            menu.aboutToShow.connect(partial(_renew, menu))


def _renew(menu: QMenu) -> None:
    give_letters(menu.actions())


def _letter(text: str) -> str:
    return QKeySequence.mnemonic(text).toString()


def _lettered(text: str, taken: set[str]) -> str:
    """With the first letter of a word that is free, else with any; as it is where none is."""
    firsts = [at for at in range(len(text)) if at == 0 or text[at - 1] == " "]
    for at in (*firsts, *range(len(text))):
        if text[at].isalnum() and text[at].isascii():
            lettered = f"{text[:at]}&{text[at:]}"
            if _letter(lettered) not in taken:
                return lettered
    return text
