"""What users do with whole folders, with real clicks and keys."""

from __future__ import annotations

import csv

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton

from app.jobs.queue_rows import Status
from app.viewmodels.queue_state import Phase
from ddrm_core.sampler.settings import SamplerSettings

QUICK = SamplerSettings(steps=1, samples=1)


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
    window.models.parameters._set_settings(QUICK)
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
