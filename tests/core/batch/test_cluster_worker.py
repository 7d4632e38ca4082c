"""A worker of a cluster refuses what is not the program and the prior of its driver."""

from __future__ import annotations

from pathlib import Path

import pytest

from ddrm_core.batch.cluster.cluster_worker import ClusterSetup, ClusterWorker
from ddrm_core.batch.cluster.reasons import VersionDiffers
from ddrm_core.batch.object_path import ObjectPath
from ddrm_core.batch.output_paths import OutputNaming
from ddrm_core.batch.settings import BatchSettings
from ddrm_core.batch.stores.address import StoreAddress, StoreScheme
from ddrm_core.batch.stores.batch_stores import NO_STORES, BatchStores
from ddrm_core.batch.streaming.streamed_plan import StreamedPlan
from ddrm_core.batch.workers.messages import WorkerFailed, WorkerReady, unpack_error
from ddrm_core.batch.workers.reasons import PriorDiffers
from ddrm_core.batch.workers.session import WorkerPrior, WorkerSetup
from ddrm_core.errors import CoreError, UnreadableFile
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from ddrm_core.prior.store.library import PriorLibrary
from ddrm_core.program import __version__
from ddrm_core.sampler.settings import SamplerSettings
from tests.support.small_priors import write_prior

IN_STORE = StoreAddress(StoreScheme.MEMORY, "bucket", "in")
OUT_STORE = StoreAddress(StoreScheme.MEMORY, "bucket", "out")


@pytest.fixture
def library(tmp_path: Path) -> PriorLibrary:
    (tmp_path / "priors").mkdir()
    write_prior(tmp_path / "priors" / "tiny.safetensors")
    return PriorLibrary(BUNDLED_PRIOR_PATH, tmp_path / "priors")


@pytest.fixture
def start(tmp_path, library, monkeypatch):
    """Return a function that starts a worker with facts of a driver."""
    monkeypatch.chdir(tmp_path)  # the worker changes the folder

    def start(
        identity: str,
        version: str = __version__,
        folder: Path = tmp_path,
        stores: BatchStores = NO_STORES,
    ) -> WorkerReady | WorkerFailed:
        settings = BatchSettings(SamplerSettings(steps=1, samples=1))
        output = tmp_path / "out" if stores.results is None else ObjectPath(str(stores.results))
        prior = WorkerPrior(library, "tiny", identity)
        setup = WorkerSetup(prior, settings, output, stores=stores)
        plan = StreamedPlan(tmp_path, tmp_path / "out", OutputNaming(), recursive=False)
        return ClusterWorker(ClusterSetup(setup, plan, folder, version), "cpu", 1).start()

    return start


def error_of(started: WorkerReady | WorkerFailed) -> CoreError:
    assert isinstance(started, WorkerFailed)
    error = unpack_error(started.error)
    assert isinstance(error, CoreError)
    return error


def test_a_worker_with_the_same_program_and_prior_is_ready(start, library):
    assert start(library.read_info("tiny").identity) == WorkerReady(None)


def test_a_worker_of_another_version_is_refused(start, library):
    error = error_of(start(library.read_info("tiny").identity, "0.0.1"))
    assert isinstance(error, VersionDiffers)
    assert (error.actual, error.expected) == (__version__, "0.0.1")


def test_a_worker_with_another_prior_of_the_name_is_refused(start, library):
    error = error_of(start(library.read_info("compact").identity))
    assert isinstance(error, PriorDiffers)


def test_a_machine_without_the_working_folder_is_refused(start, library, tmp_path):
    error = error_of(start(library.read_info("tiny").identity, folder=tmp_path / "missing"))
    assert isinstance(error, UnreadableFile)
    assert error.path == tmp_path / "missing"


@pytest.mark.parametrize(
    ("stores", "is_ready"),
    [
        (BatchStores(IN_STORE, OUT_STORE), True),
        (BatchStores(IN_STORE, None), False),
        (BatchStores(None, OUT_STORE), False),
    ],
)
def test_a_machine_needs_no_folder_of_the_driver_if_all_files_are_in_stores(
    start, library, tmp_path, stores, is_ready
):
    started = start(library.read_info("tiny").identity, folder=tmp_path / "missing", stores=stores)
    assert isinstance(started, WorkerReady) == is_ready
