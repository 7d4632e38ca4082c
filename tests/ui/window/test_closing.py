"""The window can be closed during any work."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest
from PIL import Image
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog

from app.compose import build_window
from app.config.resources import EXAMPLE_IMAGE_PATH
from app.jobs.worker import job_from_function
from app.viewmodels.batch.batch_state import BatchPhase
from app.viewmodels.document.recompression import RecompressionUnchecked
from ddrm_core.errors import OperationCancelled
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from ddrm_core.sampler.settings import Preset
from tests.support.batch_stories import under_way
from tests.support.scripted_denoiser import until_held


@pytest.fixture
def large(tmp_path):
    """Return the path of a JPEG whose check for a previous compression takes seconds."""
    path = tmp_path / "large.jpg"
    with Image.open(EXAMPLE_IMAGE_PATH) as image:
        image.resize((1200, 1000)).save(path, quality=20)
    return path


def test_closing_while_a_file_is_looked_into_ends_it(qtbot, window, large, nothing_left_behind):
    window.open_paths([large])
    qtbot.waitUntil(lambda: window.view_models.document.document is not None, timeout=20000)
    assert isinstance(window.view_models.recompression.state, RecompressionUnchecked)
    window.close()
    assert nothing_left_behind.running_threads == []
    assert isinstance(window.view_models.recompression.state, RecompressionUnchecked)


def test_closing_during_a_run_ends_every_thread(scripted, qtbot, open_photo, nothing_left_behind):
    open_photo.view_models.parameters.set_steps(20)
    scripted.hold_before(5)  # after two steps of two samples
    open_photo.action_set.restore.trigger()
    until_held(qtbot, scripted, open_photo.view_models.run)
    open_photo.close()
    assert nothing_left_behind.running_threads == []
    assert scripted.evaluations == 4


def test_closing_during_a_batch_ends_it_and_the_rest_waits(
    scripted, qtbot, window, photo, tmp_path, nothing_left_behind
):
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(5):
        (folder / f"{number}.jpg").write_bytes(photo.read_bytes())
    window.view_models.parameters.apply_preset(Preset.FAST)
    queue = window.view_models.batch
    queue.add_paths([folder])
    qtbot.waitUntil(lambda: len(queue.state.items) == 5, timeout=5000)
    scripted.hold_before(3)  # after one step of two samples
    queue.start()
    qtbot.waitUntil(lambda: scripted.held.is_set() and under_way(queue))
    assert queue.state.phase is BatchPhase.RUNNING
    window.close()
    assert scripted.evaluations == 2
    assert nothing_left_behind.running_threads == []
    assert queue.state.counts.remaining == 5
    assert not [path for path in tmp_path.rglob("*restored*") if path.is_file()]


def test_all_are_asked_to_stop_before_one_is_waited_for(
    qtbot, window, runners, nothing_left_behind
):
    """Each job ends only when all others are cancelled, too; stopping one by one would hang."""
    begun, together, closing = [], [], threading.Event()
    all_stopped = threading.Barrier(len(runners))

    def job(token):
        yield None
        begun.append(1)
        closing.wait()
        try:
            while True:
                token.raise_if_cancelled()
        except OperationCancelled:
            all_stopped.wait(20)
            together.append(1)
            raise

    for runner in runners:
        runner.start(job)
    qtbot.waitUntil(lambda: len(begun) == len(runners), timeout=20000)
    closing.set()
    window.close()
    assert len(together) == len(runners) == 7
    assert nothing_left_behind.running_threads == []


class InstantTimer:
    """A substitute for `threading.Timer` that calls its function at once when started."""

    daemon = False

    def __init__(self, interval_s, function):
        assert interval_s <= 2
        self.start = function


def test_what_must_finish_is_written_before_the_process_may_be_ended(
    qapp, qtbot, answers, store, runners, monkeypatch, nothing_left_behind
):
    """The process is ended only after a result is written, although another thread is stuck."""
    monkeypatch.setattr(threading, "Timer", InstantTimer)
    order, is_closing, has_exited = [], threading.Event(), threading.Event()

    def exit_process():
        order.append("exit")
        has_exited.set()

    def until_closing(token):
        yield None
        try:
            while True:
                token.raise_if_cancelled()
        finally:
            is_closing.set()

    def write():
        is_closing.wait(20)
        order.append("written")

    window = build_window(
        qapp,
        bundled_prior_path=BUNDLED_PRIOR_PATH,
        settings_store=store,
        dialogs=answers,
        exit_process=exit_process,
    )
    qtbot.addWidget(window)
    stuck, writing, stopping = runners[:3]
    stuck.start(job_from_function(lambda: has_exited.wait(20)))
    writing.start(job_from_function(write), must_finish=True)
    stopping.start(until_closing)
    window.close()
    assert order == ["written", "exit"]
    assert nothing_left_behind.running_threads == []


STUCK = """
import os, sys, time
os.environ["QT_QPA_PLATFORM"] = "offscreen"
for name in ("DATA", "CACHE", "CONFIG", "STATE"):
    os.environ[f"XDG_{name}_HOME"] = sys.argv[1]
from pathlib import Path
from PySide6.QtCore import QMetaObject, Qt
from app import compose
from app.viewmodels.document.document import OpenRequest
build, windows = compose.build_window, []

def built(*arguments, **options):
    windows.append(build(*arguments, **options))
    return windows[0]

def read(request):
    QMetaObject.invokeMethod(windows[0], "close", Qt.ConnectionType.QueuedConnection)
    time.sleep(300)

compose.build_window, OpenRequest.read_document = built, read
sys.exit(compose.run_window([Path("picture.jpg")]))
"""


def test_what_cannot_be_interrupted_does_not_keep_the_process(tmp_path):
    ended = subprocess.run([sys.executable, "-c", STUCK, tmp_path], timeout=100, check=False)
    assert ended.returncode == 0
    assert not list(tmp_path.rglob("crash-*"))  # a regular end leaves no crash report
    assert list(tmp_path.rglob("window.log"))


COLLECTING = """
import gc, os, sys
os.environ["QT_QPA_PLATFORM"] = "offscreen"
for name in ("DATA", "CACHE", "CONFIG", "STATE"):
    os.environ[f"XDG_{name}_HOME"] = sys.argv[1]
from PySide6.QtCore import QTimer
from app import compose
build = compose.build_window

def told(*arguments, **options):
    window = build(*arguments, **options)
    QTimer.singleShot(0, lambda: print(gc.isenabled(), flush=True))
    QTimer.singleShot(200, window.close)
    return window

compose.build_window = told
sys.exit(compose.run_window([]))
"""


def test_python_collects_nothing_by_itself_while_there_is_a_window(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", COLLECTING, tmp_path], capture_output=True, text=True, timeout=100
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "False\n"


def test_no_dialog_stays_when_the_window_is_closed(window):
    actions = window.action_set
    for action in (actions.show_settings, actions.show_priors, actions.support.show_shortcuts):
        action.trigger()
    dialogs = [dialog for dialog in window.findChildren(QDialog) if dialog.isVisible()]
    assert len(dialogs) == 3
    window.close()
    assert not [dialog for dialog in dialogs if dialog.isVisible()]


def test_jobs_asked_for_after_the_end_do_nothing(window, runners, nothing_left_behind):
    window.close()
    begun = []
    for runner in runners:
        runner.start(job_from_function(lambda: begun.append(1)), must_finish=True)
        runner.shutdown()
    assert not begun
    assert nothing_left_behind.running_threads == []


def test_a_second_event_of_closing_does_nothing(qapp, window):
    told = []
    window.closed.connect(lambda: told.append("closed"))
    window.close()
    qapp.sendEvent(window, QCloseEvent())
    assert told == ["closed"]


LISTENING = """
import os, sys
os.environ["QT_QPA_PLATFORM"] = "offscreen"
for name in ("DATA", "CACHE", "CONFIG", "STATE"):
    os.environ[f"XDG_{name}_HOME"] = sys.argv[1]
from PySide6.QtCore import QTimer
from app import compose
build = compose.build_window

def listening(app, **options):
    window = build(app, **options)
    QTimer.singleShot(0, lambda: print(app.receivers("2commitDataRequest(QSessionManager&)")))
    QTimer.singleShot(0, window.close)
    return window

compose.build_window = listening
sys.exit(compose.run_window([]))
"""


def test_the_end_of_the_desktop_session_is_heard(tmp_path):
    command = [sys.executable, "-c", LISTENING, tmp_path]
    ended = subprocess.run(command, timeout=100, check=True, capture_output=True, text=True)
    assert ended.stdout == "1\n"
