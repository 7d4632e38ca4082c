"""Peak throughput of a device in the arithmetic of which a network consists."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import torch
from torch.nn import functional

from ddrm_core.device.selection import choose_precision
from ddrm_core.prior.architectures.operation_count import count_convolutions
from ddrm_core.prior.denoiser import Prior

_REPEATS = 3
# Rows of the square matrices that are multiplied: enough to fill the device.
_MATRIX_ROWS, _ACCELERATOR_MATRIX_ROWS = 2048, 8192


@dataclass(frozen=True, slots=True)
class DevicePeaks:
    """Peak throughput of a device in 10^9 operations per second.

    Attributes:
        convolutions: Throughput of the network's plain 3x3 convolutions alone, in the network's
            precision and on its largest tile.
        matrix_float32: Throughput of a product of square matrices in float32.
        matrix_bfloat16: Throughput of a product of square matrices in bfloat16; None if the device
            does not support bfloat16 natively.
    """

    convolutions: float
    matrix_float32: float
    matrix_bfloat16: float | None


def measure_peaks(
    prior: Prior, input_shape: torch.Size, *, matrix_rows: int | None = None
) -> DevicePeaks:
    """Measure the peak throughput of a prior's device.

    Args:
        prior: Prior on its device.
        input_shape: Shape of the tensor that the network evaluates at once.
        matrix_rows: Rows of the square matrices that are multiplied; None for enough to fill the
            device.
    """
    device = prior.device
    rows = matrix_rows or (_MATRIX_ROWS if device.type == "cpu" else _ACCELERATOR_MATRIX_ROWS)
    has_bfloat16 = choose_precision(device) == torch.bfloat16
    return DevicePeaks(
        _measure_convolution_gflops(prior, input_shape),
        _measure_matrix_gflops(device, torch.float32, rows),
        _measure_matrix_gflops(device, torch.bfloat16, rows) if has_bfloat16 else None,
    )


def _measure_matrix_gflops(device: torch.device, dtype: torch.dtype, rows: int) -> float:
    a, b = (torch.rand(rows, rows, device=device).to(dtype) for _ in range(2))
    return 2e-9 * rows**3 / _measure_seconds(partial(torch.mm, a, b), device)


@torch.no_grad()
def _measure_convolution_gflops(prior: Prior, input_shape: torch.Size) -> float:
    """Measure the throughput of a network's 3x3 convolutions in 10^9 operations per second.

    Each shape of convolution is timed once and weighted by its number in the network.
    """
    count, _, height, width = input_shape
    macs = seconds = 0.0
    for kind, times in count_convolutions(prior.network, height, width).items():
        size = (count, kind.in_channels, kind.height, kind.width)
        x = torch.rand(size, device=prior.device)
        x = x.to(prior.precision, memory_format=torch.channels_last)
        weight = torch.rand(kind.out_channels, kind.in_channels, 3, 3, device=prior.device)
        weight = weight.to(prior.precision, memory_format=torch.channels_last)
        call_seconds = _measure_seconds(
            partial(functional.conv2d, x, weight, padding=1), prior.device
        )
        macs += times * count * kind.macs
        seconds += times * call_seconds
    return 2e-9 * macs / seconds


def _measure_seconds(call: Callable[[], object], device: torch.device) -> float:
    """Call `call` several times; return the shortest wall time in seconds, except the first."""
    synchronize = find_synchronizer(device)
    times = []
    for _ in range(1 + _REPEATS):
        began = synchronized_time(synchronize)
        call()
        times.append(synchronized_time(synchronize) - began)
    return min(times[1:])


def synchronized_time(synchronize: Callable[[], None] | None) -> float:
    """Wait for the device by `synchronize`, unless None, and return a clock's time in seconds."""
    if synchronize is not None:
        synchronize()
    return time.perf_counter()


def find_synchronizer(device: torch.device) -> Callable[[], None] | None:
    """Return a function that waits until a device has finished its work.

    Return None for the CPU, whose work is finished when a call returns.
    """
    match device.type:
        case "cuda":
            return partial(torch.cuda.synchronize, device)
        case "mps":
            return torch.mps.synchronize
        case _:
            return None
