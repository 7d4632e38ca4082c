"""Stored results come back as they were, and nothing but results of this program is touched."""

from __future__ import annotations

import json
import os
import shutil
import stat
from datetime import datetime
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from app.jobs.document.open import open_document
from app.jobs.results.archived_result import (
    archive_result,
    export_archived_result,
    load_archived_result,
)
from app.jobs.results.result_folders import list_window_folders
from app.jobs.results.result_store import EarlierResults, ResultStore
from app.jobs.results.stored_result import ResultView
from app.jobs.run.prior_cache import PriorCache
from app.jobs.run.restore import restore_job
from app.jobs.run.restore_request import ProblemKind, RestoreRequest
from app.jobs.run.restore_settings import RestoreSettings
from app.jobs.run.result_strength import ResultStrength
from app.jobs.storage.array_store import ArrayStore
from app.jobs.storage.temporary_folder import TemporaryFolder, remove_stale_temporary_folders
from ddrm_core.cancel import CancelToken
from ddrm_core.export.settings import ExportSettings
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from ddrm_core.sampler.settings import SamplerSettings
from ddrm_core.step_iterator import StepIterator

ENDED = datetime(2026, 1, 2, 3, 4, 5, 678)
TWO_SAMPLES = SamplerSettings(steps=2, samples=2)


@pytest.fixture
def arrays(tmp_path):
    return ArrayStore(TemporaryFolder(tmp_path / "cache"), max_disk_bytes=1 << 24)


@pytest.fixture
def root(tmp_path):
    return tmp_path / "state" / "results"


@pytest.fixture
def windows(root, arrays):
    """Return a function that creates the store of another window, all closed at the end."""
    stores: list[ResultStore] = []

    def create(array_store: ArrayStore = arrays) -> ResultStore:
        stores.append(ResultStore(root, array_store))
        return stores[-1]

    yield create
    for store in stores:
        store.close(keep=True)


@cache
def engine():
    """Return the cache of the bundled prior, which all tests share: loading takes a second."""
    return PriorCache(BUNDLED_PRIOR_PATH)


def run_job(request, arrays):
    """Run a request, and return its result."""
    prior_cache = engine()
    prior_cache.array_store = arrays
    steps = StepIterator(restore_job(prior_cache, request, CancelToken()))
    for _step in steps:
        pass
    return steps.result


def restore(path, arrays, settings=TWO_SAMPLES, problem=ProblemKind.JPEG, region=None):
    """Restore a file, and return the request with the archived result."""
    source = open_document(path).source
    request = RestoreRequest(
        source, RestoreSettings(settings, 7, "cpu"), problem, region=region, preview_interval=0
    )
    return request, archive_result(run_job(request, arrays), arrays)


def stored(store, path, arrays, ended_at=ENDED, **options):
    """Restore a file, store the result, and return the request, the result and the folder."""
    request, archived = restore(path, arrays, **options)
    return request, archived, store.store(request, archived, ended_at)


def taken(windows, count=1):
    """Return the results that a later session gets, and its store."""
    later = windows()
    runs = later.take_earlier(100)
    assert len(runs) == count
    return runs


def exported(archived, path, settings=None):
    export_archived_result(archived, path, settings or ExportSettings())
    return path.read_bytes()


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"region": Rectangle(16, 8, 40, 32)},
        {"settings": SamplerSettings(steps=1, samples=1, correction="paper")},
    ],
    ids=["samples", "region", "paper"],
)
def test_a_later_session_saves_the_same_file(tmp_path, windows, arrays, photo, options):
    first = windows()
    _request, archived, folder = stored(first, photo, arrays, **options)
    assert folder is not None
    before = exported(archived, tmp_path / "before.png")
    sharpest = (
        exported(archived, tmp_path / "sharp.png", ExportSettings(sharpness=1.0))
        if (archived.samples)
        else None
    )
    first.close(keep=True)
    [run] = taken(windows)
    assert run.ended_at == ENDED
    assert run.request.source.path == photo
    assert run.archived_result.seconds == archived.seconds
    assert len(run.archived_result.thumbnails) == len(archived.thumbnails)
    assert exported(run.archived_result, tmp_path / "after.png") == before
    if sharpest is not None:
        settings = ExportSettings(sharpness=1.0)
        assert exported(run.archived_result, tmp_path / "after2.png", settings) == sharpest
    shown = load_archived_result(run.archived_result, 0.0, 1)
    assert shown.image.full_size.width() == 97


@pytest.mark.parametrize("name", ["screenshot", "banded", "cut"])
def test_other_kinds_of_files_come_back(request, tmp_path, windows, arrays, name):
    path = request.getfixturevalue(name)
    problem = ProblemKind.BANDING if name == "banded" else ProblemKind.JPEG
    first = windows()
    source = open_document(path, tolerate_damage=True).source
    restore_request = RestoreRequest(
        source,
        RestoreSettings(SamplerSettings(steps=1, samples=1), 7, "cpu"),
        problem,
        preview_interval=0,
    )
    archived = archive_result(run_job(restore_request, arrays), arrays)
    assert first.store(restore_request, archived, ENDED) is not None
    before = exported(archived, tmp_path / "before.png")
    first.close(keep=True)
    path.unlink()
    [run] = taken(windows)
    after = exported(run.archived_result, tmp_path / "after.png")
    with Image.open(tmp_path / "before.png") as one, Image.open(tmp_path / "after.png") as two:
        assert np.array_equal(np.asarray(one), np.asarray(two))
    assert len(after) == len(before)


def test_only_the_user_can_read_what_is_stored(root, windows, arrays, photo):
    store = windows()
    root.mkdir(parents=True, mode=0o755)
    root.chmod(0o755)
    _request, _archived, folder = stored(store, photo, arrays)
    for path in (root, folder.parent, folder):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700


def test_the_folder_of_an_open_window_is_left_alone(windows, arrays, photo):
    first, second = windows(), windows()
    _request, _archived, folder = stored(first, photo, arrays)
    assert second.find_earlier() == EarlierResults()
    assert second.take_earlier(9) == ()
    second.clear_earlier()
    assert (folder / "mean.npy").exists()
    first.close(keep=True)
    found = second.find_earlier()
    assert found.file_names == (photo.name,)
    assert found.byte_count == sum(p.stat().st_size for p in folder.iterdir())


def test_the_latest_results_come_first_and_share_the_source_of_their_file(windows, arrays, photo):
    first, request_and_result = windows(), restore(photo, arrays)
    for day in (2, 4, 3):
        assert first.store(*request_and_result, ENDED.replace(day=day)) is not None
    first.close(keep=True)
    later = windows()
    runs = later.take_earlier(2)
    assert [run.ended_at.day for run in runs] == [4, 3]
    assert runs[0].request.source is runs[1].request.source
    assert later.find_earlier().file_names == (photo.name,)


def test_two_windows_cannot_both_take_a_result(windows, arrays, photo):
    first = windows()
    stored(first, photo, arrays)
    first.close(keep=True)
    second, third = windows(), windows()
    assert len(second.take_earlier(9)) == 1
    assert third.take_earlier(9) == ()


def test_what_is_saved_sharpened_or_removed_is_known_later(tmp_path, windows, arrays, photo):
    first = windows()
    strength = ResultStrength(0.5, (Rectangle(1, 2, 8, 9),))
    view = ResultView(tmp_path / "saved.png", 0.25, 2, strength=strength)
    request, archived, folder = stored(first, photo, arrays)
    first.update_view(folder, view)
    removed = first.store(request, archived, ENDED)
    first.update_view(removed, ResultView(is_removed=True))
    first.close(keep=True)
    assert not removed.exists()
    [run] = taken(windows)
    assert run.view == view


def test_what_a_crash_left_of_a_removed_result_is_deleted(tmp_path, root, windows, arrays, photo):
    first = windows()
    _request, _archived, folder = stored(first, photo, arrays)
    first.update_view(folder, ResultView(is_removed=True))
    # The copy is not locked, like the folder of a program that has crashed.
    crashed = tmp_path / "crashed"
    shutil.copytree(root, crashed)
    assert ResultStore(crashed, arrays).find_earlier() == EarlierResults()
    assert not list(crashed.iterdir())
    assert folder.exists()


@pytest.mark.parametrize("keep", [True, False])
def test_closing_keeps_results_or_deletes_all(root, windows, arrays, photo, keep):
    store = windows()
    stored(store, photo, arrays)
    store.close(keep=keep)
    assert bool(list_window_folders(root)) == keep


def test_a_file_that_changed_since_is_not_stored(windows, arrays, photo, original):
    request, archived = restore(photo, arrays)
    original.rotate(180).save(photo, quality=10, subsampling=2)
    assert windows().store(request, archived, ENDED) is None
    photo.unlink()
    assert windows().store(request, archived, ENDED) is None


def truncate(name):
    def change(folder):
        path = folder / name
        path.write_bytes(path.read_bytes()[:-1])

    return change


def replace_array(array, *, pickled=False):
    def change(folder):
        np.save(folder / "mean.npy", array, allow_pickle=pickled)

    return change


def edit(**changes):
    def change(folder):
        path = folder / "result.json"
        path.write_text(json.dumps(json.loads(path.read_text()) | changes))

    return change


def overwrite(name, data):
    def change(folder):
        (folder / name).write_bytes(data)

    return change


def link_to_nothing(name):
    def change(folder):
        (folder / name).unlink()
        (folder / name).symlink_to(folder / "nothing")

    return change


DAMAGES = {
    "no array": lambda folder: (folder / "mean.npy").unlink(),
    "truncated array": truncate("mean.npy"),
    "truncated sample": truncate("sample-2.npy"),
    "empty array": overwrite("mean.npy", b""),
    "pickle": replace_array(np.array([print], dtype=object), pickled=True),
    "other shape": replace_array(np.zeros((3, 64, 98), np.float32)),
    "other type": replace_array(np.zeros((3, 64, 97), np.float64)),
    "truncated source": lambda folder: overwrite(
        "source.bin", (folder / "source.bin").read_bytes()[:100]
    )(folder),
    "no source": lambda folder: (folder / "source.bin").unlink(),
    "no document": lambda folder: (folder / "result.json").unlink(),
    "truncated document": truncate("result.json"),
    "nested document": overwrite("result.json", b"[" * 100_000),
    "no object": overwrite("result.json", b"[1]"),
    "binary document": overwrite("result.json", b"\xff\xfe\x00"),
    "huge document": overwrite("result.json", b" " * (1 << 20) + b"{}"),
    "linked document": link_to_nothing("result.json"),
    "no format": edit(format=None),
    "boolean format": edit(format=True),
    "text seed": edit(seed="7"),
    "large seed": edit(seed=1 << 70),
    "endless time": edit(seconds=float("inf")),
    "unknown problem": edit(problem="NOISE"),
    "region outside": edit(region=[90, 0, 40, 8]),
    "region of texts": edit(region=["a", "b", "c", "d"]),
    "unknown sampler": edit(sampler={"steps": 1}),
    "settings as a list": edit(settings=[]),
    "relative source": edit(source="photo.jpg"),
    "no prior": edit(prior=None),
    "no date": edit(ended="yesterday"),
    "too many samples": edit(samples=3),
}


@pytest.fixture(scope="module")
def stored_once(tmp_path_factory):
    """Return a folder with one stored result of an earlier session."""
    folder = tmp_path_factory.mktemp("stored")
    photo = folder / "photo.jpg"
    Image.effect_noise((97, 64), 60).convert("RGB").save(photo, quality=30)
    arrays = ArrayStore(TemporaryFolder(folder / "cache"))
    store = ResultStore(folder / "results", arrays)
    assert stored(store, photo, arrays)[2] is not None
    store.close(keep=True)
    return folder / "results"


@pytest.fixture
def one_result(stored_once, root):
    """Return the folder of the only stored result, in the folder of all windows."""
    shutil.copytree(stored_once, root)
    [window_folder] = list_window_folders(root)
    [folder] = [path for path in window_folder.iterdir() if path.is_dir()]
    return folder


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_result_is_not_shown_and_can_be_cleared(one_result, windows, name):
    DAMAGES[name](one_result)
    later = windows()
    assert later.take_earlier(9) == ()
    assert one_result.exists()
    later.clear_earlier()
    assert not one_result.exists()


def test_an_undamaged_result_moves_to_the_window_that_shows_it(one_result, windows):
    [run] = taken(windows)
    assert run.folder.name == one_result.name
    assert run.folder.parent != one_result.parent
    assert not one_result.parent.exists()


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[]", b'{"saved": 3}', b'{"saved": null, "sharpness": 9, "sample": 1}']
)
def test_a_damaged_view_is_that_of_an_unsaved_result(one_result, windows, data):
    (one_result / "view.json").write_bytes(data)
    [run] = taken(windows)
    assert run.view == ResultView()


def test_a_result_of_a_newer_version_is_neither_shown_nor_deleted(one_result, windows):
    edit(format=2)(one_result)
    later = windows()
    found = later.find_earlier()
    assert (found.file_names, found.newer_count, found.damaged_count) == ((), 1, 0)
    assert later.take_earlier(9) == ()
    later.clear_earlier()
    assert one_result.exists()


def test_files_of_other_programs_stay(root, one_result, windows, tmp_path):
    others = [root / "notes.txt", one_result / "mine.npy", one_result.parent / "keep" / "me.txt"]
    target = tmp_path / "important"
    target.mkdir()
    (target / "mean.npy").write_text("mine")
    link = one_result.parent / f"result-{'0' * 16}"
    link.symlink_to(target)
    for path in others:
        path.parent.mkdir(exist_ok=True)
        path.write_text("mine")
    later = windows()
    assert later.find_earlier().damaged_count == 0
    later.clear_earlier()
    assert all(path.read_text() == "mine" for path in (*others, target / "mean.npy"))
    assert not (one_result / "mean.npy").exists()


def test_a_folder_that_was_not_finished_is_deleted(one_result, windows):
    unfinished = one_result.rename(one_result.with_name(f"unfinished-{'a' * 16}"))
    assert windows().find_earlier() == EarlierResults()
    assert not unfinished.exists()


def test_the_cleaning_of_0_1_0_does_not_find_the_folders(root, one_result):
    for folder in (root.parent, root, one_result.parent):
        remove_stale_temporary_folders(folder)
    assert (one_result / "mean.npy").exists()


class TestBudget:
    """Each result has three arrays of 3x64x97 floats: the mean, two samples and the spread."""

    SIZE = 4 * 4 * 3 * 64 * 97

    def store_of(self, tmp_path, windows, budget):
        arrays = ArrayStore(TemporaryFolder(tmp_path / "cache"), max_disk_bytes=budget)
        return windows(arrays), arrays

    def test_a_result_beyond_the_disk_budget_is_not_stored(self, tmp_path, windows, photo):
        store, arrays = self.store_of(tmp_path, windows, self.SIZE)
        assert stored(store, photo, arrays)[2] is None
        assert not list((tmp_path / "state").rglob("*.npy"))

    def test_a_saved_result_gives_way_and_an_unsaved_one_stays(self, tmp_path, windows, photo):
        store, arrays = self.store_of(tmp_path, windows, int(self.SIZE * 2.7))
        _request, saved, folder = stored(store, photo, arrays)
        store.update_view(folder, ResultView(tmp_path / "saved.png"))
        _request, unsaved, _folder = stored(store, photo, arrays)
        saved.set_evictable(evictable=True)
        _request, latest, folder = stored(store, photo, arrays)
        assert folder is not None
        assert saved.is_lost
        assert not unsaved.is_lost
        assert stored(store, photo, arrays)[2] is None
        assert not latest.is_lost

    def test_a_saved_result_of_an_earlier_session_gives_way(self, tmp_path, windows, photo):
        first, arrays = self.store_of(tmp_path, windows, int(self.SIZE * 1.7))
        _request, _archived, folder = stored(first, photo, arrays)
        first.update_view(folder, ResultView(tmp_path / "saved.png"))
        first.close(keep=True)
        second, arrays = self.store_of(tmp_path, windows, int(self.SIZE * 1.7))
        assert stored(second, photo, arrays)[2] is not None
        assert not folder.exists()

    def test_unsaved_results_of_an_earlier_session_count(self, tmp_path, windows, photo):
        first, arrays = self.store_of(tmp_path, windows, int(self.SIZE * 1.7))
        _request, _archived, folder = stored(first, photo, arrays)
        first.close(keep=True)
        second, arrays = self.store_of(tmp_path, windows, int(self.SIZE * 1.7))
        assert stored(second, photo, arrays)[2] is None
        assert folder.exists()


class TestRefusals:
    def test_a_folder_that_is_a_file_keeps_results_in_memory_only(
        self, root, windows, arrays, photo
    ):
        root.parent.mkdir()
        root.write_text("mine")
        store = windows()
        _request, archived, folder = stored(store, photo, arrays)
        assert folder is None
        assert store.find_earlier() == EarlierResults()
        assert not archived.is_lost
        assert root.read_text() == "mine"

    def test_a_link_is_not_followed(self, tmp_path, root, windows, arrays, photo):
        other = tmp_path / "other"
        other.mkdir()
        root.parent.mkdir()
        root.symlink_to(other)
        assert stored(windows(), photo, arrays)[2] is None
        assert not list(other.iterdir())

    def test_a_full_disk_leaves_nothing_behind(self, monkeypatch, root, windows, arrays, photo):
        request, archived = restore(photo, arrays)
        store, written = windows(), []

        def save(path, _array, **_options):
            written.append(path)
            Path(path).write_bytes(b"half")
            if len(written) == 2:
                raise OSError(28, os.strerror(28))

        monkeypatch.setattr(np, "save", save)
        assert store.store(request, archived, ENDED) is None
        assert len(written) == 2
        assert not [path for path in root.rglob("*") if path.suffix in (".npy", ".json", ".bin")]
        assert not archived.is_lost

    def test_no_space_beside_other_programs(self, monkeypatch, windows, arrays, photo):
        request, archived = restore(photo, arrays)
        monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=1 << 20))
        assert windows().store(request, archived, ENDED) is None
