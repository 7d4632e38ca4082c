"""The trash by the specification of freedesktop.org."""

from __future__ import annotations

import os
import stat
from datetime import datetime
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

import pytest

from ddrm_core.batch.replacement.trash import (
    Trash,
    TrashUnavailable,
    find_top_folder,
    find_trash,
    find_volume_trash,
    format_trash_info,
    parse_trash_info,
)
from ddrm_core.errors import UnwritableOutput
from ddrm_core.os_errors import SystemFailure

UID = 1234


def reserve(trash: Trash, source: Path):
    return trash.reserve(source, PurePosixPath(source.name))


def test_the_information_is_that_of_the_specification():
    content = format_trash_info("/home/jim/50 % süß.jpg".encode(), datetime(2004, 8, 31, 22, 32, 8))
    assert content == (
        b"[Trash Info]\nPath=/home/jim/50%20%25%20s%C3%BC%C3%9F.jpg\n"
        b"DeletionDate=2004-08-31T22:32:08\n"
    )


@pytest.mark.parametrize("name", ["a.jpg", "50 % süß=;#.jpg", "line\nbreak.jpg", "bytes\udcff.jpg"])
def test_a_path_is_read_back(name):
    path = Path("/home/jim", name)
    content = format_trash_info(os.fsencode(path), datetime(2004, 8, 31))
    assert parse_trash_info(content) == path


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"Path=/a",
        b"[Trash Info]\n",
        b"[Trash Info]\nPath=\n",
        b"[Other]\nPath=/a\n",
        b"[Trash Info\nPath=/a",
        b"\xff\xfe[Trash Info]\nPath=/a\n",
    ],
)
def test_other_content_is_no_information(content):
    assert parse_trash_info(content) is None


def test_other_programs_information_is_read():
    content = b"[Trash Info]\nDeletionDate=2004-08-31T22:32:08\nX-Other=1\nPath=/a%2Fb.jpg\n"
    assert parse_trash_info(content) == Path("/a/b.jpg")


def test_names_are_reserved_one_after_another(tmp_path):
    trash, source = Trash(tmp_path / "Trash"), tmp_path / "photo 1.jpg"
    backups = [reserve(trash, source) for _ in range(3)]
    assert [backup.path.name for backup in backups] == [
        *("photo 1.jpg", "photo 1.2.jpg", "photo 1.3.jpg")
    ]
    for backup in backups:
        assert backup.trash_info.name == f"{backup.path.name}.trashinfo"
        assert backup.trash_info.parent == tmp_path / "Trash" / "info"
        assert backup.path.parent == tmp_path / "Trash" / "files"
        lines = dict(line.split("=") for line in backup.trash_info.read_text().split("\n")[1:3])
        assert unquote(lines["Path"]) == str(source)
        assert datetime.fromisoformat(lines["DeletionDate"]) <= datetime.now()


def test_a_file_without_information_keeps_its_name(tmp_path):
    trash = Trash(tmp_path / "Trash")
    reserve(trash, tmp_path / "other.jpg")
    orphan = tmp_path / "Trash" / "files" / "photo.jpg"
    orphan.write_bytes(b"another program's")
    backup = reserve(trash, tmp_path / "photo.jpg")
    assert backup.path.name == "photo.2.jpg"
    assert orphan.read_bytes() == b"another program's"


def test_a_full_disk_leaves_no_incomplete_information(tmp_path, monkeypatch):
    write = os.write
    trash = Trash(tmp_path / "Trash")
    with monkeypatch.context() as full_disk:
        full_disk.setattr(os, "write", lambda descriptor, data: write(descriptor, data[:5]))
        with pytest.raises(UnwritableOutput) as caught:
            reserve(trash, Path("/photos/a.jpg"))
    assert caught.value.reason is SystemFailure.ENOSPC
    assert list((tmp_path / "Trash" / "info").iterdir()) == []


def test_the_longest_name_fits(tmp_path):
    name = "ä" * 125 + ".jpg"  # 254 bytes; the file system allows 255
    trash = Trash(tmp_path / "Trash")
    first, second = reserve(trash, tmp_path / name), reserve(trash, tmp_path / name)
    assert {first.path.suffix, second.path.suffix} == {".jpg"}
    assert first.path.name != second.path.name
    assert len(os.fsencode(second.trash_info.name)) <= 255


def test_a_volume_names_paths_relative_to_its_top(tmp_path):
    trash = find_volume_trash(tmp_path, os.getuid())
    backup = reserve(trash, tmp_path / "sub" / "photo.jpg")
    assert backup.trash_info.parent == tmp_path / f".Trash-{os.getuid()}" / "info"
    assert b"\nPath=sub/photo.jpg\n" in backup.trash_info.read_bytes()


class TestVolumeTrash:
    def test_the_shared_trash_is_preferred(self, tmp_path):
        shared = tmp_path / ".Trash"
        shared.mkdir()
        shared.chmod(0o1777)
        trash = find_volume_trash(tmp_path, UID)
        assert trash == Trash(shared / str(UID), tmp_path)
        assert stat.S_IMODE(trash.folder.stat().st_mode) == 0o700

    def test_a_shared_trash_without_the_sticky_bit_is_refused(self, tmp_path):
        (tmp_path / ".Trash").mkdir(mode=0o777)
        assert find_volume_trash(tmp_path, os.getuid()).folder.name == f".Trash-{os.getuid()}"

    def test_a_shared_trash_that_is_a_link_is_refused(self, tmp_path):
        (tmp_path / "elsewhere").mkdir()
        (tmp_path / "elsewhere").chmod(0o1777)
        (tmp_path / ".Trash").symlink_to(tmp_path / "elsewhere")
        assert find_volume_trash(tmp_path, os.getuid()).folder.name == f".Trash-{os.getuid()}"
        assert not list((tmp_path / "elsewhere").iterdir())

    def test_a_file_in_its_place_is_no_trash(self, tmp_path):
        own = tmp_path / f".Trash-{UID}"
        own.write_bytes(b"a file")
        assert find_volume_trash(tmp_path, UID) is None
        assert own.read_bytes() == b"a file"


def test_the_home_trash_is_for_its_own_volume(tmp_path):
    trash = find_trash(tmp_path, tmp_path / "home" / "Trash")
    assert trash == Trash(tmp_path / "home" / "Trash")
    assert stat.S_IMODE(trash.folder.stat().st_mode) == 0o700


def test_the_top_folder_is_a_mount_point(tmp_path):
    top_folder = find_top_folder(tmp_path)
    assert os.path.ismount(top_folder)
    assert tmp_path.resolve().is_relative_to(top_folder)
    assert top_folder.stat().st_dev == tmp_path.stat().st_dev


def test_a_home_trash_that_cannot_be_made_is_an_error(tmp_path):
    (tmp_path / "home").write_bytes(b"a file")
    with pytest.raises(UnwritableOutput):
        find_trash(tmp_path, tmp_path / "home" / "Trash")


@pytest.mark.parametrize("system", ["win32", "darwin"])
def test_other_systems_have_another_trash(tmp_path, monkeypatch, system):
    monkeypatch.setattr("sys.platform", system)
    with pytest.raises(TrashUnavailable):
        find_trash(tmp_path, tmp_path / "Trash")
    assert not (tmp_path / "Trash").exists()
