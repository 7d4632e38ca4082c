"""Stories about originals that the results of a folder replace, and about undoing this."""

from __future__ import annotations

import os

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QMessageBox

from app.jobs.batch.batch_items import ItemStatus
from ddrm_core.formats.capabilities import SaveFormat
from tests.support.batch_stories import click, finished
from tests.support.replaced_sources import ORIGINAL, Album, visible_files

LEFT = Qt.MouseButton.LeftButton
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


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


@pytest.fixture
def replacing(qtbot, filled, answers, tmp_path):
    """Return the window after the user has chosen to replace the originals, with a folder."""
    options = filled.batch_controller.page.output_options
    filled.view_models.saving.options.set_format(SaveFormat.JPEG)
    filled.batch_controller.page.options_section.header.setChecked(True)
    fields = options.replacement_fields
    qtbot.waitUntil(fields.replace_box.isVisible)
    answers.to_take = tmp_path / "originals"
    qtbot.keyClick(fields.replace_box, Qt.Key.Key_Space)
    fields.place_field.setFocus()
    qtbot.keyClick(fields.place_field, Qt.Key.Key_End)
    assert fields.place_field.currentText() == f"The originals go to {tmp_path / 'originals'}"
    return filled


def test_originals_are_replaced_after_one_question_and_come_back_byte_by_byte(
    qtbot, replacing, queue, answers, folder, tmp_path
):
    """The whole path: choose, start, Cancel, start, Replace, undo; a linked file stays."""
    os.link(folder / "photo 1.jpg", tmp_path / "second name.jpg")
    before = visible_files(folder)
    click(qtbot, replacing, replacing.action_set.batch.start)
    title, advice, default = answer(qtbot, replacing, "Cancel")
    assert title == f"Replace 6 pictures in {folder} by their results?"
    assert advice.startswith(f"The originals go to {tmp_path / 'originals'}; ")
    assert default == "Cancel"
    assert (visible_files(folder), queue.state.is_active) == (before, False)
    click(qtbot, replacing, replacing.action_set.batch.start)
    answer(qtbot, replacing, "Replace")
    finished(qtbot, queue)
    by_name = {item.source.name: item for item in queue.state.items}
    stays = by_name.pop("photo 1.jpg")
    assert stays.status is ItemStatus.NOT_REPLACED
    assert stays.message == "Not replaced, because the file has 2 names (hard links)"
    assert {item.status for item in by_name.values()} == {ItemStatus.DONE}
    after = visible_files(folder)
    assert after.keys() == before.keys()
    changed = {name for name in before if before[name] != after[name]}
    assert {name.rpartition("/")[2] for name in changed} == set(by_name)
    assert visible_files(tmp_path / "originals") == {name: before[name] for name in changed}
    assert queue.state.counts.sizes.source == sum(len(before[name]) for name in changed)
    assert not (tmp_path / "pictures 写真 restored").exists()
    answers.to_take = folder
    choose_undo(qtbot, replacing)
    answer(qtbot, replacing, "Bring them back")
    qtbot.waitUntil(lambda: queue.state.counts.remaining == 5)
    assert visible_files(folder) == before
    assert visible_files(tmp_path / "originals") == {}


def test_a_start_that_the_rules_forbid_says_in_a_line_what_to_change(qtbot, replacing, queue):
    replacing.view_models.saving.options.set_format(SaveFormat.PNG)
    click(qtbot, replacing, replacing.action_set.batch.start)
    qtbot.waitUntil(replacing.message_bar.isVisible)
    assert replacing.message_bar.title_label.text() == "The originals are not replaced"
    assert replacing.message_bar.advice_label.text() == (
        "Choose the format JPEG, which the originals have."
    )
    assert not queue.state.is_active
    box = replacing.batch_controller.page.output_options.replacement_fields.replace_box
    qtbot.keyClick(box, Qt.Key.Key_Space)
    assert queue.state.replacement is None
