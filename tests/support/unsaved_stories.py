"""Runs, waits and keys of the stories about unsaved results."""

from __future__ import annotations

from PySide6.QtCore import Qt

from app.jobs.export.save import SavedFile
from tests.support.history_stories import CONTROL, until
from tests.support.scripted_denoiser import until_held


def runs_of(window):
    """Return the state of the window's run history."""
    return window.view_models.run_history.state


def kept(qtbot, window, count):
    """Wait until the run history has `count` past runs, all archived."""
    qtbot.waitUntil(
        lambda: len(runs_of(window).runs) == count and not runs_of(window).pending_runs,
        timeout=20000,
    )


def open_with_key(qtbot, window, answers, path):
    """Press the key for Open, choose a file in the dialog, and wait until it is open."""
    answers.to_open = path
    before = window.view_models.document.document
    qtbot.keyClick(window, Qt.Key.Key_O, CONTROL)
    qtbot.waitUntil(lambda: window.view_models.document.document is not before, timeout=20000)


def begin(qtbot, window, scripted):
    """Start a run of 20 steps of one sample, and wait until it is held after three steps."""
    window.view_models.parameters.set_steps(20)
    window.view_models.parameters.set_samples(1)
    scripted.hold_before(4)
    qtbot.keyClick(window, Qt.Key.Key_Return, CONTROL)
    until_held(qtbot, scripted, window.view_models.run)


def quit_with_key(qtbot, window):
    """Press the key that closes the window."""
    qtbot.keyClick(window, Qt.Key.Key_Q, CONTROL)


def save_with_key(qtbot, window, answers, path):
    """Press the key for Save, choose a path in the dialog, and wait until the file is saved."""
    answers.to_save = path
    qtbot.keyClick(window, Qt.Key.Key_S, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    until(qtbot, window.view_models.saving, SavedFile)
