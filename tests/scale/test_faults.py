"""Batches whose workers or drivers are killed: every result is there once, and whole."""

from __future__ import annotations

import multiprocessing
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from PIL import Image

from ddrm_core.batch.file_tracker import BatchFileTracker
from ddrm_core.batch.manifest.lines import MACHINES_FOLDER_NAME, MANIFEST_NAME
from ddrm_core.batch.outcome import FileOutcome, FileState
from ddrm_core.batch.output_paths import OutputNaming, find_source_images, plan_outputs
from ddrm_core.batch.settings import BatchSettings
from ddrm_core.batch.workers.places import WorkerPlace
from ddrm_core.batch.workers.pool import WorkerPool
from ddrm_core.batch.workers.session import WorkerPrior, WorkerSetup
from ddrm_core.cancel import CancelToken
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from ddrm_core.prior.denoiser import PriorInfo
from ddrm_core.prior.store.library import PriorLibrary
from ddrm_core.sampler.settings import SamplerSettings
from tests.support.program_runner import run_program
from tests.support.scale import build_arguments

SLOW = ("--steps", 20)
TIMEOUT_S = 80


def results(output: Path) -> dict[str, bytes]:
    """Return the bytes of each file in a folder of results, without the manifest's files."""
    return {
        path.relative_to(output).as_posix(): path.read_bytes()
        for path in sorted(output.rglob("*"))
        if path.is_file()
        and path.name != MANIFEST_NAME
        and path.parent.name != MACHINES_FOLDER_NAME
    }


def create_setup(output: Path) -> tuple[WorkerSetup, PriorInfo]:
    library = PriorLibrary(BUNDLED_PRIOR_PATH, output.with_name("priors"))
    info = library.read_info("compact")
    settings = BatchSettings(SamplerSettings(steps=1, samples=1))
    return WorkerSetup(WorkerPrior(library, "compact", info.identity), settings, output), info


def wait_for_result(process: subprocess.Popen[str]) -> None:
    assert process.stderr is not None
    for line in process.stderr:
        if "restored in" in line:
            return
    pytest.fail("the batch ended without a result")


def finish(process: subprocess.Popen[str], status: int = 0) -> str:
    """Wait for the end of a batch and return its standard output."""
    out, errors = process.communicate(timeout=TIMEOUT_S)
    assert process.returncode == status, errors
    return out


def workers_of(process: subprocess.Popen[str], name: str) -> list[psutil.Process]:
    """Return the descendants of a process whose command line contains `name`."""
    found = psutil.Process(process.pid).children(recursive=True)
    return [each for each in found if name in " ".join(each.cmdline())]


@pytest.fixture(scope="module")
def expected(pictures, tmp_path_factory) -> dict[str, bytes]:
    """Return the results of one process."""
    output = tmp_path_factory.mktemp("expected") / "out"
    ended = run_program(*build_arguments(pictures, output, *SLOW))
    assert ended.exit_code == 0
    return results(output)


def test_a_killed_worker_is_replaced(start, tmp_path, expected):
    process = start(tmp_path / "out", *SLOW, "--workers", 2)
    wait_for_result(process)
    workers_of(process, "spawn_main")[0].kill()
    assert "8 restored" in finish(process)
    assert results(tmp_path / "out") == expected


def test_a_killed_driver_takes_its_workers_along(start, tmp_path, expected):
    """The next start skips what is done, and restores the rest."""
    process = start(tmp_path / "out", *SLOW, "--workers", 2)
    wait_for_result(process)
    workers = workers_of(process, "spawn_main")
    process.send_signal(signal.SIGKILL)
    _, alive = psutil.wait_procs(workers, timeout=30)
    assert (len(workers), alive) == (2, [])
    whole = results(tmp_path / "out")
    assert whole.items() <= expected.items()
    assert "8 done before" not in finish(start(tmp_path / "out", *SLOW, "--workers", 2))
    assert results(tmp_path / "out") == expected


def test_two_drivers_restore_one_folder_together(start, tmp_path, expected):
    both = [start(tmp_path / "out", *SLOW, "--shard", f"{part}/2") for part in (1, 2)]
    for process in both:
        finish(process)
    assert results(tmp_path / "out") == expected


def test_two_batches_of_equal_names_share_a_folder(pictures, tmp_path):
    """No result of either is lost or torn; the later one of a name gets a number."""
    folders = [tmp_path / "north", tmp_path / "south"]
    alone: list[bytes] = []
    for number, folder in enumerate(folders):
        folder.mkdir()
        for path in pictures.glob("*.jpg"):
            with Image.open(path) as image:
                image.rotate(90 * number).save(folder / path.name, quality=30 + number)
        output = tmp_path / f"alone {number}"
        assert run_program(*build_arguments(folder, output, *SLOW)).exit_code == 0
        alone += results(output).values()
    commands = [
        [sys.executable, "-m", "app", *build_arguments(folder, tmp_path / "out", *SLOW)]
        for folder in folders
    ]
    both = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for command in commands
    ]
    for process in both:
        finish(process)
    assert sorted(results(tmp_path / "out").values()) == sorted(alone)


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
    workers = workers_of(process, "ClusterWorker")
    assert len(workers) == 2
    workers[0].kill()
    assert "8 restored" in finish(process)
    assert results(tmp_path / "out") == expected
    _, alive = psutil.wait_procs(family, timeout=30)
    assert alive == []


def test_a_file_that_ends_every_worker_fails_after_three_tries(pictures, tmp_path):
    """The other files are restored."""
    setup, info = create_setup(tmp_path / "out")
    pool = WorkerPool(setup, info, [WorkerPlace("cpu", 1)], pytest.fail)
    found = find_source_images(pictures, recursive=True)
    items = plan_outputs(found.image_paths, pictures, tmp_path / "out", OutputNaming())
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
