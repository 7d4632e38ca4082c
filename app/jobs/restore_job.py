"""What a restoration does on the worker thread."""

from __future__ import annotations

import time
from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.convert import Pyramid, pyramid
from app.jobs.engine import Engine
from ddrm_core.cancel import CancelToken
from ddrm_core.jpeg.measured import JpegImage
from ddrm_core.sampler.settings import SamplerSettings

# Functions below import what needs torch when they run, for the reason given in `Engine`.
if TYPE_CHECKING:
    from ddrm_core.metrics.consistency import Consistency
    from ddrm_core.restore import Restoration, Run, Step

# More pictures a second are not seen, and each costs the run its conversion.
_PICTURE_INTERVAL_S = 1 / 15


@dataclass(frozen=True, slots=True, eq=False)
class RestoreRequest:
    """Everything that one restoration will use.

    Attributes:
        image: The file.
        settings: Of the sampler.
        quality: Quality factor to assume, 1 to 100, or None to take the file's tables.
        seed: 0 to 2**63 - 1.
        device: A name that `choose_device` knows.
    """

    image: JpegImage
    settings: SamplerSettings
    quality: int | None
    seed: int
    device: str


@dataclass(frozen=True, slots=True, eq=False)
class Estimate:
    """A run as it stood after one step, enough to make a result of it.

    Attributes:
        run: The run.
        step: Its latest step.
        seconds: Since it began.
    """

    run: Run
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
    """

    restoration: Restoration
    picture: Pyramid
    rounded: Consistency


def restoring(
    engine: Engine, request: RestoreRequest, token: CancelToken
) -> Generator[Progress, None, Restored]:
    """Restore, reporting every step, with at most 15 pictures a second.

    Raises:
        UnknownDevice, BadPrior, UnreadableFile: The prior cannot be loaded there.
        InvalidSetting: The quality factor or seed is out of range.
        Cancelled, OutOfMemory: See `ddrm_core.restore.restore`.
    """
    from ddrm_core.image import rounded
    from ddrm_core.jpeg.assumed import assume_quality
    from ddrm_core.restore import make_run, restore, shown

    image = request.image
    if request.quality is not None:
        image = assume_quality(image, request.quality)
    run = make_run(image, engine.prior(request.device), request.settings, seed=request.seed)
    began, pictured = time.monotonic(), float("-inf")
    steps = restore(run, token)
    while True:
        try:
            step = next(steps)
        except StopIteration as stop:
            return _restored(stop.value)
        picture, now = None, time.monotonic()
        if now - pictured >= _PICTURE_INTERVAL_S:
            picture, pictured = pyramid(rounded(shown(run, step.mean()))), now
        yield Progress(Estimate(run, step, now - began), picture)


def keep(estimate: Estimate) -> Restored:
    """The result of a run that was stopped there."""
    from ddrm_core.restore import keep_estimate

    return _restored(keep_estimate(estimate.run, estimate.step, seconds=estimate.seconds))


def _restored(restoration: Restoration) -> Restored:
    from ddrm_core.image import rounded
    from ddrm_core.restore import consistency_as_saved

    picture = pyramid(rounded(restoration.picture))
    return Restored(restoration, picture, consistency_as_saved(restoration))
