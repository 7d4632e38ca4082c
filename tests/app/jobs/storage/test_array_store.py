"""Stored arrays are returned unchanged, and the store leaves no files behind."""

from __future__ import annotations

import gc
import subprocess
import sys

import numpy as np
import psutil
import pytest

from app.jobs.storage.array_store import ArrayStore
from app.jobs.storage.temporary_folder import TemporaryFolder, remove_stale_temporary_folders
from ddrm_core.errors import UnreadableFile

KINDS = [np.float32, np.uint8]


def pictures(count, kind=np.float32, seed=3):
    noise = np.random.default_rng(seed).integers(0, 255, (count, 3, 37, 31))
    return [picture.astype(kind) for picture in noise]


@pytest.fixture
def folder(tmp_path):
    return TemporaryFolder(tmp_path / "cache")


def files(tmp_path):
    return sorted((tmp_path / "cache").rglob("*.npy"))


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_bytes_come_back_from_the_disk(tmp_path, folder, kind):
    arrays = pictures(5, kind)
    vault = ArrayStore(folder, max_memory_bytes=2 * arrays[0].nbytes, max_disk_bytes=1 << 20)
    kept = [vault.store(array.copy()) for array in arrays]
    assert [k.is_in_memory for k in kept] == [False] * 3 + [True] * 2
    assert len(files(tmp_path)) == 3
    for array, k in zip(arrays, kept, strict=True):
        back = k.load()
        assert back.dtype == array.dtype
        assert back.tobytes() == array.tobytes()


def test_what_was_not_used_for_longest_goes_to_the_disk(folder):
    arrays = pictures(3)
    vault = ArrayStore(folder, max_memory_bytes=2 * arrays[0].nbytes, max_disk_bytes=1 << 20)
    first, second = vault.store(arrays[0]), vault.store(arrays[1])
    first.load()
    third = vault.store(arrays[2])
    assert [k.is_in_memory for k in (first, second, third)] == [True, False, True]


def test_a_large_one_sends_as_many_to_the_disk_as_it_needs(folder):
    arrays = pictures(3)
    vault = ArrayStore(folder, max_memory_bytes=3 * arrays[0].nbytes, max_disk_bytes=1 << 20)
    kept = [vault.store(array) for array in (*arrays, np.stack(arrays))]
    assert [k.is_in_memory for k in kept] == [False, False, False, True]


def test_both_budgets_hold_and_room_comes_back(tmp_path, folder):
    arrays = pictures(4)
    size = arrays[0].nbytes
    vault = ArrayStore(folder, max_memory_bytes=size, max_disk_bytes=2 * size)
    kept = [vault.store(array) for array in arrays]
    assert [k is None for k in kept] == [False, False, False, True]
    assert vault.free_bytes() == 0
    del kept[0]
    gc.collect()
    assert vault.free_bytes() == size
    assert len(files(tmp_path)) == 1
    assert vault.store(arrays[3]) is not None


def test_nothing_is_made_on_disk_until_it_is_needed(tmp_path, folder):
    vault = ArrayStore(folder, max_memory_bytes=1 << 20, max_disk_bytes=1 << 20)
    kept = vault.store(pictures(1)[0])
    assert kept.is_in_memory
    assert not (tmp_path / "cache").exists()
    vault.close()


def test_closing_removes_the_folder(tmp_path, folder):
    vault = ArrayStore(folder, max_memory_bytes=0, max_disk_bytes=1 << 20)
    kept = vault.store(pictures(1)[0])
    (made,) = (tmp_path / "cache").iterdir()
    assert made.stat().st_mode & 0o777 == 0o700
    vault.close()
    assert not made.exists()
    with pytest.raises(UnreadableFile):
        kept.load()


def test_a_disk_that_cannot_be_written_to_keeps_nothing(tmp_path):
    (tmp_path / "cache").write_text("a file in its place")
    vault = ArrayStore(
        TemporaryFolder(tmp_path / "cache"), max_memory_bytes=0, max_disk_bytes=1 << 20
    )
    assert vault.store(pictures(1)[0]) is None
    assert vault.free_bytes() == 0


def test_only_folders_of_dead_sessions_are_removed(tmp_path):
    parent = tmp_path / "cache"
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    me = psutil.Process()
    kept = ["mine", "session-x-1", f"session-{me.pid}-{round(me.create_time())}"]
    gone = [f"session-{dead.pid}-1700000000", f"session-{me.pid}-1700000000"]
    for name in (*kept, *gone):
        (parent / name).mkdir(parents=True)
        (parent / name / "0.npy").write_bytes(b"x")
    (parent / "session-1-1").symlink_to(tmp_path)
    (parent / "session-2-2").write_text("no folder")
    remove_stale_temporary_folders(parent)
    left = {path.name for path in parent.iterdir()}
    assert left == {*kept, "session-1-1", "session-2-2"}
    remove_stale_temporary_folders(tmp_path / "nowhere")
