"""Replacing and undoing, stopped before each call of the operating system that changes a file."""

from __future__ import annotations

import errno
import os
import shutil
import stat
from itertools import count
from pathlib import Path

import pytest

from ddrm_core.batch.replacement.backups import BackupPlace
from ddrm_core.batch.replacement.undo import UndoState
from ddrm_core.batch.replacement.undo_log import UndoLog, UndoStep, parse_undo_entry
from tests.support.replaced_sources import DATE_NS, MODE, ORIGINAL, RESULT, Album, log_lines
from tests.support.stopped_calls import Killed, SystemCalls


def refuse_links(*arguments: object) -> OSError | None:
    """Refuse a hard link to another folder, as between two file systems."""
    old, new = (Path(str(each)) for each in arguments[:2])
    return None if old.parent == new.parent else OSError(errno.EXDEV, os.strerror(errno.EXDEV))


@pytest.fixture(autouse=True)
def quick_disk(monkeypatch):
    """Synchronize nothing with the disk, which takes most of the time of these tests."""
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)


@pytest.fixture(
    params=["same-name-folder", "same-name-copied", "same-name-trash", "new-suffix-trash"]
)
def case(request) -> str:
    """Return whether results have the names of their sources, and the place of the backups."""
    return request.param


@pytest.fixture
def album(case, tmp_path) -> Album:
    return Album(tmp_path / "all", None if case.startswith("same-name") else ".png")


@pytest.fixture
def place(case, album) -> BackupPlace:
    return album.trash if case.endswith("trash") else album.backup_folder


@pytest.fixture
def refused(case):
    """Return the calls that the system refuses: links to other folders, if backups are copied."""
    return {"link": refuse_links} if case.endswith("copied") else {}


def stop(limit: int, refused: dict, work) -> bool:
    """Do work with so many calls of the system at most; return whether it was stopped."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        SystemCalls(limit, refused=refused).install(monkeypatch)
        try:
            work()
        except Killed:
            return True
    return False


def check_whole(album: Album, place: BackupPlace) -> None:
    """Check that names have complete files, and that the original is in one of its places."""
    files = album.visible()
    allowed = {"sub/photo.jpg": (ORIGINAL, RESULT), "sub/photo.png": (RESULT,)}
    if album.suffix is not None:
        allowed["sub/photo.jpg"] = (ORIGINAL,)
    assert files
    assert all(data in allowed[name] for name, data in files.items()), files
    if ORIGINAL not in files.values():
        kept = place.folder.rglob("photo*.jpg")
        assert ORIGINAL in [path.read_bytes() for path in kept if path.suffix == ".jpg"]


def check_original(album: Album) -> None:
    assert album.visible() == {"sub/photo.jpg": ORIGINAL}
    file_stat = album.source.stat()
    assert (file_stat.st_mtime_ns, stat.S_IMODE(file_stat.st_mode)) == (DATE_NS, MODE)


def test_a_stopped_replacement_leaves_whole_files_and_can_be_continued_or_undone(
    album, place, refused
):
    for limit in count():
        shutil.rmtree(album.root, ignore_errors=True)
        album.create()
        was_stopped = stop(limit, refused, lambda: album.replace(place))
        check_whole(album, place)
        if limit % 2:
            if album.source.exists() and album.source.read_bytes() == ORIGINAL:
                if album.target != album.source:
                    # A batch would remove the source instead, see test_run.py.
                    album.target.unlink(missing_ok=True)
                album.replace(place)
            expected = {str(album.target.relative_to(album.folder)): RESULT}
            assert album.visible() == expected
        if UndoLog(album.folder).list_latest():
            assert all(outcome.state is UndoState.DONE for outcome in album.undo())
        check_original(album)
        if not was_stopped:
            break
    assert limit > 15


def test_a_stopped_undo_leaves_whole_files_and_can_be_repeated(album, place, refused):
    for limit in count():
        shutil.rmtree(album.root, ignore_errors=True)
        album.create()
        stop(1000, refused, lambda: album.replace(place))
        was_stopped = stop(limit, refused, album.undo)
        check_whole(album, place)
        assert all(outcome.state is UndoState.DONE for outcome in album.undo())
        check_original(album)
        assert not [path for path in place.folder.rglob("*") if path.is_file()]
        if not was_stopped:
            break
    assert limit > 4


def test_each_step_is_on_the_disk_before_the_next_one(album, place, refused, monkeypatch):
    album.create()
    calls, seen = SystemCalls(refused=dict(refused)), []

    def look_before_renaming(path: object, new_path: object, **_: object) -> None:
        if Path(str(new_path)) != album.target or seen:
            return
        last = parse_undo_entry(log_lines(album.folder)[-1])
        assert last is not None
        seen.append(last)
        synced = [inode for name, (inode, *_) in calls.made if name == "fsync"]
        files = (Path(str(path)), Path(last.backup), Path(last.backup).parent)
        log = album.folder / ".ddrm-restore-undo.jsonl"
        assert {file.stat().st_ino for file in files} <= set(synced)
        assert synced[-1] == log.stat().st_ino
        assert Path(str(path)).read_bytes() == RESULT
        assert Path(last.backup).read_bytes() == ORIGINAL

    calls.refused["replace" if album.suffix is None else "link"] = lambda *arguments: (
        look_before_renaming(*arguments) or refused.get("link", lambda *_: None)(*arguments)
    )
    calls.install(monkeypatch)
    album.replace(place)
    assert [entry.step for entry in seen] == [UndoStep.REPLACE]
    assert calls.made[-1] == ("fsync", (album.target.parent.stat().st_ino,))
