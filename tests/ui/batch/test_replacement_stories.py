"""Stories about originals that the results of a folder replace, and about undoing this."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QMessageBox

from tests.support.replaced_sources import ORIGINAL, Album

LEFT = Qt.MouseButton.LeftButton
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # by the offscreen platform


def folder_menu(window):
    """Return the Folder menu, and the place of its title in the menu bar."""
    bar = window.menuBar()
    action = window.action_set.batch.undo_replacement
    for entry in bar.actions():
        if action in entry.menu().actions():
            return entry.menu(), bar.actionGeometry(entry).center()
    raise AssertionError("no menu has the action")


def choose_undo(qtbot, window):
    """Open the Folder menu with the mouse, and press the letter of its last entry."""
    menu, place = folder_menu(window)
    assert isinstance(menu, QMenu)
    qtbot.mouseClick(window.menuBar(), LEFT, pos=place)
    qtbot.waitUntil(menu.isVisible)
    qtbot.keyClick(menu, Qt.Key.Key_N)


def answer(qtbot, window, label):
    """Click a button of the open question, once it is shown, and return the question."""

    def open_boxes():
        return [box for box in window.findChildren(QMessageBox) if box.isVisible()]

    qtbot.waitUntil(lambda: len(open_boxes()) == 1)
    box = open_boxes()[0]
    texts = (box.text(), box.informativeText(), box.defaultButton().text())
    button = next(each for each in box.buttons() if each.text() == label)
    qtbot.mouseClick(button, LEFT)
    qtbot.waitUntil(lambda: not open_boxes())
    return texts


@pytest.fixture
def album(tmp_path):
    """Return a folder with one replaced source, made without a network."""
    album = Album(tmp_path).create()
    album.replace(album.backup_folder)
    return album


def test_replacements_of_a_folder_are_undone_from_the_menu_after_a_question(
    qtbot, window, answers, album
):
    answers.to_take = album.folder
    choose_undo(qtbot, window)
    question, _, default = answer(qtbot, window, "Cancel")
    assert question == f"Bring back the originals in {album.folder}?"
    assert default == "Cancel"
    assert album.source.read_bytes() != ORIGINAL
    choose_undo(qtbot, window)
    answer(qtbot, window, "Bring them back")
    qtbot.waitUntil(window.message_bar.isVisible)
    assert window.message_bar.title_label.text() == f"1 original is back in {album.folder}"
    assert album.source.read_bytes() == ORIGINAL
    assert answers.told == []


def test_originals_that_are_not_back_are_listed_with_their_place(qtbot, window, answers, album):
    album.source.write_bytes(b"edited since")
    answers.to_take = album.folder
    choose_undo(qtbot, window)
    answer(qtbot, window, "Bring them back")
    qtbot.waitUntil(lambda: bool(answers.told))
    [message] = answers.told
    assert message.title == f"0 originals are back in {album.folder}, 1 not"
    backup = album.backup_folder.folder / "sub" / "photo.jpg"
    assert message.advice == (
        f"sub/photo.jpg: sub/photo.jpg was changed since; the original is in {backup}"
    )
    assert album.source.read_bytes() == b"edited since"


def test_a_folder_without_replacements_is_said_to_have_none(qtbot, window, answers, tmp_path):
    answers.to_take = tmp_path
    choose_undo(qtbot, window)
    answer(qtbot, window, "Bring them back")
    qtbot.waitUntil(window.message_bar.isVisible)
    assert window.message_bar.title_label.text() == f"No picture in {tmp_path} was replaced"
    assert window.action_set.batch.undo_replacement.isEnabled()
