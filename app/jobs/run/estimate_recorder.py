"""The estimates of a run, kept as it goes on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from app.imaging.pyramid import Patch, Pyramid, pasted
from app.jobs.document.open import Document
from app.jobs.run.result import Canvas, Restored, restored_from
from app.jobs.storage.array_store import Kept, Vault
from ddrm_core.imaging.rectangle import Rectangle

# Functions below import what needs torch when they run, for the reason given in `Engine`.
if TYPE_CHECKING:
    from ddrm_core.device.execution_limits import Fallback
    from ddrm_core.problems.protocols import Measured, Picture
    from ddrm_core.restoration.run import Run
    from ddrm_core.restoration.step import Step
    from ddrm_core.verification.consistency import Consistency

MOST_FRAMES = 40
# Of what the vault has room for when a run begins: samples and results are to have the rest.
_ROOM_SHARE = 1 / 2


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One estimate of a run.

    Attributes:
        number: From 1, in the order of the run.
        run: The run.
        samples: Numbers of the samples that were in work, from 1.
        step: The step they had finished, from 1.
        steps: Steps per sample.
        done: Evaluations of the prior until then, counted per sample and part.
        total: In the whole run, counted likewise.
        seconds: Since the run began.
        place: What it shows, in the picture as stored.
        pixels: Of that place, 8 bits: (h, w) or (h, w, n).
        mean: What a result is made of; None where there was no room for it.
        before: See `Stand`.
        found: Likewise.
        fallbacks: Likewise.
    """

    number: int
    run: Run[Measured]
    samples: range
    step: int
    steps: int
    done: int
    total: int
    seconds: float
    place: Rectangle
    pixels: Kept
    mean: Kept | None
    before: Picture | None
    found: tuple[Consistency, ...]
    fallbacks: tuple[Fallback, ...]


class Film:
    """Keeps up to 40 estimates of a run, evenly spread over it, as far as there is room."""

    def __init__(self, run: Run[Measured], vault: Vault) -> None:
        self._run = run
        self._vault = vault
        self._last_slot = -1
        self._every: int | None = None
        self.frames: tuple[Frame, ...] = ()

    def wants(self, step: Step) -> bool:
        """Whether this step is one of those that are kept."""
        return _slot(step) > self._last_slot

    def add(self, step: Step, pixels: NDArray[np.uint8], seconds: float) -> None:
        """Keep it. `pixels` are those of its place, and nobody writes to them any more."""
        from ddrm_core.restoration.restore import Stand

        self._last_slot = _slot(step)
        stand = Stand.of(step)
        mean: NDArray[Any] = stand.mean.cpu().numpy()
        if self._every is None:
            self._every = self._spacing(step, mean.nbytes, pixels.nbytes)
        kept = self._vault.keep(pixels)
        if kept is None:
            return
        number = len(self.frames) + 1
        wanted = self._every > 0 and number % self._every == 0
        frame = Frame(
            number,
            self._run,
            step.samples,
            step.step,
            step.steps,
            step.done,
            step.total,
            seconds,
            step.place,
            kept,
            self._vault.keep(mean) if wanted else None,
            stand.before,
            stand.found,
            stand.fallbacks,
        )
        self.frames = (*self.frames, frame)

    def _spacing(self, step: Step, mean_bytes: int, pixel_bytes: int) -> int:
        """Every how many-th frame can become a result; 0 where none can."""
        count = min(MOST_FRAMES, -(-step.total // len(step.samples)))
        room = int(self._vault.room() * _ROOM_SHARE) - count * pixel_bytes
        return 0 if room < mean_bytes else -(-count * mean_bytes // room)


def _slot(step: Step) -> int:
    return (step.done - 1) * MOST_FRAMES // step.total


def fetch_frame(frame: Frame, document: Document) -> Pyramid:
    """The picture of a run as it stood then; parts that it had not come to are as decoded.

    Raises:
        UnreadableFile: See `Kept.array`.
    """
    from ddrm_core.imaging.quantize_pixels import rounded
    from ddrm_core.restoration.run import parts_of, place_of

    whole, before = frame.run.place, frame.before
    patch = partial(_patch, document)
    patches = [patch(frame.pixels.array(), frame.place)]
    if before is not None:
        for tile in parts_of(frame.run)[: len(frame.found)]:
            place = place_of(frame.run, tile)
            patches.append(patch(rounded(before[:, *place.seen_from(whole)]), place))
    return pasted(document.image, patches)


def _patch(document: Document, pixels: NDArray[np.uint8], place: Rectangle) -> Patch:
    corner, size = (place.left, place.top), (place.width, place.height)
    left, top = document.display.upright_corner(corner, size, document.source.size)
    return Patch(document.display.shown(pixels), left, top)


def keep_frame(frame: Frame) -> Restored:
    """A result of exactly that estimate.

    Raises:
        UnreadableFile: See `Kept.array`.
        OutOfMemory: See `keep_stand`.
    """
    import torch

    from ddrm_core.restoration.restore import Stand, keep_stand

    assert frame.mean is not None  # nothing else is offered
    mean = torch.from_numpy(frame.mean.array())
    stand = Stand(mean, frame.before, frame.found, frame.done, frame.fallbacks)
    restoration = keep_stand(frame.run, stand, seconds=frame.seconds)
    return restored_from(restoration, 0.0, Canvas(frame.run))
