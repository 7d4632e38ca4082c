"""A batch restores what its rule selects, and leaves or copies all other files."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from app.config.resources import EXAMPLE_IMAGE_PATH
from ddrm_core.batch.manifest.lines import MANIFEST_NAME
from ddrm_core.batch.manifest.manifest import Manifest
from ddrm_core.batch.outcome import FileOutcome
from ddrm_core.batch.output_paths import OutputNaming, find_source_images, plan_outputs
from ddrm_core.batch.runner import restore_files
from ddrm_core.batch.selection.rule import OthersPolicy, SelectionRule
from ddrm_core.batch.settings import BatchSettings
from ddrm_core.cancel import CancelToken
from ddrm_core.device.selection import choose_device
from ddrm_core.errors import InvalidSetting
from ddrm_core.export.replay import read_run_record
from ddrm_core.jpeg.image import QualitySource
from ddrm_core.prior.checkpoint import load_prior
from ddrm_core.prior.denoiser import Prior
from ddrm_core.restoration.assumption import CompressionAssumption
from ddrm_core.sampler.settings import SamplerSettings
from tests.support.batch_results import contents, states
from tests.support.pictures import photograph
from tests.support.small_priors import write_prior

SKIP = SelectionRule(below_quality=80)
COPY = SelectionRule(below_quality=80, others=OthersPolicy.COPY)
IN_1999 = 930_000_000 * 10**9
Batch = Callable[..., list[FileOutcome]]


@pytest.fixture(scope="module")
def prior(tmp_path_factory) -> Prior:
    path = write_prior(tmp_path_factory.mktemp("prior") / "tiny.safetensors")
    return load_prior(path, choose_device("cpu"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Write an image below, one at and one above quality 80; return the parent folder."""
    source = tmp_path / "in"
    source.mkdir()
    for number, (name, quality) in enumerate((("a", 20), ("b", 80), ("c", 92))):
        path = source / f"{name}.jpg"
        Image.fromarray(photograph(19, 27, seed=number)).save(path, quality=quality)
        os.utime(path, ns=(IN_1999, IN_1999 + number * 10**9))
    return tmp_path


@pytest.fixture
def compressed_twice(tmp_path: Path) -> Path:
    """Write an image of quality 95 that was compressed at 30 before; return its path."""
    (tmp_path / "in").mkdir()
    with Image.open(EXAMPLE_IMAGE_PATH.with_name("budgie_branch_original.png")) as original:
        original.convert("RGB").crop((192, 34, 272, 114)).save(tmp_path / "once.jpg", quality=30)
    path = tmp_path / "in" / "twice.jpg"
    with Image.open(tmp_path / "once.jpg") as once:
        once.save(path, quality=95)
    return path


@pytest.fixture
def batch(tmp_path, prior) -> Batch:
    """Return a function that restores the folder "in" with a rule and other changed settings."""

    def batch(rule: SelectionRule, naming=None, **changes: object) -> list[FileOutcome]:
        settings = replace(
            BatchSettings(SamplerSettings(steps=1, samples=1), selection=rule), **changes
        )
        found = find_source_images(tmp_path / "in", recursive=True, include_all_formats=True)
        items = plan_outputs(
            found.image_paths, tmp_path / "in", tmp_path / "out", naming or OutputNaming()
        )
        manifest = Manifest(tmp_path / "out")
        (tmp_path / "out").mkdir(exist_ok=True)
        events = restore_files(items, settings, prior, manifest, CancelToken())
        return [event for event in events if isinstance(event, FileOutcome)]

    return batch


@pytest.mark.usefixtures("folder")
class TestSkippedFiles:
    def test_images_below_the_quality_are_restored_and_all_others_left_with_a_reason(
        self, batch, folder
    ):
        outcomes = batch(SKIP)
        assert states(outcomes) == ["done", "other", "other"]
        assert [str(o.selection.other_reason) for o in outcomes[1:]] == [
            "JPEG quality 80 is not below 80",
            "JPEG quality 92 is not below 80",
        ]
        assert list(contents(folder / "out")) == ["a_restored.png"]
        assert states(batch(SKIP)) == ["skipped", "other", "other"]

    def test_a_higher_quality_later_restores_what_was_left(self, batch):
        batch(SKIP)
        assert states(batch(SelectionRule(below_quality=90))) == ["skipped", "done", "other"]
        assert states(batch(SelectionRule())) == ["skipped", "skipped", "done"]
        assert states(batch(SelectionRule(below_quality=10))) == ["skipped"] * 3

    def test_redo_replaces_results_of_selected_images_only(self, batch, folder):
        batch(SelectionRule())
        before = contents(folder / "out")
        assert states(batch(SKIP, seed=1)) == ["kept"] * 3
        assert states(batch(SKIP, seed=1, redo=True)) == ["done", "other", "other"]
        after = contents(folder / "out")
        assert [name for name in before if after[name] != before[name]] == ["a_restored.png"]
        assert states(batch(COPY, seed=1, redo=True)) == ["skipped", "other", "other"]
        assert contents(folder / "out") == after

    def test_a_file_that_cannot_be_read_has_failed(self, batch, folder):
        whole = (folder / "in" / "c.jpg").read_bytes()
        (folder / "in" / "c.jpg").write_bytes(whole[:-60])
        (folder / "in" / "d.jpg").write_text("no image")
        assert states(batch(COPY)) == ["done", "copied", "failed", "failed"]
        tolerant = batch(SKIP, tolerate_damage=True)
        assert states(tolerant) == ["skipped", "other", "other", "failed"]

    def test_an_image_that_never_was_a_jpeg_is_left(self, batch, folder):
        Image.fromarray(photograph(40, 40, seed=7)).save(folder / "in" / "d.png")
        assert states(batch(SelectionRule())) == ["done", "done", "done", "failed"]
        left = batch(SKIP)[3]
        assert states([left]) == ["other"]
        assert str(left.selection.other_reason) == "no JPEG, and no sign of having been one"
        assumed = CompressionAssumption(quality=30)
        assert states(batch(SKIP, assumption=assumed, redo=True))[3] == "done"


class TestRememberedSearches:
    @pytest.fixture
    def closed(self, monkeypatch) -> None:
        """Let every attempt to open a file for its restoration fail the test."""
        name = "ddrm_core.batch.selection.open_selected.open_source_image"
        monkeypatch.setattr(name, lambda *_, **__: pytest.fail("opens a file"))

    def test_files_that_were_left_are_not_opened_again(self, batch, folder, request):
        Image.fromarray(photograph(40, 40, seed=7)).save(folder / "in" / "d.png")
        first = batch(COPY)
        request.getfixturevalue("closed")
        again = batch(SKIP)
        assert states(again) == ["skipped", "other", "other", "other"]
        assert [o.selection for o in again[1:]] == [o.selection for o in first[1:]]

    @pytest.mark.usefixtures("compressed_twice")
    def test_a_result_for_an_earlier_compression_is_found_without_opening(self, batch, request):
        rule = SelectionRule(below_quality=80, assume_earlier=True)
        (left,) = batch(SKIP)
        (restored,) = batch(rule)
        assert restored.selection.sign == left.selection.sign
        request.getfixturevalue("closed")
        (again,) = batch(rule)
        assert (states([again]), again.selection) == (["skipped"], restored.selection)

    @pytest.mark.usefixtures("compressed_twice")
    def test_a_result_by_the_own_tables_keeps_its_sign_in_later_reports(self, batch, request):
        rule = SelectionRule(below_quality=96)
        (restored,) = batch(rule)
        request.getfixturevalue("closed")
        (again,) = batch(rule)
        assert (states([again]), again.selection) == (["skipped"], restored.selection)
        (kept,) = batch(SelectionRule(below_quality=96, assume_earlier=True))
        assert (states([kept]), kept.selection.sign) == (["kept"], restored.selection.sign)
        assert kept.selection.assumption is None
        (unselected,) = batch(SelectionRule())
        assert (states([unselected]), unselected.selection) == (["skipped"], None)

    def test_a_damaged_file_is_read_each_time(self, batch, folder):
        whole = (folder / "in" / "c.jpg").read_bytes()
        (folder / "in" / "c.jpg").write_bytes(whole[:-60])
        assert states(batch(SKIP, tolerate_damage=True)) == ["done", "other", "other"]
        assert states(batch(SKIP)) == ["skipped", "other", "failed"]


class TestCopiedFiles:
    def test_others_are_copied_byte_for_byte_with_their_dates(self, batch, folder):
        outcomes = batch(COPY)
        assert states(outcomes) == ["done", "copied", "copied"]
        for number, outcome in enumerate(outcomes[1:], 1):
            assert outcome.target == folder / "out" / outcome.file.source.name
            assert outcome.target.read_bytes() == outcome.file.source.read_bytes()
            assert outcome.target.stat().st_mtime_ns == IN_1999 + number * 10**9
        assert Manifest(folder / "out").list_results() == (outcomes[0].target,)

    def test_a_batch_that_continues_copies_nothing_again(self, batch, folder):
        def inodes() -> list[int]:
            return [path.stat().st_ino for path in sorted((folder / "out").glob("*.jpg"))]

        batch(COPY)
        before = inodes()
        assert len(before) == 2
        assert states(batch(COPY)) == ["skipped", "copied", "copied"]
        assert inodes() == before

    def test_a_copy_is_not_taken_for_a_result(self, batch, folder):
        batch(COPY)
        outcomes = batch(SelectionRule(below_quality=90, others=OthersPolicy.COPY))
        assert states(outcomes) == ["skipped", "done", "copied"]
        assert outcomes[1].target == folder / "out" / "b_restored.png"
        assert (folder / "out" / "b.jpg").exists()

    def test_a_result_with_the_name_of_its_copy_replaces_the_copy(self, batch, folder):
        naming = OutputNaming("{stem}.jpg")
        assert states(batch(COPY, naming)) == ["done", "copied", "copied"]
        source = (folder / "in" / "b.jpg").read_bytes()
        outcomes = batch(SelectionRule(below_quality=90), naming)
        assert states(outcomes) == ["skipped", "done", "other"]
        assert outcomes[1].target == folder / "out" / "b.jpg"
        assert outcomes[1].target.read_bytes() != source
        assert len(list((folder / "out").glob("*.jpg"))) == 3

    def test_no_file_gives_way_to_a_copy(self, batch, folder):
        (folder / "out").mkdir()
        (folder / "out" / "b.jpg").write_bytes(b"mine")
        outcomes = batch(COPY, overwrite=True)
        assert outcomes[1].target == folder / "out" / "b (2).jpg"
        assert (folder / "out" / "b.jpg").read_bytes() == b"mine"
        assert batch(COPY)[1].target == outcomes[1].target

    def test_a_result_that_is_planned_for_the_name_gets_it(self, batch, folder):
        """The file that is copied comes first, when nothing has the name yet."""
        (folder / "in" / "a.jpg").rename(folder / "in" / "z.jpg")
        (folder / "in" / "c.jpg").rename(folder / "in" / "az.jpg")
        naming = OutputNaming("a{stem}.jpg")
        targets = {o.file.source.name: o.target.name for o in batch(COPY, naming)}
        assert targets == {"az.jpg": "az (2).jpg", "b.jpg": "b.jpg", "z.jpg": "az.jpg"}
        again = batch(COPY, naming)
        assert {o.file.source.name: o.target.name for o in again} == targets
        assert states(again) == ["copied", "copied", "skipped"]

    def test_a_file_with_the_same_bytes_is_no_copy_of_the_batch(self, batch, folder):
        """Such a file stays a file of the user: a result never replaces it."""
        (folder / "out").mkdir()
        source = folder / "in" / "b.jpg"
        (folder / "out" / "b.jpg").write_bytes(source.read_bytes())
        assert states(batch(COPY)) == ["done", "copied", "copied"]
        assert b'"b.jpg"' not in (folder / "out" / MANIFEST_NAME).read_bytes()

    def test_equal_files_of_equal_names_get_a_copy_each(self, folder, batch):
        for name in ("x", "y"):
            (folder / "in" / name).mkdir()
            (folder / "in" / name / "c.jpg").write_bytes((folder / "in" / "c.jpg").read_bytes())
        batch(COPY)
        found = [path.relative_to(folder / "out") for path in (folder / "out").rglob("c*.jpg")]
        assert sorted(map(str, found)) == ["c.jpg", "x/c.jpg", "y/c.jpg"]


@pytest.mark.usefixtures("compressed_twice")
class TestEarlierCompressions:
    def test_signs_are_named_whether_the_file_is_restored_or_not(self, batch):
        (left,) = batch(SKIP)
        assert (states([left]), left.selection.sign.quality) == (["other"], 31)
        (restored,) = batch(SelectionRule(below_quality=96))
        assert (states([restored]), restored.selection.sign.quality) == (["done"], 31)
        assert read_run_record(restored.target).quality_source == QualitySource.TABLES

    def test_an_assumed_compression_is_recorded_and_judged(self, batch):
        rule = SelectionRule(below_quality=80, assume_earlier=True)
        (outcome,) = batch(rule)
        record = read_run_record(outcome.target)
        assert (record.quality_source, record.quality) == (QualitySource.ASSUMED, 31)
        assert str(outcome.verdict) == "Faithful to your file, for the assumed JPEG quality 31"
        assert outcome.selection.assumption == CompressionAssumption(31, (0, 0))
        assert states(batch(rule)) == ["skipped"]

    def test_the_result_is_that_of_the_stated_quality(self, batch):
        stated = CompressionAssumption(31, (0, 0))
        assert states(batch(SelectionRule(), assumption=stated)) == ["done"]
        assert states(batch(SelectionRule(assume_earlier=True))) == ["skipped"]
        assert states(batch(SelectionRule())) == ["kept"]

    def test_two_assumptions_about_quality_are_refused(self):
        with pytest.raises(InvalidSetting, match="quality"):
            BatchSettings(
                SamplerSettings(steps=1, samples=1),
                assumption=CompressionAssumption(15),
                selection=SelectionRule(assume_earlier=True),
            )
