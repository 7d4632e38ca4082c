"""Estimates of a run's time and memory before the run starts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import inf
from pathlib import Path
from types import MappingProxyType

import numpy as np

from ddrm_core.cancel import CancelToken
from ddrm_core.device.execution_limits import ExecutionLimits, choose_initial_limits
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.jpeg.header import CHROMA_SAMPLING_FACTORS, USUAL_CHROMA_SAMPLING, Component
from ddrm_core.jpeg.image import JpegImage, QualitySource
from ddrm_core.jpeg.quality_factor import create_standard_tables
from ddrm_core.metadata.model import NO_METADATA
from ddrm_core.performance.device_peaks import find_synchronizer, synchronized_time
from ddrm_core.prior.memory_check import compute_tile_bytes, find_free_bytes
from ddrm_core.problems.protocols import MeasuredImage
from ddrm_core.restoration.executor import OutputSelection, uses_dihedral_views
from ddrm_core.restoration.restore import restore
from ddrm_core.restoration.run import Run, compute_sampled_area, plan_sampled_tiles
from ddrm_core.tiling.plan import Tile

# Side of the timed center of the image: as many pixels as a batch that fills a CPU.
_TIMED_SIDE_PX = 384
_TIMED_STEPS = 3
_DEFAULT_QUALITY = 50
_COLOR_MODELS_BY_CHANNELS = MappingProxyType({1: "grey", 3: "YCbCr", 4: "CMYK"})
_BYTES_PER_FLOAT = 4
MEAN_ONLY_OUTPUT = OutputSelection(includes_spread=False)
# Memory of libraries that grows between a run of a small image and one of a large image.
_LIBRARY_OVERHEAD_BYTES = 48 << 20


@dataclass(frozen=True, slots=True)
class Throughput:
    """The speed at which a device evaluates a prior with given settings.

    Attributes:
        seconds_per_pixel: Wall time of a run per pixel that the network evaluates.
    """

    seconds_per_pixel: float


@dataclass(frozen=True, slots=True)
class Workload:
    """The amount of work of a run, exact if no memory fallback is needed.

    Attributes:
        tile_count: Number of tiles that are sampled one after another.
        evaluations: Number of evaluations of the prior per tile, steps times samples.
        network_pixels: Number of pixels that the network evaluates in all evaluations: tiles with
            their margins and the network's own borders; twice as many for CMYK, whose black is
            evaluated as a second image.
    """

    tile_count: int
    evaluations: int
    network_pixels: int

    def estimate_seconds(self, throughput: Throughput) -> float:
        return self.network_pixels * throughput.seconds_per_pixel


@dataclass(frozen=True, slots=True)
class MemoryRequirement:
    """The memory that a run needs, and the free memory of its device.

    Attributes:
        needed_bytes: Estimated peak in bytes of the memory that the run adds.
        free_bytes: Free memory in bytes; None if the system does not report it.
    """

    needed_bytes: int
    free_bytes: int | None

    @property
    def is_sufficient(self) -> bool:
        """Whether the run fits into the free memory without memory fallbacks."""
        return self.free_bytes is None or self.needed_bytes <= self.free_bytes


def compute_workload(run: Run[MeasuredImage]) -> Workload:
    """Return the amount of work of a run without memory fallbacks."""
    tiles = plan_sampled_tiles(run)
    execution_limits = _choose_run_limits(run, tiles)
    border = run.prior.network.border
    seen_pixels = sum(
        network_tile.outer.expanded(border).pixel_count * image_count
        for tile in tiles
        for image_count, network_tiles in _plan_network_calls(run, tile, execution_limits)
        for network_tile in network_tiles
    )
    settings = run.settings
    return Workload(len(tiles), settings.evaluation_count, seen_pixels * settings.steps)


def estimate_memory(
    run: Run[MeasuredImage], outputs: OutputSelection = MEAN_ONLY_OUTPUT
) -> MemoryRequirement:
    """Compute the expected peak memory of a run from the sizes of its tensors.

    docs/SAMPLER.md compares the model with measurements.

    Args:
        run: Run whose prior is loaded already.
        outputs: Outputs that the run keeps.
    """
    tiles = plan_sampled_tiles(run)
    execution_limits = _choose_run_limits(run, tiles)
    largest = max(tiles, key=lambda tile: tile.outer.pixel_count)
    settings, channels = run.settings, run.problem.channels
    batch = min(execution_limits.max_samples, settings.samples)
    kept_samples = min(outputs.sample_count, settings.samples)
    spread = int(outputs.includes_spread and settings.samples > 1)
    # Decoded image; noisy image and estimate per sample; previous estimate with momentum; mean and
    # next mean.
    image_count = 1 + 2 * batch + (batch if settings.momentum else 0) + 2 + spread + kept_samples
    # Levels are at most as many as samples of all components; a changed tensor is held twice.
    tile_bytes = _BYTES_PER_FLOAT * channels * largest.outer.pixel_count * (image_count + 2)
    region = run.output_region
    result_bytes = (
        _BYTES_PER_FLOAT * run.image.channels * region.pixel_count * (1 + spread + kept_samples)
    )
    network_tile_bytes = max(
        image_count * _compute_network_tile_bytes(run, network_tile.outer)
        for image_count, network_tiles in _plan_network_calls(run, largest, execution_limits)
        for network_tile in network_tiles
    )
    device_bytes = tile_bytes + network_tile_bytes
    device = run.prior.device
    if device.type == "cpu":
        return MemoryRequirement(
            device_bytes + result_bytes + _LIBRARY_OVERHEAD_BYTES, find_free_bytes(device)
        )
    return MemoryRequirement(device_bytes + _LIBRARY_OVERHEAD_BYTES, find_free_bytes(device))


def create_timing_run(run: Run[MeasuredImage]) -> Run[MeasuredImage]:
    """Create a short copy of `run`, by which the throughput of the prior is measured.

    The copy restores the center of the area that `run` samples, with three steps and one sample.
    """
    left, top = run.problem.image_origin
    region = compute_sampled_area(run).translated(-left, -top).intersection(run.output_region)
    width, height = min(region.width, _TIMED_SIDE_PX), min(region.height, _TIMED_SIDE_PX)
    center = Rectangle(
        region.left + (region.width - width) // 2,
        region.top + (region.height - height) // 2,
        width,
        height,
    )
    settings = replace(run.settings, steps=_TIMED_STEPS, samples=1)
    return replace(run, settings=settings, region=center)


def measure_throughput(run: Run[MeasuredImage], token: CancelToken) -> Throughput:
    """Measure the throughput of a run's prior on a small part of its image.

    Three steps are run. The first is not timed, because it includes one-time work. The faster of
    the other two counts, because either may include the libraries' preparation for a new tensor
    shape.

    Raises:
        OperationCancelled: If `token` was cancelled.
        OutOfMemory: If even this part of the image does not fit into memory.
    """
    short_run = create_timing_run(run)
    synchronize = find_synchronizer(run.prior.device)
    steps = restore(short_run, token, MEAN_ONLY_OUTPUT)
    try:
        next(steps)
        seconds = inf
        for _ in range(_TIMED_STEPS - 1):
            began = synchronized_time(synchronize)
            next(steps)
            seconds = min(seconds, synchronized_time(synchronize) - began)
    finally:
        steps.close()
    workload = compute_workload(short_run)
    return Throughput(seconds * workload.evaluations / workload.network_pixels)


def _choose_run_limits(run: Run[MeasuredImage], tiles: tuple[Tile, ...]) -> ExecutionLimits:
    """Return the execution limits with which a run starts, before any memory fallback."""
    largest = max(tile.outer.pixel_count for tile in tiles)
    has_fixed_tile_size = run.prior.tiling.fixed_side is not None
    return choose_initial_limits(
        run.prior.device, largest, has_fixed_tile_size=has_fixed_tile_size, pixel_limits=run.limits
    )


def _plan_network_calls(
    run: Run[MeasuredImage], tile: Tile, execution_limits: ExecutionLimits
) -> Iterator[tuple[int, tuple[Tile, ...]]]:
    """Yield the network's evaluations in one step of one sampled tile, over all samples.

    Each item is the number of images, triples of channels, that are evaluated at once, and the
    network tiles into which these images are cut.
    """
    triples, samples = run.problem.channels // 3, run.settings.samples
    tile_area = Rectangle(0, 0, tile.outer.width, tile.outer.height)
    for begin in range(0, samples, execution_limits.max_samples):
        batch = min(execution_limits.max_samples, samples - begin)
        # Dihedral transforms differ from sample to sample, so each sample is evaluated alone.
        call_count, images_per_call = (
            (batch, triples) if uses_dihedral_views(run) else (1, batch * triples)
        )
        network_tiles = run.prior.tiling.plan(
            tile_area, execution_limits.max_network_tile_pixels // images_per_call
        )
        for _ in range(call_count):
            yield images_per_call, network_tiles


def _compute_network_tile_bytes(run: Run[MeasuredImage], network_tile: Rectangle) -> int:
    multiple = run.prior.info.size_multiple
    padded = network_tile.aligned_outward(multiple, multiple)
    prior = run.prior
    return max(
        compute_tile_bytes(network, prior.precision, prior.device, padded.height, padded.width)
        for network in prior.networks
    )


def create_placeholder_image(path: Path, size: tuple[int, int], channels: int) -> JpegImage:
    """Create a JPEG whose levels are all zero, for cost estimates before a file is read.

    Args:
        path: Path of the file.
        size: Width and height of the image in pixels.
        channels: Number of channels: 1 gray, 3 RGB, 4 CMYK.
    """
    horizontal, vertical = (
        CHROMA_SAMPLING_FACTORS[USUAL_CHROMA_SAMPLING] if channels == 3 else (1, 1)
    )
    components = tuple(
        Component(i, horizontal, vertical, 0) if i == 0 else Component(i, 1, 1, 0)
        for i in range(channels)
    )
    levels = []
    for component in components:
        columns = -(-size[0] * component.horizontal_factor // (8 * horizontal))
        rows = -(-size[1] * component.vertical_factor // (8 * vertical))
        # One broadcast number, whose memory does not grow with the image.
        levels.append(np.broadcast_to(np.int16(0), (rows, columns, 8, 8)))
    return JpegImage(
        path,
        *size,
        _COLOR_MODELS_BY_CHANNELS[channels],
        components,
        tuple(levels),
        create_standard_tables(_DEFAULT_QUALITY, [False] * channels),
        NO_METADATA,
        None,
        QualitySource.ASSUMED,
    )
