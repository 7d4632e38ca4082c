from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from app.imaging.overlay import overlay
from app.imaging.pyramid import Pyramid
from app.jobs.run.restore import Estimate
from app.viewmodels.run.labels import after_label, overlay_label, stopped_message
from app.viewmodels.run.run import Done, Failed, Idle, Running, RunState, Stopped
from ddrm_core.imaging.rectangle import Rectangle
from tests.support.results import result

PICTURE = Pyramid(())
STOPPED = Stopped(
    Estimate(run=None, step=SimpleNamespace(done=3), seconds=1.0), picture=PICTURE, total=20
)


def done() -> Done:
    return Done(result(seconds=61.2))


def part_done() -> Done:
    return Done(result(seconds=61.2, region=Rectangle(1, 2, 3, 4)))


@pytest.fixture
def run(request) -> RunState:
    """The state of the parameter, or what it makes."""
    return request.param() if callable(request.param) else request.param


@pytest.mark.parametrize(
    ("run", "label"),
    [
        (Idle(), "After: not restored yet"),
        (Failed(ValueError()), "After: not restored yet"),
        (Running(9), "After: no estimate yet"),
        (Running(9, picture=PICTURE), "After: estimate"),
        (STOPPED, "After: estimate"),
        (done, "After"),
        (part_done, "After: part restored, rest as decoded"),
    ],
    indirect=["run"],
)
def test_the_after_side_says_what_it_shows(run, label):
    assert after_label(run) == label


@pytest.mark.parametrize(
    ("farthest", "label"),
    [
        (0.0, "After: every level in its bin"),
        (0.2, "After: no block off by over 0.5 grey levels"),
        (0.5, "After: no block off by over 0.5 grey levels"),
        (0.6, "After: tinted where off by over 0.5 grey levels"),
    ],
)
def test_the_after_side_says_what_its_tints_mean(farthest, label):
    tints = overlay(np.array([[0.0, farthest]], np.float32), left=0, top=0)
    assert overlay_label(tints) == label


def test_what_is_said_after_a_stop():
    assert stopped_message(STOPPED).title == "Stopped after 3 of 20 evaluations"
