"""The output paths of a batch's results."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.jobs.batch.batch_items import (
    BatchItem,
    CommonSettings,
    ItemStatus,
    OutputLocation,
)
from app.jobs.batch.output_names import (
    OtherBatchItems,
    OutputPlanRequest,
    build_planned_file,
    plan_targets_job,
)
from app.jobs.run.restore_settings import RestoreSettings
from ddrm_core.errors import InvalidSetting
from ddrm_core.sampler.settings import PRESETS, Preset

SETTINGS = RestoreSettings(PRESETS[Preset.FAST], 0, "cpu")
OWN = RestoreSettings(PRESETS[Preset.FAST], 7, "cpu")


def test_no_result_takes_the_place_of_a_source_with_other_settings(tmp_path: Path):
    rows = (
        BatchItem(1, tmp_path / "a.jpg"),
        BatchItem(2, tmp_path / "a_restored.jpg", own_settings=OWN),
    )
    place = OutputLocation(tmp_path, "{stem}_restored.jpg", keep_subfolders=False)
    with pytest.raises(InvalidSetting):
        plan_targets_job(OutputPlanRequest(rows, place, CommonSettings(SETTINGS)))


def test_files_with_other_settings_get_places_of_their_own(tmp_path: Path):
    rows = (
        BatchItem(1, tmp_path / "x" / "a.jpg"),
        BatchItem(2, tmp_path / "y" / "a.jpg", own_settings=OWN),
    )
    place = OutputLocation(tmp_path, keep_subfolders=False)
    places = plan_targets_job(OutputPlanRequest(rows, place, CommonSettings(SETTINGS)))
    assert places == {1: tmp_path / "a_restored.png", 2: tmp_path / "a_restored (2).png"}


def test_a_file_of_the_queue_knows_what_the_others_have_and_are_to_get(tmp_path: Path):
    place = OutputLocation(tmp_path / "out")
    mine = BatchItem(1, tmp_path / "in" / "a.jpg", target=tmp_path / "out" / "a_restored.png")
    waiting = BatchItem(2, tmp_path / "in" / "B.jpg", target=tmp_path / "out" / "B_restored.png")
    done = BatchItem(
        3, tmp_path / "in" / "c.jpg", status=ItemStatus.KEPT, target=tmp_path / "out" / "c.png"
    )
    failed = BatchItem(
        4, tmp_path / "d.jpg", status=ItemStatus.FAILED, target=tmp_path / "out" / "d.png"
    )
    others = OtherBatchItems((mine, waiting, done, failed), mine, place, CommonSettings(OWN))
    assert others.find_pending(tmp_path / "out" / "b_restored.tiff") == build_planned_file(
        waiting, place, CommonSettings(OWN)
    )
    assert others.has_result(done.target)
    for path in (mine.target, done.target, failed.target):
        assert others.find_pending(path) is None
    for path in (mine.target, waiting.target, failed.target):
        assert not others.has_result(path)


def test_own_names_are_those_of_the_plan_in_the_folders_of_the_tree(tmp_path: Path):
    source, base = tmp_path / "in" / "sub" / "a.jpg", tmp_path / "in"
    target = tmp_path / "out" / "sub" / "7 a.png"
    place = OutputLocation(tmp_path / "out", "{number} {stem}{ext}")
    item = build_planned_file(
        BatchItem(1, source, base, target=target), place, CommonSettings(SETTINGS)
    )
    assert item.has_flexible_suffix
    for name in ("sub/7 a.png", "sub/12 a.tiff", "sub/7 a (3).png"):
        assert re.fullmatch(item.target_pattern, (tmp_path / "out" / name).as_posix())
    for name in ("7 a.png", "sub/x a.png", "sub/7 ab.png", "sub/7 a (b).png"):
        assert not re.fullmatch(item.target_pattern, (tmp_path / "out" / name).as_posix())
