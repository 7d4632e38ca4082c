"""How long a run will take and how much memory, before it begins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import inf
from pathlib import Path
from types import MappingProxyType

import numpy as np

from ddrm_core.cancel import CancelToken
from ddrm_core.device.execution_limits import Means, means_on
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.jpeg.assumed_levels import CHROMA_SAMPLING_FACTORS
from ddrm_core.jpeg.header import Component
from ddrm_core.jpeg.image import JpegImage, QualitySource
from ddrm_core.jpeg.quality_factor import create_standard_tables
from ddrm_core.metadata.model import NO_METADATA
from ddrm_core.performance.device_peaks import finish_on, time_after
from ddrm_core.prior.memory_check import bytes_of_window, free_bytes
from ddrm_core.problems.protocols import Measured
from ddrm_core.restoration.executor import Wanted, turns_views
from ddrm_core.restoration.restore import restore
from ddrm_core.restoration.run import Run, parts_of
from ddrm_core.tiling.plan import Tile

# Of the picture's middle, that is timed: as many pixels as a batch that fills a CPU.
_TIMED_SIDE = 384
_TIMED_STEPS = 3
_USUAL_SAMPLING, _USUAL_QUALITY = "4:2:0", 50
_COLOURS = MappingProxyType({1: "grey", 3: "YCbCr", 4: "CMYK"})
_FLOAT = 4
MEAN_ONLY = Wanted(spread=False)
# What libraries keep besides, between a small picture's run and a large one's.
_BESIDES = 48 << 20


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a prior is with some settings on some device.

    Attributes:
        seconds_per_pixel: That the network sees, everything else that goes on included.
    """

    seconds_per_pixel: float


@dataclass(frozen=True, slots=True)
class Work:
    """What a run will do, exactly.

    Attributes:
        parts: That the picture is sampled in, one after another.
        evaluations: Of the prior per part, steps times samples.
        pixels: That the network sees in all: windows with their margins, every evaluation, black
            ink as a picture of its own.
    """

    parts: int
    evaluations: int
    pixels: int

    def seconds(self, pace: Pace) -> float:
        return self.pixels * pace.seconds_per_pixel


@dataclass(frozen=True, slots=True)
class Memory:
    """What a run will take.

    Attributes:
        needed: Bytes at its peak, besides what is taken already.
        free: Bytes that can be had; None where nobody says.
    """

    needed: int
    free: int | None

    @property
    def suffices(self) -> bool:
        """Whether it takes on all that it would at once; else it takes less at a time."""
        return self.free is None or self.needed <= self.free


def work_of(run: Run[Measured]) -> Work:
    """What a run will do where memory suffices."""
    tiles = parts_of(run)
    means = _means_of(run, tiles)
    seen = sum(
        window.outer.pixels * pictures
        for tile in tiles
        for pictures, windows in _calls(run, tile, means)
        for window in windows
    )
    settings = run.settings
    return Work(len(tiles), settings.evaluations, seen * settings.steps)


def memory_of(run: Run[Measured], wanted: Wanted = MEAN_ONLY) -> Memory:
    """What a run will take at its peak, modelled; docs/SAMPLER.md has how well that fits.

    Args:
        run: What is to be done; its prior is loaded.
        wanted: What it is to keep.
    """
    tiles = parts_of(run)
    means = _means_of(run, tiles)
    largest = max(tiles, key=lambda tile: tile.outer.pixels)
    settings, channels = run.settings, run.problem.channels
    batch = min(means.samples, settings.samples)
    kept = min(wanted.samples, settings.samples)
    spread = int(wanted.spread and settings.samples > 1)
    # Decoded; noisy and estimated; what the estimate was before; mean and the next mean.
    pictures = 1 + 2 * batch + (batch if settings.momentum else 0) + 2 + spread + kept
    # Levels are as many as samples of all components at most; what is changed is held twice.
    part = _FLOAT * channels * largest.outer.pixels * (pictures + 2)
    place = run.place
    result = _FLOAT * run.image.channels * place.pixels * (1 + spread + kept)
    window = max(
        pictures * _window_bytes(run, window.outer)
        for pictures, windows in _calls(run, largest, means)
        for window in windows
    )
    on_device = part + window
    device = run.prior.device
    if device.type == "cpu":
        return Memory(on_device + result + _BESIDES, free_bytes(device))
    return Memory(on_device + _BESIDES, free_bytes(device))


def timing_run(run: Run[Measured]) -> Run[Measured]:
    """A short run like `run`, on the middle of its picture: three evaluations of one sample."""
    place = run.place
    width, height = min(place.width, _TIMED_SIDE), min(place.height, _TIMED_SIDE)
    middle = Rectangle(
        place.left + (place.width - width) // 2,
        place.top + (place.height - height) // 2,
        width,
        height,
    )
    settings = replace(run.settings, steps=_TIMED_STEPS, samples=1)
    return replace(run, settings=settings, region=middle)


def time_steps(run: Run[Measured], token: CancelToken) -> Pace:
    """Time a step of `run` on a small part of its picture.

    The first one, which also does what is done only once, is not timed, and of the others the
    quicker one counts: the other may have met a shape that its libraries had not seen.

    Raises:
        Cancelled: `token` was cancelled.
        OutOfMemory: Not even that fits.
    """
    short = timing_run(run)
    finish = finish_on(run.prior.device)
    steps = restore(short, token, MEAN_ONLY)
    try:
        next(steps)
        seconds = inf
        for _ in range(_TIMED_STEPS - 1):
            began = time_after(finish)
            next(steps)
            seconds = min(seconds, time_after(finish) - began)
    finally:
        steps.close()
    work = work_of(short)
    return Pace(seconds * work.evaluations / work.pixels)


def _means_of(run: Run[Measured], tiles: tuple[Tile, ...]) -> Means:
    """What a run begins with."""
    largest = max(tile.outer.pixels for tile in tiles)
    fixed = run.prior.tiling.side is not None
    return means_on(run.prior.device, largest, fixed_windows=fixed, limits=run.limits)


def _calls(run: Run[Measured], tile: Tile, means: Means) -> Iterator[tuple[int, tuple[Tile, ...]]]:
    """Of one step of a part: how many pictures go into the network at once, and in which windows.

    A picture is a triple of channels.
    """
    triples, samples = run.problem.channels // 3, run.settings.samples
    size = Rectangle(0, 0, tile.outer.width, tile.outer.height)
    for begin in range(0, samples, means.samples):
        batch = min(means.samples, samples - begin)
        # Turned views differ from sample to sample, so each is evaluated alone.
        calls, together = (batch, triples) if turns_views(run) else (1, batch * triples)
        windows = run.prior.tiling.windows(size, means.window_pixels // together)
        for _ in range(calls):
            yield together, windows


def _window_bytes(run: Run[Measured], window: Rectangle) -> int:
    multiple = run.prior.info.size_multiple
    side = window.outward(multiple, multiple)
    prior = run.prior
    return bytes_of_window(prior.network, prior.precision, prior.device, side.height, side.width)


def stand_in(path: Path, size: tuple[int, int], channels: int) -> JpegImage:
    """A JPEG with nothing in it, for forecasts of pictures whose levels are not known yet.

    Args:
        path: Of the picture.
        size: Its width and height in pixels.
        channels: 1 grey, 3 RGB, 4 CMYK.
    """
    horizontal, vertical = CHROMA_SAMPLING_FACTORS[_USUAL_SAMPLING] if channels == 3 else (1, 1)
    components = tuple(
        Component(i, horizontal, vertical, 0) if i == 0 else Component(i, 1, 1, 0)
        for i in range(channels)
    )
    levels = []
    for component in components:
        columns = -(-size[0] * component.horizontal_factor // (8 * horizontal))
        rows = -(-size[1] * component.vertical_factor // (8 * vertical))
        # One number that takes no more memory, however large the picture is.
        levels.append(np.broadcast_to(np.int16(0), (rows, columns, 8, 8)))
    return JpegImage(
        path,
        *size,
        _COLOURS[channels],
        components,
        tuple(levels),
        create_standard_tables(_USUAL_QUALITY, [False] * channels),
        NO_METADATA,
        None,
        QualitySource.ASSUMED,
    )
