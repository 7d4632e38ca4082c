"""Batches whose images or results are objects: as in folders, bit for bit."""

from __future__ import annotations

import errno
import os
import tempfile
import uuid
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from ddrm_core.batch import write_result
from ddrm_core.batch.dry_run.outcome import PlannedOutcome
from ddrm_core.batch.dry_run.planner import BatchPlanner
from ddrm_core.batch.dry_run.result_sizes import estimate_result_bytes
from ddrm_core.batch.file_tracker import ContentInProgress
from ddrm_core.batch.manifest.manifest import Manifest
from ddrm_core.batch.object_path import ObjectPath
from ddrm_core.batch.outcome import FileOutcome
from ddrm_core.batch.output_paths import OutputNaming, PlannedFile
from ddrm_core.batch.runner import restore_files
from ddrm_core.batch.selection import open_selected
from ddrm_core.batch.selection.rule import OthersPolicy, SelectionRule
from ddrm_core.batch.settings import BatchSettings
from ddrm_core.batch.stores.address import StoreAddress, StoreScheme
from ddrm_core.batch.stores.batch_stores import BatchStores
from ddrm_core.batch.stores.clients.client import ObjectFacts
from ddrm_core.batch.stores.object_store import ObjectStore
from ddrm_core.batch.stores.reasons import StoreUnavailable
from ddrm_core.cancel import CancelToken
from ddrm_core.device.selection import choose_device
from ddrm_core.errors import DamagedJpeg, NotAJpeg, OutputExists, UnreadableFile, UnwritableOutput
from ddrm_core.os_errors import SystemFailure, writing
from ddrm_core.prior.checkpoint import load_prior
from ddrm_core.prior.denoiser import Prior
from ddrm_core.sampler.settings import SamplerSettings
from tests.support.batch_results import contents, states
from tests.support.pictures import photograph
from tests.support.small_priors import write_prior

QUICK = BatchSettings(SamplerSettings(steps=1, samples=1))
NAMES = ("a.jpg", "b.jpg", "süb 100%/c.jpg")
RESULTS = ["a_restored.png", "b_restored.png", "süb 100%/c_restored.png"]


@pytest.fixture(scope="module")
def prior(tmp_path_factory) -> Prior:
    path = write_prior(tmp_path_factory.mktemp("prior") / "tiny.safetensors")
    return load_prior(path, choose_device("cpu"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Write three small photographs to a folder, and return the folder."""
    (tmp_path / "in" / "süb 100%").mkdir(parents=True)
    for number, name in enumerate(NAMES):
        pixels = photograph(19 + number, 27, seed=number)
        Image.fromarray(pixels).save(tmp_path / "in" / name, quality=20)
    return tmp_path / "in"


class StoreBatch:
    """A bucket with the photographs of a folder under "in"; results are written to "out"."""

    def __init__(self, folder: Path, prior: Prior) -> None:
        bucket = f"b{uuid.uuid4().hex}"
        addresses = [StoreAddress(StoreScheme.MEMORY, bucket, name) for name in ("in", "out")]
        self.sources, self.results = map(ObjectStore, addresses)
        self.source_path, self.result_path = (ObjectPath(str(address)) for address in addresses)
        self.stores = BatchStores(*addresses)
        self._folder, self.prior = folder, prior
        for name in NAMES:
            self.sources.create(name, folder / name)

    def plan(self, name: str) -> PlannedFile:
        naming, path = OutputNaming(), self.source_path / name
        target, pattern = naming.build_target(path, (self.result_path / name).parent)
        found = self.sources.find(name)
        version = "" if found is None else found.version
        return PlannedFile(path, target, True, pattern, version)

    def restore(
        self, settings: BatchSettings = QUICK, names: tuple[str, ...] = NAMES
    ) -> list[FileOutcome]:
        manifest = self.stores.open_manifest(self.result_path, None)
        sources = self.stores.open_sources(manifest)
        events = restore_files(
            *(map(self.plan, names), settings, self.prior, manifest, CancelToken()),
            sources=sources,
        )
        outcomes = [event for event in events if isinstance(event, FileOutcome)]
        manifest.flush()
        return outcomes

    def read_results(self) -> dict[str, bytes]:
        """Return the content of each result by its key, without the manifest."""
        keys = [entry.key for entry in self.results.iter_folder()]
        keys += [entry.key for entry in self.results.iter_folder("süb 100%/")]
        objects = [key for key in keys if not key.endswith("/") and not key.startswith(".")]
        return {key: self.results.read_bytes(key) for key in sorted(objects)}


@pytest.fixture
def batch(folder, prior) -> StoreBatch:
    return StoreBatch(folder, prior)


def test_results_are_those_of_a_folder(batch, folder, prior, tmp_path):
    outcomes = batch.restore()
    assert states(outcomes) == ["done"] * 3
    assert str(outcomes[2].target) == f"{batch.result_path}/süb 100%/c_restored.png"
    items = [
        PlannedFile(folder / name, tmp_path / "out" / result, True)
        for name, result in zip(NAMES, RESULTS, strict=True)
    ]
    list(restore_files(items, QUICK, prior, Manifest(tmp_path / "out"), CancelToken()))
    assert batch.read_results() == contents(tmp_path / "out")
    assert list(batch.read_results()) == RESULTS


def test_finished_objects_are_skipped_without_reading_them(batch, monkeypatch):
    first = batch.restore()
    found = {result: batch.results.find(result).version for result in RESULTS}
    read_bytes = ObjectStore.read_bytes

    def read_manifest_only(store: ObjectStore, key: str) -> bytes:
        assert key.startswith(".ddrm-restore.d/")
        return read_bytes(store, key)

    monkeypatch.setattr(ObjectStore, "read_bytes", read_manifest_only)
    monkeypatch.delattr(ObjectStore, "download")
    again = batch.restore()
    assert states(again) == ["skipped"] * 3
    assert [o.target for o in again] == [o.target for o in first]
    assert {result: batch.results.find(result).version for result in RESULTS} == found


def test_the_manifest_is_listed_once_for_all_finished_objects(batch, monkeypatch):
    batch.restore()
    iter_folder, folders = ObjectStore.iter_folder, []

    def note_folder(store: ObjectStore, folder: str = ""):
        folders.append(folder)
        return iter_folder(store, folder)

    monkeypatch.setattr(ObjectStore, "iter_folder", note_folder)
    assert states(batch.restore()) == ["skipped"] * 3
    assert folders == [".ddrm-restore.d/"]


def test_a_changed_source_is_restored_again(batch, tmp_path):
    batch.restore()
    Image.fromarray(photograph(33, 20, seed=9)).save(tmp_path / "new.jpg", quality=30)
    batch.sources.replace("a.jpg", tmp_path / "new.jpg", batch.sources.find("a.jpg").version)
    assert states(batch.restore()) == ["done", "skipped", "skipped"]
    assert list(batch.read_results()) == ["a_restored (2).png", *RESULTS]


def test_other_settings_replace_a_result_only_if_asked(batch):
    batch.restore()
    before = batch.read_results()
    other = replace(QUICK, seed=7)
    assert states(batch.restore(other)) == ["kept"] * 3
    assert batch.read_results() == before
    assert states(batch.restore(replace(other, redo=True))) == ["done"] * 3
    after = batch.read_results()
    assert after.keys() == before.keys()
    assert not any(after[key] == before[key] for key in before)


def test_a_result_that_was_changed_is_not_replaced(batch, tmp_path):
    batch.restore(names=NAMES[:1])
    (tmp_path / "edited.png").write_bytes(b"edited")
    version = batch.results.find(RESULTS[0]).version
    batch.results.replace(RESULTS[0], tmp_path / "edited.png", version)
    (outcome,) = batch.restore(names=NAMES[:1])
    assert isinstance(outcome.error, OutputExists)
    assert str(outcome.error) == f"{batch.result_path}/{RESULTS[0]} exists already"
    assert batch.results.read_bytes(RESULTS[0]) == b"edited"
    assert states(batch.restore(replace(QUICK, overwrite=True), NAMES[:1])) == ["done"]


def test_the_loser_of_a_race_for_a_name_takes_the_next_one(batch, folder, monkeypatch):
    """Another program writes the result of other content while this one restores."""
    version = batch.sources.replace("a.jpg", folder / "b.jpg", batch.sources.find("a.jpg").version)
    batch.restore(names=NAMES[:1])
    rival = batch.results.read_bytes(RESULTS[0])
    batch.results.delete(RESULTS[0])
    batch.sources.replace("a.jpg", folder / "a.jpg", version)
    create = ObjectStore.create

    def create_late(store: ObjectStore, key: str, path: Path) -> str:
        monkeypatch.setattr(ObjectStore, "create", create)
        store.create_bytes(key, rival)
        return create(store, key, path)

    monkeypatch.setattr(ObjectStore, "create", create_late)
    (outcome,) = batch.restore(names=NAMES[:1])
    assert (states([outcome]), outcome.target.name) == (["done"], "a_restored (2).png")
    assert outcome.conflicting_result == batch.result_path / RESULTS[0]
    assert batch.results.read_bytes(RESULTS[0]) == rival
    assert len(batch.read_results()) == 2


def test_a_dry_run_says_what_the_batch_does_and_writes_nothing(batch, folder, monkeypatch):
    """Finished sources are not downloaded again."""
    batch.sources.create("sub/copy.jpg", folder / "a.jpg")
    batch.sources.create_bytes("text.jpg", b"no image")
    names = (*NAMES, "sub/copy.jpg", "text.jpg")

    def plan() -> list[PlannedOutcome]:
        manifest = batch.stores.open_manifest(batch.result_path, None)
        planner = BatchPlanner(
            QUICK, batch.prior.info.identity, manifest, sources=batch.stores.open_sources(manifest)
        )
        return list(planner.plan_files([batch.plan(name) for name in names]))

    planned = plan()
    assert [outcome.action.value for outcome in planned] == [*["restore"] * 3, "copy", "fail"]
    assert isinstance(planned[4].error, NotAJpeg)
    assert planned[4].error.path == batch.source_path / "text.jpg"
    size = estimate_result_bytes(
        planned[:3], QUICK.export, batch.stores.open_sources(Manifest(folder))
    )
    assert list(batch.results.iter_folder()) == []
    done = batch.restore(names=names)
    assert [o.target for o in done] == [o.target for o in planned]
    assert [o.file for o in done] == [o.file for o in planned]
    assert states(done) == [*["done"] * 4, "failed"]
    written = sum(len(data) for data in batch.read_results().values())
    assert size == pytest.approx(written, rel=0.5)
    download = ObjectStore.download

    def download_failed_only(store: ObjectStore, key: str, path: Path) -> ObjectFacts:
        assert key == "text.jpg"
        return download(store, key, path)

    monkeypatch.setattr(ObjectStore, "download", download_failed_only)
    assert [outcome.action.value for outcome in plan()] == [*["skip"] * 4, "fail"]


def test_errors_name_the_object(batch, tmp_path):
    (tmp_path / "text.jpg").write_text("no image")
    batch.sources.create("text.jpg", tmp_path / "text.jpg")
    whole = batch.sources.read_bytes("a.jpg")
    (tmp_path / "cut.jpg").write_bytes(whole[:-300])
    batch.sources.create("cut.jpg", tmp_path / "cut.jpg")
    text, cut, missing = batch.restore(names=("text.jpg", "cut.jpg", "missing.jpg"))
    for outcome, error_class in (
        (text, NotAJpeg),
        (cut, DamagedJpeg),
        (missing, UnreadableFile),
    ):
        assert isinstance(outcome.error, error_class)
        assert outcome.error.path == outcome.file.source
        assert str(batch.source_path) in str(outcome.error)
    assert batch.read_results() == {}


def test_a_full_disk_for_temporary_files_is_named(batch, monkeypatch):
    """Sources and results are in stores, which are not full; the batch ends."""

    def fill_disk(_: object, path: Path) -> None:
        raise OSError(errno.ENOSPC, "full", str(path))

    def download_to_full_disk(_store: ObjectStore, _key: str, path: Path) -> None:
        with writing(path):
            fill_disk(None, path)

    for owner, name, replacement in (
        (ObjectStore, "download", download_to_full_disk),
        (write_result, "write_content", fill_disk),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(owner, name, replacement)
            (outcome,) = batch.restore(names=NAMES[:1])
        assert isinstance(outcome.error, UnwritableOutput)
        assert outcome.error.path == Path(tempfile.gettempdir())
        assert outcome.error.reason is SystemFailure.ENOSPC
        assert outcome.should_stop_batch
    assert batch.read_results() == {}


def test_a_store_of_results_that_does_not_answer_ends_the_batch(batch, monkeypatch):
    """Otherwise each of a million files would wait for the store and fail."""
    create, written = ObjectStore.create, []

    def create_last(store: ObjectStore, key: str, path: Path) -> str:
        written.append(key)
        return create(store, key, path)

    def fail_afterwards(name: str) -> None:
        method = getattr(ObjectStore, name)

        def call(store: ObjectStore, key: str, *arguments: object) -> object:
            if written and store.address == batch.stores.results and key not in written:
                raise StoreUnavailable(str(store.address), "no answer")
            return method(store, key, *arguments)

        monkeypatch.setattr(ObjectStore, name, call)

    monkeypatch.setattr(ObjectStore, "create", create_last)
    for name in ("create_bytes", "iter_folder"):
        fail_afterwards(name)
    manifest = batch.stores.open_manifest(batch.result_path, None)
    events = restore_files(
        *([batch.plan(name) for name in NAMES], QUICK, batch.prior, manifest, CancelToken()),
        sources=batch.stores.open_sources(manifest),
    )
    done, failed = (event for event in events if isinstance(event, FileOutcome))
    assert states([done, failed]) == ["done", "failed"]
    assert failed.should_stop_batch
    assert isinstance(failed.error, UnwritableOutput)
    assert failed.error.reason == "no answer"


def test_results_of_objects_can_be_written_to_a_folder(folder, prior, tmp_path):
    """They have the date of their object, and are skipped without a download."""
    batch = StoreBatch(folder, prior)
    stores = BatchStores(batch.stores.sources)
    for expected in ("done", "skipped"):
        manifest = stores.open_manifest(tmp_path / "out", None)
        files = [
            replace(batch.plan(name), target=tmp_path / "out" / result)
            for name, result in zip(NAMES, RESULTS, strict=True)
        ]
        events = restore_files(
            *(files, QUICK, prior, manifest, CancelToken()), sources=stores.open_sources(manifest)
        )
        assert states([e for e in events if isinstance(e, FileOutcome)]) == [expected] * 3
        manifest.flush()
    modified = batch.sources.find("a.jpg").modified.timestamp()
    assert (tmp_path / "out" / RESULTS[0]).stat().st_mtime == pytest.approx(modified, abs=1e-3)


def test_files_that_are_not_selected_are_searched_and_copied_once(batch, monkeypatch):
    """Another program finds the findings of searches in the manifest of the store."""
    rule = SelectionRule(below_quality=10, others=OthersPolicy.COPY)
    settings = replace(QUICK, selection=rule)
    for _ in range(2):
        assert states(batch.restore(settings)) == ["copied"] * 3
        monkeypatch.setattr(open_selected, "find_compression_facts", None)
    assert batch.read_results() == {name: batch.sources.read_bytes(name) for name in NAMES}


@pytest.mark.skipif(os.name == "nt", reason="Windows allows none of these names")
@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("new\nline.jpg", "its key contains a control character"),
        ("back\\slash.jpg", "its key contains a backslash"),
        (os.fsdecode(b"caf\xe9.jpg"), "its key contains a control character"),
    ],
)
def test_a_local_name_that_cannot_be_a_key_fails(batch, folder, prior, name, problem):
    source = (folder / "a.jpg").rename(folder / name)
    target = batch.result_path / f"{source.stem}_restored.png"
    stores = BatchStores(None, batch.stores.results)
    manifest = stores.open_manifest(batch.result_path, None)
    files = [
        PlannedFile(source, target),
        PlannedFile(folder / "b.jpg", batch.result_path / "b.png"),
    ]
    events = restore_files(files, QUICK, prior, manifest, CancelToken())
    failed, done = (event for event in events if isinstance(event, FileOutcome))
    assert isinstance(failed.error, UnwritableOutput)
    assert (failed.error.path, str(failed.error.reason)) == (target, problem)
    assert (failed.should_stop_batch, states([done])) == (False, ["done"])
    assert list(batch.read_results()) == ["b.png"]


def test_a_source_that_fails_in_each_batch_adds_one_line(batch, tmp_path):
    (tmp_path / "text.jpg").write_text("no image")
    batch.sources.create("text.jpg", tmp_path / "text.jpg")
    for _ in range(3):
        assert states(batch.restore(names=("text.jpg",))) == ["failed"]
    objects = [entry.key for entry in batch.results.iter_folder(".ddrm-restore.d/")]
    assert sum(batch.results.read_bytes(key).count(b"\n") for key in objects) == 1


@pytest.mark.parametrize(
    ("second", "is_changed", "count"),
    [("a.jpg", False, 1), ("a.jpg", True, 2), ("b.jpg", False, 2)],
)
def test_a_source_whose_content_is_asked_for_is_downloaded_once(
    batch, folder, monkeypatch, second, is_changed, count
):
    """A worker of a cluster tells the content of a file before it restores the file."""
    download, paths = ObjectStore.download, []

    def note_path(store: ObjectStore, key: str, path: Path):
        paths.append(path)
        return download(store, key, path)

    monkeypatch.setattr(ObjectStore, "download", note_path)
    sources = batch.stores.open_sources(batch.stores.open_manifest(batch.result_path, None))

    def tell_content() -> None:
        with sources.open(batch.plan("a.jpg"), CancelToken()) as opened:
            assert opened.source.read_bytes() == batch.sources.read_bytes("a.jpg")
            raise ContentInProgress

    with pytest.raises(ContentInProgress):
        tell_content()
    assert paths[0].exists()
    if is_changed:
        batch.sources.replace("a.jpg", folder / "b.jpg", batch.sources.find("a.jpg").version)
    with sources.open(batch.plan(second), CancelToken()) as opened:
        assert opened.source.read_bytes() == batch.sources.read_bytes(second)
    assert len(paths) == count
    assert not any(path.parent.exists() for path in paths)
    with pytest.raises(ContentInProgress):
        tell_content()
    sources.close()
    assert not any(path.parent.exists() for path in paths)
