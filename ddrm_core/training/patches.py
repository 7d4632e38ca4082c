"""An endless stream of patches of photographs, decoded by workers ahead of their use.

Patch n is the same whoever asks, however many workers there are and whatever was asked for before:
a run is continued by asking for the next one.
"""

from __future__ import annotations

import os
import sys
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import exp, log
from pathlib import Path

import numpy as np
from jaxtyping import UInt8
from numpy.typing import NDArray

from ddrm_core.errors import NotAPicture, UnreadableFile
from ddrm_core.training.dataset import Photograph, Pixels
from ddrm_core.training.seeded_random import Purpose, generator

_CROPS = 8  # of each decoded photograph: spreads the price of decoding
_MIXED = 64  # photographs whose crops are shuffled together
_SMALLEST_SHARE = 0.5  # photographs are reduced to no less than this of their short side, or to
_SMALLEST_SIDE = 256  # this many pixels where that is less
_AHEAD = 2  # mixtures that are begun before they are needed

Patches = UInt8[NDArray[np.uint8], "n s s 3"]


@dataclass(slots=True)
class PatchSource:
    """The stream, by place.

    Attributes:
        photographs: One or more, each with a short side of at least `side`.
        side: Of a patch, in pixels.
        seed: Of every choice.
        refused: Files that turned out to be damaged; others stood in for them.
    """

    photographs: Sequence[Photograph]
    side: int
    seed: int
    refused: set[Path] = field(default_factory=set)

    def crops(self, number: int) -> Patches:
        """Of the `number`-th photograph of the endless order, reduced, mirrored half the time.

        Raises:
            NotAPicture: Not one of the photographs can be read.
        """
        count = len(self.photographs)
        order = generator(self.seed, Purpose.ORDER, number // count).permutation(count)
        for place in np.roll(order, -(number % count)):
            photograph = self.photographs[place]
            try:
                return self._crops_of(photograph, number)
            except (NotAPicture, UnreadableFile):
                self.refused.add(photograph.path)
        raise NotAPicture(self.photographs[0].path)

    def _crops_of(self, photograph: Photograph, number: int) -> Patches:
        rng = generator(self.seed, Purpose.CROPS, number)
        largest = photograph.short_side
        smallest = max(self.side, min(round(largest * _SMALLEST_SHARE), _SMALLEST_SIDE))
        # Pictures are seen as large as they are half the time: every reduction blurs a little.
        reduced = exp(rng.uniform(log(min(smallest, largest)), log(largest)))
        pixels = photograph.pixels(largest if rng.random() < 0.5 else round(reduced))
        crops = np.empty((_CROPS, self.side, self.side, 3), np.uint8)
        for crop in crops:
            crop[:] = self._crop(pixels, rng)
        return crops

    def _crop(self, pixels: Pixels, rng: np.random.Generator) -> UInt8[NDArray[np.uint8], "s s 3"]:
        top, left = (rng.integers(length - self.side + 1) for length in pixels.shape[:2])
        crop = pixels[top : top + self.side, left : left + self.side]
        return crop[:, ::-1] if rng.random() < 0.5 else crop


@contextmanager
def batches(
    source: PatchSource, *, first: int, size: int, workers: int
) -> Iterator[Iterator[Patches]]:
    """Batches of `size` patches from the `first`-th of the stream on, without end.

    Leaving the context stops the workers.
    """
    with ThreadPoolExecutor(workers, "decode", _give_way) as pool:
        try:
            yield _batches(source, pool, first=first, size=size)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def default_workers() -> int:
    """Half of the processors: the other half waits for the network anyway."""
    return max(1, (os.cpu_count() or 1) // 2)


def _batches(
    source: PatchSource, pool: ThreadPoolExecutor, *, first: int, size: int
) -> Iterator[Patches]:
    mixture, skipped = divmod(first, _MIXED * _CROPS)
    waiting: deque[list[Future[Patches]]] = deque()
    ready = np.empty((0, source.side, source.side, 3), np.uint8)
    while True:
        while len(ready) < size:
            while len(waiting) <= _AHEAD:
                begun = (mixture + len(waiting)) * _MIXED
                numbers = range(begun, begun + _MIXED)
                waiting.append([pool.submit(source.crops, number) for number in numbers])
            mixed = np.concatenate([future.result() for future in waiting.popleft()])
            order = generator(source.seed, Purpose.MIXING, mixture).permutation(len(mixed))
            ready = np.concatenate([ready, mixed[order][skipped:]])
            mixture, skipped = mixture + 1, 0
        yield ready[:size]
        ready = ready[size:]


def _give_way() -> None:
    """Decoding is far ahead of its use; what waits for the network is the network."""
    if sys.platform == "linux":  # elsewhere a priority belongs to the whole process
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)
