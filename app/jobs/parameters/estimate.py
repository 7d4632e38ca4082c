"""Finding out how long a run would take, and how much memory."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from app.jobs.run.prior_cache import Engine
from app.jobs.run.restore import wanted_of
from app.jobs.run.restore_request import RestoreRequest
from app.jobs.run.result import Restored
from ddrm_core.cancel import CancelToken
from ddrm_core.jpeg.image import JpegImage

# Functions below import what needs torch when they run, for the reason given in `Engine`.
if TYPE_CHECKING:
    from ddrm_core.performance.estimate import Memory, Pace, Work
    from ddrm_core.problems.protocols import Measured
    from ddrm_core.restoration.run import Run

_Key = tuple[str, str, str, str, bool]


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a run would take.

    Attributes:
        seconds: Wall time.
        work: What it would do.
        memory: At its peak.
        from_run: Whether its pace is that of an earlier run and not of a step that was timed.
    """

    seconds: float
    work: Work
    memory: Memory
    from_run: bool


class Paces:
    """How fast priors are with different settings, as far as that is known. Thread-safe."""

    def __init__(self) -> None:
        self._known: dict[_Key, tuple[Pace, bool]] = {}
        self._lock = Lock()

    def find(self, run: Run[Measured]) -> tuple[Pace, bool] | None:
        """And whether a whole run has shown it."""
        with self._lock:
            return self._known.get(_key(run))

    def note(self, run: Run[Measured], pace: Pace, *, from_run: bool) -> None:
        """What was found out last counts."""
        with self._lock:
            self._known[_key(run)] = (pace, from_run)


def _key(run: Run[Measured]) -> _Key:
    """What makes a difference of more than a few per cent."""
    from ddrm_core.restoration.executor import turns_views

    prior = run.prior
    return (
        prior.info.sha256,
        str(prior.device),
        str(prior.precision),
        run.settings.correction.value,
        turns_views(run),
    )


def forecasting(
    engine: Engine, paces: Paces, request: RestoreRequest, token: CancelToken
) -> Generator[None, None, Forecast | None]:
    """Time a step where no pace is known; None where the prior would have to be loaded for that.

    Only the bundled one, which is small, is loaded.

    Raises:
        Cancelled: `token` was cancelled.
        UnknownDevice, BadPrior, UnreadableFile, NoRoomForPrior, PriorNotHere, OutOfMemory: As
            `run_for`; the run itself would say so.
    """
    from ddrm_core.device.execution_limits import USUAL_LIMITS
    from ddrm_core.performance.estimate import memory_of, stand_in, time_steps, work_of
    from ddrm_core.restoration.run import make_run

    yield from ()
    if request.prior is not None and not engine.has(request.device, request.prior):
        return None
    source = request.source
    prior = engine.prior(request.device, request.prior)
    token.raise_if_cancelled()
    # What is assumed of a compression takes long to work out, and changes the work by nothing.
    image = source
    if not isinstance(image, JpegImage):
        image = stand_in(source.path, source.size, len(image.picture))
    run = make_run(
        image,
        prior,
        request.settings,
        seed=request.seed,
        region=request.region,
        limits=engine.limits or USUAL_LIMITS,
    )
    work, memory = work_of(run), memory_of(run, wanted_of(run))
    known = paces.find(run)
    if known is None:
        known = (time_steps(run, token), False)
        paces.note(run, known[0], from_run=False)
    pace, from_run = known
    return Forecast(work.seconds(pace), work, memory, from_run)


def learning(paces: Paces, restored: Restored) -> None:
    """Note the pace of a run that has ended."""
    from ddrm_core.performance.estimate import Pace, work_of

    restoration = restored.restoration
    if restoration.complete and not restoration.fallbacks:
        pixels = work_of(restoration.run).pixels
        paces.note(restoration.run, Pace(restoration.seconds / pixels), from_run=True)
