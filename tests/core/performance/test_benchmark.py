"""The benchmark counts operations, evaluated pixels and time exactly."""

from __future__ import annotations

import math
import time
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
import torch
from torch import nn

from ddrm_core.cancel import CancelToken
from ddrm_core.device.execution_limits import PixelLimits
from ddrm_core.errors import InvalidSetting, OperationCancelled
from ddrm_core.performance.benchmark import (
    OTHER_SECTION,
    TIMED_SECTIONS,
    BenchmarkRecorder,
    create_benchmark_run,
    create_synthetic_image,
    warm_up_prior,
)
from ddrm_core.performance.device_peaks import (
    find_synchronizer,
    measure_peaks,
    synchronized_time,
)
from ddrm_core.prior.architectures.operation_count import count_convolutions, count_macs
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from ddrm_core.prior.checkpoint import load_prior
from ddrm_core.sampler.settings import SamplerSettings

CPU = torch.device("cpu")
ONE_STEP = SamplerSettings(steps=1, samples=1)


@pytest.fixture(autouse=True)
def small_matrices(monkeypatch):
    monkeypatch.setattr(
        "ddrm_core.performance.benchmark.measure_peaks", partial(measure_peaks, matrix_rows=64)
    )


def macs_by_hooks(network: nn.Module, height: int, width: int) -> int:
    """Return the multiply-accumulates of all convolutions in an evaluation, counted by hooks."""
    total = 0

    def count(module: nn.Module, inputs: tuple[torch.Tensor], output: torch.Tensor) -> None:
        nonlocal total
        assert isinstance(module, nn.Conv2d | nn.ConvTranspose2d)
        # Every output value of a convolution, and every input value of a transposed one, uses this
        # many weights.
        several = inputs[0] if isinstance(module, nn.ConvTranspose2d) else output
        total += several.numel() * module.weight[0].numel()

    found = [m for m in network.modules() if isinstance(m, nn.Conv2d | nn.ConvTranspose2d)]
    hooks = [module.register_forward_hook(count) for module in found]
    # With gradients: without gradients, blocks do not call their first convolution as a module.
    network(torch.zeros(1, 3, height, width), torch.zeros(1), lambda: None)
    for hook in hooks:
        hook.remove()
    return total


@pytest.mark.parametrize("which", ["tiny", "bundled"])
def test_multiply_accumulates_are_those_of_the_convolutions(which, tiny):
    prior = (
        tiny if which == "tiny" else load_prior(BUNDLED_PRIOR_PATH, CPU, precision=torch.float32)
    )
    by_hooks, macs = macs_by_hooks(prior.network, 24, 16), count_macs(prior.network, 24, 16)
    embedding = sum(m.weight.numel() for m in prior.network.modules() if isinstance(m, nn.Linear))
    assert macs == by_hooks + embedding
    plain = sum(kind.macs * n for kind, n in count_convolutions(prior.network, 24, 16).items())
    assert 0.5 < plain / macs < 1


def test_parts_add_up_and_every_number_is_there(tiny):
    warm_up_prior(tiny, ONE_STEP, 0.02)
    run = create_benchmark_run(tiny, SamplerSettings(steps=2, samples=1), 0.02)
    measuring = BenchmarkRecorder(run)
    steps = list(measuring.record_steps(CancelToken()))
    result = measuring.build_result()
    assert [step.step_number for step in steps] == [1, 2]
    assert result.image_size == run.image.size
    assert math.prod(result.image_size) == pytest.approx(20_000, rel=0.01)
    assert result.evaluations == 2
    assert set(result.section_seconds) == {*TIMED_SECTIONS, OTHER_SECTION}
    assert all(seconds > 0 for seconds in result.section_seconds.values())
    assert sum(result.section_seconds.values()) == pytest.approx(result.seconds)
    assert result.seconds_per_megapixel == pytest.approx(
        result.seconds / 2 / math.prod(result.image_size) * 1e6
    )
    assert result.precision == "float32"
    assert min(result.peaks.convolutions, result.peaks.matrix_float32) > 0


def test_pixels_around_windows_are_work_done_but_not_asked_for(tiny):
    run = replace(
        create_benchmark_run(tiny, ONE_STEP, 0.02), limits=PixelLimits(network_tile_pixels=8192)
    )
    canvas = run.problem.canvas.pixel_count
    measuring = BenchmarkRecorder(run)
    seen = 0

    def count(_module: object, inputs: tuple[object, ...], _output: object) -> None:
        nonlocal seen
        x = inputs[0]
        assert isinstance(x, torch.Tensor)
        seen += x[:, 0].numel()

    hook = tiny.network.register_forward_hook(count)
    for _ in measuring.record_steps(CancelToken()):
        pass
    hook.remove()
    work = measuring.build_result().work
    assert work.pixels == seen > canvas  # more because of margins
    assert work.useful_share == math.prod(run.image.size) / seen
    # The hook is gone: evaluations by others are not counted.
    tiny.network(torch.zeros(1, 3, 24, 16), torch.zeros(1), lambda: None)
    assert measuring.build_result().work.pixels == seen


def test_stopping_leaves_the_prior_as_it_was(tiny):
    run, token = (
        create_benchmark_run(tiny, SamplerSettings(steps=2, samples=1), 0.02),
        CancelToken(),
    )
    stopped, fresh = BenchmarkRecorder(run), BenchmarkRecorder(run)
    steps = stopped.record_steps(token)
    next(steps)
    token.cancel()
    with pytest.raises(OperationCancelled):
        next(steps)
    list(fresh.record_steps(CancelToken()))
    # One of two evaluations, and none of the other run's.
    assert stopped.build_result().work.pixels == fresh.build_result().work.pixels / 2


def test_the_picture_is_always_the_same_and_like_a_photograph():
    picture = create_synthetic_image(600, 37)
    assert picture.shape == (37, 600, 3)
    assert np.array_equal(picture, create_synthetic_image(600, 37))
    values = picture[:, :512].astype(float)
    assert values.std() > 20
    # Neighbors are similar, as in photographs; in white noise they differ twice as much.
    assert np.abs(np.diff(values, axis=1)).mean() < 0.5 * values.std() * 2 / math.sqrt(math.pi)


@pytest.mark.parametrize("megapixels", [0.0, -1.0, 179.0, math.nan, math.inf])
def test_no_picture_of_such_a_size(megapixels, tiny):
    with pytest.raises(InvalidSetting):
        create_benchmark_run(tiny, ONE_STEP, megapixels)


@pytest.mark.parametrize(
    ("device_name", "waits"), [("cpu", []), ("cuda:1", ["cuda:1"]), ("mps", ["mps"])]
)
def test_time_is_read_once_the_device_is_done(monkeypatch, device_name, waits):
    """`synchronized_time` reads the clock only after the device has finished its work.

    The fake device takes five seconds.
    """
    clock, waited_for = [100.0], []

    def wait_for(device):
        clock[0] += 5
        waited_for.append(str(device))

    monkeypatch.setattr(torch.cuda, "synchronize", wait_for)
    monkeypatch.setattr(torch.mps, "synchronize", partial(wait_for, "mps"))
    monkeypatch.setattr(time, "perf_counter", lambda: clock[0])
    seconds = synchronized_time(find_synchronizer(torch.device(device_name)))
    assert waited_for == waits
    assert seconds == 100 + 5 * len(waits)
