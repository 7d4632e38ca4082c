"""A Ray cluster, in the few operations that a batch needs. No other module imports Ray."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from typing import Any

from ddrm_core.batch.cluster.cluster_worker import ClusterSetup, ClusterWorker
from ddrm_core.batch.cluster.places import ClusterMachine
from ddrm_core.batch.cluster.reasons import ClusterNotInstalled, ClusterUnavailable
from ddrm_core.batch.output_paths import PlannedFile
from ddrm_core.batch.workers.messages import ContentQuery, FileFinished, WorkerFailed, WorkerReady

LOCAL_ADDRESS = "local"
"""Address of a cluster that is started on this machine and ends with the batch."""
# `ClusterWorker.stop` runs beside `restore`.
_CALLS_AT_ONCE = 2

Call = Any
"""A call of a worker that has not returned yet: an object reference of Ray."""


class WorkerLost(Exception):
    """The exception that the worker of a call has ended, or the machine it ran on."""


class RemoteWorker:
    """A `ClusterWorker` on a machine of the cluster, as seen from the driver."""

    def __init__(self, actor: Any) -> None:
        self._actor = actor

    def start(self) -> Call:
        """Call `ClusterWorker.start`, which runs when a machine has the resources."""
        return self._actor.start.remote()

    def restore(self, file: PlannedFile, content: str | None) -> Call:
        """Call `ClusterWorker.restore`."""
        return self._actor.restore.remote(file, content)

    def stop(self) -> Call:
        """Call `ClusterWorker.stop`."""
        return self._actor.stop.remote()

    def close(self) -> Call:
        """Call `ClusterWorker.close`."""
        return self._actor.close.remote()

    @property
    def actor(self) -> Any:
        """Ray's handle of the worker."""
        return self._actor


class RayCluster:
    """A connection to a Ray cluster, one at a time in a process."""

    def __init__(self, address: str, cpu_count: int) -> None:
        """Connect to a cluster, or start one on this machine.

        A cluster on this machine listens on the loopback interface only and has no dashboard. Ray's
        usage statistics are off.

        Args:
            address: Address as Ray knows it, such as "10.0.0.1:6379", or `LOCAL_ADDRESS`.
            cpu_count: Number of CPUs of a cluster on this machine.

        Raises:
            ClusterNotInstalled: If Ray is not installed.
            ClusterUnavailable: If no cluster is reached or started.
        """
        # Ray reads these variables when it is imported.
        os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
        is_local = address == LOCAL_ADDRESS
        if is_local:
            # The switch by which Ray uses the loopback address for all its servers.
            os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"
        try:
            import ray
        except ImportError as error:
            raise ClusterNotInstalled("Ray") from error
        self._ray = ray
        local_options: dict[str, Any] = {
            "num_cpus": cpu_count,
            "include_dashboard": False,
            "_node_ip_address": "127.0.0.1",
        }
        try:
            ray.init(
                address=address,
                log_to_driver=False,
                logging_level=logging.ERROR,
                **(local_options if is_local else {}),
            )
        # Ray raises several classes of errors, and none in common.
        except Exception as error:
            lines = str(error).splitlines() or [type(error).__name__]
            raise ClusterUnavailable(address, lines[0]) from error

    def list_machines(self) -> tuple[ClusterMachine, ...]:
        """Return the machines of the cluster that are alive."""
        return tuple(
            ClusterMachine(int(found.get("CPU", 0)), int(found.get("GPU", 0)))
            for found in (node["Resources"] for node in self._ray.nodes() if node["Alive"])
        )

    def create_worker(
        self, setup: ClusterSetup, device_name: str, thread_count: int, gpu_count: int
    ) -> RemoteWorker:
        """Create a worker, which starts when a machine has the resources.

        Args:
            setup: Facts of the batch.
            device_name: See `ClusterWorker`.
            thread_count: Number of the worker's threads and CPUs.
            gpu_count: Number of the worker's GPUs, 0 or 1.
        """
        actor_class = self._ray.remote(
            num_cpus=thread_count,
            num_gpus=gpu_count,
            max_restarts=0,
            max_task_retries=0,
            max_concurrency=_CALLS_AT_ONCE,
        )(ClusterWorker)
        return RemoteWorker(actor_class.remote(setup, device_name, thread_count))

    def wait(self, calls: Sequence[Call], timeout_seconds: float) -> list[Call]:
        """Return the calls that have returned, after at most `timeout_seconds` if none has."""
        found, _ = self._ray.wait(list(calls), num_returns=1, timeout=timeout_seconds)
        return list(found)

    def wait_for_all(self, calls: Sequence[Call], timeout_seconds: float) -> list[Call]:
        """Wait until all calls have returned, at most `timeout_seconds`; return those that have."""
        found, _ = self._ray.wait(list(calls), num_returns=len(calls), timeout=timeout_seconds)
        return list(found)

    def get_result(
        self, call: Call
    ) -> WorkerReady | WorkerFailed | FileFinished | ContentQuery | None:
        """Return the result of a call that has returned.

        Raises:
            WorkerLost: If the worker or its machine has ended.
        """
        errors = self._ray.exceptions
        try:
            result: WorkerReady | WorkerFailed | FileFinished | ContentQuery | None
            result = self._ray.get(call)
        except errors.RayTaskError:
            raise  # a bug of the worker
        except errors.RayError as error:
            lines = str(error).splitlines() or [type(error).__name__]
            raise WorkerLost(lines[0]) from error
        return result

    def kill(self, worker: RemoteWorker) -> None:
        """End a worker at once."""
        self._ray.kill(worker.actor)

    def close(self) -> None:
        """Leave the cluster; one on this machine ends."""
        self._ray.shutdown()
