"""Execution limits fall in steps after a lack of memory."""

from __future__ import annotations

from itertools import pairwise

import pytest
import torch

from ddrm_core.device.execution_limits import ExecutionLimits, MemoryFallback, choose_initial_limits

CPU, CUDA = torch.device("cpu"), torch.device("cuda")


def ladder(means: ExecutionLimits, pixels: int) -> list[ExecutionLimits]:
    """Reduce limits until no fallback is left; return all limits, beginning with `means`.

    Each attempt has images of `pixels` pixels and as many samples as the limits allow, at most 30.
    """
    rungs = [means]
    while (
        less := rungs[-1].reduce(image_pixels=pixels, tried_samples=min(rungs[-1].max_samples, 30))
    ) is not None:
        rungs.append(less)
    return rungs


@pytest.mark.parametrize("device", [CPU, CUDA])
@pytest.mark.parametrize("pixels", [100, 300_000, 12_000_000])
def test_it_goes_down_and_ends(device, pixels):
    rungs = ladder(choose_initial_limits(device, pixels), pixels)
    assert len(rungs) < 20
    for before, after in pairwise(rungs):
        moved = after.device != before.device
        assert (
            moved
            or after.max_network_tile_pixels < before.max_network_tile_pixels
            or after.max_samples < before.max_samples
        )
    assert rungs[-1].device == CPU
    assert rungs[-1].max_samples == 1
    assert min(rungs[-1].max_network_tile_pixels, pixels) <= 1 << 18


def test_windows_then_samples_then_the_cpu_each_said_once():
    rungs = ladder(choose_initial_limits(CUDA, 300_000), 300_000)
    assert rungs[-1].fallbacks == (
        MemoryFallback.SMALLER_TILES,
        MemoryFallback.FEWER_SAMPLES,
        MemoryFallback.CPU,
    )
    kinds = [len(rung.fallbacks) for rung in rungs]
    assert kinds == sorted(kinds)


def test_small_pictures_have_no_smaller_windows():
    less = choose_initial_limits(CPU, 384).reduce(image_pixels=384, tried_samples=4)
    assert less is not None
    assert (less.max_samples, less.fallbacks) == (2, (MemoryFallback.FEWER_SAMPLES,))


def test_windows_of_one_size_stay():
    rungs = ladder(choose_initial_limits(CUDA, 300_000, has_fixed_tile_size=True), 300_000)
    assert rungs[-1].fallbacks == (MemoryFallback.FEWER_SAMPLES, MemoryFallback.CPU)
    assert len({rung.max_network_tile_pixels for rung in rungs if rung.device == CUDA}) == 1
