"""Workers of a cluster declare its CPUs and GPUs."""

from __future__ import annotations

import pytest

from ddrm_core.batch.cluster.places import ClusterMachine, ClusterPlace, choose_cluster_places


@pytest.mark.parametrize(
    ("count", "device", "machines", "expected"),
    [
        (None, "auto", [(16, 0)], [ClusterPlace("cpu", 2)] * 8),
        (None, "auto", [(1, 0)], [ClusterPlace("cpu", 1)]),
        (3, "auto", [(16, 0)], [ClusterPlace("cpu", 5)] * 3),
        (None, "auto", [(64, 4)], [ClusterPlace("cuda", 16, 1)] * 4),
        (2, "cuda", [(64, 4)], [ClusterPlace("cuda", 32, 1)] * 2),
        (None, "cpu", [(8, 4)], [ClusterPlace("cpu", 2)] * 4),
        # A worker cannot have the CPUs of two machines.
        (1, "auto", [(4, 0), (8, 0)], [ClusterPlace("cpu", 8)]),
        (3, "auto", [(5, 0), (5, 0)], [ClusterPlace("cpu", 2)] * 3),
        (None, "auto", [(1, 0), (1, 0), (5, 0)], [ClusterPlace("cpu", 1)] * 4),
        (None, "auto", [(32, 0), (8, 2), (12, 1)], [ClusterPlace("cuda", 4, 1)] * 3),
        (1, "auto", [(32, 0), (8, 2)], [ClusterPlace("cuda", 8, 1)]),
    ],
)
def test_workers_share_what_each_machine_has(count, device, machines, expected):
    found = [ClusterMachine(cpu_count, gpu_count) for cpu_count, gpu_count in machines]
    places = list(choose_cluster_places(count, device, found))
    assert places == expected
    for place in places:  # each worker takes the first machine that has the resources
        number = next(
            number
            for number, (cpu_count, gpu_count) in enumerate(machines)
            if cpu_count >= place.thread_count and gpu_count >= place.gpu_count
        )
        cpu_count, gpu_count = machines[number]
        machines[number] = cpu_count - place.thread_count, gpu_count - place.gpu_count


def test_workers_without_a_place_wait_with_one_cpu():
    places = choose_cluster_places(4, "auto", [ClusterMachine(2)])
    assert list(places) == [ClusterPlace("cpu", 1)] * 4
