"""The session log and the crash reports."""

from __future__ import annotations

import faulthandler
import logging
import re
import subprocess
import sys
import threading

import pytest
from PySide6.QtCore import qWarning

from app.support.session_log import SessionLog, collect_crash_reports, read_last_lines


@pytest.fixture
def journal(tmp_path):
    root = logging.getLogger()
    level = root.level
    journal = SessionLog(tmp_path / "log")
    journal.start()
    yield journal
    journal.stop()
    root.setLevel(level)
    faulthandler.enable(sys.__stderr__)  # restores the setting of the test run


@pytest.fixture
def told(journal):
    faults = []
    journal.fault_logged.connect(faults.append)
    return faults


@pytest.mark.usefixtures("journal")
def test_every_line_has_the_seconds_since_the_start(tmp_path):
    logging.getLogger("app").info("opened")
    lines = read_last_lines(tmp_path / "log", 10).splitlines()
    assert lines[-1].endswith(" INFO MainThread app: opened")
    assert all(re.match(r"\d{4}-\d\d-\d\d [\d:,]+ +\d+\.\d{3} s ", line) for line in lines)


def test_errors_of_every_thread_are_logged_and_told(qtbot, told, tmp_path):
    sys.excepthook(ZeroDivisionError, ZeroDivisionError("one"), None)

    def fail():
        raise KeyError("two")

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: len(told) == 2)
    assert told == ["ZeroDivisionError", "KeyError"]
    assert "two" in read_last_lines(tmp_path / "log", 50)


def test_failures_that_are_no_bugs_are_not_told(told, tmp_path):
    logging.getLogger("app").error("a disk is full")
    logging.getLogger("app.jobs").error("who failed says so", exc_info=ValueError("x"))
    assert told == []
    assert "a disk is full" in read_last_lines(tmp_path / "log", 50)


@pytest.mark.qt_no_exception_capture
@pytest.mark.usefixtures("journal")
def test_what_qt_says_is_logged(tmp_path):
    qWarning("an unknown property")
    assert "WARNING MainThread Qt: an unknown property" in read_last_lines(tmp_path / "log", 50)


@pytest.mark.usefixtures("journal")
def test_the_log_does_not_grow_for_ever(tmp_path):
    for _ in range(60):
        logging.getLogger("app").info("x" * 50_000)
    sizes = [path.stat().st_size for path in (tmp_path / "log").glob("window.log*")]
    assert len(sizes) == 4
    assert sum(sizes) < 2.5e6
    assert len(read_last_lines(tmp_path / "log", 7).splitlines()) == 7


def test_a_folder_that_takes_no_files_leaves_the_window_without_a_log(tmp_path):
    (tmp_path / "log").write_text("in the way")
    journal = SessionLog(tmp_path / "log")
    journal.start()
    journal.stop()
    assert read_last_lines(tmp_path / "log", 9) == ""


CRASHES = """
import sys
from pathlib import Path
from app.support.session_log import SessionLog
journal = SessionLog(Path(sys.argv[1]))
journal.start()
{end}
"""
ENDS = {
    "crash": "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)",
    "kill": "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
    "end": "journal.end()",
}


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("end", ENDS)
def test_the_next_start_knows_of_a_crash_once(tmp_path, end):
    subprocess.run([sys.executable, "-c", CRASHES.format(end=ENDS[end]), tmp_path], check=False)
    found = collect_crash_reports(tmp_path)
    assert ("Segmentation fault" in found) == (end == "crash")
    assert collect_crash_reports(tmp_path) == ""
    assert not list(tmp_path.glob("crash-*"))


@pytest.mark.usefixtures("journal")
def test_a_session_that_goes_on_has_not_crashed(tmp_path):
    assert collect_crash_reports(tmp_path / "log") == ""
    assert list((tmp_path / "log").glob("crash-*"))


def test_files_of_others_are_no_crashes_of_this_program(tmp_path):
    """The crash report of a running session is left alone, as is a file with a similar name."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        texts = {f"crash-{other.pid}.txt": "a session", "crash-of my car.txt": "a letter"}
        for name, text in texts.items():
            (tmp_path / name).write_text(text)
        assert collect_crash_reports(tmp_path) == ""
        assert {path.name: path.read_text() for path in tmp_path.iterdir()} == texts
        other.communicate(b"\n")
    assert collect_crash_reports(tmp_path) == "a session"
    assert [path.name for path in tmp_path.iterdir()] == ["crash-of my car.txt"]


@pytest.mark.parametrize("shift", [0, 1, 2], ids="begins after {} more bytes".format)
def test_of_a_long_crash_report_the_end_is_kept(tmp_path, shift):
    """The report is cut at a number of bytes, possibly inside a character of three bytes."""
    limit, end = 512 << 10, "\nCurrent thread: the last line"
    path = tmp_path / "crash-4194305.txt"
    path.write_text("x" * shift + "火" * limit + end, "utf-8")
    report = collect_crash_reports(tmp_path)
    assert report.endswith(f"火{end}")
    kept = report.lstrip("\ufffd")
    assert limit - 3 < len(kept.encode()) <= limit
    assert set(kept.removesuffix(end)) == {"火"}
    assert not path.exists()
