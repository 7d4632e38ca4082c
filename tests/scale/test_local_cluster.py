"""Batches on a Ray cluster that ends with them."""

from __future__ import annotations

import psutil

from tests.support.polling import until
from tests.support.scale import SLOW, find_workers, finish, read_results, wait_for_result


def test_a_cluster_on_this_machine(start, tmp_path, expected):
    """The cluster listens on the loopback address only, and replaces a killed worker."""
    process = start(tmp_path / "out", *SLOW, "--cluster", "local", "--workers", 2)
    wait_for_result(process)
    known = psutil.Process(process.pid)
    family = [known, *known.children(recursive=True)]
    addresses = {
        connection.laddr.ip
        for each in family
        for connection in each.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    }
    assert addresses
    assert addresses <= {"127.0.0.1", "::1", "::ffff:127.0.0.1"}
    until(lambda: len(find_workers(process, "ClusterWorker")) == 2)  # the second may start later
    find_workers(process, "ClusterWorker")[0].kill()
    assert "8 restored" in finish(process)
    assert read_results(tmp_path / "out") == expected
    _, alive = psutil.wait_procs(family, timeout=30)
    assert alive == []
