"""Playback of the estimates while images are still loading."""

from __future__ import annotations

import pytest

from app.viewmodels.compare.gallery import EstimateKey, ResultKey
from app.viewmodels.results.timeline_player import TimelinePlayer
from app.viewmodels.run.timeline import TimelineState, with_next_position, with_playback_toggled
from app.viewmodels.state_view_model import StateViewModel

ESTIMATES = ("first", "second", "third")  # playback uses only their number


class Timeline(StateViewModel[TimelineState]):
    """A test double of the timeline's view model, with three estimates and a result."""

    def __init__(self) -> None:
        super().__init__(TimelineState(ESTIMATES, has_result=True))

    def toggle_playback(self) -> None:
        self._set_state(with_playback_toggled(self.state))

    def advance_playback(self) -> None:
        self._set_state(with_next_position(self.state))


class Presenter:
    """A test double of the image presenter that counts how often `is_waiting` is read."""

    def __init__(self) -> None:
        self.shown: list[EstimateKey | ResultKey] = []
        self.questions = 0
        self.is_loading = False

    @property
    def is_waiting(self) -> bool:
        self.questions += 1
        return self.is_loading

    def show(self, key) -> None:
        self.shown.append(key)


@pytest.fixture
def timeline():
    return Timeline()


@pytest.fixture
def presenter():
    return Presenter()


@pytest.fixture
def player(timeline, presenter):
    player = TimelinePlayer(timeline, presenter, play_interval_ms=1)
    yield player
    player.stop()


@pytest.mark.usefixtures("player")
def test_every_estimate_is_shown_once_and_then_the_result(qtbot, timeline, presenter):
    timeline.toggle_playback()
    qtbot.waitUntil(lambda: not timeline.state.is_playing)
    assert presenter.shown == [EstimateKey(1), EstimateKey(2), EstimateKey(3), ResultKey()]


@pytest.mark.usefixtures("player")
def test_an_image_that_is_still_loaded_is_waited_for(qtbot, timeline, presenter):
    presenter.is_loading = True
    timeline.toggle_playback()
    qtbot.waitUntil(lambda: presenter.questions >= 3)
    assert presenter.shown == [EstimateKey(1)]
    presenter.is_loading = False
    qtbot.waitUntil(lambda: not timeline.state.is_playing)
    assert presenter.shown[-1] == ResultKey()
