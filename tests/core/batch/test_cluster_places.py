"""Workers of a cluster declare its CPUs and GPUs."""

from __future__ import annotations

import pytest

from ddrm_core.batch.cluster.pool import ClusterPlace, choose_cluster_places


@pytest.mark.parametrize(
    ("count", "device", "cpus", "gpus", "expected"),
    [
        (None, "auto", 16, 0, [ClusterPlace("cpu", 2)] * 8),
        (None, "auto", 1, 0, [ClusterPlace("cpu", 1)]),
        (3, "auto", 16, 0, [ClusterPlace("cpu", 5)] * 3),
        (None, "auto", 64, 4, [ClusterPlace("cuda", 16, 1)] * 4),
        (2, "cuda", 64, 4, [ClusterPlace("cuda", 32, 1)] * 2),
        (None, "cpu", 8, 4, [ClusterPlace("cpu", 2)] * 4),
    ],
)
def test_workers_share_what_a_cluster_has(count, device, cpus, gpus, expected):
    places = choose_cluster_places(count, device, cpus, gpus)
    assert list(places) == expected
    assert sum(place.thread_count for place in places) <= cpus
    assert sum(place.gpu_count for place in places) <= gpus
