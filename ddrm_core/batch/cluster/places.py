"""The places of workers in a cluster: the resources that each worker declares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ClusterMachine:
    """The resources of a machine of a cluster.

    Attributes:
        cpu_count: Number of CPUs.
        gpu_count: Number of GPUs.
    """

    cpu_count: int
    gpu_count: int = 0


@dataclass(frozen=True, slots=True)
class ClusterPlace:
    """A place of a worker in a cluster: the resources that it declares.

    Attributes:
        device_name: Device name for `choose_device` on its machine.
        thread_count: Number of its threads and CPUs.
        gpu_count: Number of its GPUs, 0 or 1.
    """

    device_name: str
    thread_count: int
    gpu_count: int = 0


def choose_cluster_places(
    count: int | None, device_name: str, machines: Sequence[ClusterMachine]
) -> tuple[ClusterPlace, ...]:
    """Return the places of the workers of a batch in a cluster.

    A worker is on one machine. It has as many CPUs as possible without leaving another worker
    without a place; if the cluster is too small for all workers, each has one CPU.

    Args:
        count: Number of workers; None for one per GPU, or for half the CPUs of each machine.
        device_name: Device name; `auto` and `cuda` use GPUs if the cluster has any.
        machines: Machines of the cluster.
    """
    gpu_count = sum(machine.gpu_count for machine in machines)
    if gpu_count and device_name in ("auto", "cuda"):
        count = count or gpu_count
        return (ClusterPlace("cuda", _count_threads(count, machines, has_gpu=True), 1),) * count
    if count is None:
        count = sum(max(1, each.cpu_count // 2) for each in machines if each.cpu_count) or 1
    name = "cpu" if device_name == "auto" else device_name
    return (ClusterPlace(name, _count_threads(count, machines, has_gpu=False)),) * count


def _count_threads(count: int, machines: Sequence[ClusterMachine], *, has_gpu: bool) -> int:
    """Return the largest number of CPUs per worker with which all workers have a place, or 1."""
    for thread_count in range(max((each.cpu_count for each in machines), default=0), 1, -1):
        place_counts = (
            min(each.cpu_count // thread_count, each.gpu_count)
            if has_gpu
            else each.cpu_count // thread_count
            for each in machines
        )
        if sum(place_counts) >= count:
            return thread_count
    return 1
