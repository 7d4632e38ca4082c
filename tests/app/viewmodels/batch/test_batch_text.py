"""Texts about a batch."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.config.save_choices import SaveChoices
from app.jobs.batch.batch_cost import BatchCost
from app.jobs.batch.batch_items import (
    BatchItem,
    CommonSettings,
    FileSizes,
    FoundFile,
    ItemStatus,
    OutputLocation,
)
from app.jobs.batch.search_files import FolderSearchSummary
from app.jobs.run.restore_settings import RestoreSettings
from app.viewmodels.batch import batch_transitions as transitions
from app.viewmodels.batch.batch_counts import BatchCounts, count_items
from app.viewmodels.batch.batch_events import BatchFinished
from app.viewmodels.batch.batch_state import (
    BatchPhase,
    BatchState,
    CurrentItem,
    WatchedFolder,
    find_most_frequent_failure,
)
from app.viewmodels.batch.batch_text import (
    batch_finished_message,
    batch_paused_message,
    batch_progress_text,
    batch_result_label,
    batch_window_title,
    common_settings_from_window,
    effective_settings_text,
    example_path_text,
    export_settings_text,
    format_item_name,
    has_omitted_sources,
    item_status_text,
    item_tooltip,
    output_location_text,
    redo_question,
    restore_settings_from_window,
    restore_settings_text,
    search_finished_message,
    unfinished_batch_message,
)
from app.viewmodels.batch.overview.batch_cost import BatchCostState
from app.viewmodels.batch.overview.batch_cost_text import batch_cost_tooltip
from app.viewmodels.parameters.parameters import ParametersState
from ddrm_core.errors import UnwritableOutput
from ddrm_core.export.settings import ExportSettings
from ddrm_core.formats.capabilities import SaveFormat
from ddrm_core.os_errors import SystemFailure
from ddrm_core.restoration.assumption import NO_ASSUMPTION, CompressionAssumption
from ddrm_core.sampler.settings import PRESETS, Preset, SamplerSettings

FAST = RestoreSettings(PRESETS[Preset.FAST], 3, "auto")
STATE = transitions.add_files(
    BatchState(default_settings=CommonSettings(FAST)),
    [FoundFile(Path(f"/p/{n}.jpg")) for n in range(4)],
)


def with_tally(**counts):
    return replace(STATE, counts=BatchCounts(total=4, **counts))


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (BatchState(), "Nothing to restore yet"),
        (STATE, "4 of 4 left"),
        (with_tally(done=1, failed=1), "2 of 4 left, 1 failed"),
        (replace(with_tally(done=1), phase=BatchPhase.RUNNING), "1 of 4"),
        (
            replace(with_tally(done=2), phase=BatchPhase.RUNNING, recent_durations=(30.0,)),
            "2 of 4, 1:00 left",
        ),
        (
            replace(
                with_tally(done=2),
                phase=BatchPhase.RUNNING,
                recent_durations=(30.0,),
                current_item=CurrentItem(3, 1, 2),
            ),
            "2 of 4, 0:45 left",
        ),
        (replace(STATE, phase=BatchPhase.PAUSING), "Pausing after this file: 0 of 4"),
        (replace(STATE, phase=BatchPhase.STOPPING), "Stopping…"),
        (with_tally(done=2, failed=2), "All 4 finished, 2 failed"),
        (replace(STATE, watched_folder=WatchedFolder(Path("/p"))), "4 of 4 left, watching p"),
        (
            replace(STATE, watched_folder=WatchedFolder(Path("/p"), is_unavailable=True)),
            "4 of 4 left, p is unavailable",
        ),
        (replace(STATE, active_searches=1), "4 of 4 left. Searching folders…"),
    ],
)
def test_progress(state, words):
    assert batch_progress_text(state) == words


def test_the_expected_time_and_the_sizes_before_and_after_are_shown():
    minutes = BatchCostState(BatchCost(4, 340_000, 2_400_000, 130.0))
    assert batch_progress_text(STATE, minutes) == "4 of 4 left, about 2 min 10 s"
    assert batch_progress_text(STATE, replace(minutes, is_estimating=True)).endswith("10 s")
    early = BatchCostState(BatchCost(4, 340_000), is_estimating=True)
    assert batch_progress_text(STATE, early) == "4 of 4 left, estimating time…"
    unknown = BatchCostState(BatchCost(4, 340_000, is_prior_unloaded=True))
    assert batch_progress_text(STATE, unknown) == "4 of 4 left"
    state = replace(STATE, output_location=OutputLocation(Path("/out")))
    assert output_location_text(state, minutes).endswith("(PNG, 8 bits, about 2.4 MB)")
    assert output_location_text(state, early).endswith("(PNG, 8 bits)")
    sizes = FileSizes(1_234_500, 5_000_000)
    done = replace(STATE, counts=BatchCounts(4, done=4, sizes=sizes))
    assert batch_progress_text(done) == "All 4 finished, 1.2 MB → 5.0 MB"


def test_the_tooltip_of_the_cost_says_where_it_comes_from():
    known = BatchCost(4, 340_000, 2_400_000, 130.0)
    assert "The files have 340 kB; the results will have about 2.4 MB." in batch_cost_tooltip(
        BatchCostState(known)
    )
    unloaded = BatchCostState(BatchCost(is_prior_unloaded=True))
    assert "once this model has been used" in batch_cost_tooltip(unloaded)
    assert batch_cost_tooltip(BatchCostState()) == ""
    assert batch_cost_tooltip(BatchCostState(BatchCost(4, 340_000))) == ""


def test_the_title_counts_while_it_is_under_way():
    running = replace(with_tally(done=3), phase=BatchPhase.RUNNING)
    assert batch_window_title(running, "DDRM Restore") == "3/4 – DDRM Restore"  # noqa: RUF001
    assert batch_window_title(STATE, "DDRM Restore") == "DDRM Restore"
    timed = replace(running, recent_durations=(40.0, 50.0))
    title = "3/4, 45 s left – DDRM Restore"  # noqa: RUF001
    assert batch_window_title(timed, "DDRM Restore") == title


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (FAST, "Fast, model compact, seed 3"),
        (
            RestoreSettings(
                SamplerSettings(steps=5, samples=1), 0, "cpu", "mine", CompressionAssumption(10)
            ),
            "5 steps, 1 version, model mine, seed 0, quality factor 10",
        ),
        (
            RestoreSettings(SamplerSettings(steps=5, samples=2), 0, "cpu"),
            "5 steps, 2 versions, model compact, seed 0",
        ),
    ],
)
def test_settings(settings, words):
    assert restore_settings_text(settings) == words


@pytest.mark.parametrize(
    ("choices", "export", "suffix", "words"),
    [
        (SaveChoices(), ExportSettings(), ".png", "PNG, 8 bits"),
        (
            SaveChoices(ExportSettings(bits=16), SaveFormat.WEBP),
            ExportSettings(16),
            ".png",
            "PNG, 16 bits",
        ),
        (SaveChoices(ExportSettings(bits=32)), ExportSettings(32), ".tiff", "TIFF, 32 bits"),
        (
            SaveChoices(ExportSettings(jpeg_quality=80), SaveFormat.JPEG),
            ExportSettings(jpeg_quality=80),
            ".jpg",
            "JPEG, 8 bits",
        ),
        (
            SaveChoices(ExportSettings(bits=16, same_levels=True, bake_orientation=True)),
            ExportSettings(same_levels=True),
            ".jpg",
            "JPEG, same compression as each source",
        ),
    ],
)
def test_saving_follows_the_window_s_choices(choices, export, suffix, words):
    made = common_settings_from_window(ParametersState(), choices)
    assert (made.export, made.suffix) == (export, suffix)
    assert export_settings_text(made) == words


def test_what_is_assumed_of_the_opened_file_counts_only_where_it_is_asked_for():
    state = ParametersState(
        replace(
            ParametersState().settings,
            seed=4,
            assumption=CompressionAssumption(10, (3, 5), "4:2:2"),
        )
    )
    plain, own = (
        restore_settings_from_window(state, use_assumption=assumed) for assumed in (False, True)
    )
    assert (plain.assumption, plain.seed) == (NO_ASSUMPTION, 4)
    assert own.assumption == state.settings.assumption


def test_where_results_go_and_with_what():
    assert output_location_text(BatchState()) == "Output folder"
    assert example_path_text(BatchState()).startswith("An example")
    state = replace(STATE, output_location=OutputLocation(Path("/out")))
    assert output_location_text(state) == "Output folder: /out (PNG, 8 bits)"
    state = replace(state, example_path="0.png")
    assert output_location_text(state) == "Output folder: /out/0.png (PNG, 8 bits)"
    assert example_path_text(state) == "0.jpg becomes 0.png"
    assert effective_settings_text(state).startswith("Settings of the window: Fast")
    assert effective_settings_text(
        replace(state, captured_settings=state.default_settings)
    ).startswith("Settings at the start")
    assert effective_settings_text(BatchState()) == ""


def test_a_file_says_all_in_its_tip():
    row = BatchItem(1, Path("/p/a/b.jpg"), Path("/p"), FAST, ItemStatus.DONE, Path("/o/b.png"), 0.5)
    assert format_item_name(row) == str(Path("a", "b.jpg"))
    assert format_item_name(replace(row, base_folder=None)) == "b.jpg"
    tip = item_tooltip(replace(row, message="A note."), FAST).splitlines()
    assert tip == [
        str(row.source),
        f"Result: {row.target}",
        "Settings of its own: Fast, model compact, seed 3",
        "Consistency: 50.00 %",
        "A note.",
    ]
    assert batch_result_label(row) == "Result, consistency 50.00 %"
    assert batch_result_label(replace(row, consistency=None)) == "Result"


@pytest.mark.parametrize(
    ("tally", "title"),
    [
        (BatchCounts(3, done=3), "The folder is finished: 3 restored"),
        (BatchCounts(3, done=1, failed=2), "The folder is finished: 1 restored, 2 failed"),
        (
            BatchCounts(3, done=1, skipped=2),
            "The folder is finished: 1 restored, 2 done before",
        ),
        (
            BatchCounts(3, done=1, kept_results=2),
            "The folder is finished: 1 restored, 2 done before with other settings",
        ),
        (
            BatchCounts(3, done=2, partial=1, failed=1),
            "The folder is finished: 2 restored, 1 of them partly, 1 failed",
        ),
    ],
)
def test_the_summary(tally, title):
    assert batch_finished_message(BatchFinished(tally)).title == title


def test_the_summary_says_why_most_of_the_failed_files_failed():
    row = BatchItem(1, Path("/p/a.jpg"), status=ItemStatus.FAILED, message="Choose another place.")
    other = replace(row, message="Get a whole copy.")
    for rows, reason in (
        ([row, other, row], "2 files: Choose another place."),
        ([other], "Get a whole copy."),
    ):
        event = BatchFinished(count_items(rows), find_most_frequent_failure(rows))
        assert batch_finished_message(event).advice == reason


def test_a_file_that_was_readable_in_part_is_not_merely_done():
    row = BatchItem(1, Path("/p/a.jpg"), status=ItemStatus.DONE, is_partial=True)
    assert item_status_text(row, None) == "Partly"
    assert item_status_text(replace(row, is_partial=False), None) == "Done"


def test_a_search_counts_what_was_left_out_or_was_in_the_list():
    found = FolderSearchSummary(3, ())
    assert search_finished_message(found) is None
    none = replace(found, file_count=0)
    assert search_finished_message(none).title == "No pictures were found there"
    unreadable = replace(found, folder_errors=("a.", "b."))
    assert search_finished_message(unreadable).advice == "a.\nb."
    omitted = replace(found, omitted_counts=((".png", 2), (".heic", 1), (".tif", 1), (".tiff", 3)))
    assert search_finished_message(omitted).as_line() == (
        "3 files were found. Left out: 4 TIFF, 2 PNG. Only files that were JPEGs before can be"
        " restored. Left out: 1 HEIC, formats that cannot be restored."
    )
    assert has_omitted_sources(omitted)
    assert not has_omitted_sources(replace(found, omitted_counts=((".heic", 1),)))
    known = replace(found, known_count=3)
    assert search_finished_message(known).title == "These files are in the list already"
    some_known = search_finished_message(replace(found, known_count=1))
    assert some_known.as_line() == "3 files were found. Already in the list: 1."


def test_other_messages():
    assert (
        unfinished_batch_message(BatchCounts(30, done=13)).title
        == "A folder is not finished: 17 of 30 left"
    )
    assert redo_question(1).title == "1 file has a result made with other settings"
    assert redo_question(5).as_line() == (
        "5 files have results made with other settings."
        " Restore them again and replace those results?"
    )
    full = UnwritableOutput(Path("/o/a.png"), SystemFailure.ENOSPC)
    assert batch_paused_message(Path("/o"), full, 3).as_line() == (
        "The disk of /o is full. Make room there. 3 files are left; Resume continues with them."
    )
    read_only = UnwritableOutput(Path("/o/a.png"), SystemFailure.EROFS)
    assert batch_paused_message(Path("/o"), read_only, 1).as_line() == (
        "Nothing more can be written to /o: read-only file system. Make the folder writable again."
        " 1 file is left; Resume continues with it."
    )
