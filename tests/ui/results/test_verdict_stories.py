"""The verdict on a result, seen and used with the mouse."""

from __future__ import annotations

import pytest

from app.viewmodels.compare.compare import CompareMode
from app.viewmodels.run.run import ResultReady
from ddrm_core.sampler.settings import Preset
from tests.support.history_stories import click


@pytest.fixture
def restored(qtbot, open_photo):
    """Return a window with a finished result of two samples."""
    window = open_photo
    window.view_models.parameters.apply_preset(Preset.FAST)
    window.view_models.parameters.set_samples(2)
    window.action_set.restore.trigger()
    qtbot.waitUntil(lambda: isinstance(window.view_models.run.state, ResultReady))
    return window


def test_the_verdict_contradicts_no_figure(qtbot, restored):
    """Defect 19: a share of 100.00 % was followed by values outside and by 99.99 %."""
    panel = restored.side_panel.result_panel
    assert panel.verdict_view.title_label.text() == "Faithful to your file\N{NO-BREAK SPACE}✓"
    assert not panel.adjustments.fact_table.isVisible()
    click(qtbot, panel.adjustments.details_section.header)
    fact_table = panel.adjustments.fact_table
    qtbot.waitUntil(lambda: not fact_table.visibleRegion().isEmpty())
    assert panel.adjustments.fact_table.value_text("Before rounding").startswith("all ")
    assert "values differ" in panel.adjustments.rounding_label.text()
    click(qtbot, panel.adjustments.sixteen_bits_button)
    assert restored.view_models.saving.options.state.bits == 16


def test_uncertain_areas_are_one_click_away(qtbot, restored):
    click(qtbot, restored.side_panel.result_panel.verdict_view.uncertain_areas_button)
    assert restored.view_models.compare.state.mode is CompareMode.SPREAD
    assert restored.action_set.view.spread.isChecked()
