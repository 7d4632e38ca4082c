"""Results in files are complete, and encode what was given."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from dataclasses import replace

import piexif
import pytest
import torch
from PIL import Image, ImageCms

from ddrm_core.errors import (
    OutputExists,
    OutputIsInput,
    UnwritableOutput,
)
from ddrm_core.files.atomic_write import check_output_path, write_atomically
from ddrm_core.formats.save import encode_image
from ddrm_core.imaging.quantize_pixels import to_uint8
from ddrm_core.jpeg.read import read_jpeg
from ddrm_core.metadata.model import NO_METADATA as NOTHING
from ddrm_core.os_errors import SystemFailure
from tests.support.pictures import jpeg_bytes, photograph


def picture(rng: torch.Generator, channels: int, height: int = 31, width: int = 37) -> torch.Tensor:
    return torch.rand(channels, height, width, generator=rng) * 300 - 20


class TestPictures:
    def test_rounding_is_to_the_nearest_and_clipped(self):
        x = torch.tensor([[[-3.0, 0.4, 0.6, 127.4, 254.6, 300.0]]])
        assert to_uint8(x).tolist() == [[0, 0, 1, 127, 255, 255]]

    def test_profile_and_exif_are_kept_byte_for_byte(self, tmp_path, rng):
        icc = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
        exif = piexif.dump({"0th": {piexif.ImageIFD.Make: b"maker"}})
        source = tmp_path / "a.jpg"
        source.write_bytes(jpeg_bytes(photograph(8, 8), icc_profile=icc, exif=exif))
        metadata = read_jpeg(source).metadata
        assert (metadata.icc_profile, metadata.exif) == (icc, exif.removeprefix(b"Exif\0\0"))
        path = tmp_path / "a.png"
        path.write_bytes(encode_image(picture(rng, 3), path, bits=8, metadata=metadata).data)
        with Image.open(path) as image:
            assert image.info["icc_profile"] == icc
            assert image.info["exif"].removeprefix(b"Exif\0\0") == exif.removeprefix(b"Exif\0\0")

    def test_no_metadata_is_none(self, tmp_path):
        source = tmp_path / "a.jpg"
        source.write_bytes(jpeg_bytes(photograph(8, 8)))
        metadata = read_jpeg(source).metadata
        assert replace(metadata, density=None) == NOTHING


class TestCheckOutput:
    @pytest.fixture
    def source(self, tmp_path):
        path = tmp_path / "a.jpg"
        path.write_bytes(b"source")
        return path

    def test_a_new_name_in_a_folder_is_fine_and_leaves_nothing(self, source):
        check_output_path(source.with_suffix(".png"), source=source, overwrite=False)
        assert list(source.parent.iterdir()) == [source]

    @pytest.mark.parametrize("overwrite", [False, True])
    def test_the_source_under_any_name(self, source, overwrite):
        symbolic, hard = source.with_name("s.png"), source.with_name("h.png")
        symbolic.symlink_to(source)
        hard.hardlink_to(source)
        dotted = source.parent / "." / ".." / source.parent.name / source.name
        for path in (source, symbolic, hard, dotted):
            with pytest.raises(OutputIsInput):
                check_output_path(path, source=source, overwrite=overwrite)

    def test_an_existing_file_needs_leave(self, source):
        path = source.with_name("b.png")
        path.write_bytes(b"old")
        with pytest.raises(OutputExists):
            check_output_path(path, source=source, overwrite=False)
        check_output_path(path, source=source, overwrite=True)
        assert path.read_bytes() == b"old"

    @pytest.mark.parametrize("overwrite", [False, True])
    def test_a_missing_folder_and_a_folder_as_target(self, source, overwrite):
        for path in (source.parent / "absent" / "b.png", source.parent, source / "b.png"):
            with pytest.raises(UnwritableOutput) as error:
                check_output_path(path, source=source, overwrite=overwrite)
            assert error.value.reason

    def test_a_folder_without_write_permission(self, source, monkeypatch):
        def refuse(*_args: object, **_options: object) -> None:
            raise PermissionError(errno.EACCES, "Permission denied")

        monkeypatch.setattr("tempfile.TemporaryFile", refuse)
        with pytest.raises(UnwritableOutput) as error:
            check_output_path(source.with_name("b.png"), source=source, overwrite=False)
        assert error.value.reason is SystemFailure.EACCES


class TestWriteAtomically:
    def test_it_writes_and_replaces(self, tmp_path):
        path = tmp_path / "größe.png"
        for data in (b"first", b"second", b""):
            write_atomically(path, data)
            assert path.read_bytes() == data
            assert list(tmp_path.iterdir()) == [path]

    def test_permissions_are_a_new_file_s_or_the_old_one_s(self, tmp_path):
        path, usual = tmp_path / "a.png", tmp_path / "usual"
        usual.touch()
        write_atomically(path, b"new")
        assert path.stat().st_mode == usual.stat().st_mode
        path.chmod(0o640)
        write_atomically(path, b"newer")
        assert path.stat().st_mode & 0o777 == 0o640

    @pytest.mark.parametrize("call", ["replace", "fsync", "chmod"])
    def test_a_full_disk_leaves_the_old_file_and_nothing_else(self, tmp_path, monkeypatch, call):
        def full(*_: object) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        path = tmp_path / "a.png"
        path.write_bytes(b"old")
        monkeypatch.setattr(os, call, full)
        with pytest.raises(UnwritableOutput) as error:
            write_atomically(path, b"new")
        monkeypatch.undo()
        assert error.value.reason is SystemFailure.ENOSPC
        assert path.read_bytes() == b"old"
        assert list(tmp_path.iterdir()) == [path]

    def test_a_missing_folder(self, tmp_path):
        with pytest.raises(UnwritableOutput):
            write_atomically(tmp_path / "absent" / "a.png", b"data")

    def test_a_long_name(self, tmp_path):
        path = tmp_path / ("n" * 250 + ".png")
        write_atomically(path, b"data")
        assert path.read_bytes() == b"data"

    def test_a_killed_writer_leaves_a_whole_file(self, tmp_path):
        path = tmp_path / "a.png"
        code = (
            "import sys; from pathlib import Path\n"
            "from ddrm_core.files.atomic_write import write_atomically\n"
            "contents = [b'a' * 3_000_000, b'b' * 2_000_000]\n"
            "for i in range(10**6):\n"
            "    write_atomically(Path(sys.argv[1]), contents[i % 2])\n"
            "    print(i, flush=True)\n"
        )
        whole = {b"a" * 3_000_000, b"b" * 2_000_000}
        for rounds in (1, 2, 4, 5):
            writer = subprocess.Popen(
                [sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE
            )
            with writer:
                for _ in range(rounds):
                    writer.stdout.readline()
                writer.send_signal(signal.SIGKILL)
            assert path.read_bytes() in whole
