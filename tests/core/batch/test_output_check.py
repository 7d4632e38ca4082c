"""Checks of the output folder before a batch starts."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from types import SimpleNamespace

import pytest

from ddrm_core.batch.output_check import check_output_folder, measure_disk_space
from ddrm_core.errors import UnwritableOutput
from ddrm_core.os_errors import SystemFailure


def test_nothing_is_left_of_the_check(tmp_path):
    (tmp_path / "out").mkdir()
    for folder in (tmp_path / "out", tmp_path / "new" / "er"):
        check_output_folder(folder)
    assert [path.name for path in tmp_path.rglob("*")] == ["out"]


def test_a_file_in_the_way_is_named(tmp_path):
    (tmp_path / "file").touch()
    for folder in (tmp_path / "file", tmp_path / "file" / "out"):
        with pytest.raises(UnwritableOutput) as raised:
            check_output_folder(folder)
        assert raised.value.path == folder
        assert raised.value.reason is SystemFailure.ENOTDIR


def test_a_read_only_disk_is_named(tmp_path, monkeypatch):
    def refuse(**_options):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    with pytest.raises(UnwritableOutput) as raised:
        check_output_folder(tmp_path / "out")
    assert raised.value.reason is SystemFailure.EROFS


def test_space_is_scarce_where_lossless_results_do_not_fit(tmp_path, monkeypatch):
    source = tmp_path / "a.jpg"
    source.write_bytes(bytes(1000))
    sources = [source, tmp_path / "missing.jpg"]
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=6500))

    def scarce(suffix, bits):
        space = measure_disk_space(tmp_path / "out", sources, suffix=suffix, bits=bits)
        assert space.free_bytes == 6500
        return space.is_scarce

    assert not scarce(".png", 8)
    assert scarce(".png", 16)
    assert not scarce(".jpg", 8)
