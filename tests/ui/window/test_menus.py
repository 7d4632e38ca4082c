"""Menus, shortcuts, and the list of shortcuts."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu

from app.ui.widgets.action_factory import strip_mnemonic
from tests.support.paths import ROOT

NATIVE = QKeySequence.SequenceFormat.NativeText


def menus(window):
    """Return all menus of the window's menu bar, including submenus."""
    found = []
    waiting = [action.menu() for action in window.menuBar().actions()]
    while waiting:
        menu = waiting.pop()
        found.append(menu)
        waiting += [action.menu() for action in menu.actions() if action.menu() is not None]
    return found


def entries(menu: QMenu):
    return [action for action in menu.actions() if not action.isSeparator()]


def rows(page):
    """Return the visible entries of the shortcuts dialog: the keys by the action's name."""
    groups = [page.tree.topLevelItem(i) for i in range(page.tree.topLevelItemCount())]
    items = [g.child(i) for g in groups if not g.isHidden() for i in range(g.childCount())]
    return {item.text(0): item.text(1) for item in items if not item.isHidden()}


def test_every_action_is_in_one_menu(window):
    everywhere = Counter(id(entry) for menu in menus(window) for entry in entries(menu))
    lost = [action.text() for action in window.actions() if everywhere[id(action)] != 1]
    assert not lost


def test_no_two_actions_have_the_same_key(window):
    keys = Counter(key.toString() for action in window.actions() for key in set(action.shortcuts()))
    assert [key for key, count in keys.items() if count > 1] == []


def test_no_menu_begins_ends_or_goes_on_with_a_line(window):
    for menu in menus(window):
        lines = [action.isSeparator() for action in menu.actions()]
        assert lines
        assert not lines[0]
        assert not lines[-1]
        assert (True, True) not in list(pairwise(lines))


def test_the_sheet_tells_every_key_of_every_action(qtbot, window):
    qtbot.keyClick(window, Qt.Key.Key_F1)
    page = window.support_controller.shortcuts_dialog
    assert page.isVisible()
    told = rows(page)
    for action in window.actions():
        for key in action.shortcuts():
            assert key.toString(NATIVE) in told[strip_mnemonic(action.text())].split("   ")
    assert told["Zoom at the cursor"] == "wheel, or pinch"


def test_the_page_of_keys_names_exactly_the_keys_of_the_window(window):
    page = (ROOT / "docs" / "user" / "keys.md").read_text("utf-8")
    first_cells = re.findall(r"^\| (`.+?) \|", page, re.MULTILINE)
    documented = Counter(key for cell in first_cells for key in re.findall("`(.+?)`", cell))
    actions = [entry for menu in menus(window) for entry in entries(menu)]
    keys = {key.toString() for action in actions for key in action.shortcuts()}
    assert documented == Counter(keys)


def test_the_sheet_has_the_names_of_actions_without_what_they_would_do_now(window):
    window.view_models.parameters.set_steps(3)
    assert strip_mnemonic(window.action_set.parameters.undo.text()) == "Undo: Steps"
    window.action_set.support.show_shortcuts.trigger()
    told = rows(window.support_controller.shortcuts_dialog)
    assert told["Undo"] == "Ctrl+Z"
    assert not any(name.startswith("Undo:") for name in told)


def test_the_sheet_is_searched_and_closed_by_keys_alone(qtbot, window):
    qtbot.keyClick(window, Qt.Key.Key_Question)
    page = window.support_controller.shortcuts_dialog
    everything = rows(page)
    qtbot.keyClicks(page.search_field, "SAVE as")
    assert "Save as" in rows(page)
    assert len(rows(page)) < len(everything) / 4
    qtbot.keyClicks(page.search_field, " no such word")
    assert not rows(page)
    page.search_field.clear()
    assert rows(page) == everything
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert not page.isVisible()


def test_the_sheet_fits_a_small_window_and_scrolls(qtbot, window):
    window.resize(900, 600)
    window.action_set.support.show_shortcuts.trigger()
    page = window.support_controller.shortcuts_dialog
    qtbot.waitExposed(page)
    assert page.width() <= 900
    assert page.height() <= 600
    tree = page.tree
    assert tree.horizontalScrollBar().maximum() == 0
    tree.scrollToBottom()
    last = tree.topLevelItem(tree.topLevelItemCount() - 1)
    last = last.child(last.childCount() - 1)
    assert tree.visualItemRect(last).intersects(tree.viewport().rect())
    assert tree.viewport().rect().contains(QPoint(0, tree.visualItemRect(last).top()))
