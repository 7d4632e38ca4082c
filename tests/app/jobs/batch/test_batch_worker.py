"""The jobs of a batch on worker threads."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import piexif
import pytest

from app.jobs.batch.batch_items import (
    BatchItem,
    CommonSettings,
    ItemStatus,
    OutputLocation,
)
from app.jobs.batch.batch_worker import (
    BatchItemRequest,
    BatchWorker,
    apply_file_outcome,
    load_result_image,
    mark_item_failed,
)
from app.jobs.batch.output_names import OutputPlanRequest, build_example_path, plan_targets_job
from app.jobs.batch.search_files import search_paths_job
from app.jobs.batch.watch_folder import FolderWatcher
from app.jobs.document.open import open_document
from app.jobs.run.restore_settings import RestoreSettings
from app.viewmodels.batch.batch_counts import count_items
from ddrm_core.batch.manifest.lines import MANIFEST_NAME
from ddrm_core.batch.outcome import FileOutcome, FileState
from ddrm_core.batch.output_paths import PlannedFile
from ddrm_core.batch.replacement.reasons import RetentionReason
from ddrm_core.cancel import CancelToken
from ddrm_core.device.execution_limits import MemoryFallback
from ddrm_core.errors import InvalidSetting, OperationCancelled, OutputExists
from ddrm_core.export.replay import read_run_record
from ddrm_core.export.settings import ExportSettings
from ddrm_core.jpeg.reasons import CorruptionReason
from ddrm_core.jpeg.recompression import PreviousCompression
from ddrm_core.metadata.model import MetadataPolicy
from ddrm_core.sampler.corrections.parameters import StoredParameters
from ddrm_core.sampler.settings import PRESETS, Preset, SamplerSettings
from ddrm_core.step_iterator import StepIterator

QUICK = RestoreSettings(SamplerSettings(steps=1, samples=1), 0, "cpu")
FAST = replace(QUICK, sampler=PRESETS[Preset.FAST])
OUT = Path("/out")


def drained(job):
    steps = StepIterator(job)
    return list(steps), steps.result


def targets(*rows, place=OutputLocation(OUT), suffix=".png"):  # noqa: B008
    return plan_targets_job(OutputPlanRequest(rows, place, CommonSettings(QUICK, suffix=suffix)))


def test_every_result_has_a_place_of_its_own():
    rows = (
        BatchItem(1, Path("/a/x.jpg"), Path("/a")),
        BatchItem(2, Path("/a/sub/x.jpg"), Path("/a")),
        BatchItem(3, Path("/b/x.jpg")),
        BatchItem(4, Path("/c/x.jpg"), status=ItemStatus.DONE, target=OUT / "x_restored (2).png"),
        BatchItem(5, Path("/d/x.jpg"), status=ItemStatus.FAILED),
        BatchItem(6, Path("/e/x.jpg"), status=ItemStatus.STOPPED),
    )
    found = targets(*rows)
    assert found[1] == OUT / "x_restored.png"
    assert found[2] == OUT / "sub" / "x_restored.png"
    assert set(found) == {1, 2, 3, 6}
    assert len({*found.values(), rows[3].target}) == 5
    flat = targets(*rows, place=OutputLocation(OUT, keep_subfolders=False))
    assert {path.parent for path in flat.values()} == {OUT}
    assert targets(*(replace(r, target=found.get(r.item_id, r.target)) for r in rows)) == {}


def test_names_follow_each_file_s_own_settings():
    own = replace(FAST, seed=7, prior="mine")
    rows = (BatchItem(1, Path("/a/x.jpg")), BatchItem(2, Path("/a/y.jpg"), own_settings=own))
    found = targets(*rows, place=OutputLocation(OUT, "{stem} {preset} {seed} {prior}{ext}"))
    assert [path.name for path in found.values()] == [
        "x custom 0 compact.png",
        "y fast 7 mine.png",
    ]


def test_an_example_is_where_planning_puts_the_file():
    row = BatchItem(1, Path("/a/sub/x.jpg"), Path("/a"))
    for tree in (True, False):
        place = OutputLocation(OUT, "{folder}/{stem}{ext}", tree)
        example = build_example_path(row, place, CommonSettings(QUICK, suffix=".tiff"))
        assert OUT / example == targets(row, place=place, suffix=".tiff")[1]
    with pytest.raises(InvalidSetting):
        build_example_path(row, OutputLocation(OUT, "{nothing}{ext}"), CommonSettings(QUICK))


def test_a_search_comes_a_few_at_a_time_without_what_are_results(tmp_path):
    (tmp_path / "out").mkdir()
    for number in range(1100):
        (tmp_path / f"{number}.jpg").touch()
    (tmp_path / "out" / "old.jpg").touch()
    steps = search_paths_job(
        [tmp_path, tmp_path / "0.jpg", tmp_path / "gone"],
        CancelToken(),
        recursive=True,
        include_all_formats=False,
        results_folder=tmp_path / "out",
    )
    told, search = drained(steps)
    assert [len(part) for part in told] == [500, 500, 102]
    assert told[0][10].source.name == "10.jpg"
    assert told[-1][-1].base_folder is None
    assert (search.file_count, search.folder_errors) == (1102, ())
    token = CancelToken()
    token.cancel()
    with pytest.raises(OperationCancelled):
        drained(
            search_paths_job(
                [tmp_path], token, recursive=True, include_all_formats=False, results_folder=None
            )
        )


def test_a_watcher_tells_each_arrival_once_and_again_when_it_has_changed(tmp_path):
    watcher = FolderWatcher(tmp_path / "in")

    def look():
        return watcher.scan(
            recursive=True, include_all_formats=False, results_folder=tmp_path / "in"
        )

    assert look().is_unavailable
    (tmp_path / "in").mkdir()
    picture = tmp_path / "in" / "a.jpg"
    picture.write_bytes(b"some")
    assert look().new_files == ()
    assert [file.source for file in look().new_files] == [picture]
    assert look().new_files == ()
    picture.write_bytes(b"some more")
    assert look().new_files == ()
    assert [file.source for file in look().new_files] == [picture]


def test_a_row_says_what_is_worth_knowing_of_its_result():
    row = BatchItem(1, Path("/a/x.png"), target=OUT / "x.png")
    outcome = FileOutcome(
        PlannedFile(row.source, row.target),
        row.target,
        FileState.DONE,
        consistency=1.0,
        damage=CorruptionReason.NOTHING,
        previous_compression=PreviousCompression(10, 3, 5, "4:2:0", 0.9),
        fallbacks=(MemoryFallback.CPU,),
    )
    estimated, damaged, read, rest, less = apply_file_outcome(row, outcome).message.split("; ")
    assert estimated.startswith("The file is not a JPEG: quality factor 10, ")
    assert (damaged, read, rest) == (
        "the file is damaged: its data is corrupt",
        "nothing could be read",
        "that part is restored, the rest is as decoded",
    )
    assert less.endswith("goes on with the CPU")


def test_a_source_that_is_not_replaced_says_why_and_has_no_result():
    row = BatchItem(1, Path("/a/x.jpg"), target=Path("/a/x.jpg"))
    outcome = FileOutcome(
        PlannedFile(row.source, row.source),
        row.source,
        FileState.NOT_REPLACED,
        seconds=1.5,
        notes=("the EXIF is too large.",),
        retention_reason=RetentionReason.LOSS,
    )
    retained = apply_file_outcome(row, outcome)
    assert (retained.status, retained.target) == (ItemStatus.NOT_REPLACED, None)
    assert retained.message == (
        "Not replaced, because the result would not keep everything in it; the EXIF is too large"
    )
    counts = count_items([retained])
    assert (counts.retained, counts.finished, counts.remaining) == (1, 1, 0)


def test_a_file_in_the_way_of_a_result_is_no_matter_of_overwriting():
    failed = mark_item_failed(BatchItem(1, Path("/a/x.jpg")), OutputExists(OUT / "x.png"))
    assert failed.message.startswith(f"{OUT / 'x.png'} exists already. Choose other names")


def test_a_file_that_changes_while_it_is_restored_arrives_after_that(tmp_path):
    watcher, picture = FolderWatcher(tmp_path), tmp_path / "a.jpg"

    def look(busy):
        return watcher.scan(
            recursive=False, include_all_formats=False, results_folder=None, current_path=busy
        ).new_files

    picture.write_bytes(b"some")
    assert [look(None), len(look(None))] == [(), 1]
    picture.write_bytes(b"some more")
    assert [look(picture) for _ in range(3)] == [()] * 3
    assert [file.source for file in look(None)] == [picture]
    assert look(None) == ()


@pytest.fixture
def turned(tmp_path, original):
    """Return the path of a JPEG whose EXIF orientation is not upright."""
    path = tmp_path / "turned.jpg"
    exif = piexif.dump({"0th": {piexif.ImageIFD.Orientation: 6}})
    original.crop((0, 0, 24, 16)).save(path, quality=10, exif=exif)
    return path


@pytest.mark.parametrize("upright", [False, True])
@pytest.mark.parametrize("policy", [MetadataPolicy.ALL, MetadataPolicy.NONE])
def test_a_result_is_shown_as_its_source_however_it_was_saved(
    engine, tmp_path, turned, upright, policy
):
    place = OutputLocation(tmp_path / "out")
    row = BatchItem(1, turned, target=place.folder / "turned.png")
    settings = CommonSettings(QUICK, ExportSettings(policy=policy, bake_orientation=upright))
    request = BatchItemRequest(row, place, settings, tolerate_damage=False)
    told, done = drained(BatchWorker(engine).restore_item(request, CancelToken()))
    assert done.status is ItemStatus.DONE
    assert told[0].total_steps == 1
    assert (place.folder / MANIFEST_NAME).exists()
    document = open_document(turned)
    shown = load_result_image(1, document.display, done.target).image.full_size
    assert (shown.width(), shown.height()) == (16, 24)
    source = document.image.full_size
    corners = [(0, 0), (15, 0), (0, 23), (15, 23)]
    for x, y in corners:
        a, b = shown.pixelColor(x, y), source.pixelColor(x, y)
        assert abs(a.lightness() - b.lightness()) < 60, (x, y)


def test_a_list_of_an_earlier_window_finds_its_correction_again(
    engine, photo, tmp_path, install_correction
):
    stored = StoredParameters("narrow", "correction-package 2.0", (("width", 0.25),))
    sampler = replace(QUICK.sampler, correction="narrow", correction_parameters=(stored,))
    row = BatchItem(1, photo, target=tmp_path / "out" / "a.png")
    request = BatchItemRequest(
        row,
        OutputLocation(tmp_path / "out"),
        CommonSettings(replace(QUICK, sampler=sampler)),
        tolerate_damage=False,
    )
    own = replace(request, item=replace(row, own_settings=request.settings.restore))
    _, missing = drained(BatchWorker(engine).restore_item(own, CancelToken()))
    assert (missing.status, missing.message) == (
        ItemStatus.FAILED,
        "Install a package that offers it, or start a script that registers it."
        " There is no correction narrow here.",
    )
    install_correction()
    _, done = drained(BatchWorker(engine).restore_item(request, CancelToken()))
    assert done.status is ItemStatus.DONE
    record = read_run_record(done.target)
    assert record.sampler.parameters_of("narrow").width == 0.25
    assert record.correction_origin == "correction-package 2.1"
