"""Damaged, foreign and unfinished files in the folders of stored results."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest
from PIL import Image

from app.jobs.results.result_folders import list_window_folders
from app.jobs.results.result_store import EarlierResults, ResultStore
from app.jobs.results.stored_result import ResultView
from app.jobs.storage.array_store import ArrayStore
from app.jobs.storage.temporary_folder import TemporaryFolder, remove_stale_temporary_folders
from tests.support.stored_results import stored, taken


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
