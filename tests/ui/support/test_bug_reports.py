"""Bug reports after an unexpected error or a crash."""

from __future__ import annotations

import getpass
import logging
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.support.session_log import SessionLog
from tests.support.history_stories import click
from tests.support.window_fixtures import settle


@pytest.fixture
def journal(window, tmp_path):
    """Yield a started session log whose signals are connected with the window."""
    journal = SessionLog(tmp_path / "log")
    journal.start()
    journal.fault_logged.connect(window.support_controller.show_unexpected_error)
    yield journal
    journal.stop()


def saved(qtbot, window, path):
    qtbot.waitUntil(
        lambda: window.message_bar.title_label.text() == f"Saved {path.name}", timeout=5000
    )
    return path.read_text("utf-8")


@pytest.mark.usefixtures("journal")
def test_an_unexpected_failure_is_said_once_in_plain_words_and_reported(
    qtbot, open_photo, answers, photo, tmp_path, monkeypatch
):
    window = open_photo
    answers.to_report = tmp_path / "report.txt"

    def fail(*_, **__):
        raise ZeroDivisionError(f"in {photo}")

    monkeypatch.setattr("app.jobs.run.restore.create_run_from_request", fail)
    window.action_set.restore.trigger()
    said = "Unexpected ZeroDivisionError: in "
    qtbot.waitUntil(lambda: window.message_bar.title_label.text().startswith(said), timeout=20000)
    assert window.message_bar.action_button.text() == "Save report…"
    click(qtbot, window.message_bar.action_button)
    told = saved(qtbot, window, answers.to_report)
    assert "ZeroDivisionError" in told
    assert "restore.py" in told
    assert photo.name not in told
    assert photo.stem not in told
    assert str(Path.home()) not in told
    assert getpass.getuser() not in told.lower().split()
    click(qtbot, window.message_bar.action_button)
    assert answers.asked[-1] == tmp_path


def test_diagnostics_are_collected_from_the_menu(qtbot, open_photo, answers, photo, tmp_path):
    answers.to_report = tmp_path / "report.txt"
    open_photo.action_set.support.save_bug_report.trigger()
    told = saved(qtbot, open_photo, answers.to_report)
    assert answers.asked[-1].name == "ddrm-restore-report.txt"
    for word in ("torch", "offscreen", "Device: cpu", "window/folder = <file>"):
        assert word in told
    assert photo.stem not in told


def test_not_saving_a_report_writes_nothing(window, answers, tmp_path):
    before = set(tmp_path.iterdir())
    window.action_set.support.save_bug_report.trigger()
    assert answers.asked
    assert set(tmp_path.iterdir()) == before


def test_a_report_that_cannot_be_written_is_said(qtbot, window, answers, tmp_path):
    answers.to_report = tmp_path / "no such folder" / "report.txt"
    window.action_set.support.save_bug_report.trigger()
    qtbot.waitUntil(
        lambda: window.message_bar.title_label.text().startswith("Cannot write"), timeout=5000
    )


def test_a_crash_of_the_last_session_is_offered_to_be_reported(qtbot, window, answers, tmp_path):
    (tmp_path / "log").mkdir()
    (tmp_path / "log" / "crash-4194305.txt").write_text("Fatal Python error: Segmentation fault")
    window.view_models.bug_report.check_for_crash()
    said = "The program crashed the last time"
    qtbot.waitUntil(lambda: window.message_bar.title_label.text() == said, timeout=5000)
    answers.to_report = tmp_path / "report.txt"
    click(qtbot, window.message_bar.action_button)
    assert "Segmentation fault" in saved(qtbot, window, answers.to_report)


def test_a_first_start_says_nothing_of_crashes(qtbot, window, runners):
    window.view_models.bug_report.check_for_crash()
    window.view_models.recent_files.check_missing_files()
    settle(qtbot, *runners)
    assert not window.message_bar.isVisible()


def test_a_fault_in_no_part_of_the_window_is_said_too(qtbot, journal, window, answers, tmp_path):
    sys.excepthook(KeyError, KeyError("x"), None)
    said = "Something went wrong in the program (KeyError)"
    qtbot.waitUntil(lambda: window.message_bar.title_label.text() == said)
    answers.to_report = tmp_path / "report.txt"
    click(qtbot, window.message_bar.action_button)
    assert "KeyError" in saved(qtbot, window, answers.to_report)
    assert journal is not None


def test_what_is_logged_without_an_error_is_not_told_the_user(qtbot, journal, window):
    faults = []
    journal.fault_logged.connect(faults.append)
    logging.getLogger("app.support.session_log").error("a disk is full")
    QApplication.processEvents()
    assert not window.message_bar.isVisible()
    sys.excepthook(KeyError, KeyError("x"), None)
    qtbot.waitUntil(window.message_bar.isVisible)
    assert faults == ["KeyError"]
