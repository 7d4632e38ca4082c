"""Places of the workers of a batch: their number, devices and threads."""

from __future__ import annotations

import os
from dataclasses import dataclass

import torch

from ddrm_core.device.selection import choose_device
from ddrm_core.prior.memory_check import find_free_bytes

_CPU = torch.device("cpu")
# Measured peak of a process that restores an image of 12 megapixels (docs/RESULTS.md, Speed).
# Larger images are restored tile by tile in about the same memory.
_WORKER_BYTES = 2560 << 20


@dataclass(frozen=True, slots=True)
class WorkerPlace:
    """A place of a worker: its device and its share of the threads.

    Attributes:
        device_name: Device name for `choose_device`.
        thread_count: Number of threads of torch.
    """

    device_name: str
    thread_count: int


def choose_places(count: int | None, device_name: str) -> tuple[WorkerPlace, ...]:
    """Return the places of the workers of a batch on this machine.

    The workers share the threads that torch would use in this process. For `auto` and `cuda`, they
    share all GPUs.

    Args:
        count: Number of workers, at least 1; None for one per GPU, or for half the cores, but at
            least one and at most as many as fit into the free memory.
        device_name: Device name for `choose_device`.

    Raises:
        UnknownDevice: If this machine has no such device.
    """
    device = choose_device(device_name)
    gpu_count = torch.cuda.device_count() if device.type == "cuda" and device.index is None else 0
    if count is None:
        count = gpu_count or _choose_count(device)
    thread_count = max(1, torch.get_num_threads() // count)
    return tuple(
        WorkerPlace(f"cuda:{number % gpu_count}" if gpu_count else device_name, thread_count)
        for number in range(count)
    )


def _choose_count(device: torch.device) -> int:
    if device.type != "cpu":
        return 1
    free_bytes = find_free_bytes(_CPU) or 0
    return max(1, min(count_cores() // 2, free_bytes // _WORKER_BYTES))


def count_cores() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
