"""The leak guards of these tests detect each kind of leak."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QObject, Qt, QThread, QTimer
from PySide6.QtWidgets import QPushButton, QWidget

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def guard(nothing_left_behind):
    return nothing_left_behind


def test_nothing_is_found_where_nothing_is_left(guard, qtbot):
    widget, timer = QWidget(), QTimer()
    qtbot.addWidget(widget)
    timer.start(1)
    timer.stop()
    fired = []
    QTimer.singleShot(0, lambda: fired.append(1))
    qtbot.waitUntil(lambda: bool(fired))
    widget.close()
    widget.deleteLater()
    assert guard.clear_up() == []


def test_a_window_that_stays_is_named(guard):
    widget = QWidget()
    widget.setObjectName("forgotten")
    [words] = guard.clear_up()
    assert "QWidget 'forgotten'" in words


def test_a_timer_that_runs_on_is_named_with_its_owner(guard):
    owner = QObject()
    timer = QTimer(owner)
    timer.start(60_000)
    [words] = guard.clear_up()
    assert words.startswith("QTimer '' of QObject started at ")
    assert "test_leak_guards.py" in words
    assert not timer.isActive()


def test_a_call_to_come_is_found_unless_its_object_is_gone(guard):
    owner = QObject()
    QTimer.singleShot(60_000, owner, lambda: None)
    QTimer.singleShot(60_000, lambda: None)
    del owner
    [words] = guard.clear_up()
    assert "single shot" in words


def test_threads_that_run_on_are_found(guard):
    thread, release = QThread(), threading.Event()
    thread.start()
    other = threading.Thread(target=release.wait)
    other.start()
    assert len(guard.clear_up()) == 2
    release.set()
    other.join()
    assert not thread.isRunning()


@pytest.fixture
def clock(monkeypatch):
    """Return a one-item list with the time in seconds that the leak guards read.

    The time advances only when a test changes the item.
    """
    seconds = [0.0]
    monkeypatch.setattr("tests.support.leak_guards.perf_counter", lambda: seconds[0])
    return seconds


def test_a_slow_answer_to_the_user_is_the_longest_block(qtbot, gui_blocks, clock):
    button = QPushButton("Slow")
    qtbot.addWidget(button)
    with qtbot.waitExposed(button):
        button.show()

    def take_seven_seconds():
        clock[0] += 7

    button.clicked.connect(take_seven_seconds)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert (gui_blocks.longest.seconds, gui_blocks.longest.began) == (7, "mouseClick")


def test_slow_work_of_the_event_loop_is_a_block_and_the_tests_own_is_not(qtbot, gui_blocks, clock):
    done = []
    timer = QTimer(singleShot=True, interval=0)

    def take_seven_seconds():
        clock[0] += 7
        done.append(1)

    timer.timeout.connect(take_seven_seconds)
    timer.start()
    qtbot.waitUntil(lambda: len(done) == 1)
    clock[0] += 100  # time that the test takes
    timer.start()
    qtbot.waitUntil(lambda: len(done) == 2)
    assert [block.seconds for block in gui_blocks.blocks if block.seconds] == [7, 7]
    assert gui_blocks.longest.began == "Timer to QTimer"
