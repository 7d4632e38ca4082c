"""States of a run for the tests of what follows from them."""

from __future__ import annotations

from types import SimpleNamespace

from app.imaging.pyramid import Pyramid
from app.jobs.run.restore import Estimate
from app.viewmodels.run.run import Done, Stopped
from ddrm_core.imaging.rectangle import Rectangle
from tests.support.results import result

PICTURE = Pyramid(())
STOPPED = Stopped(
    Estimate(run=None, step=SimpleNamespace(done=3), seconds=1.0), picture=PICTURE, total=20
)


def done() -> Done:
    """Return the state after a run of the whole picture."""
    return Done(result(seconds=61.2))


def part_done() -> Done:
    """Return the state after a run of a region."""
    return Done(result(seconds=61.2, region=Rectangle(1, 2, 3, 4)))
