from __future__ import annotations

from dataclasses import replace

import pytest

from app.jobs.document.open import open_document
from app.jobs.worker import Outcome
from app.viewmodels.document.recompression import (
    HistoryViewModel,
    Looked,
    LookFailed,
    NotLooked,
    after_look,
    assumable,
)
from ddrm_core.jpeg.recompression import Earlier, earlier_in_jpeg
from tests.support.window_fixtures import settle

EARLIER = Earlier(20, 3, 5, "4:2:0", 0.9)


def test_ends():
    error = ValueError()
    assert after_look(Outcome(EARLIER, None)) == Looked(EARLIER)
    assert after_look(Outcome(None, None)) == Looked(None)
    assert after_look(Outcome(None, error)) == LookFailed(error)
    with pytest.raises(TypeError):
        after_look(Outcome("something", None))


def test_a_damaged_file_keeps_its_grid(photo, cut):
    whole = open_document(photo).source
    damaged = open_document(cut, tolerate_damage=True).source
    same_grid = replace(EARLIER, left=0, top=0)
    assert assumable(whole, EARLIER)
    assert not assumable(damaged, EARLIER)
    assert assumable(damaged, same_grid)


def test_an_earlier_compression_is_found(qtbot, runner, twice):
    model = HistoryViewModel(runner)
    image = open_document(twice).source
    model.look(image)
    assert model.state == NotLooked()
    qtbot.waitUntil(lambda: isinstance(model.state, Looked), timeout=20000)
    assert model.state.earlier == earlier_in_jpeg(image)
    assert (model.state.earlier.left, model.state.earlier.top) == (3, 5)


def test_a_finding_of_another_file_is_dropped(qtbot, runner, twice, photo):
    model = HistoryViewModel(runner)
    states = []
    model.state_changed.connect(states.append)
    model.look(open_document(twice).source)
    model.look(open_document(photo).source)
    qtbot.waitUntil(lambda: isinstance(model.state, Looked), timeout=20000)
    assert states == [Looked(None)]


def test_what_is_forgotten_does_not_come_back(qtbot, runner, photo):
    model = HistoryViewModel(runner)
    model.look(open_document(photo).source)
    model.forget()
    settle(qtbot, runner)
    assert model.state == NotLooked()
