"""The menu that chooses which pictures are compared."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from app.i18n.translation import mark, tr
from app.viewmodels.compare.compare import AFTER, BEFORE, CompareViewModel, Mode
from app.viewmodels.compare.gallery import Entry, EstimateOf, GalleryState, Key

_IN_FOUR = (mark("Top left"), mark("Top right"), mark("Bottom left"), mark("Bottom right"))
_IN_TWO = {BEFORE: mark("Before"), AFTER: mark("After")}


def picture_menu(
    parent: QWidget, compare: CompareViewModel, gallery: GalleryState, slots: Sequence[int]
) -> QMenu:
    """A menu of all pictures for a slot; one of such menus where there are more slots."""
    menu = QMenu(parent)
    if len(slots) == 1:
        _fill(menu, compare, gallery, slots[0])
        return menu
    four = compare.state.mode is Mode.FOUR
    for slot in slots:
        _fill(menu.addMenu(tr(_IN_FOUR[slot] if four else _IN_TWO[slot])), compare, gallery, slot)
    return menu


def _fill(menu: QMenu, compare: CompareViewModel, gallery: GalleryState, slot: int) -> None:
    group = QActionGroup(menu)
    shown = compare.state.shown[slot]
    estimates = [entry for entry in gallery.entries if isinstance(entry.key, EstimateOf)]
    for entry in gallery.entries:
        if entry not in estimates:
            menu.addAction(_choice(group, compare, entry, slot, shown))
    if estimates:
        below = menu.addMenu(tr("Estimates"))
        for entry in estimates:
            below.addAction(_choice(group, compare, entry, slot, shown))


def _choice(
    group: QActionGroup, compare: CompareViewModel, entry: Entry, slot: int, shown: Key
) -> QAction:
    # An ampersand would mark the letter after it.
    action = QAction(entry.label.replace("&", "&&"), group)
    action.setCheckable(True)
    action.setChecked(entry.key == shown)
    action.triggered.connect(partial(compare.show_in, slot, entry.key))
    return action
