"""The images of a folder, and which of them are restored."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from app.jobs.export.save import save_result
from app.jobs.folder.folder_files import (
    has_run_record,
    is_file_restored,
    list_folder_files,
    load_folder_file_details,
)
from ddrm_core.batch.manifest.entries import ManifestEntry
from ddrm_core.batch.manifest.manifest import Manifest
from ddrm_core.errors import UnreadableFile
from ddrm_core.export.settings import ExportSettings
from ddrm_core.files.hashing import compute_file_sha256
from ddrm_core.formats.suffixes import WRITABLE_SUFFIXES
from ddrm_core.metadata.xmp import RUN_RECORD_NAMESPACE
from tests.support.results import result


def write_images(folder: Path, *names: str) -> list[Path]:
    paths = [folder / name for name in names]
    for number, path in enumerate(paths):
        Image.new("RGB", (40 + number, 30), (90, 20 * number % 256, 60)).save(path)
    return paths


def names(listing) -> list[str]:
    return [path.name for path in listing.files]


def test_a_folder_lists_its_images_in_natural_order_without_results(tmp_path):
    write_images(
        tmp_path, "b 10.jpg", "b 2.jpg", "b 2_restored.png", "b 2_restored (2).png", "c.png",
        "d_restored.png",
    )  # fmt: skip
    (tmp_path / "notes.txt").write_text("a note")
    (tmp_path / "deeper").mkdir()
    opened = tmp_path / "b 2.jpg"
    assert names(list_folder_files(tmp_path, opened)) == [
        "b 2.jpg", "b 10.jpg", "c.png", "d_restored.png",
    ]  # fmt: skip
    result_path = tmp_path / "b 2_restored.png"
    assert result_path in list_folder_files(tmp_path, result_path).files


def test_a_folder_that_is_gone_is_reported(tmp_path):
    with pytest.raises(UnreadableFile):
        list_folder_files(tmp_path / "gone", tmp_path / "gone" / "a.jpg")


@pytest.mark.parametrize("suffix", WRITABLE_SUFFIXES)
def test_the_run_record_is_found_in_every_format(tmp_path, suffix):
    """A result beside its file marks the file as restored, by the record in the result."""
    [source] = write_images(tmp_path, "a.jpg")
    target = tmp_path / f"a_restored{suffix}"
    assert not is_file_restored(Manifest(tmp_path), source)
    save_result(result(), target, ExportSettings())
    assert has_run_record(target)
    assert is_file_restored(Manifest(tmp_path), source)


def test_a_file_that_is_only_named_like_a_result_restores_nothing(tmp_path):
    source, _ = write_images(tmp_path, "[a]*.jpg", "[a]*_restored.png")
    assert not is_file_restored(Manifest(tmp_path), source)


def test_the_manifest_of_the_folder_marks_a_file_as_restored(tmp_path):
    source, target, other = write_images(tmp_path, "a.jpg", "elsewhere.png", "other.jpg")
    status = target.stat()
    Manifest(tmp_path).add(
        ManifestEntry(
            compute_file_sha256(source), "0" * 64, target.name, status.st_size, status.st_mtime_ns,
            compute_file_sha256(target), 1.0, 4, 2.0, "2026-01-01T00:00:00+00:00",
        )
    )  # fmt: skip
    assert is_file_restored(Manifest(tmp_path), source)
    assert not is_file_restored(Manifest(tmp_path), other)
    assert target not in list_folder_files(tmp_path, source).files


def test_a_file_that_cannot_be_decoded_has_no_thumbnail(qapp, tmp_path):  # noqa: ARG001
    broken = tmp_path / "broken.jpg"
    broken.write_text("Dear reader,")
    details = load_folder_file_details(Manifest(tmp_path), broken)
    assert (details.thumbnail, details.is_restored) == (None, False)
    [image] = write_images(tmp_path, "whole.jpg")
    assert load_folder_file_details(Manifest(tmp_path), image).thumbnail.width() == 40


@pytest.mark.parametrize(("before", "after"), [(0, 2 << 20), (2 << 20, 0)])
def test_the_run_record_of_a_large_file_is_found_at_both_ends(tmp_path, before, after):
    path = tmp_path / "large.webp"
    path.write_bytes(bytes(before) + RUN_RECORD_NAMESPACE.encode() + bytes(after))
    assert has_run_record(path)
