from __future__ import annotations

import numpy as np
import pytest

from app.imaging.overlay import create_deviation_overlay
from app.viewmodels.run.labels import after_pane_label, overlay_pane_label, run_stopped_message
from app.viewmodels.run.run import NoRun, RunFailed, RunInProgress
from tests.support.run_states import PICTURE, STOPPED, done, part_done


@pytest.mark.parametrize(
    ("run", "label"),
    [
        (NoRun(), "After: not restored yet"),
        (RunFailed(ValueError()), "After: not restored yet"),
        (RunInProgress(9), "After: no step yet"),
        (RunInProgress(9, image=PICTURE), "After: intermediate result"),
        (STOPPED, "After: intermediate result"),
        (done, "After"),
        (part_done, "After: part restored, rest as decoded"),
    ],
    indirect=["run"],
)
def test_the_after_side_says_what_it_shows(run, label):
    assert after_pane_label(run) == label


@pytest.mark.parametrize(
    ("farthest", "label"),
    [
        (0.0, "After: faithful to your file"),
        (0.2, "After: no block off by over 0.5 gray levels"),
        (0.5, "After: no block off by over 0.5 gray levels"),
        (0.6, "After, deviations highlighted"),
    ],
)
def test_the_after_side_says_what_its_tints_mean(farthest, label):
    tints = create_deviation_overlay(np.array([[0.0, farthest]], np.float32), left=0, top=0)
    assert overlay_pane_label(tints) == label


def test_what_is_said_after_a_stop():
    assert run_stopped_message(STOPPED).title == "Stopped after 15 % of the run"
