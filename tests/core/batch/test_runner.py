"""Files one after another: done, skipped, copied, refused and left alone."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ddrm_core.batch.manifest.lines import MANIFEST_NAME
from ddrm_core.batch.manifest.manifest import Manifest
from ddrm_core.batch.outcome import FileOutcome, FileState
from ddrm_core.batch.output_paths import OutputNaming, PlannedFile, find_source_images, plan_outputs
from ddrm_core.batch.runner import FileRestoreProgress, restore_file, restore_files
from ddrm_core.batch.settings import BatchSettings
from ddrm_core.cancel import CancelToken
from ddrm_core.device.selection import choose_device
from ddrm_core.errors import (
    DamagedJpeg,
    InvalidSetting,
    NotAJpeg,
    OperationCancelled,
    OutputExists,
    OutputIsInput,
    UnreadableFile,
    UnwritableOutput,
)
from ddrm_core.export.settings import ExportSettings
from ddrm_core.export.verify import verify
from ddrm_core.os_errors import SystemFailure
from ddrm_core.prior.checkpoint import load_prior
from ddrm_core.prior.denoiser import Prior
from ddrm_core.restoration.assumption import CompressionAssumption
from ddrm_core.sampler.settings import SamplerSettings
from tests.support.attached_files import FILES
from tests.support.attachment_parts import mp4
from tests.support.batch_results import contents, states
from tests.support.pictures import photograph
from tests.support.small_priors import write_prior

QUICK = BatchSettings(SamplerSettings(steps=1, samples=1))


@pytest.fixture(scope="module")
def prior(tmp_path_factory) -> Prior:
    path = write_prior(tmp_path_factory.mktemp("prior") / "tiny.safetensors")
    return load_prior(path, choose_device("cpu"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Write three small photographs to the subfolder "in"; return the parent folder.

    Results are written to the subfolder "out".
    """
    (tmp_path / "in" / "süb 100%").mkdir(parents=True)
    for number, name in enumerate(("a.jpg", "b.jpg", "süb 100%/c.jpg")):
        pixels = photograph(19 + number, 27, seed=number)
        Image.fromarray(pixels).save(tmp_path / "in" / name, quality=20)
    return tmp_path


@pytest.fixture
def batch(folder, prior):
    """Return a function that restores all files of the folder, or the given planned files.

    The function returns the outcomes of the files.
    """

    def batch(
        settings: BatchSettings = QUICK, items: tuple[PlannedFile, ...] | None = None
    ) -> list[FileOutcome]:
        if items is None:
            found = find_source_images(folder / "in", recursive=True)
            items = plan_outputs(found.image_paths, folder / "in", folder / "out", OutputNaming())
        events = restore_files(items, settings, prior, Manifest(folder / "out"), CancelToken())
        return [event for event in events if isinstance(event, FileOutcome)]

    return batch


def test_a_folder_is_restored_once(batch, folder):
    first = batch()
    assert states(first) == ["done"] * 3
    assert all(o.evaluations == 1 and o.seconds > 0 and o.consistency > 0.5 for o in first)
    results = contents(folder / "out")
    assert list(results) == ["a_restored.png", "b_restored.png", "süb 100%/c_restored.png"]
    for outcome in first:
        with Image.open(outcome.target) as restored, Image.open(outcome.file.source) as source:
            assert restored.size == source.size
    again = batch()
    assert states(again) == ["skipped"] * 3
    assert [o.consistency for o in again] == [o.consistency for o in first]
    assert contents(folder / "out") == results


@pytest.mark.parametrize("suffix", [".jxl", ".avif"])
def test_newer_formats_are_restored_once_too(batch, folder, suffix):
    naming = OutputNaming(default_suffix=suffix)
    items = plan_outputs([folder / "in" / "a.jpg"], folder / "in", folder / "out", naming)
    (first,) = batch(items=items)
    assert (states([first]), first.target.suffix) == (["done"], suffix)
    assert verify(first.target, first.file.source).consistency.inside_fraction > 0.5
    assert states(batch(items=items)) == ["skipped"]


@pytest.mark.parametrize(
    "change",
    [
        {"seed": 1},
        {"sampler": SamplerSettings(steps=2, samples=1)},
        {"assumption": CompressionAssumption(quality=12)},
        {"export": ExportSettings(bits=16)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_other_settings_are_another_result(batch, folder, change):
    batch()
    before = contents(folder / "out")
    other = replace(QUICK, **change)
    assert states(batch(other)) == ["kept"] * 3
    assert contents(folder / "out") == before
    assert states(batch(replace(other, redo=True))) == ["done"] * 3
    after = contents(folder / "out")
    assert list(after) == list(before)
    assert all(after[name] != before[name] for name in before)
    assert states(batch(other)) == states(batch(replace(other, redo=True))) == ["skipped"] * 3
    assert states(batch()) == ["kept"] * 3


def test_what_cannot_change_a_result_is_no_reason_to_make_it_again(batch):
    batch()
    lenient = replace(QUICK, tolerate_damage=True, max_pixels=10_000, overwrite=True)
    assert states(batch(lenient)) == ["skipped"] * 3


@pytest.mark.parametrize("change", [{"sha256": "1" * 64}, {"architecture_origin": "waves 2.1"}])
def test_another_prior_is_another_result(batch, folder, prior, change):
    batch()
    other = replace(prior, info=replace(prior.info, **change))
    item = PlannedFile(folder / "in" / "a.jpg", folder / "out" / "a_restored.png")
    journal, before = Manifest(folder / "out"), contents(folder / "out")
    (_, *_, kept) = restore_files([item], QUICK, other, journal, CancelToken())
    assert (kept.state, kept.target) == (FileState.KEPT_OTHER_SETTINGS, item.target)
    assert contents(folder / "out") == before
    redo = replace(QUICK, redo=True)
    (_, *_, outcome) = restore_files([item], redo, other, journal, CancelToken())
    assert outcome.state is FileState.DONE
    assert contents(folder / "out").keys() == before.keys()


def test_a_renamed_source_gets_its_result_without_a_run(batch, folder):
    batch()
    (folder / "in" / "a.jpg").rename(folder / "in" / "renamed.jpg")
    outcomes = {o.file.source.name: o for o in batch()}
    renamed = outcomes["renamed.jpg"]
    assert (renamed.state, renamed.evaluations) == (FileState.DONE, 0)
    assert renamed.copied_from == folder / "out" / "a_restored.png"
    results = contents(folder / "out")
    assert results["renamed_restored.png"] == results["a_restored.png"]
    assert states(batch()) == ["skipped"] * 3


def test_a_changed_source_is_restored_again_beside_its_first_result(batch, folder):
    batch()
    before = contents(folder / "out")
    Image.fromarray(photograph(31, 37, seed=9)).save(folder / "in" / "b.jpg", quality=20)
    outcomes = batch()
    assert states(outcomes) == ["skipped", "done", "skipped"]
    beside = folder / "out" / "b_restored (2).png"
    assert (outcomes[1].target, outcomes[1].conflicting_result) == (
        beside,
        folder / "out" / "b_restored.png",
    )
    with Image.open(beside) as restored:
        assert restored.size == (37, 31)
    after = contents(folder / "out")
    assert after == before | {"b_restored (2).png": beside.read_bytes()}
    assert [o.target for o in batch()][1] == beside
    assert contents(folder / "out") == after


def test_a_result_that_is_gone_or_spoilt_is_made_again(batch, folder):
    batch()
    before = contents(folder / "out")
    (folder / "out" / "a_restored.png").unlink()
    assert states(batch()) == ["done", "skipped", "skipped"]
    assert contents(folder / "out") == before


def test_a_file_of_the_users_is_replaced_only_when_asked(batch, folder):
    (folder / "out").mkdir()
    mine = folder / "out" / "a_restored.png"
    mine.write_bytes(b"mine")
    refused = batch()
    assert states(refused) == ["failed", "done", "done"]
    assert isinstance(refused[0].error, OutputExists)
    assert mine.read_bytes() == b"mine"
    assert states(batch(replace(QUICK, overwrite=True))) == ["done", "skipped", "skipped"]
    mine.write_bytes(mine.read_bytes() + b"changed by hand")
    assert states(batch(replace(QUICK, seed=5, redo=True))) == ["failed", "done", "done"]


def test_bad_files_end_nothing(batch, folder):
    cut = folder / "in" / "a0 cut.jpg"
    Image.fromarray(photograph(70, 50)).save(cut, quality=20)
    cut.write_bytes(cut.read_bytes()[:-100])
    (folder / "in" / "a1 text.jpg").write_text("text")
    (folder / "in" / "a2 empty.jpg").write_bytes(b"")
    outcomes = batch()
    assert states(outcomes) == ["done", "failed", "failed", "failed", "done", "done"]
    kinds = [type(o.error) for o in outcomes if o.error is not None]
    assert kinds == [DamagedJpeg, NotAJpeg, NotAJpeg]
    assert len(contents(folder / "out")) == 3
    lenient = batch(replace(QUICK, tolerate_damage=True))
    assert states(lenient) == ["skipped", "done", "failed", "failed", "skipped", "skipped"]
    assert lenient[1].damage is not None


class TestOneFile:
    def outcome(self, item, prior, settings=QUICK, folder=None) -> FileOutcome:
        journal = Manifest(folder or item.target.parent)
        (*_, outcome) = restore_files([item], settings, prior, journal, CancelToken())
        return outcome

    def test_the_source_is_never_replaced(self, folder, prior):
        source = folder / "in" / "a.jpg"
        before = source.read_bytes()
        link = folder / "in" / "link.jpg"
        link.symlink_to(source)
        for target in (source, link):
            item = PlannedFile(source, target)
            outcome = self.outcome(item, prior, replace(QUICK, overwrite=True))
            assert isinstance(outcome.error, OutputIsInput)
        assert source.read_bytes() == before

    def test_ink_goes_into_a_format_that_holds_it(self, folder, prior):
        source = folder / "in" / "ink.jpg"
        Image.fromarray(np.zeros((9, 11, 4), np.uint8), "CMYK").save(source, quality=30)
        planned = folder / "out" / "ink.png"
        outcome = self.outcome(PlannedFile(source, planned, has_flexible_suffix=True), prior)
        assert outcome.target == folder / "out" / "ink.tiff"
        again = self.outcome(PlannedFile(source, planned, has_flexible_suffix=True), prior)
        assert (again.state, again.target) == (FileState.SKIPPED, outcome.target)
        assert (
            self.outcome(PlannedFile(source, folder / "out" / "x.png"), prior).state
            is FileState.FAILED
        )

    def test_a_source_that_changes_meanwhile_fails(self, folder, prior):
        source, target = folder / "in" / "a.jpg", folder / "out" / "a.png"
        steps = restore_file(
            PlannedFile(source, target), QUICK, prior, Manifest(folder), CancelToken()
        )
        next(steps)
        os.utime(source, ns=(1, 1))
        with pytest.raises(StopIteration) as end:
            next(steps)
        assert isinstance(end.value.value.error, UnreadableFile)
        assert not target.exists()

    def test_stopping_leaves_nothing(self, folder, prior):
        token, journal = CancelToken(), Manifest(folder / "out")
        item = PlannedFile(folder / "in" / "a.jpg", folder / "out" / "a.png")
        steps = restore_file(item, QUICK, prior, journal, token)
        next(steps)
        token.cancel()
        with pytest.raises(OperationCancelled):
            next(steps)
        assert contents(folder / "out") == {}
        assert not (journal.folder / MANIFEST_NAME).exists()

    def test_a_kill_between_line_and_name_is_made_good(self, folder, prior, monkeypatch):
        item = PlannedFile(folder / "in" / "a.jpg", folder / "out" / "a.png")

        def killed(*_, follow_symlinks):  # noqa: ARG001
            raise SystemExit

        with monkeypatch.context() as patch:
            patch.setattr(os, "link", killed)
            with pytest.raises(SystemExit):
                self.outcome(item, prior)
        assert (folder / "out" / MANIFEST_NAME).exists()
        assert contents(folder / "out") == {}
        assert self.outcome(item, prior).state is FileState.DONE
        assert self.outcome(item, prior).state is FileState.SKIPPED

    def test_an_earlier_result_gives_way_after_a_kill_between_line_and_name(
        self, folder, prior, monkeypatch
    ):
        item = PlannedFile(folder / "in" / "a.jpg", folder / "out" / "a.png")
        other = replace(QUICK, seed=1, redo=True)
        self.outcome(item, prior)
        before = item.target.read_bytes()

        def killed(*_):
            raise SystemExit

        with monkeypatch.context() as patch:
            patch.setattr(os, "replace", killed)
            with pytest.raises(SystemExit):
                self.outcome(item, prior, other)
        assert item.target.read_bytes() == before
        assert self.outcome(item, prior, other).state is FileState.DONE
        assert item.target.read_bytes() != before

    @pytest.mark.parametrize("error", [MemoryError("no room"), RuntimeError("CUDA error"), OSError])
    def test_whatever_goes_wrong_with_one_file(self, folder, prior, monkeypatch, error):
        def broken(*_):
            raise error

        monkeypatch.setattr("ddrm_core.batch.runner.jpeg_image_from_source", broken)
        outcome = self.outcome(
            PlannedFile(folder / "in" / "a.jpg", folder / "out" / "a.png"), prior
        )
        assert outcome.state is FileState.FAILED
        assert outcome.error.__traceback__ is None
        assert "in broken" in outcome.error.__notes__[0]

    def test_a_jpeg_with_attachments_is_recognized_by_its_whole_content(self, folder, prior):
        source = folder / "in" / "a.jpg"
        source.write_bytes(FILES["Ultra HDR with a video"].make())
        item = PlannedFile(source, folder / "out" / "a.jpg")
        assert self.outcome(item, prior).state is FileState.DONE
        assert item.target.read_bytes().endswith(mp4())
        assert self.outcome(item, prior).state is FileState.SKIPPED
        item.target.write_bytes(item.target.read_bytes()[:-1] + b"x")
        assert self.outcome(item, prior).state is FileState.FAILED  # another file, kept

    def test_a_full_disk_is_said_of_each_file(self, folder, prior, monkeypatch):
        def full(*_):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(Path, "write_bytes", full)
        item = PlannedFile(folder / "in" / "a.jpg", folder / "out" / "a.png")
        outcome = self.outcome(item, prior)
        assert isinstance(outcome.error, UnwritableOutput)
        assert outcome.error.reason is SystemFailure.ENOSPC
        assert outcome.should_stop_batch
        assert list((folder / "out").iterdir()) == []

    def test_a_folder_that_cannot_be_made(self, folder, prior):
        (folder / "out").write_bytes(b"a file")
        item = PlannedFile(folder / "in" / "a.jpg", folder / "out" / "a.png")
        assert isinstance(self.outcome(item, prior, folder=folder).error, UnwritableOutput)


def test_what_a_kill_left_of_a_result_is_removed_later(batch, folder, monkeypatch):
    """The age of a file counts from its last change, whose time only the system can set."""
    from ddrm_core.files.atomic_write import atomic_writer

    (folder / "out").mkdir()
    left = []
    for name, seconds_later in (("a_restored.png", -(10**9)), ("b_restored.png", 3595)):
        with pytest.raises(KeyError), atomic_writer(folder / "out" / name) as part:
            raise KeyError
        part.write_bytes(b"half of it")
        os.utime(part, (part.stat().st_atime, part.stat().st_mtime + seconds_later))
        left.append(part)
    an_hour_later = part.stat().st_ctime + 3600
    monkeypatch.setattr("ddrm_core.files.atomic_write.time.time", lambda: an_hour_later)
    mine = folder / "out" / ".mine.part"
    mine.write_bytes(b"mine")
    os.utime(mine, (0, 0))
    assert states(batch()) == ["done"] * 3
    # The other file may belong to another process, which is about to finish it.
    assert [part.exists() for part in (*left, mine)] == [False, True, True]


def test_every_step_is_told(folder, prior):
    items = plan_outputs(
        [folder / "in" / "a.jpg", folder / "in" / "b.jpg"], None, folder / "o", OutputNaming()
    )
    settings = replace(QUICK, sampler=SamplerSettings(steps=3, samples=1))
    events = list(restore_files(items, settings, prior, Manifest(folder / "o"), CancelToken()))
    told = [
        (e.number, e.step and e.step.evaluations_done)
        for e in events
        if isinstance(e, FileRestoreProgress)
    ]
    assert told == [(n, done) for n in (1, 2) for done in (None, 1, 2, 3)]


@pytest.mark.parametrize(
    "create",
    [
        lambda: BatchSettings(QUICK.sampler, seed=-1),
        lambda: CompressionAssumption(quality=0),
        lambda: CompressionAssumption(quality=101),
    ],
)
def test_settings_off_the_scale(create):
    with pytest.raises(InvalidSetting):
        create()
