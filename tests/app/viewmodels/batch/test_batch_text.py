"""What is said of a queue."""

from __future__ import annotations

import errno
from dataclasses import replace
from pathlib import Path

import pytest

from app.config.save_choices import SaveChoices, SaveFormat
from app.jobs.batch.batch_items import (
    FileSettings,
    Found,
    Place,
    QueueSettings,
    Row,
    Saving,
    Status,
)
from app.viewmodels.batch import batch_state as q
from app.viewmodels.batch.batch_counts import Tally
from app.viewmodels.batch.batch_state import Phase, QueueState, Watched, Working
from app.viewmodels.batch.batch_text import (
    ended_message,
    example_words,
    file_settings,
    full_message,
    in_force_words,
    name_words,
    place_words,
    progress_words,
    recalled_message,
    redo_question,
    result_words,
    row_tip,
    saving_of,
    saving_words,
    searched_message,
    settings_words,
    title_words,
)
from app.viewmodels.parameters.parameters import ParametersState
from ddrm_core.errors import UnwritableOutput
from ddrm_core.sampler.settings import PRESETS, Preset, SamplerSettings

FAST = FileSettings(PRESETS[Preset.FAST], 3, "auto")
STATE = q.added(
    QueueState(proposal=QueueSettings(FAST, Saving())),
    [Found(Path(f"/p/{n}.jpg")) for n in range(4)],
)


def with_tally(**counts):
    return replace(STATE, tally=Tally(total=4, **counts))


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (QueueState(), "Nothing to restore yet"),
        (STATE, "4 of 4 left"),
        (with_tally(done=1, failed=1), "2 of 4 left, 1 failed"),
        (replace(with_tally(done=1), phase=Phase.RUNNING), "1 of 4"),
        (replace(with_tally(done=2), phase=Phase.RUNNING, pace=(30.0,)), "2 of 4, 1:00 left"),
        (
            replace(
                with_tally(done=2),
                phase=Phase.RUNNING,
                pace=(30.0,),
                working=Working(3, 1, 2),
            ),
            "2 of 4, 0:45 left",
        ),
        (replace(STATE, phase=Phase.PAUSING), "Pausing after this file: 0 of 4"),
        (replace(STATE, phase=Phase.STOPPING), "Stopping…"),
        (with_tally(done=2, failed=2), "All 4 finished, 2 failed"),
        (replace(STATE, watched=Watched(Path("/p"))), "4 of 4 left, watching p"),
        (replace(STATE, watched=Watched(Path("/p"), gone=True)), "4 of 4 left, p is gone"),
        (replace(STATE, searching=1), "4 of 4 left. Looking through folders…"),
    ],
)
def test_progress(state, words):
    assert progress_words(state) == words


def test_the_title_counts_while_it_is_under_way():
    running = replace(with_tally(done=3), phase=Phase.RUNNING)
    assert title_words(running, "DDRM Restore") == "3/4 – DDRM Restore"  # noqa: RUF001
    assert title_words(STATE, "DDRM Restore") == "DDRM Restore"


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (FAST, "Fast, prior compact, seed 3"),
        (
            FileSettings(SamplerSettings(steps=5, samples=1), 0, "cpu", "mine", 10),
            "5 steps, 1 sample, prior mine, seed 0, quality factor 10",
        ),
        (
            FileSettings(SamplerSettings(steps=5, samples=2), 0, "cpu"),
            "5 steps, 2 samples, prior compact, seed 0",
        ),
    ],
)
def test_settings(settings, words):
    assert settings_words(settings) == words


@pytest.mark.parametrize(
    ("choices", "saving", "words"),
    [
        (SaveChoices(), Saving(), "PNG, 8 bits"),
        (SaveChoices(bits=16, format=SaveFormat.WEBP), Saving(".png", 16), "PNG, 16 bits"),
        (SaveChoices(bits=32), Saving(".tiff", 32), "TIFF, 32 bits"),
        (SaveChoices(format=SaveFormat.JPEG, jpeg_quality=80), None, "JPG, 8 bits"),
        (
            SaveChoices(bits=16, same_levels=True, upright=True),
            Saving(".jpg", same_levels=True),
            "JPEG with each file's own tables",
        ),
    ],
)
def test_saving_follows_the_window_s_choices(choices, saving, words):
    made = saving_of(choices)
    assert made == (saving or Saving(".jpg", jpeg_quality=80))
    assert saving_words(made) == words


def test_what_is_assumed_of_the_opened_file_counts_only_where_it_is_asked_for():
    state = ParametersState(quality=10, grid=(3, 5), sampling="4:2:2", seed=4)
    plain, own = (file_settings(state, assumed=assumed) for assumed in (False, True))
    assert (plain.quality, plain.grid, plain.sampling, plain.seed) == (None, None, None, 4)
    assert (own.quality, own.grid, own.sampling) == (10, (3, 5), "4:2:2")


def test_where_results_go_and_with_what():
    assert place_words(QueueState()) == "Where results go"
    assert example_words(QueueState()).startswith("An example")
    state = replace(STATE, place=Place(Path("/out")))
    assert place_words(state) == "Results go to /out"
    state = replace(state, example="0.png")
    assert place_words(state) == "Results go to /out/0.png"
    assert example_words(state) == "0.jpg becomes 0.png"
    assert in_force_words(state).startswith("As the window is set: Fast")
    assert in_force_words(replace(state, settings=state.proposal)).startswith("As it was started")
    assert in_force_words(QueueState()) == ""


def test_a_file_says_all_in_its_tip():
    row = Row(1, Path("/p/a/b.jpg"), Path("/p"), FAST, Status.DONE, Path("/o/b.png"), 0.5)
    assert name_words(row) == str(Path("a", "b.jpg"))
    assert name_words(replace(row, base=None)) == "b.jpg"
    tip = row_tip(replace(row, message="A note."), FAST).splitlines()
    assert tip == [
        str(row.source),
        f"Result: {row.target}",
        "Settings of its own: Fast, prior compact, seed 3",
        "Consistency: 50.00 %",
        "A note.",
    ]
    assert result_words(row) == "Result, consistency 50.00 %"
    assert result_words(replace(row, consistency=None)) == "Result"


@pytest.mark.parametrize(
    ("tally", "title"),
    [
        (Tally(3, done=3), "The folder is finished: 3 restored"),
        (Tally(3, done=1, failed=2), "The folder is finished: 1 restored, 2 failed"),
        (
            Tally(3, done=1, skipped=2),
            "The folder is finished: 1 restored, 2 done before, 0 failed",
        ),
        (
            Tally(3, done=1, kept=2),
            "The folder is finished: 1 restored, 0 done before,"
            " 2 done before with other settings, 0 failed",
        ),
    ],
)
def test_the_summary(tally, title):
    assert ended_message(tally).title == title


def test_other_messages():
    assert recalled_message(Tally(30, done=13)).title == "A folder is not finished: 17 of 30 left"
    assert redo_question(1).title == "1 file has a result made with other settings"
    assert redo_question(5).line() == (
        "5 files have results made with other settings."
        " Restore them again and replace those results?"
    )
    full = UnwritableOutput(Path("/o/a.png"), "No space left on device", errno.ENOSPC)
    assert full_message(Path("/o"), full, 3).line() == (
        "The disk of /o is full. Make room there. 3 files are left; the folder goes on where it"
        " stopped."
    )
    read_only = UnwritableOutput(Path("/o/a.png"), "Read-only file system", errno.EROFS)
    assert full_message(Path("/o"), read_only, 1).line() == (
        "Nothing more can be written to /o: read-only file system. Make the folder writable again."
        " 1 file is left; the folder goes on where it stopped."
    )
    assert searched_message(3, ()) is None
    assert searched_message(0, ()).title == "No pictures were found there"
    assert searched_message(3, ("a.", "b.")).advice == "a.\nb."
