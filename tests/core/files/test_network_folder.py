"""Folders that several machines may share are recognized by the file system that they are in."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from ddrm_core.files.network_folder import is_on_network

MOUNTS = (
    ("/", "ext4", "rw"),
    ("/mnt/nas", "nfs4", "rw,relatime"),
    ("/mnt/nas/local", "xfs", "rw"),
    ("/mnt/share", "fuse.sshfs", "rw"),
    ("/mnt/drive", "NTFS", "rw,remote"),
    ("/mnt/twice", "autofs", "rw"),
    ("/mnt/twice", "cifs", "rw"),
)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/srv/out", False),
        ("/mnt/nas", True),
        ("/mnt/nas/a/b", True),
        ("/mnt/nas/local/out", False),
        ("/mnt/nasty/out", False),
        ("/mnt/share/out", True),
        ("/mnt/drive/out", True),
        ("/mnt/twice/out", True),
    ],
)
def test_the_innermost_file_system_decides(monkeypatch, path, expected):
    mounts = [
        SimpleNamespace(device="device", mountpoint=point, fstype=kind, opts=options)
        for point, kind, options in MOUNTS
    ]
    monkeypatch.setattr(psutil, "disk_partitions", lambda **_: mounts)
    assert is_on_network(Path(path)) is expected


def test_a_folder_of_this_machine_is_not_on_the_network(tmp_path):
    assert not is_on_network(tmp_path / "out")
