"""Checks that a test of the window leaves nothing behind, and measurements of GUI blocks."""

from __future__ import annotations

import threading
import traceback
import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from time import perf_counter, thread_time

import pytest
import shiboken6
from PySide6.QtCore import (
    QAbstractEventDispatcher,
    QCoreApplication,
    QEvent,
    QObject,
    QThread,
    QThreadPool,
    QTimer,
)
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.ui.window.garbage_collection import GuiThreadGarbageCollector

_USER_EVENTS = (
    *("keyClick", "keyClicks", "keyPress", "keyRelease"),
    *("mouseClick", "mouseDClick", "mouseMove", "mousePress", "mouseRelease"),
)


@pytest.fixture(autouse=True)
def nothing_left_behind(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[Guard]:
    """Fail a test that leaves a thread, a timer or a window behind.

    During the test, Python's garbage collector runs on this thread only, as in the program.
    """
    collector = GuiThreadGarbageCollector(qapp)
    collector.start()
    guard = Guard(monkeypatch)
    yield guard
    left = guard.clear_up()
    collector.stop()
    collector.deleteLater()
    assert not left, "left behind: " + "; ".join(left)


class Guard:
    """Record of the threads, timers and windows that began during a test."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._threads = _remember_starts(monkeypatch, QThread)
        self._timers = _remember_starts(monkeypatch, QTimer)
        self._shots = _remember_shots(monkeypatch)
        self._windows, self._others = _windows(), set(threading.enumerate())

    @property
    def running_threads(self) -> list[QThread]:
        """Qt's threads that were started during the test and are still running."""
        started = dict.fromkeys(thread for thread, _ in self._threads)
        return [thread for thread in started if shiboken6.isValid(thread) and thread.isRunning()]

    @property
    def active_timers(self) -> list[QTimer]:
        """Timers that were started during the test and are still active."""
        started = dict.fromkeys(timer for timer, _ in self._timers)
        return [timer for timer in started if shiboken6.isValid(timer) and timer.isActive()]

    def clear_up(self) -> list[str]:
        """End all threads, timers and windows that the test left; return a line about each.

        Widgets of qtbot are deleted first, here on the GUI thread: Python's garbage collector may
        delete them on any thread, and Qt then aborts the process.
        """
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        if QApplication.instance() is not None:
            # With the offscreen platform, Qt deletes the clipboard's content after Python has
            # ended, which crashes.
            QApplication.clipboard().clear()
        windows = _windows() - self._windows
        others = [t for t in threading.enumerate() if t not in self._others and not t.daemon]
        left = [
            *_running_threads(self._threads),
            *_active_timers(self._timers),
            *(f"single shot to come, of {shot.place}" for shot in self._shots if shot.pending),
            *(_describe(window) for window in windows),
            *(repr(thread) for thread in others if _runs_on(thread)),
        ]
        for shot in self._shots:
            shot.fired = True
        for window in windows:
            shiboken6.delete(window)
        pool = QThreadPool.globalInstance()
        if not pool.waitForDone(5000):
            left.append("work on the global QThreadPool")
        return left


def _remember_starts(monkeypatch: pytest.MonkeyPatch, kind: type) -> list[tuple[QObject, str]]:
    """Return a list to which each object of type `kind` is added when Python starts it.

    An entry has the object and the file and line that called `start`.
    """
    started: list[tuple[QObject, str]] = []
    start = kind.start

    def remembered(self: QObject, *arguments: object) -> None:
        started.append((self, _place()))
        start(self, *arguments)

    monkeypatch.setattr(kind, "start", remembered)
    return started


@dataclass(eq=False)
class _Shot:
    """A pending call of `QTimer.singleShot`."""

    act: Callable[[], object]
    context: weakref.ref[QObject] | None
    place: str
    fired: bool = False

    @property
    def pending(self) -> bool:
        if self.fired or self.context is None:
            return not self.fired
        context = self.context()
        return context is not None and shiboken6.isValid(context)

    def __call__(self) -> None:
        if self.pending:
            self.fired = True
            self.act()


def _remember_shots(monkeypatch: pytest.MonkeyPatch) -> list[_Shot]:
    shots: list[_Shot] = []
    single_shot = QTimer.singleShot

    def remembered(delay: int, *arguments: object) -> None:
        *others, act = arguments
        owner = others[-1] if others else getattr(act, "__self__", None)
        context = weakref.ref(owner) if isinstance(owner, QObject) else None
        shot = _Shot(act, context, _place())
        shots.append(shot)
        single_shot(delay, *others, shot)

    monkeypatch.setattr(QTimer, "singleShot", staticmethod(remembered))
    return shots


def _place() -> str:
    """Return file and line from which the calling function was called."""
    frame = traceback.extract_stack(limit=3)[0]
    return f"{frame.filename}:{frame.lineno}"


def _running_threads(started: list[tuple[QObject, str]]) -> list[str]:
    found = []
    for thread, place in started:
        if shiboken6.isValid(thread) and thread.isRunning():
            found.append(f"{_describe(thread)} started at {place}")
            thread.quit()
            thread.wait(5000)
    return found


def _runs_on(thread: threading.Thread) -> bool:
    """Return whether a thread is still running after a wait of two seconds."""
    thread.join(2)
    return thread.is_alive()


def _active_timers(started: list[tuple[QObject, str]]) -> list[str]:
    found = []
    for timer, place in started:
        if shiboken6.isValid(timer) and timer.isActive():
            found.append(f"{_describe(timer)} started at {place}")
            timer.stop()
    return found


def _windows() -> set[QWidget]:
    """Return the widgets without a parent, which no other object deletes."""
    if QApplication.instance() is None:
        return set()
    return {w for w in QApplication.topLevelWidgets() if w.parentWidget() is None}


def _describe(thing: QObject) -> str:
    owner = thing.parent()
    words = [type(thing).__name__, repr(thing.objectName())]
    if isinstance(thing, QWidget):
        words.append(repr(thing.windowTitle()))
    words.append("of nobody" if owner is None else f"of {type(owner).__name__}")
    return " ".join(words)


@dataclass(frozen=True, slots=True)
class Block:
    """A period in which the GUI thread could not process the user's events.

    Attributes:
        seconds: Length in seconds.
        began: First event of the period and its receiver.
        of_core: Seconds of processor time of the GUI thread; the rest was waiting.
    """

    seconds: float
    began: str
    of_core: float = 0.0


@dataclass(eq=False)
class GuiBlocks:
    """Recorder of blocks, each from a delivered event to the return to the event loop.

    Attributes:
        blocks: All blocks, in order.
        since: Start of the current block in seconds of `perf_counter`; None outside of a block.
    """

    blocks: list[Block] = field(default_factory=list)
    since: float | None = None
    _began: str = ""
    _computed: float = 0.0

    @property
    def longest(self) -> Block:
        return max(self.blocks, key=lambda block: block.seconds, default=Block(0.0, "nothing"))

    def begin(self, began: str) -> None:
        """Begin a block with the event `began`, unless a block has begun already."""
        if self.since is None:
            self.since, self._began, self._computed = perf_counter(), began, thread_time()

    def end(self) -> None:
        """End the current block, if any, and record it."""
        if self.since is not None:
            took = perf_counter() - self.since
            self.blocks.append(Block(took, self._began, thread_time() - self._computed))
            self.since = None

    def drop(self) -> None:
        """Drop the current block without recording it, because a test caused it."""
        self.since = None


class _Listener(QObject):
    """Event filter that begins a block when an event of the GUI thread is delivered."""

    def __init__(self, blocks: GuiBlocks) -> None:
        super().__init__()
        self._blocks = blocks

    def eventFilter(self, receiver: QObject, event: QEvent) -> bool:
        if self._blocks.since is None:
            self._blocks.begin(f"{event.type().name} to {type(receiver).__name__}")
        return False


def listen(app: QCoreApplication, blocks: GuiBlocks) -> QObject:
    """Install an event filter in `app` that records `blocks`, and return the filter."""
    listener = _Listener(blocks)
    dispatcher = QAbstractEventDispatcher.instance()
    # One of both signals is emitted before the dispatcher waits and one after, in an order that
    # differs between dispatchers. Events are delivered between the signals, or after both.
    dispatcher.aboutToBlock.connect(blocks.end)
    dispatcher.awake.connect(blocks.end)
    app.installEventFilter(listener)
    return listener


@pytest.fixture
def gui_blocks(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[GuiBlocks]:
    """Return the recorder of the blocks in a test, without the test's own time.

    The measurement is for inspection, and for laws that do not depend on the load of the machine.
    """
    blocks = GuiBlocks()
    for name in _USER_EVENTS:
        monkeypatch.setattr(QtBot, name, staticmethod(_timed(getattr(QtBot, name), blocks)))
    listener = listen(qapp, blocks)
    yield blocks
    qapp.removeEventFilter(listener)
    dispatcher = QAbstractEventDispatcher.instance()
    dispatcher.aboutToBlock.disconnect(blocks.end)
    dispatcher.awake.disconnect(blocks.end)


def _timed(send, blocks: GuiBlocks):
    """Return the function `send` with its call recorded as one block.

    The function sends a user's event, which QTest delivers without the event loop.
    """

    def timed(*arguments, **options):
        blocks.drop()
        blocks.begin(send.__name__)
        send(*arguments, **options)
        blocks.end()

    return timed
