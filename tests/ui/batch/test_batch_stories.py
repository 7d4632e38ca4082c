"""What users do with whole folders, with real clicks and keys."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QMessageBox, QToolButton

from app.compose import build
from app.config.resources import BUNDLED_PRIOR
from app.jobs.batch.batch_items import Place, Status
from app.jobs.batch.watch_folder import Watcher
from app.ui.batch.batch_table_model import Column
from app.viewmodels.batch.batch_state import Phase
from app.viewmodels.compare.gallery import Result
from app.viewmodels.document.document import Opened
from app.viewmodels.run.run import Idle
from ddrm_core.prior.denoiser import Prior
from tests.support.paths import ROOT
from tests.support.window_fixtures import settle


@pytest.fixture
def folder(tmp_path, original):
    """Six small JPEGs in two folders, and two files that are none."""
    folder = tmp_path / "pictures 写真"
    (folder / "inside").mkdir(parents=True)
    for number in range(1, 7):
        place = folder / "inside" if number > 4 else folder
        corner = original.crop((number, 0, number + 16, 16))
        corner.save(place / f"photo {number}.jpg", quality=10)
    (folder / "letter.jpg").write_text("Dear reader,", encoding="utf-8")
    (folder / "notes.txt").write_text("no picture", encoding="utf-8")
    (folder / "inside" / "empty.jpg").write_bytes(b"")
    return folder


@pytest.fixture
def queue(window):
    """The window, set to something quick, and its queue."""
    window.models.parameters.set_steps(1)
    window.models.parameters.set_samples(1)
    return window.models.queue


def added(qtbot, queue, count):
    qtbot.waitUntil(
        lambda: len(queue.state.rows) == count and not queue.state.searching, timeout=5000
    )


def finished(qtbot, queue, timeout=60000):
    def over():
        return queue.state.phase is Phase.RESTING and queue.state.tally.left == 0

    qtbot.waitUntil(over, timeout=timeout)


def button(window, action):
    return next(
        b for b in window.queue.page.findChildren(QToolButton) if b.defaultAction() is action
    )


def click(qtbot, window, action):
    there = button(window, action)
    qtbot.waitUntil(lambda: there.isEnabled() and there.height() > 0)
    qtbot.mouseClick(there, Qt.MouseButton.LeftButton)


def test_a_folder_is_restored_and_its_bad_files_say_what_is_wrong(
    qtbot, window, queue, answers, folder
):
    qtbot.keyClick(
        window,
        Qt.Key.Key_F,
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    )
    page = window.queue.page
    assert page.isVisible()
    assert page.empty.isVisible()
    answers.to_take = folder
    click(qtbot, window, window.actions_.queue.add_folder)
    added(qtbot, queue, 8)
    qtbot.waitUntil(lambda: bool(queue.state.example))
    target = folder.with_name("pictures 写真 restored")
    assert page.options.example.text() == "letter.jpg becomes letter_restored.png"
    titles = []
    window.windowTitleChanged.connect(titles.append)
    click(qtbot, window, window.actions_.queue.start)
    finished(qtbot, queue)
    assert "3/8 – DDRM Restore" in titles  # noqa: RUF001
    assert window.windowTitle() == "DDRM Restore"
    tally = queue.state.tally
    assert (tally.done, tally.failed) == (6, 2)
    assert (target / "photo 1_restored.png").exists()
    assert (target / "inside" / "photo 5_restored.png").exists()
    failed = {r.source.name: r.message for r in queue.state.rows if r.status is Status.FAILED}
    assert set(failed) == {"letter.jpg", "empty.jpg"}
    assert "is not a JPEG" in failed["letter.jpg"]
    assert window.message.title.text().startswith("The folder is finished: 6 restored")
    assert all(r.consistency > 0.9 for r in queue.state.rows if r.status is Status.DONE)

    answers.report = target / "report.csv"
    qtbot.mouseClick(window.message.action, Qt.MouseButton.LeftButton)
    qtbot.waitUntil((target / "report.csv").exists)
    lines = list(csv.DictReader(answers.report.read_text("utf-8-sig").splitlines()))
    assert [line["state"] for line in lines].count("done") == 6
    assert len(lines) == 8

    late = target / "late.csv"
    queue.save_report(late)
    window.close()
    assert len(list(csv.DictReader(late.read_text("utf-8-sig").splitlines()))) == 8


def under_way(queue):
    return queue.state.working is not None and queue.state.working.done > 0


def names(queue):
    return [row.source.name for row in queue.state.rows]


def statuses(queue):
    return [row.status for row in queue.state.rows]


def select(qtbot, window, row, modifier=Qt.KeyboardModifier.NoModifier):
    view = window.queue.page.view
    place = view.visualRect(view.table.index(row, Column.FILE)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, modifier, place)


def key(qtbot, widget, name, *modifiers):
    combined = Qt.KeyboardModifier.NoModifier
    for modifier in modifiers:
        combined |= modifier
    qtbot.keyClick(widget, name, combined)


CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


@pytest.fixture
def filled(qtbot, window, queue, folder):
    """The window with the good files of the folder in its queue."""
    for bad in (folder / "letter.jpg", folder / "inside" / "empty.jpg"):
        bad.unlink()
    window.open_paths([folder])
    added(qtbot, queue, 6)
    qtbot.waitUntil(lambda: window.queue.page.view.height() > 60)
    return window


def test_order_and_members_are_changed_by_keys_buttons_and_dragging(qtbot, filled, queue):
    view = filled.queue.page.view
    first = names(queue)
    select(qtbot, filled, 2)
    select(qtbot, filled, 3, CTRL)
    key(qtbot, view, Qt.Key.Key_Up, ALT)
    assert names(queue) == [first[0], first[2], first[3], first[1], *first[4:]]
    click(qtbot, filled, filled.actions_.queue.up)
    assert names(queue) == [first[2], first[3], first[0], first[1], *first[4:]]
    key(qtbot, view, Qt.Key.Key_Down, ALT)
    assert len(view.numbers()) == 2  # the same ones still
    data = view.table.mimeData(view.selectionModel().selectedIndexes())
    view.table.dropMimeData(data, Qt.DropAction.MoveAction, 0, 0, view.rootIndex())
    assert names(queue)[:2] == [first[2], first[3]]
    key(qtbot, view, Qt.Key.Key_Delete)
    assert names(queue) == [first[0], first[1], *first[4:]]


@pytest.fixture
def evaluations(monkeypatch):
    """One item for each evaluation of the prior that has begun."""
    begun, denoise = [], Prior.denoise

    def noted(self, *arguments):
        begun.append(1)
        return denoise(self, *arguments)

    monkeypatch.setattr(Prior, "denoise", noted)
    return begun


def test_pause_lets_the_file_finish_and_stop_has_it_begin_again(qtbot, filled, queue, evaluations):
    actions = filled.actions_.queue
    click(qtbot, filled, actions.start)
    qtbot.waitUntil(lambda: queue.state.working is not None, timeout=20000)
    click(qtbot, filled, actions.pause)
    assert "Pausing after this file" in filled.queue.page.words.toolTip()
    qtbot.waitUntil(lambda: queue.state.phase is Phase.RESTING, timeout=20000)
    assert statuses(queue)[0] is Status.DONE
    assert Status.STOPPED not in statuses(queue)

    left = queue.state.tally.left
    filled.models.parameters.set_steps(1000)
    filled.queue.page.options.renew.click()
    assert actions.start.iconText() == "Start"
    key(qtbot, filled, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: under_way(queue), timeout=20000)
    key(qtbot, filled, Qt.Key.Key_F7)
    evaluated = len(evaluations)
    qtbot.waitUntil(lambda: queue.state.phase is Phase.RESTING, timeout=5000)
    assert len(evaluations) <= evaluated + 1  # one may have been about to begin
    assert statuses(queue).count(Status.STOPPED) == 1
    assert queue.state.tally.left == left

    filled.models.parameters.set_steps(1)
    filled.queue.page.options.renew.click()
    click(qtbot, filled, actions.start)
    finished(qtbot, queue)
    assert queue.state.tally.done == 6


def test_a_single_picture_is_opened_and_restored_meanwhile(qtbot, filled, queue, photo):
    filled.models.parameters.set_steps(1000)
    click(qtbot, filled, filled.actions_.queue.start)
    qtbot.waitUntil(lambda: under_way(queue), timeout=20000)
    filled.open_paths([photo])
    qtbot.waitUntil(lambda: isinstance(filled.models.document.state, Opened), timeout=5000)
    filled.models.parameters.set_steps(1)
    filled.actions_.restore.trigger()
    qtbot.waitUntil(lambda: filled.actions_.save.isEnabled(), timeout=20000)
    assert queue.state.phase is Phase.RUNNING
    filled.close()  # during the batch, which ends with it


def test_failed_files_are_tried_again_once_they_are_whole(qtbot, window, queue, folder, original):
    window.open_paths([folder])
    added(qtbot, queue, 8)
    click(qtbot, window, window.actions_.queue.start)
    finished(qtbot, queue)
    original.crop((0, 0, 16, 16)).save(folder / "letter.jpg", quality=10)
    window.actions_.queue.retry.trigger()
    assert queue.state.tally.left == 2
    click(qtbot, window, window.actions_.queue.start)
    finished(qtbot, queue)
    assert queue.state.tally.failed == 1
    window.actions_.queue.clear.trigger()
    assert names(queue) == ["empty.jpg"]


@pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints")  # of a question
def test_what_is_done_is_skipped_by_content_and_settings(qtbot, filled, queue):
    actions = filled.actions_.queue
    click(qtbot, filled, actions.start)
    finished(qtbot, queue)
    rows = queue.state.rows
    moved = rows[0].source.rename(rows[0].source.with_name("other name.jpg"))
    queue.remove([row.number for row in rows])
    filled.open_paths([moved.parent])
    added(qtbot, queue, 6)
    select(qtbot, filled, 1)
    filled.models.parameters.set_seed(5)
    actions.own.trigger()
    filled.models.parameters.set_seed(0)
    assert not filled.queue.page.view.isColumnHidden(Column.SETTINGS)
    assert queue.state.rows[1].own.seed == 5
    click(qtbot, filled, actions.start)
    finished(qtbot, queue)
    assert statuses(queue)[1] is Status.KEPT  # with another seed, it would be another result
    [question] = filled.findChildren(QMessageBox)
    [again] = [b for b in question.buttons() if b.text() == "Restore again"]
    qtbot.mouseClick(again, Qt.MouseButton.LeftButton)
    finished(qtbot, queue)
    assert statuses(queue)[1] is Status.DONE
    assert statuses(queue).count(Status.SKIPPED) == 4
    renamed = next(row for row in queue.state.rows if row.source == moved)
    assert renamed.status is Status.DONE
    assert renamed.message.startswith("Copied from ")
    select(qtbot, filled, 1)
    actions.common.trigger()
    assert statuses(queue)[1] is Status.WAITING
    assert filled.queue.page.view.isColumnHidden(Column.SETTINGS)


def test_names_follow_the_template_whose_mistakes_are_said_at_once(qtbot, filled, queue, tmp_path):
    page = filled.queue.page
    options = page.options
    qtbot.mouseClick(page.fold.header, Qt.MouseButton.LeftButton)
    options.template.setFocus()
    options.template.selectAll()
    qtbot.keyClicks(options.template, "{stem}_{nothing}{ext}")
    assert "{nothing}" in options.example.text()
    assert options.example.objectName() == "alarm"
    assert not filled.actions_.queue.start.isEnabled()
    options.template.selectAll()
    qtbot.keyClicks(options.template, "{folder}/{stem}-{seed}{ext}")
    qtbot.waitUntil(lambda: options.example.objectName() == "faint")
    wanted = "photo 1.jpg becomes pictures 写真/photo 1-0.png"
    qtbot.waitUntil(lambda: options.example.text() == wanted)
    options.folder.selectAll()
    qtbot.keyClicks(options.folder, str(tmp_path / "out"))
    key(qtbot, options.folder, Qt.Key.Key_Return)
    qtbot.mouseClick(
        options.tree, Qt.MouseButton.LeftButton, pos=QPoint(8, options.tree.height() // 2)
    )
    click(qtbot, filled, filled.actions_.queue.start)
    finished(qtbot, queue)
    found = sorted(p.relative_to(tmp_path / "out") for p in (tmp_path / "out").rglob("*.png"))
    expected = [Path("pictures 写真", f"photo {n}-0.png") for n in range(1, 5)]
    assert found == sorted([*expected, Path("inside/photo 5-0.png"), Path("inside/photo 6-0.png")])


def test_a_folder_that_is_still_being_typed_counts_when_a_key_starts(
    qtbot, filled, queue, tmp_path
):
    options = filled.queue.page.options
    qtbot.mouseClick(filled.queue.page.fold.header, Qt.MouseButton.LeftButton)
    options.folder.setFocus()
    options.folder.selectAll()
    qtbot.keyClicks(options.folder, str(tmp_path / "typed"))
    assert queue.state.place.folder != tmp_path / "typed"
    key(qtbot, options.folder, Qt.Key.Key_F5)
    finished(qtbot, queue)
    assert queue.state.tally.done == 6
    assert {row.target.parent.name for row in queue.state.rows} == {"typed", "inside"}


def test_the_target_folder_is_only_what_was_typed(qtbot, window, queue, folder):
    key(qtbot, window, Qt.Key.Key_F, CTRL, SHIFT)
    qtbot.mouseClick(window.queue.page.fold.header, Qt.MouseButton.LeftButton)
    field = window.queue.page.options.folder
    field.setFocus()
    window.open_paths([folder])
    added(qtbot, queue, 8)
    beside = folder.with_name("pictures 写真 restored")
    assert field.text() == str(beside)
    key(qtbot, field, Qt.Key.Key_Return)
    assert queue.state.place.folder == beside
    field.selectAll()
    qtbot.keyClicks(field, "~nobody of that name/out")
    key(qtbot, field, Qt.Key.Key_Return)
    assert queue.state.place.folder.parts[-2:] == ("~nobody of that name", "out")


def test_a_result_is_seen_beside_its_source_and_the_keys_go_on_to_the_next(qtbot, filled, queue):
    click(qtbot, filled, filled.actions_.queue.start)
    finished(qtbot, queue)
    view, gallery, document = filled.queue.page.view, filled.models.gallery, filled.models.document

    def shows(number):
        opened, result = document.document, gallery.state.find(Result())
        path = queue.state.rows[number].source
        return opened is not None and opened.source.path == path and result is not None

    place = view.visualRect(view.table.index(1, Column.FILE)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(lambda: shows(1), timeout=5000)
    assert gallery.state.find(Result()).label.startswith("Result, consistency ")
    assert filled.models.run.state == Idle()
    filled.canvas.setFocus()
    key(qtbot, filled.canvas, Qt.Key.Key_PageDown)
    qtbot.waitUntil(lambda: shows(2), timeout=5000)
    key(qtbot, filled.canvas, Qt.Key.Key_PageUp)
    key(qtbot, filled.canvas, Qt.Key.Key_PageUp)
    qtbot.waitUntil(lambda: shows(0), timeout=5000)
    key(qtbot, filled.canvas, Qt.Key.Key_PageUp)  # there is none before it
    view.setFocus()
    key(qtbot, view, Qt.Key.Key_Down)
    key(qtbot, view, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: shows(1), timeout=5000)


def test_a_damaged_file_says_so_and_is_restored_where_that_is_wanted(
    qtbot, window, queue, tmp_path, cut
):
    window.open_paths([cut.parent / "cut.jpg", tmp_path / "gone.jpg"])
    added(qtbot, queue, 2)
    click(qtbot, window, window.actions_.queue.start)
    finished(qtbot, queue)
    assert "cut.jpg is damaged" in queue.state.rows[0].message
    assert "Cannot read gone.jpg" in queue.state.rows[1].message
    queue.remove([2])
    page = window.queue.page
    qtbot.mouseClick(page.fold.header, Qt.MouseButton.LeftButton)
    page.options.damaged.setFocus()
    key(qtbot, page.options.damaged, Qt.Key.Key_Space)
    window.actions_.queue.retry.trigger()
    click(qtbot, window, window.actions_.queue.start)
    finished(qtbot, queue)
    assert statuses(queue) == [Status.DONE]
    assert "ends" in queue.state.rows[0].message


def test_what_is_dropped_on_the_page_is_added(qtbot, filled, queue, photo, text_file):
    page = filled.queue.page
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in (photo, text_file)])
    place, left = QPoint(200, 120), Qt.MouseButton.LeftButton
    copy, none = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    # Over the list, which takes rows only, and leaves files to the page around it.
    over = page.view.viewport()
    enter = QDragEnterEvent(place, copy, data, left, none)
    QApplication.sendEvent(over, enter)
    assert enter.isAccepted()
    with warnings.catch_warnings():
        # PySide6 6.12 wants a QPointF, which those before it do not take.
        warnings.simplefilter("ignore", DeprecationWarning)
        QApplication.sendEvent(over, QDropEvent(place, copy, data, left, none))
    added(qtbot, queue, 8)
    assert names(queue)[-2:] == [photo.name, text_file.name]


def test_files_and_the_target_folder_are_chosen_in_dialogs(
    qtbot, window, queue, answers, folder, tmp_path
):
    window.models.preferences.set_results_folder(tmp_path / "usual")
    key(qtbot, window, Qt.Key.Key_F, CTRL, SHIFT)
    click(qtbot, window, window.actions_.queue.add_files)
    assert queue.state.rows == ()  # none was chosen
    answers.pictures = (folder / "photo 2.jpg", folder / "photo 1.jpg")
    click(qtbot, window, window.actions_.queue.add_files)
    added(qtbot, queue, 2)
    assert names(queue) == ["photo 2.jpg", "photo 1.jpg"]
    assert queue.state.place.folder == tmp_path / "usual"
    options = window.queue.page.options
    qtbot.mouseClick(window.queue.page.fold.header, Qt.MouseButton.LeftButton)
    options.choose.click()
    assert queue.state.place.folder == tmp_path / "usual"
    answers.to_take = tmp_path / "other"
    options.choose.click()
    assert options.folder.text() == str(tmp_path / "other")
    window.models.preferences.set_results_folder(None)
    qtbot.mouseClick(window.queue.page.fold.header, Qt.MouseButton.LeftButton)
    click(qtbot, window, window.actions_.queue.start)
    finished(qtbot, queue)
    assert len(list((tmp_path / "other").glob("*.png"))) == 2

    # A result that is gone is said when it is to be opened.
    queue.state.rows[0].target.unlink()
    select(qtbot, window, 0)
    window.actions_.queue.open.trigger()
    qtbot.waitUntil(lambda: window.message.title.text().startswith("Cannot read"), timeout=5000)


def test_a_prior_that_is_missing_can_be_brought_from_the_message(qtbot, filled, queue):
    filled.models.parameters.choose_prior("adm-256")
    click(qtbot, filled, filled.actions_.queue.start)
    qtbot.waitUntil(lambda: filled.message.isVisible(), timeout=20000)
    assert "adm-256" in filled.message.title.text()
    assert filled.message.action.text() == "Download…"
    assert queue.state.tally.left == 6


@pytest.fixture
def looks(monkeypatch):
    """One item for each look into a watched folder that is over."""
    over, look = [], Watcher.look

    def noted(self, **options):
        found = look(self, **options)
        over.append(1)
        return found

    monkeypatch.setattr(Watcher, "look", noted)
    return over


def test_what_arrives_in_a_watched_folder_is_restored_while_that_is_on(
    qtbot, window, queue, answers, original, tmp_path, looks, runners, nothing_left_behind
):
    watched = tmp_path / "inbox"
    watched.mkdir()
    answers.to_take = watched
    watch = window.actions_.queue.watch
    watch.trigger()
    assert watch.isChecked()
    assert "watching inbox" in window.queue.page.words.toolTip()
    original.crop((0, 0, 16, 16)).save(watched / "a.jpg", quality=10)
    qtbot.waitUntil(lambda: statuses(queue) == [Status.DONE], timeout=20000)
    assert (tmp_path / "inbox restored" / "a_restored.png").exists()

    watched.rename(tmp_path / "away")
    qtbot.waitUntil(lambda: window.message.isVisible(), timeout=5000)
    assert window.message.title.text() == f"The watched folder {watched} cannot be read"
    window.message.hide()
    (tmp_path / "away").rename(watched)
    original.crop((1, 0, 17, 16)).save(watched / "b.jpg", quality=10)
    qtbot.waitUntil(lambda: statuses(queue) == [Status.DONE] * 2, timeout=20000)
    assert not window.message.isVisible()  # it was said once

    watch.trigger()
    assert not watch.isChecked()
    assert queue.state.settings is None
    looks.clear()
    original.crop((2, 0, 18, 16)).save(watched / "c.jpg", quality=10)
    assert not [timer for timer in nothing_left_behind.active_timers if timer.interval() == 20]
    settle(qtbot, *runners)
    assert not looks


def test_a_watched_folder_never_takes_its_own_results(qtbot, window, queue, answers, folder, looks):
    answers.to_take = folder
    queue.set_every_format(True)
    queue.set_place(Place(folder))
    window.actions_.queue.watch.trigger()
    qtbot.waitUntil(lambda: queue.state.tally.done == 6, timeout=20000)
    looks.clear()
    qtbot.waitUntil(lambda: len(looks) > 4, timeout=20000)
    assert queue.state.tally.total == 7  # an empty file has not arrived yet


def test_closing_during_a_folder_keeps_it_for_the_next_start(
    qtbot, qapp, filled, queue, answers, store, evaluations
):
    filled.models.parameters.set_steps(1000)
    key(qtbot, filled, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: under_way(queue), timeout=20000)
    order = names(queue)
    filled.close()
    assert len(evaluations) < 1000  # not even the first file was waited for
    results = queue.state.place.folder
    assert not [path for path in results.iterdir() if path.suffix in (".png", ".part")]

    second = build(qapp, prior_path=BUNDLED_PRIOR, store=store, dialogs=answers)
    qtbot.addWidget(second)
    with qtbot.waitExposed(second):
        second.show()
    second.models.queue.recall()
    qtbot.waitUntil(second.message.isVisible, timeout=5000)
    assert second.message.title.text() == "A folder is not finished: 6 of 6 left"
    again = second.models.queue
    assert names(again) == order
    assert again.state.settings.file.sampler.steps == 1000
    qtbot.mouseClick(second.message.action, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: under_way(again), timeout=20000)
    second.close()


STARTED_WITH = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from app import compose
build = compose.build

def built(*arguments, **options):
    window = build(*arguments, **options)

    def look():
        state = window.models.queue.state
        if len(state.rows) == int(sys.argv[1]) and not state.searching:
            print(*(row.source.name for row in state.rows), sep=", ", flush=True)
            window.close()
        else:
            QTimer.singleShot(10, look)

    QTimer.singleShot(0, look)
    return window

compose.build = built
sys.exit(compose.run_window([Path(sys.argv[2])]))
"""


def test_a_window_started_with_a_folder_keeps_what_was_left_the_last_time(tmp_path, original):
    homes = {f"XDG_{k}_HOME": str(tmp_path / k) for k in ("STATE", "CONFIG", "CACHE", "DATA")}
    environment = os.environ | homes | {"PYTHONPATH": str(ROOT)}
    for name, count, rows in (("a", 1, "a.jpg"), ("b", 2, "a.jpg, b.jpg")):
        (tmp_path / name).mkdir()
        original.crop((0, 0, 16, 16)).save(tmp_path / name / f"{name}.jpg")
        ended = subprocess.run(
            [sys.executable, "-c", STARTED_WITH, str(count), str(tmp_path / name)],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert (ended.returncode, ended.stdout.strip()) == (0, rows), ended.stderr


def test_a_folder_by_keys_alone(qtbot, window, queue, answers, folder):
    answers.to_take = folder
    key(qtbot, window, Qt.Key.Key_F, CTRL, SHIFT)
    view = window.queue.page.view
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
    chosen = queue.state.find(view.numbers()[0])
    opened = window.models.document
    qtbot.waitUntil(
        lambda: opened.document is not None and opened.document.source.path == chosen.source,
        timeout=5000,
    )
    key(qtbot, window, Qt.Key.Key_F, CTRL, SHIFT)
    assert not window.queue.page.isVisible()


def test_a_killed_window_leaves_a_folder_that_the_next_one_goes_on_with(tmp_path, original):
    folder = tmp_path / "thirty"
    folder.mkdir()
    for number in range(26):
        original.crop((number, 0, number + 16, 16)).save(folder / f"{number:02}.jpg", quality=10)
    for number in range(4):
        (folder / f"bad {number}.jpg").write_text("Dear reader,", encoding="utf-8")
    homes = {f"XDG_{k}_HOME": str(tmp_path / k) for k in ("STATE", "CONFIG", "CACHE", "DATA")}
    environment = os.environ | homes | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, str(ROOT / "tests" / "support" / "batch_window.py")]
    results = tmp_path / "thirty restored"

    start = [*command, "start", str(folder), "8"]
    first = subprocess.run(start, env=environment, check=False, timeout=200)
    assert first.returncode == -signal.SIGKILL
    before = {path: path.stat().st_mtime_ns for path in results.glob("*.png")}
    # One may have been written since the eighth was counted.
    assert len(before) in (8, 9)

    second = subprocess.run(
        [*command, "go-on"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=200,
    )
    assert second.returncode == 0, second.stderr
    offered, ended = map(json.loads, second.stdout.splitlines())
    assert offered["offered"].startswith("A folder is not finished: ")
    assert (ended["done"] + ended["skipped"], ended["failed"]) == (26, 4)
    assert ended["order"] == sorted(ended["order"], key=lambda n: (not n[0].isdigit(), n))
    assert len(list(results.glob("*.png"))) == 26
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert not list(results.glob(".*.part")) or len(list(results.glob(".*.part"))) == 1
