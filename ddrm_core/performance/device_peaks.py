"""What a device reaches in the arithmetic that a network is made of."""

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
    """What the device reaches, 10^9 operations a second.

    Attributes:
        convolutions: Throughput of the network's plain 3x3 convolutions alone, in the network's
            precision and on its largest tile.
        matrix_float32: A product of square matrices.
        matrix_bfloat16: The same; None where that is not native.
    """

    convolutions: float
    matrix_float32: float
    matrix_bfloat16: float | None


def measure_peaks(
    prior: Prior, input_shape: torch.Size, *, matrix_rows: int | None = None
) -> DevicePeaks:
    """Return the throughput of a device, measured now, for a network's tiles of one shape.

    Args:
        prior: The network, on its device.
        input_shape: Shape of the tensor that the network evaluates at once.
        matrix_rows: Of the square matrices that are multiplied; None for enough to fill the device.
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
    """Of each kind of convolution, timed once and counted as often as there are some."""
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
    """Wall time of the fastest of a few calls after a first one."""
    synchronize = find_synchronizer(device)
    times = []
    for _ in range(1 + _REPEATS):
        began = synchronized_time(synchronize)
        call()
        times.append(synchronized_time(synchronize) - began)
    return min(times[1:])


def synchronized_time(synchronize: Callable[[], None] | None) -> float:
    """Seconds on a clock once a device is done; see `find_synchronizer`."""
    if synchronize is not None:
        synchronize()
    return time.perf_counter()


def find_synchronizer(device: torch.device) -> Callable[[], None] | None:
    """What waits until a device is done; None for the CPU, which is when a call returns."""
    match device.type:
        case "cuda":
            return partial(torch.cuda.synchronize, device)
        case "mps":
            return torch.mps.synchronize
        case _:
            return None
