"""An endless stream of patches of photographs, decoded ahead of use by worker threads.

Patch n depends on the seed only, not on the number of workers or on earlier patches. A continued
run therefore asks for its next patch number.
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

from ddrm_core.errors import UnreadableFile
from ddrm_core.formats.unsupported_format import UnsupportedImage
from ddrm_core.training.photographs.dataset import Photograph, PhotographPixels
from ddrm_core.training.seeded_random import RandomPurpose, create_generator

_CROPS_PER_PHOTOGRAPH = 8  # per decoded photograph, to spread the cost of decoding
_PHOTOGRAPHS_PER_MIXTURE = 64  # photographs whose crops are shuffled together
_MIN_SCALE = 0.5  # photographs are reduced to at least this share of their short side,
_MIN_SHORT_SIDE = 256  # or to at least this many pixels if that is less
_MIXTURES_AHEAD = 2  # mixtures that are decoded before they are needed

Patches = UInt8[NDArray[np.uint8], "n s s 3"]


@dataclass(slots=True)
class PatchSource:
    """The source of random training patches, read by the index of a photograph.

    Photographs follow each other in an endless random order, which depends on the seed only.

    Attributes:
        photographs: At least one photograph, each with a short side of at least `patch_side`.
        patch_side: Side of a patch in pixels.
        seed: Seed of all random choices.
        refused_paths: Damaged files found so far, for which other photographs are used.
    """

    photographs: Sequence[Photograph]
    patch_side: int
    seed: int
    refused_paths: set[Path] = field(default_factory=set)

    def read_crops(self, index: int) -> Patches:
        """Return random patches from the photograph at position `index` of the endless order.

        The photograph is reduced by a random factor. Each patch is mirrored half of the time.

        Raises:
            UnsupportedImage: If none of the photographs can be read.
        """
        count = len(self.photographs)
        order = create_generator(
            self.seed, RandomPurpose.PHOTOGRAPH_ORDER, index // count
        ).permutation(count)
        for position in np.roll(order, -(index % count)):
            photograph = self.photographs[position]
            try:
                return self._crop_photograph(photograph, index)
            except (UnsupportedImage, UnreadableFile):
                self.refused_paths.add(photograph.path)
        raise UnsupportedImage(self.photographs[0].path)

    def _crop_photograph(self, photograph: Photograph, index: int) -> Patches:
        rng = create_generator(self.seed, RandomPurpose.CROPS, index)
        max_short_side = photograph.max_short_side
        min_short_side = max(
            self.patch_side, min(round(max_short_side * _MIN_SCALE), _MIN_SHORT_SIDE)
        )
        # Half of the time photographs keep their largest size: every reduction blurs slightly.
        reduced_side = exp(
            rng.uniform(log(min(min_short_side, max_short_side)), log(max_short_side))
        )
        pixels = photograph.read_pixels(
            max_short_side if rng.random() < 0.5 else round(reduced_side)
        )
        crops = np.empty((_CROPS_PER_PHOTOGRAPH, self.patch_side, self.patch_side, 3), np.uint8)
        for crop in crops:
            crop[:] = self._draw_crop(pixels, rng)
        return crops

    def _draw_crop(
        self, pixels: PhotographPixels, rng: np.random.Generator
    ) -> UInt8[NDArray[np.uint8], "s s 3"]:
        top, left = (rng.integers(length - self.patch_side + 1) for length in pixels.shape[:2])
        crop = pixels[top : top + self.patch_side, left : left + self.patch_side]
        return crop[:, ::-1] if rng.random() < 0.5 else crop


@contextmanager
def open_patch_batches(
    source: PatchSource, *, first_patch: int, batch_size: int, worker_count: int
) -> Iterator[Iterator[Patches]]:
    """Provide an endless iterator over batches of patches, decoded by worker threads.

    The threads are stopped at the end of the with statement.

    Args:
        source: Source of the patches.
        first_patch: Number of the first patch in the stream of all patches.
        batch_size: Number of patches per batch.
        worker_count: Number of threads.
    """
    with ThreadPoolExecutor(worker_count, "decode", _lower_thread_priority) as pool:
        try:
            yield _iter_batches(source, pool, first_patch=first_patch, batch_size=batch_size)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def default_worker_count() -> int:
    """Return the default number of decoding threads: half of the processors, at least 1."""
    return max(1, (os.cpu_count() or 1) // 2)


def _iter_batches(
    source: PatchSource, pool: ThreadPoolExecutor, *, first_patch: int, batch_size: int
) -> Iterator[Patches]:
    mixture_index, skipped_patches = divmod(
        first_patch, _PHOTOGRAPHS_PER_MIXTURE * _CROPS_PER_PHOTOGRAPH
    )
    pending_mixtures: deque[list[Future[Patches]]] = deque()
    ready_patches = np.empty((0, source.patch_side, source.patch_side, 3), np.uint8)
    while True:
        while len(ready_patches) < batch_size:
            while len(pending_mixtures) <= _MIXTURES_AHEAD:
                first_photograph = (
                    mixture_index + len(pending_mixtures)
                ) * _PHOTOGRAPHS_PER_MIXTURE
                numbers = range(first_photograph, first_photograph + _PHOTOGRAPHS_PER_MIXTURE)
                pending_mixtures.append(
                    [pool.submit(source.read_crops, number) for number in numbers]
                )
            mixed = np.concatenate([future.result() for future in pending_mixtures.popleft()])
            order = create_generator(source.seed, RandomPurpose.MIXING, mixture_index).permutation(
                len(mixed)
            )
            ready_patches = np.concatenate([ready_patches, mixed[order][skipped_patches:]])
            mixture_index, skipped_patches = mixture_index + 1, 0
        yield ready_patches[:batch_size]
        ready_patches = ready_patches[batch_size:]


def _lower_thread_priority() -> None:
    """Lower the priority of the current thread, which decodes photographs, on Linux.

    Training has precedence, because patches are decoded long before they are needed.
    """
    if sys.platform == "linux":  # elsewhere, a priority applies to the whole process
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)
