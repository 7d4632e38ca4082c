"""Stored results come back as they were, within the disk budget, and refusals lose nothing."""

from __future__ import annotations

import os
import shutil
import stat
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
from app.jobs.run.restore_request import ProblemKind, RestoreRequest
from app.jobs.run.restore_settings import RestoreSettings
from app.jobs.run.result_strength import ResultStrength
from app.jobs.storage.array_store import ArrayStore
from app.jobs.storage.temporary_folder import TemporaryFolder
from ddrm_core.export.settings import ExportSettings
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.sampler.settings import SamplerSettings
from tests.support.stored_results import ENDED, restore, run_job, stored, taken


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


class TestBudget:
    """Each result has four arrays of 3x64x97 floats: the mean, two samples and the spread."""

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
