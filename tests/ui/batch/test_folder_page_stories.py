"""The folder page as a newcomer uses it, with real clicks and keys."""

from __future__ import annotations

import shutil
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QContextMenuEvent, QDragEnterEvent, QDragLeaveEvent
from PySide6.QtWidgets import QApplication, QToolButton

from app.jobs.batch.batch_items import ItemStatus, OutputLocation
from app.ui.batch.batch_columns import BatchColumn
from app.ui.batch.batch_table_model import THUMBNAILS_ROLE
from tests.support.batch_queue import statuses
from tests.support.batch_stories import added, click, finished, names, select

# Qt's offscreen platform logs this for every menu.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

_NUMBERS = (BatchColumn.CONSISTENCY, BatchColumn.SECONDS)


def tool_bar_button(window, action):
    return next(b for b in window.tool_bar.findChildren(QToolButton) if b.defaultAction() is action)


def open_row_menu(qtbot, window, row):
    """Select a row by a right click and return its visible context menu."""
    page = window.batch_controller.page
    view = page.table_view
    place = view.visualRect(view.table_model.index(row, BatchColumn.FILE)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.RightButton, pos=place)
    event = QContextMenuEvent(
        QContextMenuEvent.Reason.Mouse, place, view.viewport().mapToGlobal(place)
    )
    QApplication.sendEvent(view.viewport(), event)
    qtbot.waitUntil(page.row_menu.isVisible)
    return page.row_menu


def choose(qtbot, menu, action):
    """Click the entry of an action in a menu."""
    qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())
    qtbot.waitUntil(lambda: not menu.isVisible())


def test_a_folder_takes_four_clicks(qtbot, window, queue, answers, folder):
    """Defect 24: Folder opens a dialog, which counts as two of the clicks; then Start."""
    answers.to_take = folder
    qtbot.mouseClick(
        tool_bar_button(window, window.action_set.batch.show_page), Qt.MouseButton.LeftButton
    )
    added(qtbot, queue, 8)
    assert window.batch_controller.page.table_view.isVisible()
    assert names(queue)[0] == "letter.jpg"  # the order is shown before the start
    click(qtbot, window, window.action_set.batch.start)
    finished(qtbot, queue)
    assert queue.state.counts.done == 6


def test_the_folder_button_shows_and_hides_a_list_that_is_not_empty(qtbot, filled, answers):
    page = filled.batch_controller.page
    button = tool_bar_button(filled, filled.action_set.batch.show_page)
    assert page.isVisible()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert not page.isVisible()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert page.isVisible()
    assert answers.asked == []


def test_the_list_stays_visible_beside_the_options_of_a_low_page(qtbot, filled):
    """Defect 11: with a page of 250 pixels, opening the output options hid the list."""
    page = filled.batch_controller.page
    filled.resize(1280, 800)
    filled.centralWidget().layout().activate()
    page.resize(page.width(), 250)
    qtbot.mouseClick(page.options_section.header, Qt.MouseButton.LeftButton)
    page.resize(page.width(), 250)
    page.layout().activate()
    assert page.height() == 250
    view = page.table_view
    assert view.isVisible()
    last_row = view.visualRect(view.table_model.index(1, BatchColumn.FILE)).bottom()
    assert view.viewport().height() >= last_row
    assert page.output_options.folder_edit.isVisible()


def test_restoring_a_failed_file_again_starts_at_once(qtbot, window, queue, folder, original):
    """Defects 18 and 21: rows have a context menu, and a retry needs no further Start."""
    window.open_paths([folder])
    added(qtbot, queue, 8)
    click(qtbot, window, window.action_set.batch.start)
    finished(qtbot, queue)
    original.crop((0, 0, 16, 16)).save(folder / "letter.jpg", quality=10)
    row = names(queue).index("letter.jpg")
    menu = open_row_menu(qtbot, window, row)
    choose(qtbot, menu, window.action_set.batch.retry_selected)
    finished(qtbot, queue)
    assert statuses(queue)[row] is ItemStatus.DONE
    assert queue.state.counts.failed == 1  # the empty file was not selected


def test_the_menu_of_a_row_shows_its_files_on_disk(qtbot, filled, queue, answers):
    actions = filled.action_set.batch
    menu = open_row_menu(qtbot, filled, 0)
    assert not actions.show_result.isEnabled()
    assert not actions.retry_selected.isEnabled()
    choose(qtbot, menu, actions.show_source)
    assert answers.asked == [queue.state.items[0].source.parent]
    click(qtbot, filled, actions.start)
    finished(qtbot, queue)
    select(qtbot, filled, 0)
    choose(qtbot, open_row_menu(qtbot, filled, 0), actions.show_result)
    assert answers.asked[-1] == queue.state.items[0].target.parent


def test_the_menu_key_opens_the_menu_of_the_current_row(qtbot, filled):
    page = filled.batch_controller.page
    select(qtbot, filled, 1)
    view = page.table_view
    center = view.viewport().rect().center()
    event = QContextMenuEvent(
        QContextMenuEvent.Reason.Keyboard, center, view.viewport().mapToGlobal(center)
    )
    QApplication.sendEvent(view.viewport(), event)
    qtbot.waitUntil(page.row_menu.isVisible)
    row = view.visualRect(view.table_model.index(1, BatchColumn.FILE))
    assert page.row_menu.pos().y() >= view.viewport().mapToGlobal(row.bottomLeft()).y()
    page.row_menu.close()


def test_left_out_pictures_are_counted_and_added_by_a_click(qtbot, window, queue, folder, original):
    """Defect 12: adding a folder left out PNG and TIFF files without a word."""
    for name in ("scan.png", "scan 2.png", "map.tif"):
        original.crop((0, 0, 16, 16)).save(folder / name)
    window.open_paths([folder])
    added(qtbot, queue, 8)
    qtbot.waitUntil(lambda: "2 PNG, 1 TIFF" in window.message_bar.advice_label.text())
    assert window.message_bar.action_button.text() == "Add them"
    qtbot.mouseClick(window.message_bar.action_button, Qt.MouseButton.LeftButton)
    added(qtbot, queue, 11)
    assert names(queue)[-1] == "scan 2.png"
    assert window.batch_controller.page.output_options.all_formats_box.isChecked()


def test_files_that_are_in_the_list_already_are_named(qtbot, filled, folder):
    """Defect 28: adding files that were in the list showed no reaction."""
    filled.open_paths([folder])
    title = filled.message_bar.title_label
    qtbot.waitUntil(lambda: title.text() == "These files are in the list already")


def test_the_list_and_the_window_show_the_file_that_runs(scripted, qtbot, window, queue, folder):
    """Defect 24: the window said "Drop a JPEG here" while a folder ran."""
    queue_thumbnails = window.view_models.batch_thumbnails
    assert window.welcome_page.isVisible()
    window.open_paths([folder])
    added(qtbot, queue, 8)
    batch_preview = window.batch_controller.batch_preview
    assert batch_preview.isVisible()
    assert not window.welcome_page.isVisible()
    model = window.batch_controller.page.table_view.table_model
    row = names(queue).index("photo 1.jpg")
    cell = model.index(row, BatchColumn.THUMBNAILS)
    qtbot.waitUntil(lambda: cell.data(THUMBNAILS_ROLE) is not None)
    assert cell.data(THUMBNAILS_ROLE).before is not None
    assert cell.data(THUMBNAILS_ROLE).after is None
    queue.remove_items([queue.state.items[names(queue).index("letter.jpg")].item_id])
    window.view_models.parameters.set_steps(4)
    scripted.hold_before(3)
    click(qtbot, window, window.action_set.batch.start)
    qtbot.waitUntil(scripted.held.is_set)
    qtbot.waitUntil(lambda: queue_thumbnails.state.large.after is not None)
    assert queue_thumbnails.state.large.item.source.name == "photo 1.jpg"
    assert batch_preview.accessibleName().endswith("photo 1.jpg")
    assert model.index(0, BatchColumn.THUMBNAILS).data(THUMBNAILS_ROLE).after is not None
    scripted.release()
    finished(qtbot, queue)
    queue.remove_items([item.item_id for item in queue.state.items])
    assert window.welcome_page.isVisible()


def test_the_remaining_time_of_the_folder_is_known_during_the_first_file(
    scripted, qtbot, filled, queue
):
    filled.view_models.parameters.set_steps(4)
    scripted.hold_before(4)
    click(qtbot, filled, filled.action_set.batch.start)
    qtbot.waitUntil(scripted.held.is_set)
    qtbot.waitUntil(lambda: "left" in filled.batch_controller.page.progress_label.toolTip())
    assert queue.state.counts.finished == 0
    scripted.release()
    finished(qtbot, queue)


def test_a_folder_that_cannot_be_written_is_named_before_any_file_fails(
    qtbot, filled, queue, answers, tmp_path
):
    """Defect 10: the target was not checked before the start, and every file failed."""
    (tmp_path / "file").touch()
    queue.set_output_location(OutputLocation(tmp_path / "file" / "out"))
    click(qtbot, filled, filled.action_set.batch.start)
    qtbot.waitUntil(filled.message_bar.isVisible, timeout=20000)
    assert filled.message_bar.title_label.text().startswith("Cannot write")
    assert statuses(queue) == [ItemStatus.WAITING] * 6
    answers.to_take = tmp_path / "out"
    assert filled.message_bar.action_button.text() == "Choose the output folder…"
    qtbot.mouseClick(filled.message_bar.action_button, Qt.MouseButton.LeftButton)
    click(qtbot, filled, filled.action_set.batch.start)
    finished(qtbot, queue)
    assert queue.state.counts.done == 6


def test_a_disk_that_is_too_small_is_named_before_it_is_full(qtbot, filled, queue, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=1000))
    titles = []
    filled.view_models.batch.event_occurred.connect(
        lambda _event: titles.append(filled.message_bar.title_label.text())
    )
    click(qtbot, filled, filled.action_set.batch.start)
    finished(qtbot, queue)
    assert titles[0].startswith("The disk may become full: about ")
    assert titles[0].endswith("needed, 1.0 kB free")
    assert queue.state.counts.done == 6  # the files fit nevertheless


def test_the_window_says_what_a_drop_would_do(window, photo, folder):
    """Defect 28: nothing showed that the window accepts a drop."""
    highlight = window.drop_highlight
    for paths, text in (
        ([photo], "Drop to open"),
        ([folder], "Drop to add to the folder list"),
        ([photo, photo], "Drop to add to the folder list"),
    ):
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        buttons, modifiers = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        enter = QDragEnterEvent(QPoint(9, 9), Qt.DropAction.CopyAction, data, buttons, modifiers)
        QApplication.sendEvent(window, enter)
        assert highlight.isVisible()
        assert highlight.text == text
        QApplication.sendEvent(window, QDragLeaveEvent())
        assert not highlight.isVisible()


def test_the_message_at_the_end_opens_the_results(qtbot, filled, queue, answers):
    click(qtbot, filled, filled.action_set.batch.start)
    finished(qtbot, queue)
    button = filled.message_bar.second_action_button
    assert button.text() == "Open folder"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert answers.asked == [queue.state.output_location.folder]


def test_a_narrow_list_keeps_room_for_what_to_do(qtbot, window, queue, folder):
    """Defect 22: the remedy of a failed file was cut off."""
    window.open_paths([folder])
    added(qtbot, queue, 8)
    view = window.batch_controller.page.table_view
    shown = set()
    for width in range(1000, 500, -20):
        view.resize(width, 200)
        hidden = [column for column in _NUMBERS if view.isColumnHidden(column)]
        assert hidden in ([], [BatchColumn.SECONDS], [*_NUMBERS])
        assert len(hidden) == 2 or view.columnWidth(BatchColumn.MESSAGE) >= 240
        shown.add(len(hidden))
    assert shown == {0, 1, 2}
    view.resize(1000, 200)
    assert not any(view.isColumnHidden(column) for column in _NUMBERS)
