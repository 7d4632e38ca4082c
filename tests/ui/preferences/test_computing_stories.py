"""Limits on cores and priority, set in the preferences."""

from __future__ import annotations

import os

import pytest
from PySide6.QtCore import Qt

from app.config.settings import ComputeSettings


@pytest.fixture
def form(qtbot, window):
    """Return the fields of the open preferences."""
    window.action_set.show_settings.trigger()
    page = window.preferences_controller.page
    qtbot.waitUntil(page.isVisible)
    return page.compute_form


def test_cores_and_priority_are_limited_and_reset(qtbot, window, store, form):
    compute_settings = window.view_models.compute_settings
    assert form.max_cores.text() == "All"
    qtbot.keyClick(form.max_cores, Qt.Key.Key_Up)
    assert store.value("computing/cores") == "1"
    assert form.max_cores.maximum() == os.cpu_count()
    qtbot.keyClick(form.low_priority, Qt.Key.Key_Space)
    qtbot.keyClick(form.quick_preview, Qt.Key.Key_Space)
    limited = ComputeSettings(quick_preview=False, max_cores=1, is_low_priority=True)
    assert compute_settings.state == limited
    assert not window.action_set.run.toggle_quick_preview.isChecked()
    page = window.preferences_controller.page
    qtbot.mouseClick(page.reset_button, Qt.MouseButton.LeftButton)
    assert compute_settings.state == ComputeSettings()
    assert form.max_cores.text() == "All"
    assert store.value("computing/low_priority") == "false"
    window.action_set.parameters.undo.trigger()
    assert compute_settings.state == limited
    assert store.value("computing/low_priority") == "true"
    window.action_set.parameters.redo.trigger()
    assert compute_settings.state == ComputeSettings()
