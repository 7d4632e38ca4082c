from __future__ import annotations

from dataclasses import replace

import pytest

from app.jobs.document.open import open_document
from app.jobs.worker import JobOutcome
from app.viewmodels.document.recompression import (
    RecompressionChecked,
    RecompressionUnchecked,
    RecompressionViewModel,
    can_assume_compression,
    state_after_recompression_check,
)
from app.viewmodels.state_view_model import JobFailed
from ddrm_core.jpeg.recompression import PreviousCompression, detect_from_coefficients
from tests.support.window_fixtures import settle

EARLIER = PreviousCompression(20, 3, 5, "4:2:0", 0.9)


def test_ends():
    error = ValueError()
    assert state_after_recompression_check(JobOutcome(EARLIER, None)) == RecompressionChecked(
        EARLIER
    )
    assert state_after_recompression_check(JobOutcome(None, None)) == RecompressionChecked(None)
    assert state_after_recompression_check(JobOutcome(None, error)) == JobFailed(error)
    with pytest.raises(TypeError):
        state_after_recompression_check(JobOutcome("something", None))


def test_a_damaged_file_keeps_its_grid(photo, cut):
    whole = open_document(photo).source
    damaged = open_document(cut, tolerate_damage=True).source
    same_grid = replace(EARLIER, left=0, top=0)
    assert can_assume_compression(whole, EARLIER)
    assert not can_assume_compression(damaged, EARLIER)
    assert can_assume_compression(damaged, same_grid)


def test_an_earlier_compression_is_found(qtbot, runner, twice):
    model = RecompressionViewModel(runner)
    image = open_document(twice).source
    model.check(image)
    assert model.state == RecompressionUnchecked()
    qtbot.waitUntil(lambda: isinstance(model.state, RecompressionChecked), timeout=20000)
    assert model.state.previous_compression == detect_from_coefficients(image)
    assert (model.state.previous_compression.left, model.state.previous_compression.top) == (3, 5)


def test_a_finding_of_another_file_is_dropped(qtbot, runner, twice, photo):
    model = RecompressionViewModel(runner)
    states = []
    model.state_changed.connect(states.append)
    model.check(open_document(twice).source)
    model.check(open_document(photo).source)
    qtbot.waitUntil(lambda: isinstance(model.state, RecompressionChecked), timeout=20000)
    assert states == [RecompressionChecked(None)]


def test_what_is_forgotten_does_not_come_back(qtbot, runner, photo):
    model = RecompressionViewModel(runner)
    model.check(open_document(photo).source)
    model.reset()
    settle(qtbot, runner)
    assert model.state == RecompressionUnchecked()
