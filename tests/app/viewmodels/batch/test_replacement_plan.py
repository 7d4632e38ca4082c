"""Rules for the replacement of originals by the window."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.i18n.error_messages import UserMessage
from app.jobs.batch.batch_items import BatchItem, CommonSettings, ItemStatus
from app.jobs.batch.replacing import ReplacementChoice, ReplacementPlan
from app.jobs.run.restore_settings import RestoreSettings
from app.viewmodels.batch import batch_transitions as transitions
from app.viewmodels.batch.batch_state import (
    BatchPhase,
    BatchState,
    WatchedFolder,
    find_next_item,
)
from app.viewmodels.batch.replacement.replacement_plan import (
    find_common_folder,
    plan_replacement,
)
from app.viewmodels.batch.replacement.replacing_batch import with_replacement
from ddrm_core.batch.selection.rule import OthersPolicy, SelectionRule
from ddrm_core.export.settings import ExportSettings
from ddrm_core.metadata.model import MetadataPolicy
from ddrm_core.sampler.settings import SamplerSettings

ALBUM = Path("/photos/album")
TRASH = ReplacementChoice()
ITEMS = (
    BatchItem(1, ALBUM / "a.jpg", ALBUM),
    BatchItem(2, ALBUM / "sub" / "b.JFIF", ALBUM),
    BatchItem(3, ALBUM / "c.png", ALBUM, status=ItemStatus.DONE),
)
SETTINGS = CommonSettings(
    RestoreSettings(SamplerSettings(steps=1, samples=1), 0, "cpu"), suffix=".jpg"
)
STATE = transitions.replace_items(BatchState(default_settings=SETTINGS, replacement=TRASH), ITEMS)


def export(**changes):
    return {"default_settings": replace(SETTINGS, export=ExportSettings(**changes))}


def test_a_plan_has_the_pending_files_of_the_added_folder():
    plan = plan_replacement(STATE, TRASH)
    assert plan == ReplacementPlan(ALBUM, TRASH, frozenset({1, 2}))
    assert STATE.can_start


@pytest.mark.parametrize(
    ("changes", "advice"),
    [
        ({"watched_folder": WatchedFolder(ALBUM)}, "Stop watching the folder"),
        (export(policy=MetadataPolicy.NO_GPS), "Choose the metadata All"),
        (export(same_levels=True), "Switch off Same compression as the source"),
        (
            {"default_settings": replace(SETTINGS, keep_date=False)},
            "Switch on Keep the file's date",
        ),
        ({"selection": SelectionRule(80, OthersPolicy.COPY)}, "Choose Skip the others"),
        ({"default_settings": replace(SETTINGS, suffix=".png")}, "Choose the format JPEG"),
    ],
)
def test_what_the_command_line_refuses_is_refused_with_what_to_change(changes, advice):
    refusal = plan_replacement(replace(STATE, **changes), TRASH)
    assert isinstance(refusal, UserMessage)
    assert refusal.title == "The originals are not replaced"
    assert refusal.advice.startswith(advice)


@pytest.mark.parametrize(
    ("source", "advice"),
    [
        (ALBUM / "d.png", "Remove the files from the list that have another format than JPEG"),
        (ALBUM / "d.bmp", "Remove the files from the list that have another format than JPEG"),
        (Path("/photos/other/d.jpg"), "Remove files of other folders from the list"),
    ],
)
def test_files_of_other_formats_and_folders_are_refused(source, advice):
    state = transitions.replace_items(STATE, (*ITEMS, BatchItem(4, source)))
    refusal = plan_replacement(state, TRASH)
    assert isinstance(refusal, UserMessage)
    assert refusal.advice.startswith(advice)


def test_a_single_file_within_the_added_folder_belongs_to_it():
    inside = BatchItem(4, ALBUM / "sub" / "d.jpg")
    assert find_common_folder([*ITEMS, inside]) == ALBUM
    assert find_common_folder([inside]) == ALBUM / "sub"
    assert find_common_folder([]) is None


def test_the_originals_cannot_move_into_their_own_folder(tmp_path):
    state = transitions.replace_items(STATE, [BatchItem(1, tmp_path / "a.jpg", tmp_path)])
    refused = plan_replacement(state, ReplacementChoice(tmp_path / "originals"))
    assert isinstance(refused, UserMessage)
    assert refused.advice == f"Choose a place for the originals outside of {tmp_path}."
    beside = ReplacementChoice(tmp_path.with_name(f"{tmp_path.name} originals"))
    assert isinstance(plan_replacement(state, beside), ReplacementPlan)


def test_files_that_are_added_after_the_question_are_not_replaced():
    plan = ReplacementPlan(ALBUM, TRASH, frozenset({2}))
    running = replace(STATE, phase=BatchPhase.RUNNING, replacement_plan=plan)
    assert find_next_item(running) == ITEMS[1]
    done = transitions.finish_item(running, replace(ITEMS[1], status=ItemStatus.DONE))
    assert find_next_item(done) is None
    assert transitions.set_idle(done).replacement_plan is None


def test_another_choice_drops_captured_settings_and_lets_retained_sources_start_again():
    retained = replace(ITEMS[0], status=ItemStatus.NOT_REPLACED, message="It is a link")
    planned = replace(ITEMS[1], target=Path("/out/b.png"))
    state = transitions.replace_items(
        replace(STATE, captured_settings=SETTINGS), (retained, planned, ITEMS[2])
    )
    changed = with_replacement(state, None)
    assert changed.items == ITEMS
    assert (changed.captured_settings, changed.replacement) == (None, None)
