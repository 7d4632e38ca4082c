"""The question before results of other settings are replaced, and the error of a full disk."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QMessageBox

from app.jobs.batch.batch_items import ItemStatus
from app.ui.batch.batch_columns import BatchColumn
from app.viewmodels.batch.batch_state import BatchPhase
from tests.support.batch_queue import over, statuses

# Qt's offscreen platform logs this for every window of fixed size, such as a question.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints")


@pytest.fixture
def folders(tmp_path, original):
    """Return two folders with the same name and the same two file names.

    The four images are different.
    """
    folders = tmp_path / "a" / "cards", tmp_path / "b" / "cards"
    for turn, folder in enumerate(folders):
        folder.mkdir(parents=True)
        for number in (1, 2):
            corner = original.crop((9 * turn + number, 0, 9 * turn + number + 16, 16))
            corner.save(folder / f"IMG_{number}.jpg", quality=10)
    return folders


@pytest.fixture
def out(window, tmp_path):
    """Set the window to one step and one sample, and return its folder of results."""
    window.view_models.parameters.set_steps(1)
    window.view_models.parameters.set_samples(1)
    window.view_models.preferences.set_results_folder(tmp_path / "out")
    return tmp_path / "out"


@pytest.fixture
def queue(window):
    return window.view_models.batch


def work(qtbot, window, folder):
    """Restore all files of a folder as the only items of the window's batch.

    Return the statuses of the items.
    """
    queue = window.view_models.batch
    queue.remove_items([row.item_id for row in queue.state.items])
    window.open_paths([folder])
    qtbot.waitUntil(lambda: queue.state.can_start and not queue.state.active_searches, timeout=5000)
    window.action_set.batch.start.trigger()
    over(qtbot, queue)
    return statuses(queue)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*.png")}


def question(window) -> QMessageBox:
    [box] = [box for box in window.findChildren(QMessageBox) if box.isVisible()]
    return box


def answer(qtbot, window, words):
    [button] = [b for b in question(window).buttons() if b.text().replace("&", "") == words]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_two_folders_in_turn_lose_nothing(qtbot, window, queue, folders, out):
    assert work(qtbot, window, folders[0]) == [ItemStatus.DONE] * 2
    before = contents(out)
    assert work(qtbot, window, folders[1]) == [ItemStatus.DONE] * 2
    after = contents(out)
    assert len(after) == 4
    assert before.items() <= after.items()
    message = queue.state.items[0].message
    assert "IMG_1_restored (2).png" in message
    view = window.batch_controller.page.table_view
    assert view.table_model.index(0, BatchColumn.MESSAGE).data() == message
    for _ in range(2):
        for folder in folders:
            assert work(qtbot, window, folder) == [ItemStatus.SKIPPED] * 2
    assert contents(out) == after
    assert not window.findChildren(QMessageBox)


def test_results_of_other_settings_are_replaced_after_a_question(
    qtbot, window, queue, folders, out
):
    """Defect 5: results of other settings were replaced without notice."""
    work(qtbot, window, folders[0])
    before = contents(out)
    window.view_models.parameters.set_seed(5)
    assert work(qtbot, window, folders[0]) == [ItemStatus.KEPT] * 2
    assert contents(out) == before
    view = window.batch_controller.page.table_view
    assert view.table_model.index(0, BatchColumn.STATE).data() == "Other settings"
    assert (
        view.table_model.index(0, BatchColumn.MESSAGE).data() == "Done before with other settings"
    )
    assert "2 done before with other settings" in window.message_bar.title_label.text()
    assert question(window).text() == "2 files have results made with other settings"
    answer(qtbot, window, "Restore again")
    over(qtbot, queue)
    assert [row.status for row in queue.state.items] == [ItemStatus.DONE] * 2
    after = contents(out)
    assert after.keys() == before.keys()
    assert all(after[name] != before[name] for name in before)
    assert not window.findChildren(QMessageBox)


@pytest.mark.parametrize("refuse", ["button", "Escape", "Return"])
def test_results_of_other_settings_stay_where_that_is_chosen(
    qtbot, window, queue, folders, out, refuse
):
    work(qtbot, window, folders[0])
    before = contents(out)
    window.view_models.parameters.set_seed(5)
    for turn in range(2):  # a second question shows that the first counts as answered
        assert work(qtbot, window, folders[0]) == [ItemStatus.KEPT] * 2, turn
        if refuse == "button":
            answer(qtbot, window, "Keep them")
        else:
            key = Qt.Key.Key_Escape if refuse == "Escape" else Qt.Key.Key_Return
            qtbot.keyClick(question(window), key)
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        assert not window.findChildren(QMessageBox)
    assert queue.state.phase is BatchPhase.IDLE
    assert contents(out) == before


def test_a_full_disk_is_said_and_go_on_goes_on(qtbot, window, queue, folders, out, monkeypatch):
    real = Path.write_bytes

    def write_bytes(path, data):
        if out in path.parents:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(path, data)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", write_bytes)
        assert work(qtbot, window, folders[0]) == [ItemStatus.STOPPED, ItemStatus.WAITING]
    assert window.message_bar.title_label.text() == f"The disk of {out} is full"
    assert "2 files are left" in window.message_bar.advice_label.text()
    assert window.message_bar.action_button.text() == "Resume"
    qtbot.mouseClick(window.message_bar.action_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: queue.state.counts.remaining == 0, timeout=60000)
    over(qtbot, queue)
    assert len(contents(out)) == 2
