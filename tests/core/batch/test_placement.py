"""Results of other images, settings and processes are never lost."""

from __future__ import annotations

import errno
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ddrm_core.batch.file_tracker import BatchFileTracker
from ddrm_core.batch.manifest.lines import MANIFEST_NAME
from ddrm_core.batch.manifest.manifest import Manifest
from ddrm_core.batch.outcome import FileOutcome, FileState
from ddrm_core.batch.output_paths import OutputNaming, PlannedFile, find_source_images, plan_outputs
from ddrm_core.batch.runner import restore_files
from ddrm_core.batch.settings import BatchSettings
from ddrm_core.cancel import CancelToken
from ddrm_core.device.selection import choose_device
from ddrm_core.errors import OutputExists, UnwritableOutput
from ddrm_core.export.settings import ExportSettings
from ddrm_core.os_errors import SystemFailure
from ddrm_core.prior.checkpoint import load_prior
from ddrm_core.prior.denoiser import Prior
from ddrm_core.sampler.settings import SamplerSettings
from tests.support.batch_results import contents, states
from tests.support.pictures import photograph
from tests.support.small_priors import write_prior

QUICK = BatchSettings(SamplerSettings(steps=1, samples=1))
OTHER = replace(QUICK, seed=1)
NUMBERED = "{number} {stem}{ext}"


@pytest.fixture(scope="module")
def prior(tmp_path_factory) -> Prior:
    path = write_prior(tmp_path_factory.mktemp("prior") / "tiny.safetensors")
    return load_prior(path, choose_device("cpu"))


def write_jpeg(path: Path, seed: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(photograph(17, 23, seed=seed)).save(path, quality=20)
    return path


def write_ink(path: Path, level: int) -> Path:
    """Write a CMYK JPEG, whose result cannot be a PNG, and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.full((9, 11, 4), level, np.uint8), "CMYK").save(path, quality=30)
    return path


@pytest.fixture
def cameras(tmp_path: Path) -> tuple[Path, Path]:
    """Write two folders of JPEGs with equal names but different content; return their paths."""
    for camera in (1, 2):
        for number in (1, 2):
            write_jpeg(tmp_path / f"cam{camera}" / f"IMG_{number}.jpg", 10 * camera + number)
    return tmp_path / "cam1", tmp_path / "cam2"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def batch(out, prior):
    """Return a function that restores a folder as the command line does and returns outcomes."""

    def batch(
        folder: Path, settings: BatchSettings = QUICK, template: str = OutputNaming().template
    ) -> list[FileOutcome]:
        found = find_source_images(folder, recursive=True)
        items = plan_outputs(found.image_paths, folder, out, OutputNaming(template))
        events = restore_files(items, settings, prior, Manifest(out), CancelToken())
        return [event for event in events if isinstance(event, FileOutcome)]

    return batch


def targets(outcomes: list[FileOutcome]) -> list[str]:
    return [outcome.target.name for outcome in outcomes]


@pytest.mark.parametrize("template", ["{stem}_restored{ext}", "x/{stem}.tiff", NUMBERED])
def test_two_folders_in_turn_keep_their_results(batch, cameras, out, template):
    first = batch(cameras[0], template=template)
    before = contents(out)
    second = batch(cameras[1], template=template)
    after = contents(out)
    assert states(first) == states(second) == ["done", "done"]
    assert len(after) == 4
    assert {name: after[name] for name in before} == before
    assert [o.conflicting_result for o in second] == [o.target for o in first]
    assert [o.conflicting_result for o in first] == [None, None]
    for _ in range(3):
        for camera, outcomes in zip(cameras, (first, second), strict=True):
            again = batch(camera, template=template)
            assert states(again) == ["skipped", "skipped"]
            assert [o.target for o in again] == [o.target for o in outcomes]
    assert contents(out) == after


def test_overwriting_replaces_the_result_of_another_picture(batch, cameras, out):
    batch(cameras[0])
    before = contents(out)
    assert states(batch(cameras[1], replace(QUICK, overwrite=True))) == ["done", "done"]
    assert contents(out).keys() == before.keys()
    assert all(data != before[name] for name, data in contents(out).items())


def test_overwriting_replaces_no_result_of_other_settings(batch, cameras, out):
    batch(cameras[0])
    before = contents(out)
    assert states(batch(cameras[0], replace(OTHER, overwrite=True))) == ["kept", "kept"]
    assert contents(out) == before


def test_two_cards_at_one_mount_point(batch, tmp_path, cameras, out):
    card = tmp_path / "card"
    for turn in range(3):
        for camera in cameras:
            camera.rename(card)
            outcomes = batch(card)
            card.rename(camera)
            assert states(outcomes) == (["skipped"] * 2 if turn else ["done"] * 2)
    assert len(contents(out)) == 4


def test_one_content_at_two_paths_is_one_result(batch, tmp_path, cameras, out):
    batch(cameras[0])
    cameras[0].rename(tmp_path / "moved")
    assert states(batch(tmp_path / "moved")) == ["skipped", "skipped"]
    assert len(contents(out)) == 2


def test_redo_replaces_the_result_that_the_content_has_under_its_number(batch, cameras, out):
    batch(cameras[0])
    second = batch(cameras[1])
    before = contents(out)
    assert states(batch(cameras[1], OTHER)) == ["kept", "kept"]
    assert contents(out) == before
    again = batch(cameras[1], replace(OTHER, redo=True))
    after = contents(out)
    assert states(again) == ["done", "done"]
    assert [o.target for o in again] == [o.target for o in second]
    changed = {name for name in after if after[name] != before[name]}
    assert after.keys() == before.keys()
    assert changed == {"IMG_1_restored (2).png", "IMG_2_restored (2).png"}


def test_a_result_in_another_format_gets_its_own_name(batch, tmp_path, out, prior):
    write_jpeg(tmp_path / "in" / "a.jpg", 3)
    batch(tmp_path / "in")
    before = contents(out)
    settings = replace(QUICK, export=ExportSettings(bits=32), redo=True)
    items = plan_outputs(
        [tmp_path / "in" / "a.jpg"], None, out, OutputNaming(default_suffix=".tiff")
    )
    journal = Manifest(out)
    kept, made, again = (
        [*restore_files(items, chosen, prior, journal, CancelToken())][-1]
        for chosen in (replace(settings, redo=False), settings, settings)
    )
    assert [one.state.value for one in (kept, made, again)] == ["kept", "done", "skipped"]
    assert contents(out) == before | {"a_restored.tiff": made.target.read_bytes()}
    assert states(batch(tmp_path / "in")) == ["skipped"]


def test_a_picture_of_ink_is_found_again_beside_another(batch, tmp_path, out):
    for camera in (1, 2):
        write_ink(tmp_path / f"cam{camera}" / "a.jpg", 50 * camera)
    names = ["a_restored.tiff", "a_restored (2).tiff"]
    for state in ("done", "skipped", "skipped"):
        for camera, name in enumerate(names, 1):
            outcomes = batch(tmp_path / f"cam{camera}")
            assert (states(outcomes), targets(outcomes)) == ([state], [name])
    assert list(contents(out)) == sorted(names)


def test_a_free_name_is_neither_a_file_nor_planned_for_another(batch, tmp_path, out):
    write_jpeg(tmp_path / "cam1" / "a.jpg", 1)
    batch(tmp_path / "cam1", template="{stem}{ext}")
    (out / "a (2).png").write_text("the user's")
    write_jpeg(tmp_path / "cam2" / "a.jpg", 2)
    write_jpeg(tmp_path / "cam2" / "a (3).jpg", 3)
    outcomes = batch(tmp_path / "cam2", template="{stem}{ext}")
    assert sorted(targets(outcomes)) == ["a (3).png", "a (4).png"]
    assert (out / "a (2).png").read_text() == "the user's"
    assert states(batch(tmp_path / "cam2", template="{stem}{ext}")) == ["skipped", "skipped"]


def test_a_name_that_looks_numbered_is_its_own(batch, tmp_path, out):
    """A source named "a (2).jpg", like a second download, has another result than "a.jpg"."""
    source = write_jpeg(tmp_path / "in" / "a (2).jpg", 1)
    (tmp_path / "in" / "a.jpg").write_bytes(source.read_bytes())
    for expected in ("done", "skipped"):
        assert states(batch(tmp_path / "in", template="{stem}{ext}")) == [expected] * 2
    assert list(contents(out)) == ["a (2).png", "a.png"]


def test_a_result_that_somebody_edited_is_not_replaced(batch, cameras, out):
    batch(cameras[0])
    edited = out / "IMG_1_restored.png"
    edited.write_bytes(edited.read_bytes() + b"edited")
    outcomes = batch(cameras[1])
    assert states(outcomes) == ["failed", "done"]
    assert isinstance(outcomes[0].error, OutputExists)
    assert edited.read_bytes().endswith(b"edited")


def test_numbers_that_shift_make_no_second_results(batch, tmp_path, out):
    for name, seed in (("b.jpg", 1), ("c.jpg", 2)):
        write_jpeg(tmp_path / "in" / name, seed)
    batch(tmp_path / "in", template=NUMBERED)
    before = contents(out)
    assert list(before) == ["1 b.png", "2 c.png"]
    write_jpeg(tmp_path / "in" / "a.jpg", 3)
    outcomes = batch(tmp_path / "in", template=NUMBERED)
    assert states(outcomes) == ["done", "skipped", "skipped"]
    assert targets(outcomes) == ["1 a.png", "1 b.png", "2 c.png"]
    assert states(batch(tmp_path / "in", OTHER, NUMBERED)) == ["kept"] * 3
    assert contents(out) == before | {"1 a.png": (out / "1 a.png").read_bytes()}


@pytest.mark.parametrize("template", ["{number}{ext}", "{folder}{ext}"])
def test_names_that_only_numbers_tell_apart_survive_an_arrival(batch, tmp_path, out, template):
    for name, seed in (("b.jpg", 1), ("c.jpg", 2)):
        write_jpeg(tmp_path / "in" / name, seed)
    first = batch(tmp_path / "in", template=template)
    before = contents(out)
    write_jpeg(tmp_path / "in" / "a.jpg", 3)
    outcomes = batch(tmp_path / "in", template=template)
    assert states(outcomes) == ["done", "skipped", "skipped"]
    assert targets(outcomes)[1:] == targets(first)
    assert len(contents(out)) == 3
    assert {name: contents(out)[name] for name in before} == before
    assert states(batch(tmp_path / "in", template=template)) == ["skipped"] * 3


def test_a_copy_goes_over_no_result_of_another_picture(batch, cameras, out):
    batch(cameras[0])
    (cameras[0] / "IMG_1.jpg").rename(cameras[1] / "IMG_2.jpg")
    before = contents(out)
    outcomes = batch(cameras[1])
    assert states(outcomes) == ["done", "done"]
    assert outcomes[1].copied_from == out / "IMG_1_restored.png"
    assert outcomes[1].target == out / "IMG_2_restored (2).png"
    assert outcomes[1].conflicting_result == out / "IMG_2_restored.png"
    assert {name: contents(out)[name] for name in before} == before


def test_a_file_that_changes_back_finds_its_first_result(tmp_path, out, prior):
    """If a watched file changes back to earlier content, its earlier result is found."""
    source, files, journal = tmp_path / "in" / "a.jpg", BatchFileTracker(), Manifest(out)
    item = PlannedFile(source, out / "a.png", has_flexible_suffix=True)
    found = []
    for seed in (1, 2, 3, 2, 1, 3):
        write_jpeg(source, seed)
        (*_, outcome) = restore_files([item], QUICK, prior, journal, CancelToken(), files)
        found.append((outcome.state.value, outcome.target.name))
    names = ["a.png", "a (2).png", "a (3).png", "a (2).png", "a.png", "a (3).png"]
    assert found == [*zip(["done"] * 3 + ["skipped"] * 3, names, strict=True)]


def test_a_free_name_that_another_process_takes_meanwhile_is_not_replaced(
    batch, cameras, out, monkeypatch
):
    real, meanwhile = os.link, [cameras[1], None, None, None]

    def link(name, path, *, follow_symlinks):
        folder = meanwhile.pop() if meanwhile else None
        # Just before the last result of this batch is renamed to its final name.
        if folder is not None:
            batch(folder)
        real(name, path, follow_symlinks=follow_symlinks)

    monkeypatch.setattr(os, "link", link)
    write_jpeg(cameras[0] / "a.jpg", 31)
    write_jpeg(cameras[0] / "b.jpg", 32)
    outcomes = batch(cameras[0])
    assert states(outcomes) == ["done"] * 4
    assert outcomes[-1].target == out / "IMG_2_restored (2).png"
    results = contents(out)
    assert len(results) == 6
    for camera in cameras:
        assert set(states(batch(camera))) == {"skipped"}
    assert contents(out) == results


class TestAFullDisk:
    @pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EROFS])
    def test_the_batch_ends_with_the_first_file(self, batch, cameras, monkeypatch, code):
        def refused(*_):
            raise OSError(code, os.strerror(code))

        with monkeypatch.context() as patch:
            patch.setattr(Path, "write_bytes", refused)
            (only,) = batch(cameras[0])
        assert only.state is FileState.FAILED
        assert only.should_stop_batch
        assert isinstance(only.error, UnwritableOutput)
        assert only.error.reason == os.strerror(code).lower()
        assert states(batch(cameras[0])) == ["done", "done"]

    def test_a_line_that_cannot_be_added_ends_it_too(self, batch, cameras, out, monkeypatch):
        with monkeypatch.context() as patch:
            patch.setattr(os, "write", lambda *_: 0)
            (only,) = batch(cameras[0])
        assert only.should_stop_batch
        assert only.error.path == out / MANIFEST_NAME
        assert contents(out) == {}
        assert states(batch(cameras[0])) == ["done", "done"]

    def test_a_journal_that_cannot_be_opened_ends_it(self, batch, cameras, monkeypatch):
        real = os.open

        def refused(path, *rest):
            if os.fspath(path).endswith(MANIFEST_NAME):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
            return real(path, *rest)

        monkeypatch.setattr(os, "open", refused)
        (only,) = batch(cameras[0])
        assert only.should_stop_batch
        assert only.error.reason is SystemFailure.EACCES

    def test_a_place_that_one_file_cannot_have_does_not_end_it(self, batch, cameras, out):
        (out / "IMG_1_restored.png").mkdir(parents=True)
        outcomes = batch(cameras[0])
        assert states(outcomes) == ["failed", "done"]
        assert not outcomes[0].should_stop_batch
