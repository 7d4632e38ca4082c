"""Batches whose workers or drivers are killed: every result is there once, and whole."""

from __future__ import annotations

import multiprocessing
import re
import signal

import psutil
import pytest

from ddrm_core.batch.file_tracker import BatchFileTracker
from ddrm_core.batch.outcome import FileOutcome, FileState
from ddrm_core.batch.output_paths import OutputNaming, find_source_images, plan_outputs
from ddrm_core.batch.settings import BatchSettings
from ddrm_core.batch.workers.places import WorkerPlace
from ddrm_core.batch.workers.pool import WorkerPool
from ddrm_core.batch.workers.session import WorkerPrior, WorkerSetup
from ddrm_core.cancel import CancelToken
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from ddrm_core.prior.store.library import PriorLibrary
from ddrm_core.sampler.settings import SamplerSettings
from tests.support.program_runner import run_program
from tests.support.scale import (
    SLOW,
    build_arguments,
    find_workers,
    finish,
    read_results,
    wait_for_result,
)


def test_a_killed_worker_is_replaced(start, tmp_path, expected):
    process = start(tmp_path / "out", *SLOW, "--workers", 2)
    wait_for_result(process)
    find_workers(process, "spawn_main")[0].kill()
    assert "8 restored" in finish(process)
    assert read_results(tmp_path / "out") == expected


def test_a_killed_driver_takes_its_workers_along(start, pictures, tmp_path, expected):
    """The next start skips what is done, and restores the rest."""
    process = start(tmp_path / "out", *SLOW, "--workers", 2)
    wait_for_result(process)
    workers = find_workers(process, "spawn_main")
    process.send_signal(signal.SIGKILL)
    _, alive = psutil.wait_procs(workers, timeout=30)
    assert (len(workers), alive) == (2, [])
    whole = read_results(tmp_path / "out")
    assert whole.items() <= expected.items()
    again = run_program(*build_arguments(pictures, tmp_path / "out", *SLOW))
    assert again.exit_code == 0, again.stderr
    ((restored, done),) = re.findall(r"(\d) restored, (\d) done before, 0 failed", again.stdout)
    assert (int(restored), int(done)) == (8 - len(whole), len(whole))
    assert 0 < len(whole) < 8
    assert read_results(tmp_path / "out") == expected


def test_a_file_that_ends_every_worker_fails_after_three_tries(pictures, tmp_path):
    """The other files are restored."""
    output = tmp_path / "out"
    library = PriorLibrary(BUNDLED_PRIOR_PATH, tmp_path / "priors")
    info = library.read_info("compact")
    settings = BatchSettings(SamplerSettings(steps=1, samples=1))
    setup = WorkerSetup(WorkerPrior(library, "compact", info.identity), settings, output)
    pool = WorkerPool(setup, info, [WorkerPlace("cpu", 1)], pytest.fail)
    found = find_source_images(pictures, recursive=True)
    items = plan_outputs(found.image_paths, pictures, output, OutputNaming())
    outcomes, tries = [], 0
    for event in pool.restore(items, CancelToken(), BatchFileTracker()):
        if isinstance(event, FileOutcome):
            outcomes.append(event)
        elif event.number == 2:
            tries += 1
            (worker,) = multiprocessing.active_children()
            worker.kill()
    pool.close()
    (failed,) = [outcome for outcome in outcomes if outcome.state is FileState.FAILED]
    assert (failed.file, tries) == (items[1], 3)
    assert str(failed.error) == f"{items[1].source} ended its worker process 3 times (signal 9)"
    assert [outcome.state for outcome in outcomes].count(FileState.DONE) == 7
