"""A batch from its first file to its report, with real clicks and keys."""

from __future__ import annotations

import csv

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

from app.jobs.batch.batch_items import ItemStatus
from app.ui.batch.batch_columns import BatchColumn
from app.viewmodels.batch.batch_state import BatchPhase
from app.viewmodels.compare.gallery import ResultKey
from app.viewmodels.document.document import DocumentOpened
from app.viewmodels.run.run import NoRun
from tests.support.batch_queue import statuses
from tests.support.batch_stories import (
    ALT,
    CTRL,
    SHIFT,
    added,
    click,
    finished,
    key,
    names,
    select,
    under_way,
)


def test_a_folder_is_restored_and_its_bad_files_say_what_is_wrong(
    qtbot, window, queue, answers, folder
):
    qtbot.keyClick(
        window,
        Qt.Key.Key_F,
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    )
    page = window.batch_controller.page
    assert page.isVisible()
    assert page.empty_label.isVisible()
    answers.to_take = folder
    click(qtbot, window, window.action_set.batch.add_folder)
    added(qtbot, queue, 8)
    qtbot.waitUntil(lambda: bool(queue.state.example_path))
    target = folder.with_name("pictures 写真 restored")
    assert page.output_options.example_label.text() == "letter.jpg becomes letter_restored.png"
    titles = []
    window.windowTitleChanged.connect(titles.append)
    click(qtbot, window, window.action_set.batch.start)
    finished(qtbot, queue)
    assert any(title.startswith("3/8, ") for title in titles)  # with the remaining time
    assert window.windowTitle() == "DDRM Restore"
    tally = queue.state.counts
    assert (tally.done, tally.failed) == (6, 2)
    assert (target / "photo 1_restored.png").exists()
    assert (target / "inside" / "photo 5_restored.png").exists()
    failed = {r.source.name: r.message for r in queue.state.items if r.status is ItemStatus.FAILED}
    assert set(failed) == {"letter.jpg", "empty.jpg"}
    assert "is not a picture" in failed["letter.jpg"]
    assert window.message_bar.title_label.text().startswith("The folder is finished: 6 restored")
    assert all(r.consistency > 0.9 for r in queue.state.items if r.status is ItemStatus.DONE)

    answers.report = target / "report.csv"
    qtbot.mouseClick(window.message_bar.action_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil((target / "report.csv").exists)
    lines = list(csv.DictReader(answers.report.read_text("utf-8-sig").splitlines()))
    assert [line["state"] for line in lines].count("done") == 6
    assert len(lines) == 8

    late = target / "late.csv"
    queue.save_report(late)
    window.close()
    assert len(list(csv.DictReader(late.read_text("utf-8-sig").splitlines()))) == 8


def test_order_and_members_are_changed_by_keys_buttons_and_dragging(qtbot, filled, queue):
    view = filled.batch_controller.page.table_view
    first = names(queue)
    select(qtbot, filled, 2)
    select(qtbot, filled, 3, CTRL)
    key(qtbot, view, Qt.Key.Key_Up, ALT)
    assert names(queue) == [first[0], first[2], first[3], first[1], *first[4:]]
    click(qtbot, filled, filled.action_set.batch.move_up)
    assert names(queue) == [first[2], first[3], first[0], first[1], *first[4:]]
    key(qtbot, view, Qt.Key.Key_Down, ALT)
    assert len(view.selected_ids()) == 2  # the selection has not changed
    data = view.table_model.mimeData(view.selectionModel().selectedIndexes())
    view.table_model.dropMimeData(data, Qt.DropAction.MoveAction, 0, 0, view.rootIndex())
    assert names(queue)[:2] == [first[2], first[3]]
    key(qtbot, view, Qt.Key.Key_Delete)
    assert names(queue) == [first[0], first[1], *first[4:]]


def test_pause_lets_the_file_finish_and_stop_has_it_begin_again(scripted, qtbot, filled, queue):
    actions = filled.action_set.batch
    scripted.hold_before(1)
    click(qtbot, filled, actions.start)
    qtbot.waitUntil(scripted.held.is_set)
    click(qtbot, filled, actions.pause)
    assert "Pausing after this file" in filled.batch_controller.page.progress_label.toolTip()
    scripted.release()
    qtbot.waitUntil(lambda: queue.state.phase is BatchPhase.IDLE, timeout=20000)
    assert statuses(queue) == [ItemStatus.DONE, *[ItemStatus.WAITING] * 5]
    assert scripted.evaluations == 1

    left = queue.state.counts.remaining
    filled.view_models.parameters.set_steps(20)
    filled.batch_controller.page.output_options.new_settings_button.click()
    assert actions.start.iconText() == "Start"
    scripted.hold_before(3)
    key(qtbot, filled, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: scripted.held.is_set() and under_way(queue))
    key(qtbot, filled, Qt.Key.Key_F7)
    qtbot.waitUntil(lambda: queue.state.phase is BatchPhase.IDLE, timeout=5000)
    assert scripted.evaluations == 2
    assert statuses(queue).count(ItemStatus.STOPPED) == 1
    assert queue.state.counts.remaining == left

    filled.view_models.parameters.set_steps(1)
    filled.batch_controller.page.output_options.new_settings_button.click()
    click(qtbot, filled, actions.start)
    finished(qtbot, queue)
    assert queue.state.counts.done == 6


def test_a_single_picture_is_opened_and_restored_meanwhile(scripted, qtbot, filled, queue, photo):
    filled.view_models.parameters.set_steps(20)
    scripted.hold_before(3)
    click(qtbot, filled, filled.action_set.batch.start)
    qtbot.waitUntil(lambda: scripted.held.is_set() and under_way(queue))
    filled.open_paths([photo])
    qtbot.waitUntil(
        lambda: isinstance(filled.view_models.document.state, DocumentOpened), timeout=5000
    )
    filled.view_models.parameters.set_steps(1)
    filled.action_set.restore.trigger()
    qtbot.waitUntil(lambda: filled.action_set.save.isEnabled(), timeout=20000)
    assert queue.state.phase is BatchPhase.RUNNING
    assert scripted.held.is_set()
    assert scripted.evaluations == 2 + 1
    filled.close()  # ends the running batch


def test_failed_files_are_tried_again_once_they_are_whole(qtbot, window, queue, folder, original):
    window.open_paths([folder])
    added(qtbot, queue, 8)
    click(qtbot, window, window.action_set.batch.start)
    finished(qtbot, queue)
    original.crop((0, 0, 16, 16)).save(folder / "letter.jpg", quality=10)
    window.action_set.batch.retry_failed.trigger()
    assert queue.state.counts.remaining == 2
    finished(qtbot, queue)
    assert queue.state.counts.failed == 1
    window.action_set.batch.clear_finished.trigger()
    assert names(queue) == ["empty.jpg"]


@pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints")  # for dialogs
def test_what_is_done_is_skipped_by_content_and_settings(qtbot, filled, queue):
    actions = filled.action_set.batch
    click(qtbot, filled, actions.start)
    finished(qtbot, queue)
    rows = queue.state.items
    moved = rows[0].source.rename(rows[0].source.with_name("other name.jpg"))
    queue.remove_items([row.item_id for row in rows])
    filled.open_paths([moved.parent])
    added(qtbot, queue, 6)
    select(qtbot, filled, 1)
    filled.view_models.parameters.set_seed(5)
    actions.use_own_settings.trigger()
    filled.view_models.parameters.set_seed(0)
    assert not filled.batch_controller.page.table_view.isColumnHidden(BatchColumn.SETTINGS)
    assert queue.state.items[1].own_settings.seed == 5
    click(qtbot, filled, actions.start)
    finished(qtbot, queue)
    assert statuses(queue)[1] is ItemStatus.KEPT  # another seed would give another result
    [question] = filled.findChildren(QMessageBox)
    [again] = [b for b in question.buttons() if b.text() == "Restore again"]
    qtbot.mouseClick(again, Qt.MouseButton.LeftButton)
    finished(qtbot, queue)
    assert statuses(queue)[1] is ItemStatus.DONE
    assert statuses(queue).count(ItemStatus.SKIPPED) == 4
    renamed = next(row for row in queue.state.items if row.source == moved)
    assert renamed.status is ItemStatus.DONE
    assert renamed.message.startswith("Copied from ")
    select(qtbot, filled, 1)
    actions.use_common_settings.trigger()
    assert statuses(queue)[1] is ItemStatus.WAITING
    assert filled.batch_controller.page.table_view.isColumnHidden(BatchColumn.SETTINGS)


def test_a_result_is_seen_beside_its_source_and_the_keys_go_on_to_the_next(qtbot, filled, queue):
    click(qtbot, filled, filled.action_set.batch.start)
    finished(qtbot, queue)
    view, gallery, document = (
        filled.batch_controller.page.table_view,
        filled.view_models.gallery,
        filled.view_models.document,
    )

    def shows(number):
        opened, result = document.document, gallery.state.find(ResultKey())
        path = queue.state.items[number].source
        return opened is not None and opened.source.path == path and result is not None

    place = view.visualRect(view.table_model.index(1, BatchColumn.FILE)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(lambda: shows(1), timeout=5000)
    assert gallery.state.find(ResultKey()).label.startswith("Result, consistency ")
    assert filled.view_models.run.state == NoRun()
    filled.compare_view.setFocus()
    key(qtbot, filled.compare_view, Qt.Key.Key_PageDown)
    qtbot.waitUntil(lambda: shows(2), timeout=5000)
    key(qtbot, filled.compare_view, Qt.Key.Key_PageUp)
    key(qtbot, filled.compare_view, Qt.Key.Key_PageUp)
    qtbot.waitUntil(lambda: shows(0), timeout=5000)
    key(qtbot, filled.compare_view, Qt.Key.Key_PageUp)  # no effect at the first file
    view.setFocus()
    key(qtbot, view, Qt.Key.Key_Down)
    key(qtbot, view, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: shows(1), timeout=5000)


def test_a_damaged_file_says_so_and_is_restored_where_that_is_wanted(
    qtbot, window, queue, tmp_path, cut
):
    window.open_paths([cut.parent / "cut.jpg", tmp_path / "gone.jpg"])
    added(qtbot, queue, 2)
    click(qtbot, window, window.action_set.batch.start)
    finished(qtbot, queue)
    assert "The file is damaged" in queue.state.items[0].message
    assert "Cannot read the file" in queue.state.items[1].message
    queue.remove_items([2])
    page = window.batch_controller.page
    qtbot.mouseClick(page.options_section.header, Qt.MouseButton.LeftButton)
    page.output_options.tolerate_damage_box.setFocus()
    key(qtbot, page.output_options.tolerate_damage_box, Qt.Key.Key_Space)
    window.action_set.batch.retry_failed.trigger()
    finished(qtbot, queue)
    assert statuses(queue) == [ItemStatus.DONE]
    assert "ends" in queue.state.items[0].message
    state_cell = page.table_view.table_model.index(0, BatchColumn.STATE)
    assert state_cell.data() == "Partly"  # defect 9: it was a plain Done
    assert "1 restored, 1 of them partly" in window.message_bar.title_label.text()


def test_a_prior_that_is_missing_can_be_brought_from_the_message(qtbot, filled, queue):
    filled.view_models.parameters.set_prior("adm-256")
    click(qtbot, filled, filled.action_set.batch.start)
    qtbot.waitUntil(lambda: filled.message_bar.isVisible(), timeout=20000)
    assert "adm-256" in filled.message_bar.title_label.text()
    assert filled.message_bar.action_button.text() == "Download…"
    assert queue.state.counts.remaining == 6


def test_a_folder_by_keys_alone(qtbot, window, queue, answers, folder):
    answers.to_take = folder
    key(qtbot, window, Qt.Key.Key_F, CTRL, SHIFT)
    view = window.batch_controller.page.table_view
    qtbot.waitUntil(lambda: view.height() > 0)
    key(qtbot, window, Qt.Key.Key_D, CTRL, SHIFT)
    added(qtbot, queue, 8)
    view.setFocus()
    first = names(queue)
    key(qtbot, view, Qt.Key.Key_Down)
    key(qtbot, view, Qt.Key.Key_Down, ALT)
    assert names(queue)[:3] == [first[0], first[2], first[1]]
    key(qtbot, view, Qt.Key.Key_Down)
    key(qtbot, view, Qt.Key.Key_Delete)
    assert names(queue) == [first[0], first[2], first[1], *first[4:]]
    key(qtbot, window, Qt.Key.Key_F5)
    finished(qtbot, queue)
    key(qtbot, view, Qt.Key.Key_Down)
    key(qtbot, view, Qt.Key.Key_Return)
    chosen = queue.state.find_item(view.selected_ids()[0])
    opened = window.view_models.document
    qtbot.waitUntil(
        lambda: opened.document is not None and opened.document.source.path == chosen.source,
        timeout=5000,
    )
    key(qtbot, window, Qt.Key.Key_F, CTRL, SHIFT)
    assert not window.batch_controller.page.isVisible()
