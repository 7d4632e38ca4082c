"""What a restoration does on the worker thread."""

from __future__ import annotations

import time
from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.convert import Overlay, Pyramid, overlay, pyramid
from app.display import Display, display_for
from app.jobs.engine import Engine
from app.jobs.request import RestoreRequest, run_for
from ddrm_core.cancel import CancelToken
from ddrm_core.jpeg.measured import JpegImage

# Functions below import what needs torch when they run, for the reason given in `Engine`.
if TYPE_CHECKING:
    from ddrm_core.metrics.consistency import Consistency
    from ddrm_core.problem import Measured
    from ddrm_core.restore import Restoration
    from ddrm_core.run import Run
    from ddrm_core.step import Step

# More pictures a second are not seen, and each costs the run its conversion: after one that took
# a second, as those of tens of megapixels do, the run has four for itself.
_PICTURE_INTERVAL_S = 1 / 15
_RUN_PER_PICTURE = 4


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


@dataclass(frozen=True, slots=True, eq=False)
class Progress:
    """How far a run is.

    Attributes:
        estimate: Where it stands.
        picture: The best picture so far, None where one was sent a moment ago.
    """

    estimate: Estimate
    picture: Pyramid | None


@dataclass(frozen=True, slots=True, eq=False)
class Restored:
    """A result, ready to be shown.

    Attributes:
        restoration: The result itself.
        picture: For the screen.
        rounded: Consistency of the picture as 8-bit pixels.
        map: How far those are from their bins in grey levels, 0 inside: a value for each 8x8
            pixels as stored, the worst of all components.
        overlay: The same for the screen.
    """

    restoration: Restoration[Measured]
    picture: Pyramid
    rounded: Consistency
    map: NDArray[np.float32]
    overlay: Overlay


def restoring(
    engine: Engine, request: RestoreRequest, token: CancelToken
) -> Generator[Progress, None, Restored]:
    """Restore, reporting every step, with pictures in a fifth of the time, at most 15 a second.

    Raises:
        NoSignOfJpeg, NotQuantized, NotEightBits, InvalidSetting: See `run_for`.
        UnknownDevice, BadPrior, UnreadableFile: Likewise.
        Cancelled, OutOfMemory: See `ddrm_core.restore.restore`.
    """
    from ddrm_core.image import rounded
    from ddrm_core.restore import restore

    run = run_for(engine, request)
    display = display_for(run.image.metadata, run.image.channels)
    began, due = time.monotonic(), float("-inf")
    steps = restore(run, token)
    while True:
        try:
            step = next(steps)
        except StopIteration as stop:
            return _restored(stop.value, display)
        picture, now = None, time.monotonic()
        if now >= due:
            picture = pyramid(display.shown(rounded(step.picture())))
            made = time.monotonic()
            due = max(now + _PICTURE_INTERVAL_S, made + _RUN_PER_PICTURE * (made - now))
        yield Progress(Estimate(run, step, now - began), picture)


def keep(estimate: Estimate) -> Restored:
    """The result of a run that was stopped there."""
    from ddrm_core.restore import keep_estimate

    run = estimate.run
    restoration = keep_estimate(run, estimate.step, seconds=estimate.seconds)
    return _restored(restoration, display_for(run.image.metadata, run.image.channels))


def _restored(restoration: Restoration[Measured], display: Display) -> Restored:
    from ddrm_core.image import EIGHT_BITS, rounded
    from ddrm_core.restore import verify_as_saved

    proof = verify_as_saved(restoration, bits=EIGHT_BITS)
    consistency, distances = proof.consistency, proof.map.numpy()
    inside = distances <= consistency.slack
    distances = np.where(inside, np.float32(0), distances)
    return Restored(
        restoration,
        pyramid(display.shown(rounded(restoration.picture))),
        consistency,
        distances,
        _overlay(distances, restoration.run.image, display),
    )


def _overlay(distances: NDArray[np.float32], image: Measured, display: Display) -> Overlay:
    rows, columns = distances.shape
    # The blocks of a JPEG may begin outside the picture.
    corner = (-image.left, -image.top) if isinstance(image, JpegImage) else (0, 0)
    size = (8 * columns, 8 * rows)
    left, top = display.upright_corner(corner, size, image.size)
    return overlay(display.upright(distances), left=left, top=top)
