"""The menu that assigns an image to a slot."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from app.i18n.translation import tr, tr_noop
from app.viewmodels.compare.compare import AFTER_SLOT, BEFORE_SLOT, CompareMode, CompareViewModel
from app.viewmodels.compare.gallery import EstimateKey, GalleryItem, GalleryState, ImageKey

_FOUR_PANE_NAMES = (
    tr_noop("Top left"),
    tr_noop("Top right"),
    tr_noop("Bottom left"),
    tr_noop("Bottom right"),
)
_TWO_PANE_NAMES = {BEFORE_SLOT: tr_noop("Before"), AFTER_SLOT: tr_noop("After")}


def create_image_menu(
    parent: QWidget, compare: CompareViewModel, gallery: GalleryState, slots: Sequence[int]
) -> QMenu:
    """Create a menu of all images for one slot, or a submenu per slot if there are several."""
    menu = QMenu(parent)
    if len(slots) == 1:
        _add_image_actions(menu, compare, gallery, slots[0])
        return menu
    has_four_panes = compare.state.mode is CompareMode.FOUR
    for slot in slots:
        _add_image_actions(
            menu.addMenu(tr(_FOUR_PANE_NAMES[slot] if has_four_panes else _TWO_PANE_NAMES[slot])),
            compare,
            gallery,
            slot,
        )
    return menu


def _add_image_actions(
    menu: QMenu, compare: CompareViewModel, gallery: GalleryState, slot: int
) -> None:
    group = QActionGroup(menu)
    current_key = compare.state.slot_keys[slot]
    estimates = [item for item in gallery.items if isinstance(item.key, EstimateKey)]
    for item in gallery.items:
        if item not in estimates:
            menu.addAction(_create_image_action(group, compare, item, slot, current_key))
    if estimates:
        estimates_menu = menu.addMenu(tr("Steps"))
        for item in estimates:
            estimates_menu.addAction(_create_image_action(group, compare, item, slot, current_key))


def _create_image_action(
    group: QActionGroup,
    compare: CompareViewModel,
    item: GalleryItem,
    slot: int,
    current_key: ImageKey,
) -> QAction:
    # Qt takes a single ampersand for a mnemonic.
    action = QAction(item.label.replace("&", "&&"), group)
    action.setCheckable(True)
    action.setChecked(item.key == current_key)
    action.triggered.connect(partial(compare.show_in_slot, slot, item.key))
    return action
