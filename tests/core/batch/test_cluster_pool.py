"""A cluster restores equal files one after the other, and is reported if it starts no worker."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image

from ddrm_core.batch.cluster.cluster_worker import ClusterSetup, ClusterWorker
from ddrm_core.batch.cluster.places import ClusterMachine, ClusterPlace
from ddrm_core.batch.cluster.pool import ClusterPool
from ddrm_core.batch.cluster.ray_cluster import Call, RayCluster, RemoteWorker, WorkerLost
from ddrm_core.batch.manifest.driver import describe_this_driver
from ddrm_core.batch.outcome import FileOutcome
from ddrm_core.batch.output_paths import OutputNaming, PlannedFile
from ddrm_core.batch.settings import BatchSettings
from ddrm_core.batch.streaming.streamed_plan import StreamedFileTracker, StreamedPlan
from ddrm_core.batch.workers.session import WorkerPrior, WorkerSetup
from ddrm_core.cancel import CancelToken
from ddrm_core.errors import OperationCancelled
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from ddrm_core.prior.store.library import PriorLibrary
from ddrm_core.program import __version__
from ddrm_core.sampler.settings import SamplerSettings
from tests.support.batch_results import states
from tests.support.pictures import photograph
from tests.support.small_priors import write_prior


class ThreadWorker(RemoteWorker):
    """A worker of a cluster in threads of this process."""

    def __init__(self, worker: ClusterWorker) -> None:
        super().__init__(worker)
        self._executor = ThreadPoolExecutor(1)

    def start(self) -> Call:
        return self._executor.submit(self.actor.start)

    def restore(self, file: PlannedFile, content: str | None) -> Call:
        return self._executor.submit(self.actor.restore, file, content)

    def stop(self) -> Call:
        return self._executor.submit(self.actor.stop)

    def close(self) -> Call:
        return self._executor.submit(self.actor.close)

    def end(self) -> None:
        self._executor.shutdown()


class ThreadCluster(RayCluster):
    """A cluster whose workers are threads of this process, instead of processes of Ray."""

    def __init__(self) -> None:
        """Create a cluster without connecting to Ray."""

    def list_machines(self) -> tuple[ClusterMachine, ...]:
        return (ClusterMachine(2),)

    def create_worker(
        self, setup: ClusterSetup, device_name: str, thread_count: int, gpu_count: int
    ) -> RemoteWorker:
        assert gpu_count == 0
        return ThreadWorker(ClusterWorker(setup, device_name, thread_count))

    def wait(self, calls: Sequence[Call], timeout_seconds: float) -> list[Call]:
        return list(wait(calls, timeout_seconds, FIRST_COMPLETED).done)

    def wait_for_all(self, calls: Sequence[Call], timeout_seconds: float) -> list[Call]:
        return list(wait(calls, timeout_seconds).done)

    def get_result(self, call: Future):
        return call.result()

    def kill(self, worker: RemoteWorker) -> None:
        assert isinstance(worker, ThreadWorker)
        worker.end()

    def close(self) -> None:
        pass


@pytest.fixture
def create_pool(tmp_path, monkeypatch):
    """Return a function that returns a pool with the files of a folder and their tracker."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "priors").mkdir()
    write_prior(tmp_path / "priors" / "tiny.safetensors")
    library = PriorLibrary(BUNDLED_PRIOR_PATH, tmp_path / "priors")
    info = library.read_info("tiny")

    def create_pool(cluster, folder, places, warn_waiting):
        plan = StreamedPlan(folder, tmp_path / "out", OutputNaming())
        setup = WorkerSetup(
            WorkerPrior(library, "tiny", info.identity),
            BatchSettings(SamplerSettings(steps=2, samples=1)),
            plan.output_folder,
            describe_this_driver(),
        )
        cluster_setup = ClusterSetup(setup, plan, tmp_path, __version__)
        pool = ClusterPool(cluster, cluster_setup, info, places, pytest.fail, warn_waiting)
        files = [file for file in plan.iter_files() if isinstance(file, PlannedFile)]
        return pool, files, StreamedFileTracker(plan)

    return create_pool


@pytest.fixture
def restore(create_pool):
    """Return a function that restores the files of a folder with two workers."""

    def restore(folder: Path) -> list[FileOutcome]:
        places = (ClusterPlace("cpu", 1),) * 2
        pool, files, tracker = create_pool(ThreadCluster(), folder, places, pytest.fail)
        with closing(pool):
            events = list(pool.restore(files, CancelToken(), tracker))
        outcomes = [event for event in events if isinstance(event, FileOutcome)]
        return sorted(outcomes, key=lambda outcome: outcome.file.source)

    return restore


def save(folder: Path, name: str, seed: int) -> None:
    folder.mkdir(exist_ok=True)
    Image.fromarray(photograph(19, 27, seed=seed)).save(folder / name, quality=20)


def test_of_equal_files_one_is_restored_and_copied(restore, tmp_path):
    for name, seed in {"a.jpg": 1, "b.jpg": 1, "c.jpg": 2, "d.jpg": 1}.items():
        save(tmp_path / "in", name, seed)
    outcomes = restore(tmp_path / "in")
    assert states(outcomes) == ["done"] * 4
    assert [outcome.copied_from is not None for outcome in outcomes].count(True) == 2
    assert states(restore(tmp_path / "in")) == ["skipped"] * 4


def test_equal_files_that_cannot_be_restored_fail_all(restore, tmp_path):
    save(tmp_path / "in", "c.jpg", 2)
    for name in ("a.jpg", "b.jpg"):
        (tmp_path / "in" / name).write_text("no picture")
    assert states(restore(tmp_path / "in")) == ["failed", "failed", "done"]


class LossyCluster(ThreadCluster):
    """A cluster whose workers are lost whenever they restore a file of a certain name."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def create_worker(
        self, setup: ClusterSetup, device_name: str, thread_count: int, gpu_count: int
    ) -> RemoteWorker:
        name = self._name

        class LostWorker(ClusterWorker):
            def restore(self, file, content):
                if file.source.name == name:
                    raise WorkerLost("the node has ended")
                return super().restore(file, content)

        assert gpu_count == 0
        return ThreadWorker(LostWorker(setup, device_name, thread_count))


def test_a_file_that_loses_every_worker_fails_after_three_tries(create_pool, tmp_path):
    for name, seed in {"a.jpg": 1, "b.jpg": 2, "c.jpg": 3}.items():
        save(tmp_path / "in", name, seed)
    pool, files, tracker = create_pool(
        LossyCluster("b.jpg"), tmp_path / "in", [ClusterPlace("cpu", 1)], pytest.fail
    )
    with closing(pool):
        events = list(pool.restore(files, CancelToken(), tracker))
    assert [event.file.source.name for event in events if not isinstance(event, FileOutcome)] == [
        *("a.jpg", "b.jpg", "b.jpg", "b.jpg", "c.jpg")
    ]
    outcomes = {o.file.source.name: o for o in events if isinstance(o, FileOutcome)}
    assert [outcomes[name].state.value for name in ("a.jpg", "b.jpg", "c.jpg")] == [
        *("done", "failed", "done")
    ]
    assert str(outcomes["b.jpg"].error).startswith(
        f"{tmp_path / 'in' / 'b.jpg'} ended its worker process 3 times"
    )


class BusyCluster(ThreadCluster):
    """A cluster whose machines have no resources for a worker until the batch is stopped."""

    def __init__(self, token: CancelToken, max_waits: int) -> None:
        super().__init__()
        self._token, self._waits_left = token, max_waits

    def wait(self, calls: Sequence[Call], timeout_seconds: float) -> list[Call]:
        assert calls
        assert timeout_seconds > 0
        self._waits_left -= 1
        if self._waits_left == 0:
            self._token.cancel()
        return []


@pytest.mark.parametrize(("waits", "warning_count"), [(299, 0), (300, 1), (900, 1)])
def test_a_cluster_that_starts_no_worker_for_a_minute_is_reported_once(
    create_pool, tmp_path, waits, warning_count
):
    save(tmp_path / "in", "a.jpg", 1)
    token, warnings = CancelToken(), []
    pool, files, tracker = create_pool(
        BusyCluster(token, waits), tmp_path / "in", [ClusterPlace("cpu", 8)], warnings.append
    )
    with closing(pool), pytest.raises(OperationCancelled):
        list(pool.restore(files, token, tracker))
    assert [(each.cpu_count, each.gpu_count) for each in warnings] == [(8, 0)] * warning_count


class StuckWorker(ThreadWorker):
    """A worker whose restoration of a file never ends."""

    is_closed = False

    def restore(self, file: PlannedFile, content: str | None) -> Call:
        assert (file.source.name, content) == ("a.jpg", None)
        return Future()

    def close(self) -> Call:
        self.is_closed = True
        return super().close()


class StuckCluster(ThreadCluster):
    """A cluster of two stuck workers, whose batch is stopped when one restores a file.

    Attributes:
        ended: Workers that were ended.
    """

    def __init__(self, token: CancelToken) -> None:
        super().__init__()
        self.ended: list[StuckWorker] = []
        self._token, self._ready_count = token, 0

    def create_worker(
        self, setup: ClusterSetup, device_name: str, thread_count: int, gpu_count: int
    ) -> RemoteWorker:
        assert gpu_count == 0
        return StuckWorker(ClusterWorker(setup, device_name, thread_count))

    def wait(self, calls: Sequence[Call], timeout_seconds: float) -> list[Call]:
        if self._ready_count == 2:  # and the file has been started
            self._token.cancel()
            return []
        found = super().wait(calls, timeout_seconds)
        self._ready_count += len(found)
        return found

    def wait_for_all(self, calls: Sequence[Call], timeout_seconds: float) -> list[Call]:
        assert timeout_seconds > 1  # which no test waits
        return super().wait_for_all(calls, 0.1)

    def kill(self, worker: RemoteWorker) -> None:
        super().kill(worker)
        assert isinstance(worker, StuckWorker)
        self.ended.append(worker)


def test_a_worker_that_does_not_stop_is_ended_and_writes_nothing_more(create_pool, tmp_path):
    """Its thread may be in the middle of a line of the manifest."""
    save(tmp_path / "in", "a.jpg", 1)
    token = CancelToken()
    cluster, places = StuckCluster(token), [ClusterPlace("cpu", 1)] * 2
    pool, files, tracker = create_pool(cluster, tmp_path / "in", places, pytest.fail)
    with closing(pool), pytest.raises(OperationCancelled):
        list(pool.restore(files, token, tracker))
    assert sorted(worker.is_closed for worker in cluster.ended) == [False, True]
