"""A batch whose results replace their sources: formats, reasons to stay, and its repetition."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ddrm_core.batch.outcome import FileOutcome, FileState
from ddrm_core.batch.replacement import verify_file
from ddrm_core.batch.replacement.backups import BackupFolder
from ddrm_core.batch.replacement.plan import plan_replacements
from ddrm_core.batch.replacement.reasons import (
    ResultNotVerified,
    RetentionReason,
    VerificationFailure,
)
from ddrm_core.batch.replacement.run import Replacement, replace_files
from ddrm_core.batch.replacement.undo import undo_replacements
from ddrm_core.batch.replacement.undo_log import UndoLog
from ddrm_core.batch.runner import FileRestoreProgress
from ddrm_core.batch.selection.rule import SelectionRule
from ddrm_core.batch.settings import BatchSettings
from ddrm_core.cancel import CancelToken
from ddrm_core.device.selection import choose_device
from ddrm_core.errors import DamagedJpeg, OperationCancelled, UnreadableFile
from ddrm_core.export.replay import read_run_record
from ddrm_core.export.settings import ExportSettings
from ddrm_core.export.verify import verify
from ddrm_core.messages import Message
from ddrm_core.prior.checkpoint import load_prior
from ddrm_core.prior.denoiser import Prior
from ddrm_core.restoration.assumption import CompressionAssumption
from ddrm_core.sampler.settings import SamplerSettings
from tests.support.pictures import photograph
from tests.support.replaced_sources import visible_files
from tests.support.small_priors import write_prior

QUICK = BatchSettings(SamplerSettings(steps=1, samples=1))


@pytest.fixture(scope="module")
def prior(tmp_path_factory) -> Prior:
    path = write_prior(tmp_path_factory.mktemp("prior") / "tiny.safetensors")
    return load_prior(path, choose_device("cpu"))


@pytest.fixture(autouse=True)
def quick_disk(monkeypatch):
    """Synchronize nothing with the disk, which takes most of the time of these tests."""
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "album"
    folder.mkdir()
    return folder


@pytest.fixture
def replace_all(folder, prior):
    """Return a function that replaces all files of the folder and returns the outcomes."""

    def replace_all(
        settings: BatchSettings = QUICK, suffix: str | None = None
    ) -> list[FileOutcome]:
        log = UndoLog(folder)
        place = BackupFolder(folder.parent / "backup")
        sources = [folder / name for name in visible_files(folder)]
        with log.lock():
            planned = plan_replacements(sources, suffix)
            events = replace_files(
                planned, settings, prior, Replacement(place, log, suffix), CancelToken()
            )
            return [event for event in events if isinstance(event, FileOutcome)]

    return replace_all


def write_jpeg(path: Path, mode: str = "RGB", **options: object) -> bytes:
    Image.fromarray(photograph(27, 19)).convert(mode).save(path, "JPEG", quality=20, **options)
    return path.read_bytes()


@pytest.mark.parametrize(("mode", "name"), [("RGB", "A.JPG"), ("L", "b.jfif"), ("CMYK", "c.jpeg")])
def test_a_jpeg_becomes_a_jpeg_of_its_name(replace_all, folder, mode, name):
    data = write_jpeg(folder / name, mode)
    (outcome,) = replace_all()
    assert (outcome.state, outcome.target) == (FileState.DONE, folder / name)
    with Image.open(folder / name) as image:
        assert (image.format, image.mode, image.size) == ("JPEG", mode, (19, 27))
    assert read_run_record(folder / name).complete
    assert visible_files(folder.parent / "backup") == {name: data}
    assert outcome.backup == folder.parent / "backup" / name


@pytest.mark.parametrize("suffix", [".png", ".tiff", ".webp"])
def test_a_lossless_result_has_a_new_suffix(replace_all, folder, suffix):
    data = write_jpeg(folder / "a.jpg")
    (outcome,) = replace_all(suffix=suffix)
    assert list(visible_files(folder)) == [f"a{suffix}"]
    consistency = verify(outcome.target, outcome.backup).consistency
    assert consistency.inside_fraction == outcome.consistency
    assert outcome.backup.read_bytes() == data


@pytest.mark.parametrize(
    ("name", "format_name", "found"),
    [("a.png", "PNG", "PNG"), ("a.tif", "TIFF", "TIFF"), ("named wrongly.png", "TIFF", "TIFF")],
)
def test_pixels_stay_in_their_format(replace_all, folder, name, format_name, found):
    write_jpeg(folder / "a.jpg")
    with Image.open(folder / "a.jpg") as image:
        image.save(folder / name, format_name)
    (folder / "a.jpg").unlink()
    settings = replace(QUICK, assumption=CompressionAssumption(20))
    assert [each.state for each in replace_all(settings)] == [FileState.DONE]
    with Image.open(folder / name) as image:
        assert image.format == found


def test_a_chosen_suffix_is_also_that_of_the_format(replace_all, folder):
    """A JPEG that was named wrongly became a JPEG again, although a lossless format was chosen."""
    data = write_jpeg(folder / "A.PNG")
    (outcome,) = replace_all(suffix=".png")
    assert (outcome.state, outcome.target) == (FileState.DONE, folder / "A.PNG")
    with Image.open(folder / "A.PNG") as image:
        assert image.format == "PNG"
    assert outcome.backup.read_bytes() == data


def test_what_a_kill_left_is_removed_an_hour_later(replace_all, folder, monkeypatch):
    write_jpeg(folder / "a.jpg")
    backup = folder.parent / "backup"
    backup.mkdir()
    leftovers = [place / ".b.jpg.abcd1234.part" for place in (folder, backup)]
    for leftover in leftovers:
        leftover.write_bytes(b"incomplete")
    an_hour_later = leftovers[0].stat().st_ctime + 3600
    monkeypatch.setattr("ddrm_core.files.atomic_write.time.time", lambda: an_hour_later)
    assert [each.state for each in replace_all()] == [FileState.DONE]
    assert [path.exists() for path in leftovers] == [False, False]


def test_a_format_that_is_only_read_stays(replace_all, folder):
    Image.fromarray(photograph(27, 19)).save(folder / "a.bmp")
    data = (folder / "a.bmp").read_bytes()
    settings = replace(QUICK, assumption=CompressionAssumption(20))
    (outcome,) = replace_all(settings)
    assert outcome.retention_reason == Message(RetentionReason.FORMAT, {"format": "BMP"})
    assert (folder / "a.bmp").read_bytes() == data


def test_what_was_replaced_is_skipped_and_undone(replace_all, folder):
    data = {name: write_jpeg(folder / name) for name in ("a.jpg", "b.jpg")}
    assert [each.state for each in replace_all()] == [FileState.DONE] * 2
    results = visible_files(folder)
    assert [each.state for each in replace_all()] == [FileState.SKIPPED] * 2
    assert visible_files(folder) == results
    assert len(list(undo_replacements(folder))) == 2
    assert visible_files(folder) == data


def test_a_stopped_change_of_suffix_is_finished(replace_all, folder):
    """The process was killed when both names were there."""
    data = write_jpeg(folder / "a.jpg")
    replace_all(suffix=".png")
    result = (folder / "a.png").read_bytes()
    (folder / "a.jpg").write_bytes(data)
    states = {each.file.source.name: each.state for each in replace_all(suffix=".png")}
    assert states == {"a.jpg": FileState.SKIPPED, "a.png": FileState.SKIPPED}
    assert visible_files(folder) == {"a.png": result}
    assert visible_files(folder.parent / "backup") == {"a.jpg": data}


def test_a_rule_selects_the_files_that_are_replaced(replace_all, folder):
    write_jpeg(folder / "a.jpg")
    Image.fromarray(photograph(27, 19)).save(folder / "b.jpg", quality=95)
    better = (folder / "b.jpg").read_bytes()
    outcomes = replace_all(replace(QUICK, selection=SelectionRule(below_quality=80)))
    assert [each.state for each in outcomes] == [FileState.DONE, FileState.OTHER]
    assert visible_files(folder)["b.jpg"] == better
    assert list(visible_files(folder.parent / "backup")) == ["a.jpg"]


class TestRetention:
    @pytest.fixture
    def stays(self, replace_all, folder):
        """Return a function that checks that the only file stays, and returns its outcome."""

        def stays(settings: BatchSettings = QUICK) -> FileOutcome:
            before = visible_files(folder)
            (outcome,) = replace_all(settings)
            assert visible_files(folder) == before
            assert not visible_files(folder.parent / "backup")
            return outcome

        return stays

    def test_a_result_of_this_program(self, replace_all, stays, folder):
        """A result that was moved to another folder is unknown to its undo log."""
        write_jpeg(folder / "a.jpg")
        replace_all()
        (folder / "a.jpg").rename(folder / "moved.jpg")
        (folder.parent / "backup" / "a.jpg").unlink()
        assert stays().retention_reason is RetentionReason.RECORD

    def test_a_loss_of_metadata(self, stays, folder):
        broken_profile = b"no profile of colors"
        write_jpeg(folder / "a.jpg", icc_profile=broken_profile)
        with Image.open(folder / "a.jpg") as image:
            image.save(folder / "a.png", icc_profile=broken_profile)
        (folder / "a.jpg").unlink()
        outcome = stays(replace(QUICK, assumption=CompressionAssumption(20)))
        assert outcome.retention_reason is RetentionReason.LOSS
        assert outcome.notes

    def test_a_loss_of_bits(self, replace_all, stays, folder):
        deep = np.linspace(0, 65535, 27 * 19).reshape(27, 19).astype(np.uint16)
        Image.fromarray(deep).save(folder / "a.png")
        settings = replace(QUICK, assumption=CompressionAssumption(20))
        assert stays(settings).retention_reason is RetentionReason.DEPTH
        (outcome,) = replace_all(replace(settings, export=ExportSettings(bits=16)))
        assert outcome.state is FileState.DONE
        with Image.open(folder / "a.png") as image:
            assert image.mode.startswith("I;16")

    def test_a_damaged_file(self, stays, folder):
        Image.fromarray(photograph(64, 64)).save(folder / "a.jpg", quality=20)
        data = (folder / "a.jpg").read_bytes()
        (folder / "a.jpg").write_bytes(data[:-100])
        assert isinstance(stays().error, DamagedJpeg)
        outcome = stays(replace(QUICK, tolerate_damage=True))
        assert outcome.retention_reason.reason is RetentionReason.DAMAGED

    def test_a_correction_that_leaves_the_bins(self, stays, folder):
        write_jpeg(folder / "a.jpg")
        outcome = stays(BatchSettings(SamplerSettings(steps=1, samples=1, correction="paper")))
        assert outcome.retention_reason.reason is RetentionReason.NOT_FAITHFUL

    @pytest.mark.parametrize("format_name", ["JPEG", "PNG"])
    def test_other_pixels_than_were_encoded(self, stays, folder, monkeypatch, format_name):
        write_jpeg(folder / "a.jpg")
        settings = QUICK
        if format_name == "PNG":
            with Image.open(folder / "a.jpg") as image:
                image.save(folder / "a.png")
            (folder / "a.jpg").unlink()
            settings = replace(QUICK, assumption=CompressionAssumption(20))
        shift = verify_file.apply_strength
        monkeypatch.setattr(
            verify_file, "apply_strength", lambda *arguments: 250 - shift(*arguments)
        )
        error = stays(settings).error
        assert isinstance(error, ResultNotVerified)
        assert error.reason is VerificationFailure.PIXELS


@pytest.fixture
def events(folder, prior):
    """Return a function that replaces the file "a.jpg" event by event."""

    def events(token: CancelToken) -> Iterator[object]:
        log = UndoLog(folder)
        planned = plan_replacements([folder / "a.jpg"], None)
        replacement = Replacement(BackupFolder(folder.parent / "backup"), log)
        with log.lock():
            yield from replace_files(planned, QUICK, prior, replacement, token)

    return events


def test_a_file_that_changes_during_its_run_stays(events, folder):
    write_jpeg(folder / "a.jpg")
    for event in events(CancelToken()):
        if isinstance(event, FileRestoreProgress) and event.step is not None:
            changed = write_jpeg(folder / "a.jpg", comment=b"edited")
        outcome = event
    assert isinstance(outcome.error, UnreadableFile)
    assert visible_files(folder) == {"a.jpg": changed}


def test_a_cancelled_batch_leaves_the_file(events, folder):
    data, token = write_jpeg(folder / "a.jpg"), CancelToken()
    token.cancel()
    with pytest.raises(OperationCancelled):
        list(events(token))
    assert visible_files(folder) == {"a.jpg": data}


@pytest.mark.parametrize("quality", [1, 50, 100])
def test_a_lossy_result_is_verified_at_every_quality(replace_all, folder, quality):
    pixels = np.random.default_rng(1).integers(0, 256, (48, 40, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(folder / "a.jpg", quality=90, subsampling=0)
    (outcome,) = replace_all(replace(QUICK, export=ExportSettings(jpeg_quality=quality)))
    assert (outcome.error, outcome.state) == (None, FileState.DONE)
