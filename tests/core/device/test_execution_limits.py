"""The way down where memory does not suffice."""

from __future__ import annotations

from itertools import pairwise

import pytest
import torch

from ddrm_core.device.execution_limits import Fallback, Means, means_on

CPU, CUDA = torch.device("cpu"), torch.device("cuda")


def ladder(means: Means, pixels: int) -> list[Means]:
    """Every rung, each tried with as many samples as it allows."""
    rungs = [means]
    while (less := rungs[-1].less(pixels=pixels, samples=min(rungs[-1].samples, 30))) is not None:
        rungs.append(less)
    return rungs


@pytest.mark.parametrize("device", [CPU, CUDA])
@pytest.mark.parametrize("pixels", [100, 300_000, 12_000_000])
def test_it_goes_down_and_ends(device, pixels):
    rungs = ladder(means_on(device, pixels), pixels)
    assert len(rungs) < 20
    for before, after in pairwise(rungs):
        moved = after.device != before.device
        assert moved or after.window_pixels < before.window_pixels or after.samples < before.samples
    assert rungs[-1].device == CPU
    assert rungs[-1].samples == 1
    assert min(rungs[-1].window_pixels, pixels) <= 1 << 18


def test_windows_then_samples_then_the_cpu_each_said_once():
    rungs = ladder(means_on(CUDA, 300_000), 300_000)
    assert rungs[-1].fallbacks == (Fallback.SMALLER_WINDOWS, Fallback.FEWER_SAMPLES, Fallback.CPU)
    kinds = [len(rung.fallbacks) for rung in rungs]
    assert kinds == sorted(kinds)


def test_small_pictures_have_no_smaller_windows():
    less = means_on(CPU, 384).less(pixels=384, samples=4)
    assert less is not None
    assert (less.samples, less.fallbacks) == (2, (Fallback.FEWER_SAMPLES,))


def test_windows_of_one_size_stay():
    rungs = ladder(means_on(CUDA, 300_000, fixed_windows=True), 300_000)
    assert rungs[-1].fallbacks == (Fallback.FEWER_SAMPLES, Fallback.CPU)
    assert len({rung.window_pixels for rung in rungs if rung.device == CUDA}) == 1
