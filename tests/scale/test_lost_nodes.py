"""Batches on a cluster of two nodes, of which nodes, drivers and workers are killed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psutil
import pytest

from tests.support.polling import until
from tests.support.program_runner import run_program
from tests.support.scale import SLOW, build_arguments, finish, read_results, wait_for_result

NODE = {"num_cpus": 1, "node_ip_address": "127.0.0.1", "object_store_memory": 80 << 20}


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Return a Ray cluster with a node of one CPU, on the loopback address."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        patch.setenv("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0")
        from ray.cluster_utils import Cluster

        cluster = Cluster(initialize_head=True, head_node_args={**NODE, "include_dashboard": False})
        yield cluster
        cluster.shutdown()


def processes_of(node: Any) -> list[psutil.Process]:
    """Return the process of a node that starts its workers, and all processes below."""
    (raylet,) = node.all_processes["raylet"]
    process = psutil.Process(raylet.process.pid)
    return [process, *process.children(recursive=True)]


def workers_of(node: Any) -> list[psutil.Process]:
    """Return the worker processes of batches on a node."""
    return [each for each in processes_of(node) if "ClusterWorker" in " ".join(each.cmdline())]


def test_a_killed_node_leaves_its_files_to_the_others(cluster, start, tmp_path, expected):
    node = cluster.add_node(**NODE)
    process = start(tmp_path / "out", *SLOW, "--cluster", cluster.address, "--workers", 2)
    wait_for_result(process)
    until(lambda: len(workers_of(node)) == 1)  # the other node's may start earlier
    for each in processes_of(node):
        each.kill()
    assert "8 restored" in finish(process)
    assert read_results(tmp_path / "out") == expected
    cluster.remove_node(node, allow_graceful=False)


def test_a_killed_driver_takes_its_workers_along(cluster, start, pictures, tmp_path, expected):
    """The next start skips what is done, and restores the rest."""
    options = (*SLOW, "--cluster", cluster.address, "--workers", 1)
    process = start(tmp_path / "out", *options)
    wait_for_result(process)
    workers = workers_of(cluster.head_node)
    process.kill()
    _, alive = psutil.wait_procs(workers, timeout=30)
    assert (len(workers), alive) == (1, [])
    whole = read_results(tmp_path / "out")
    assert whole.items() < expected.items()
    ended = run_program(*build_arguments(pictures, tmp_path / "out", *options))
    assert ended.exit_code == 0, ended.stderr
    assert f"{len(whole)} done before" in ended.stdout
    assert read_results(tmp_path / "out") == expected
