"""The log of the window's sessions, and what a crash leaves behind."""

from __future__ import annotations

import faulthandler
import logging
import os
import sys
import threading
from collections import deque
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import TextIO

import psutil
from PySide6.QtCore import QMessageLogContext, QObject, QtMsgType, Signal, qInstallMessageHandler

_NAME, _MOST_BYTES, _FORMER = "window.log", 512 << 10, 3
_CRASH = "crash-{pid}.txt"
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}

_log = logging.getLogger(__name__)
_qt_log = logging.getLogger("Qt")


class _Elapsed(logging.Formatter):
    """Date, seconds since the start, level, thread and words of each record."""

    def format(self, record: logging.LogRecord) -> str:
        record.elapsed = f"{record.relativeCreated / 1000:9.3f}"
        return super().format(record)


class _Faults(logging.Handler):
    """Passes on that something unexpected was caught here, where nobody else tells of it."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        super().__init__(logging.ERROR)
        self._tell = tell

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info and record.exc_info[0] is not None:
            self._tell(record.exc_info[0].__name__)


class Journal(QObject):
    """Writes what happens to a file, from `begin` to `end`.

    Signals:
        fault: Something unexpected happened, and was written. arg1: the kind of error.
    """

    fault = Signal(str)

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._crash = folder / _CRASH.format(pid=os.getpid())
        self._handlers: list[logging.Handler] = []
        self._crash_file: TextIO | None = None

    def begin(self) -> None:
        """Log, and have unexpected errors of every thread, Qt's words and crashes logged.

        Where the folder cannot be written to, the window goes on without a log.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            file = RotatingFileHandler(
                self._folder / _NAME,
                maxBytes=_MOST_BYTES,
                backupCount=_FORMER,
                encoding="utf-8",
                errors="backslashreplace",
            )
            self._crash_file = self._crash.open("w", encoding="utf-8")
        except OSError as error:
            _log.warning("no log is kept: %s", error.strerror)
            return
        form = "%(asctime)s %(elapsed)s s %(levelname)s %(threadName)s %(name)s: %(message)s"
        file.setFormatter(_Elapsed(form))
        self._handlers = [file, _Faults(self.fault.emit)]
        root = logging.getLogger()
        root.setLevel(min(root.level, logging.INFO))
        root.addHandler(self._handlers[0])
        _log.addHandler(self._handlers[1])
        faulthandler.enable(self._crash_file)
        sys.excepthook = _on_exception
        threading.excepthook = _on_thread_exception
        qInstallMessageHandler(_on_qt_message)
        _log.info("begun")

    def end(self) -> None:
        """The session is over as it should be: nothing is left of a crash."""
        if self._crash_file is None:
            return
        _log.info("ended")
        qInstallMessageHandler(None)
        sys.excepthook, threading.excepthook = sys.__excepthook__, threading.__excepthook__
        faulthandler.disable()
        for handler in self._handlers:
            for log in (logging.getLogger(), _log):
                log.removeHandler(handler)
            handler.close()
        self._crash_file.close()
        self._crash_file = None
        self._crash.unlink(missing_ok=True)


def take_crashes(folder: Path) -> str:
    """What sessions that crashed have left, which is deleted; empty where none did.

    Sessions that go on are left alone. One that was killed leaves nothing to tell.
    """
    told = []
    for path in sorted(folder.glob(_CRASH.format(pid="*"))):
        pid = path.stem.partition("-")[2]
        if not pid.isdecimal() or (int(pid) != os.getpid() and psutil.pid_exists(int(pid))):
            continue
        if int(pid) != os.getpid():
            told.append(_read(path))
            path.unlink(missing_ok=True)
    return "\n".join(filter(None, told))


def last_lines(folder: Path, most: int) -> str:
    """The latest lines of the log, at most so many."""
    lines: deque[str] = deque(maxlen=most)
    for path in (folder / f"{_NAME}.1", folder / _NAME):
        lines.extend(_read(path).splitlines())
    return "\n".join(lines)


def _read(path: Path) -> str:
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            size = path.stat().st_size
            if size > _MOST_BYTES:
                file.seek(size - _MOST_BYTES)
            return file.read()[-_MOST_BYTES:]
    except OSError:
        return ""


def _on_exception(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    _log.error("unexpected failure", exc_info=(kind, error, trace))


def _on_thread_exception(raised: threading.ExceptHookArgs) -> None:
    if raised.exc_value is not None:
        _on_exception(raised.exc_type, raised.exc_value, raised.exc_traceback)


def _on_qt_message(kind: QtMsgType, _context: QMessageLogContext, words: str) -> None:
    _qt_log.log(_LEVELS[kind], words)
