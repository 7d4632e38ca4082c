"""The session log of the window, and the reports of crashed sessions."""

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

_LOG_FILE_NAME, _MAX_LOG_BYTES, _BACKUP_COUNT = "window.log", 512 << 10, 3
_CRASH_FILE_NAME = "crash-{pid}.txt"
_LOGGING_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}

_log = logging.getLogger(__name__)
_qt_log = logging.getLogger("Qt")


class _ElapsedTimeFormatter(logging.Formatter):
    """A log formatter that provides the field `elapsed`.

    The field is the time since logging was imported, in seconds.
    """

    def format(self, record: logging.LogRecord) -> str:
        record.elapsed = f"{record.relativeCreated / 1000:9.3f}"
        return super().format(record)


class _FaultHandler(logging.Handler):
    """A log handler that reports the class name of each logged exception to a function."""

    def __init__(self, report_fault: Callable[[str], None]) -> None:
        super().__init__(logging.ERROR)
        self._report_fault = report_fault

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info and record.exc_info[0] is not None:
            self._report_fault(record.exc_info[0].__name__)


class SessionLog(QObject):
    """A log file for log records, unexpected exceptions, Qt's messages and crashes.

    Signals:
        fault_logged: An unexpected exception was logged. arg1: name of the exception's class.
    """

    fault_logged = Signal(str)

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._crash_path = folder / _CRASH_FILE_NAME.format(pid=os.getpid())
        self._handlers: list[logging.Handler] = []
        self._crash_file: TextIO | None = None

    def start(self) -> None:
        """Create the log file; install hooks for unexpected exceptions, Qt's messages and crashes.

        If the folder is not writable, a warning is logged and no log file is written.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            file = RotatingFileHandler(
                self._folder / _LOG_FILE_NAME,
                maxBytes=_MAX_LOG_BYTES,
                backupCount=_BACKUP_COUNT,
                encoding="utf-8",
                errors="backslashreplace",
            )
            self._crash_file = self._crash_path.open("w", encoding="utf-8")
        except OSError as error:
            _log.warning("cannot write a log file: %s", error.strerror)
            return
        log_format = "%(asctime)s %(elapsed)s s %(levelname)s %(threadName)s %(name)s: %(message)s"
        file.setFormatter(_ElapsedTimeFormatter(log_format))
        self._handlers = [file, _FaultHandler(self.fault_logged.emit)]
        root = logging.getLogger()
        root.setLevel(min(root.level, logging.INFO))
        root.addHandler(self._handlers[0])
        _log.addHandler(self._handlers[1])
        faulthandler.enable(self._crash_file)
        sys.excepthook = _on_exception
        threading.excepthook = _on_thread_exception
        qInstallMessageHandler(_on_qt_message)
        _log.info("session started")

    def stop(self) -> None:
        """Close the log file, remove the hooks, and delete this session's empty crash report."""
        if self._crash_file is None:
            return
        _log.info("session ended")
        qInstallMessageHandler(None)
        sys.excepthook, threading.excepthook = sys.__excepthook__, threading.__excepthook__
        faulthandler.disable()
        for handler in self._handlers:
            for log in (logging.getLogger(), _log):
                log.removeHandler(handler)
            handler.close()
        self._crash_file.close()
        self._crash_file = None
        self._crash_path.unlink(missing_ok=True)


def collect_crash_reports(folder: Path) -> str:
    """Return the text of all crash reports in `folder`, and delete their files.

    The text is empty if no session crashed. Reports of sessions that are still running are left
    alone. The report of a killed session is empty.
    """
    reports = []
    for path in sorted(folder.glob(_CRASH_FILE_NAME.format(pid="*"))):
        pid = path.stem.partition("-")[2]
        if not pid.isdecimal() or (int(pid) != os.getpid() and psutil.pid_exists(int(pid))):
            continue
        if int(pid) != os.getpid():
            reports.append(_read_tail(path))
            path.unlink(missing_ok=True)
    return "\n".join(filter(None, reports))


def read_last_lines(folder: Path, max_lines: int) -> str:
    """Return the last lines of the session log, at most `max_lines`."""
    lines: deque[str] = deque(maxlen=max_lines)
    for path in (folder / f"{_LOG_FILE_NAME}.1", folder / _LOG_FILE_NAME):
        lines.extend(_read_tail(path).splitlines())
    return "\n".join(lines)


def _read_tail(path: Path) -> str:
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            size = path.stat().st_size
            if size > _MAX_LOG_BYTES:
                file.seek(size - _MAX_LOG_BYTES)
            return file.read()[-_MAX_LOG_BYTES:]
    except OSError:
        return ""


def _on_exception(
    exception_type: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    _log.error("unexpected failure", exc_info=(exception_type, error, trace))


def _on_thread_exception(hook_args: threading.ExceptHookArgs) -> None:
    if hook_args.exc_value is not None:
        _on_exception(hook_args.exc_type, hook_args.exc_value, hook_args.exc_traceback)


def _on_qt_message(message_type: QtMsgType, _context: QMessageLogContext, text: str) -> None:
    _qt_log.log(_LOGGING_LEVELS[message_type], text)
