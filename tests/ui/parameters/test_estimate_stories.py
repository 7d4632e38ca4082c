"""The cost estimate, which is measured while the program is idle."""

from __future__ import annotations

from threading import Event

import pytest
from PySide6.QtCore import Qt

from app.viewmodels.run.run import ResultReady, RunInProgress
from ddrm_core.sampler.settings import Preset
from tests.support.panel_layers import show_expert_layer

CTRL = Qt.KeyboardModifier.ControlModifier


def until(qtbot, holds):
    qtbot.waitUntil(holds, timeout=20000)  # the machine may be busy with other work


def test_a_forecast_comes_by_itself_and_follows_the_choices(scripted, qtbot, open_photo):
    window = show_expert_layer(qtbot, open_photo)
    line, forecast = (
        window.side_panel.parameter_panel.cost_estimate_label,
        window.view_models.cost_estimate,
    )
    until(qtbot, lambda: forecast.state.cost_estimate is not None)
    assert line.isVisible()
    assert line.text().startswith("About ")
    assert line.text().endswith(" of memory")
    assert "timed" in line.toolTip()
    before = forecast.state.cost_estimate
    steps = window.view_models.parameters.state.settings.sampler.steps
    window.view_models.parameters.set_steps(10 * steps)
    assert forecast.state.cost_estimate is None  # the old estimate was for other settings
    until(qtbot, lambda: forecast.state.cost_estimate is not None)
    assert forecast.state.cost_estimate.seconds == pytest.approx(10 * before.seconds)
    assert scripted.evaluations == 0


def test_a_run_does_not_wait_for_a_forecast(qtbot, window, photo, monkeypatch):
    timed = Event()

    def endless(_run, token):
        timed.set()
        while True:
            token.raise_if_cancelled()

    monkeypatch.setattr("ddrm_core.performance.cost_estimate.measure_throughput", endless)
    window.view_models.parameters.apply_preset(Preset.FAST)
    window.open_paths([photo])
    forecast = window.view_models.cost_estimate
    until(qtbot, timed.is_set)
    assert forecast.state.is_estimating
    qtbot.keyClick(window, Qt.Key.Key_Return, CTRL)
    assert isinstance(window.view_models.run.state, RunInProgress)
    assert not forecast.state.is_estimating
    until(qtbot, lambda: isinstance(window.view_models.run.state, ResultReady))
    until(qtbot, lambda: forecast.state.cost_estimate is not None)
    assert forecast.state.cost_estimate.is_from_earlier_run
    assert "last run" in window.side_panel.parameter_panel.cost_estimate_label.toolTip()


def test_opening_another_file_gives_the_forecast_up(qtbot, open_photo, twice):
    window = open_photo
    forecast = window.view_models.cost_estimate
    until(qtbot, lambda: forecast.state.cost_estimate is not None)
    window.open_paths([twice])
    assert not forecast.state.is_estimating
    until(qtbot, lambda: window.view_models.document.document.source.path == twice)
    assert forecast.state.cost_estimate is None
    until(qtbot, lambda: forecast.state.cost_estimate is not None)
