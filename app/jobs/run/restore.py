"""What a restoration does on the worker thread."""

from __future__ import annotations

import time
from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import psutil
from numpy.typing import NDArray

from app.imaging.color_management import display_for
from app.imaging.pyramid import Pyramid, pyramid
from app.jobs.run.estimate_recorder import Film, Frame
from app.jobs.run.prior_cache import Engine
from app.jobs.run.restore_request import RestoreRequest, run_for
from app.jobs.run.result import Canvas, Restored, finished, restored_from
from ddrm_core.cancel import CancelToken
from ddrm_core.errors import NoRoomForPrior

# Functions below import what needs torch when they run, for the reason given in `Engine`.
if TYPE_CHECKING:
    from ddrm_core.problems.protocols import Measured
    from ddrm_core.restoration.executor import Wanted
    from ddrm_core.restoration.run import Run
    from ddrm_core.restoration.step import Step

# More pictures a second are not seen, and each costs the run its conversion: after one that took
# a second, as those of tens of megapixels do, the run has four for itself.
_PICTURE_INTERVAL_S = 1 / 15
_RUN_PER_PICTURE = 4
# Of the free memory, for all samples of a run: what samples them has to have room, too.
_SAMPLES_SHARE = 1 / 5


@dataclass(frozen=True, slots=True, eq=False)
class Estimate:
    """A run as it stood after one step, enough to make a result of it.

    Attributes:
        run: The run.
        step: Its latest step.
        seconds: Since it began.
    """

    run: Run[Measured]
    step: Step
    seconds: float


@dataclass(frozen=True, slots=True)
class LoadingPrior:
    """A run is not under way yet: its prior is being loaded.

    Attributes:
        name: Of the prior.
    """

    name: str


@dataclass(frozen=True, slots=True)
class PriorLoaded:
    """It is.

    Attributes:
        instead: Why it is on the CPU where another device would have been taken, else None.
    """

    instead: NoRoomForPrior | None


@dataclass(frozen=True, slots=True, eq=False)
class Progress:
    """How far a run is.

    Attributes:
        estimate: Where it stands.
        picture: The best picture so far, None where one was sent a moment ago.
        frames: Those of its estimates that are kept.
    """

    estimate: Estimate
    picture: Pyramid | None
    frames: tuple[Frame, ...] = ()


def loading_and_restoring(
    engine: Engine, request: RestoreRequest, token: CancelToken
) -> Generator[LoadingPrior | PriorLoaded | Progress, None, Restored]:
    """Load the prior where it is another one than before, saying so, then restore.

    Raises as `restoring`.
    """
    if not engine.has(request.device, request.prior):
        yield LoadingPrior(request.prior or engine.bundled_name)
        engine.prior(request.device, request.prior)
        yield PriorLoaded(engine.instead())
    return (yield from restoring(engine, request, token))


def restoring(
    engine: Engine, request: RestoreRequest, token: CancelToken
) -> Generator[Progress, None, Restored]:
    """Restore, reporting every step, with pictures in a fifth of the time, at most 15 a second.

    Raises:
        NoSignOfJpeg, NotQuantized, NotEightBits, InvalidSetting: See `run_for`.
        UnknownDevice, BadPrior, UnreadableFile, NoRoomForPrior, PriorNotHere: Likewise.
        Cancelled, OutOfMemory: See `ddrm_core.restoration.restore.restore`.
    """
    from ddrm_core.imaging.quantize_pixels import rounded
    from ddrm_core.restoration.restore import restore

    run = run_for(engine, request)
    display, canvas = display_for(run.image.metadata, run.image.channels), Canvas(run)
    film, cover = Film(run, engine.vault), _Cover(request.finished, run)
    began, due, place, passed = time.monotonic(), float("-inf"), None, 0
    steps = restore(run, token, wanted_of(run))
    while True:
        try:
            step = next(steps)
        except StopIteration as stop:
            return finished(stop.value, canvas, engine.vault)
        picture, now = None, time.monotonic()
        # The last that is shown of a part stays until the end.
        lasting = step.place != place or step.step == step.steps
        kept = request.pictures > 0 and film.wants(step)
        if now >= due or lasting or kept:
            there = rounded(step.picture())
            if kept:
                film.add(step, there, now - began)
            pixels = canvas.with_place(there, step.place)
            passed += now >= due
            if now >= due and _wanted_now(step, passed, request.pictures):
                pixels = cover.over(pixels)
                picture = pyramid(display.shown(pixels))
                made = time.monotonic()
                due = max(now + _PICTURE_INTERVAL_S, made + _RUN_PER_PICTURE * (made - now))
        place = step.place
        yield Progress(Estimate(run, step, now - began), picture, film.frames)


def _wanted_now(step: Step, passed: int, every: int) -> bool:
    """Whether a picture is wanted, the `passed`-th of those that could be had."""
    return step.done == step.total or (every > 0 and (passed - 1) % every == 0)


class _Cover:
    """A finished region, over the estimates of a run of the whole picture."""

    def __init__(self, finished: Restored | None, run: Run[Measured]) -> None:
        self._finished = finished
        self._whole = run.place
        self._pixels: NDArray[np.uint8] | None = None

    def over(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The picture's pixels with those of the region in their place; others stay as they are."""
        from ddrm_core.imaging.quantize_pixels import rounded

        finished = self._finished
        if finished is None:
            return pixels
        if self._pixels is None:
            self._pixels = rounded(finished.at(finished.sharpness, finished.sample))
        covered = pixels.copy()
        covered[finished.restoration.run.place.seen_from(self._whole)] = self._pixels
        return covered


def keep(estimate: Estimate) -> Restored:
    """The result of a run that was stopped there."""
    from ddrm_core.restoration.restore import keep_estimate

    restoration = keep_estimate(estimate.run, estimate.step, seconds=estimate.seconds)
    return restored_from(restoration, 0.0, Canvas(estimate.run))


def wanted_of(run: Run[Measured]) -> Wanted:
    """All that a fifth of the free memory holds, but the first sample in any case."""
    from ddrm_core.restoration.executor import Wanted

    count = run.settings.samples
    if count < 2:
        return Wanted(spread=False, samples=0)
    # As it is sampled, and as pixels.
    each = 2 * 4 * run.place.pixels * run.problem.channels
    fitting = int(psutil.virtual_memory().available * _SAMPLES_SHARE) // each
    return Wanted(samples=min(count, max(fitting, 1)))
