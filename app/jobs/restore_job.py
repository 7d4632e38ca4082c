"""What a restoration does on the worker thread."""

from __future__ import annotations

import time
from collections.abc import Generator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.convert import Overlay, Pyramid, overlay, pyramid
from app.display import Display, display_for
from app.jobs.engine import Engine
from app.jobs.request import RestoreRequest, run_for
from ddrm_core.cancel import CancelToken
from ddrm_core.errors import NoRoomForPrior
from ddrm_core.rectangle import Rectangle

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
    """

    estimate: Estimate
    picture: Pyramid | None


@dataclass(frozen=True, slots=True, eq=False)
class Restored:
    """A result, ready to be shown.

    Attributes:
        restoration: The result itself.
        sharpness: Of what is shown: from the mean of the samples (0) to the first of them (1).
        picture: For the screen: the whole picture, as decoded where only a region was restored.
        exact: Consistency of what is shown, before rounding and clipping.
        rounded: The same as 8-bit pixels.
        map: How far those are from their bins in grey levels, 0 inside: a value for each 8x8
            pixels as stored, the worst of all components. Empty where no block is wholly restored.
        overlay: The same for the screen, None where it is empty.
        canvas: Where the result was put into the picture, and another can be.
    """

    restoration: Restoration[Measured]
    sharpness: float
    picture: Pyramid
    exact: Consistency
    rounded: Consistency
    map: NDArray[np.float32]
    overlay: Overlay | None
    canvas: Canvas


class Canvas:
    """The whole picture's pixels as stored, of which a run restores one place after another."""

    def __init__(self, run: Run[Measured]) -> None:
        self._run = run
        self._pixels: NDArray[np.uint8] | None = None

    def with_place(self, pixels: NDArray[np.uint8], place: Rectangle) -> NDArray[np.uint8]:
        """All pixels once a place has these; what no place covered is as decoded."""
        whole = Rectangle(0, 0, *self._run.image.size)
        if place == whole:
            self._pixels = None  # nothing of it will be seen any more
            return pixels
        if self._pixels is None:
            self._pixels = _decoded(self._run)
        self._pixels[place.seen_from(whole)] = pixels
        return self._pixels


def _decoded(run: Run[Measured]) -> NDArray[np.uint8]:
    """What a decoder shows, part by part."""
    from ddrm_core.image import rounded
    from ddrm_core.run import parts_of, place_of

    run = replace(run, region=None)
    whole = run.place
    shape = (whole.height, whole.width, run.image.channels)
    pixels = np.empty(shape if run.image.channels > 1 else shape[:2], np.uint8)
    for tile in parts_of(run):
        part, place = run.problem.part(tile.outer), place_of(run, tile)
        pixels[place.seen_from(whole)] = rounded(part.shown(part.decoded, place))
    return pixels


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
        Cancelled, OutOfMemory: See `ddrm_core.restore.restore`.
    """
    from ddrm_core.image import rounded
    from ddrm_core.restore import restore
    from ddrm_core.sampling import Wanted

    run = run_for(engine, request)
    display, canvas = display_for(run.image.metadata, run.image.channels), Canvas(run)
    began, due, place = time.monotonic(), float("-inf"), None
    first = 1 if run.settings.samples > 1 else 0  # the sharp end of what can be chosen then
    steps = restore(run, token, Wanted(spread=False, samples=first))
    while True:
        try:
            step = next(steps)
        except StopIteration as stop:
            return _restored(stop.value, 0.0, canvas)
        picture, now = None, time.monotonic()
        # The last that is shown of a part stays until the end.
        if now >= due or step.place != place or step.step == step.steps:
            pixels = canvas.with_place(rounded(step.picture()), step.place)
            if now >= due:
                picture = pyramid(display.shown(pixels))
                made = time.monotonic()
                due = max(now + _PICTURE_INTERVAL_S, made + _RUN_PER_PICTURE * (made - now))
        place = step.place
        yield Progress(Estimate(run, step, now - began), picture)


def keep(estimate: Estimate) -> Restored:
    """The result of a run that was stopped there."""
    from ddrm_core.restore import keep_estimate

    restoration = keep_estimate(estimate.run, estimate.step, seconds=estimate.seconds)
    return _restored(restoration, 0.0, Canvas(estimate.run))


def sharpening(
    restored: Restored, sharpness: float, token: CancelToken
) -> Generator[None, None, Restored]:
    """The same result at another place between safest (0) and sharpest (1).

    Raises:
        Cancelled: Another place was asked for meanwhile.
    """
    yield from ()
    return _restored(restored.restoration, sharpness, restored.canvas, token)


def _restored(
    restoration: Restoration[Measured],
    sharpness: float,
    canvas: Canvas,
    token: CancelToken | None = None,
) -> Restored:
    from ddrm_core.image import EIGHT_BITS, rounded

    token = token or CancelToken()
    run, result = restoration.run, restoration.at(sharpness)
    # The core has measured the mean; after `paper` another picture may agree less than that.
    exact = restoration.consistency
    if sharpness:
        exact = run.problem.verify(result, run.region).consistency
        token.raise_if_cancelled()
    proof = run.problem.verify(result, run.region, bits=EIGHT_BITS)
    token.raise_if_cancelled()
    consistency, distances = proof.consistency, proof.map.numpy()
    distances = np.where(distances <= consistency.slack, np.float32(0), distances)
    display = display_for(run.image.metadata, run.image.channels)
    shown = pyramid(display.shown(canvas.with_place(rounded(result), run.place)))
    tints = _overlay(distances, proof.corner, run.image, display)
    return Restored(
        restoration, sharpness, shown, exact, consistency, distances, overlay=tints, canvas=canvas
    )


def _overlay(
    distances: NDArray[np.float32], corner: tuple[int, int], image: Measured, display: Display
) -> Overlay | None:
    if not distances.size:
        return None
    rows, columns = distances.shape
    size = (8 * columns, 8 * rows)
    left, top = display.upright_corner(corner, size, image.size)
    return overlay(display.upright(distances), left=left, top=top)
