"""Runs and keys of the stories about saving."""

from __future__ import annotations

from PySide6.QtCore import Qt

from app.jobs.export.save import SavedFile
from app.viewmodels.document.document import DocumentOpened
from app.viewmodels.run.run import ResultReady
from tests.support.history_stories import CONTROL, SHIFT


def open_and_restore(qtbot, window, path):
    """Open a file, restore it in one step, and return the options beside Save."""
    window.open_paths([path])
    qtbot.waitUntil(
        lambda: isinstance(window.view_models.document.state, DocumentOpened), timeout=5000
    )
    window.view_models.parameters.set_steps(1)
    window.view_models.parameters.set_samples(1)
    window.action_set.restore.trigger()
    qtbot.waitUntil(lambda: isinstance(window.view_models.run.state, ResultReady), timeout=20000)
    return window.side_panel.save_options


def save_as(qtbot, window, kind=SavedFile):
    """Press the key for Save as, and wait until the state of saving is of a type."""
    qtbot.keyClick(window, Qt.Key.Key_S, CONTROL | SHIFT)
    qtbot.waitUntil(lambda: isinstance(window.view_models.saving.state, kind), timeout=10000)
