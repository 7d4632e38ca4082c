"""Worker processes: the same files as one process writes, also after one of them was killed."""

from __future__ import annotations

import multiprocessing
from multiprocessing.reduction import ForkingPickler
from pathlib import Path

import pytest
from PIL import Image

from ddrm_core.batch.file_tracker import BatchFileTracker
from ddrm_core.batch.manifest.manifest import Manifest
from ddrm_core.batch.outcome import FileOutcome
from ddrm_core.batch.output_paths import OutputNaming, find_source_images, plan_outputs
from ddrm_core.batch.runner import restore_files
from ddrm_core.batch.settings import BatchSettings
from ddrm_core.batch.workers.messages import pack_error, unpack_error
from ddrm_core.batch.workers.places import WorkerPlace, choose_places
from ddrm_core.batch.workers.pool import WorkerPool
from ddrm_core.batch.workers.session import WorkerPrior, WorkerSetup
from ddrm_core.cancel import CancelToken
from ddrm_core.device.selection import choose_device
from ddrm_core.errors import CoreError, NotAJpeg, OperationCancelled, OutOfMemory
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from ddrm_core.prior.store.library import PriorLibrary
from ddrm_core.sampler.settings import SamplerSettings
from tests.support.batch_results import contents, states
from tests.support.pictures import photograph
from tests.support.small_priors import write_prior

QUICK = BatchSettings(SamplerSettings(steps=2, samples=1))
TWO_PLACES = (WorkerPlace("cpu", 1), WorkerPlace("cpu", 1))


@pytest.fixture
def library(tmp_path: Path) -> PriorLibrary:
    (tmp_path / "priors").mkdir()
    write_prior(tmp_path / "priors" / "tiny.safetensors")
    return PriorLibrary(BUNDLED_PRIOR_PATH, tmp_path / "priors")


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Return a folder of five JPEGs, two of which are equal, and of a file that is none."""
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(4):
        pixels = photograph(19 + number, 27, seed=number)
        Image.fromarray(pixels).save(folder / f"{number}.jpg", quality=20)
    (folder / "4.jpg").write_bytes((folder / "1.jpg").read_bytes())
    (folder / "5.jpg").write_text("no picture")
    return folder


def plan(pictures: Path, output: Path):
    found = find_source_images(pictures, recursive=True)
    return plan_outputs(found.image_paths, pictures, output, OutputNaming())


def test_two_workers_write_what_one_process_writes(library, pictures, tmp_path):
    """One of the workers is killed while it restores its first file."""
    alone, together = tmp_path / "alone", tmp_path / "together"
    prior = library.load("tiny", choose_device("cpu"))
    events = restore_files(
        plan(pictures, alone), QUICK, prior, Manifest(alone), CancelToken(), BatchFileTracker()
    )
    expected = [event for event in events if isinstance(event, FileOutcome)]
    setup = WorkerSetup(WorkerPrior(library, "tiny", prior.info.identity), QUICK, together)
    pool = WorkerPool(setup, prior.info, TWO_PLACES, pytest.fail)
    outcomes, killed = [], []
    items = plan(pictures, together)
    for event in pool.restore(items, CancelToken(), BatchFileTracker()):
        if isinstance(event, FileOutcome):
            outcomes.append(event)
        elif not killed:
            killed = multiprocessing.active_children()
            killed[0].kill()
    again = list(pool.restore(items, CancelToken(), BatchFileTracker()))
    pool.close()
    assert multiprocessing.active_children() == []
    outcomes.sort(key=lambda outcome: outcome.file.source)
    assert states(outcomes) == states(expected) == ["done"] * 5 + ["failed"]
    assert isinstance(outcomes[5].error, NotAJpeg)
    assert str(outcomes[5].error) == str(expected[5].error)
    assert [o.verdict for o in outcomes] == [o.verdict for o in expected]
    # Either of the equal files may be restored first; the other one gets a copy.
    assert [o.copied_from is not None for o in outcomes].count(True) == 1
    assert contents(together) == contents(alone)
    skipped = [event for event in again if isinstance(event, FileOutcome)]
    assert sorted(states(skipped)) == ["failed"] + ["skipped"] * 5


def test_a_cancelled_batch_leaves_no_process_and_no_file(library, pictures, tmp_path):
    setup = WorkerSetup(WorkerPrior(library, "tiny", "another prior"), QUICK, tmp_path / "out")
    pool = WorkerPool(setup, library.read_info("tiny"), TWO_PLACES, pytest.fail)
    token = CancelToken()
    token.cancel()
    with pytest.raises(OperationCancelled):
        list(pool.restore(plan(pictures, tmp_path / "out"), token, BatchFileTracker()))
    assert multiprocessing.active_children() == []
    assert not (tmp_path / "out").exists()


class Peculiar(Exception):
    """An exception of a library, which cannot be created from its arguments."""

    def __init__(self, first: str, *, second: str) -> None:
        super().__init__(first)
        self.second = second


def sent_to_another_process(error: Exception) -> Exception:
    return unpack_error(ForkingPickler.loads(ForkingPickler.dumps(pack_error(error))))


def test_errors_pass_from_process_to_process():
    """Errors keep their facts; one that cannot be created again keeps its text and notes."""
    facts = OutOfMemory(device="cpu", width=4000, height=3000)
    facts.add_note("where it happened")
    received = sent_to_another_process(facts)
    assert isinstance(received, OutOfMemory)
    assert (str(received), received.__notes__) == (str(facts), facts.__notes__)
    bug = Peculiar("first", second="second")
    bug.add_note("where it happened")
    received = sent_to_another_process(bug)
    assert not isinstance(received, CoreError)
    assert str(received) == "Peculiar: first"
    assert received.__notes__ == bug.__notes__


@pytest.mark.parametrize(
    ("cores", "gigabytes", "count"), [(16, 64, 8), (1, 64, 1), (3, 64, 1), (16, 6, 2), (16, 1, 1)]
)
def test_the_machine_determines_the_number_of_workers(monkeypatch, cores, gigabytes, count):
    """`auto` is half the cores, as many as the memory holds, and at least one."""
    module = "ddrm_core.batch.workers.places"
    monkeypatch.setattr(f"{module}.count_cores", lambda: cores)
    monkeypatch.setattr(f"{module}.find_free_bytes", lambda _: gigabytes << 30)
    monkeypatch.setattr("torch.get_num_threads", lambda: cores)
    places = choose_places(None, "cpu")
    assert len(places) == count
    assert {place.thread_count for place in places} == {cores // count}


def test_gpus_are_shared(monkeypatch):
    monkeypatch.setattr("torch.cuda.is_available", lambda: True)
    monkeypatch.setattr("torch.cuda.device_count", lambda: 2)
    names = [place.device_name for place in choose_places(None, "auto")]
    assert names == ["cuda:0", "cuda:1"]
    assert [place.device_name for place in choose_places(3, "cuda")] == [*names, "cuda:0"]
    assert [place.device_name for place in choose_places(2, "cuda:1")] == ["cuda:1"] * 2
