"""States of a run for tests of values that depend on the state."""

from __future__ import annotations

from types import SimpleNamespace

from app.imaging.mipmap_image import MipmapImage
from app.jobs.run.restore import StepEstimate
from app.viewmodels.run.run import ResultReady, RunStopped
from ddrm_core.imaging.rectangle import Rectangle
from tests.support.results import result

PICTURE = MipmapImage(())
STOPPED = RunStopped(
    StepEstimate(run=None, step=SimpleNamespace(evaluations_done=3), elapsed_seconds=1.0),
    image=PICTURE,
    total_evaluations=20,
)


def done() -> ResultReady:
    """Return the state of the run view model after a run of the whole image."""
    return ResultReady(result(seconds=61.2))


def part_done() -> ResultReady:
    """Return the state of the run view model after a run of a region."""
    return ResultReady(result(seconds=61.2, region=Rectangle(1, 2, 3, 4)))
