"""Unsaved results: the state, the question and the messages, as tables without a window."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from app.config.save_choices import SaveChoices
from app.i18n.error_messages import UserMessage
from app.jobs.document.open import open_document
from app.jobs.document.reopen import reopen_document
from app.jobs.results.archived_result import archive_estimate
from app.jobs.results.save_all import SaveTask, SaveTaskFailed, SaveTaskFinished, save_all_job
from app.jobs.run.restore import StepEstimate, restore_job
from app.jobs.run.restore_request import RestoreRequest
from app.jobs.run.restore_settings import RestoreSettings
from app.jobs.storage.array_store import ArrayStore, LossReason
from app.jobs.storage.temporary_folder import TemporaryFolder
from app.jobs.worker import JobOutcome
from app.viewmodels.results.past_runs import PastRun, RunHistoryState
from app.viewmodels.results.pending_runs import (
    PendingRun,
    RunLeftUnsaved,
    UnsavedRunKind,
    run_left_unsaved_message,
)
from app.viewmodels.results.unsaved_results import (
    SaveAllFinished,
    SaveAnswer,
    UnsavedWork,
    build_save_tasks,
    collect_unsaved_work,
    state_after_save_all,
)
from app.viewmodels.results.unsaved_results_text import (
    over_budget_question,
    quit_question,
    save_all_failed_message,
    saved_all_message,
)
from app.viewmodels.run.run import (
    NoRun,
    PreparingResult,
    ResultReady,
    RunFailed,
    RunInProgress,
    RunStopped,
)
from app.viewmodels.state_view_model import JobFailed
from ddrm_core.batch.output_paths import add_number
from ddrm_core.cancel import CancelToken
from ddrm_core.errors import UnreadableFile, UnwritableOutput
from ddrm_core.export.encode_result import encode_result_image
from ddrm_core.export.settings import ExportSettings
from ddrm_core.formats.capabilities import SaveFormat
from ddrm_core.jpeg.image import JpegImage
from ddrm_core.os_errors import SystemFailure
from ddrm_core.sampler.settings import SamplerSettings

SAVED = Path("a_restored.png")
# Three channels of 37x31 pixels as 4-byte floats.
BYTES = 4 * 37 * 31 * 3
ALL = (SaveAnswer.SAVE, SaveAnswer.DISCARD, SaveAnswer.CANCEL)


def request_for(name):
    return RestoreRequest(SimpleNamespace(path=Path(name)), RestoreSettings(None, 0, "cpu"))


def past(number, name="a.jpg", *, saved=None, beyond=False):
    put = SimpleNamespace(is_over_budget=beyond, is_lost=False, mean=SimpleNamespace(nbytes=BYTES))
    return PastRun(number, datetime(2026, 1, 2), request_for(name), put, 1.0, saved_path=saved)


def estimate():
    place, image = SimpleNamespace(pixel_count=37 * 31), SimpleNamespace(channels=3)
    return StepEstimate(SimpleNamespace(output_region=place, image=image), None, 1.0)


RUNNING, EARLY = RunInProgress(9, estimate=estimate()), RunInProgress(9)
STOPPED = RunStopped(estimate(), None, 9)


@pytest.mark.parametrize(
    ("runs", "run", "found"),
    [
        ((), NoRun(), UnsavedWork()),
        ((past(1, saved=SAVED),), ResultReady(None), UnsavedWork()),
        ((past(2), past(1, "b.jpg")), NoRun(), UnsavedWork(("a.jpg", "b.jpg"))),
        ((past(2), past(1, saved=SAVED)), ResultReady(None), UnsavedWork(("a.jpg",))),
        ((), EARLY, UnsavedWork((), "c.jpg")),
        ((), RUNNING, UnsavedWork((), "c.jpg", has_estimate=True)),
        ((past(1),), RUNNING, UnsavedWork(("a.jpg",), "c.jpg", has_estimate=True)),
        ((), STOPPED, UnsavedWork(("c.jpg",))),
        ((), PreparingResult(None), UnsavedWork(("c.jpg",))),
        ((past(1),), PreparingResult(None, is_from_archive=True), UnsavedWork(("a.jpg",))),
        ((), RunFailed(ValueError()), UnsavedWork()),
    ],
)
def test_what_would_be_lost(runs, run, found):
    state = collect_unsaved_work(RunHistoryState(runs), run, "c.jpg", free_bytes=1 << 30)
    assert state == found
    assert state.is_at_risk == (found != UnsavedWork())


def test_a_result_that_is_being_put_away_is_unsaved():
    pending = (PendingRun(2, 7, request_for("b.jpg")),)
    state = collect_unsaved_work(
        RunHistoryState((past(1),), pending_runs=pending), NoRun(), "", free_bytes=0
    )
    assert state.unsaved_file_names == ("b.jpg", "a.jpg")


@pytest.mark.parametrize(
    ("runs", "run", "room", "freed", "without_room"),
    [
        ((past(1),), NoRun(), 0, 0, ()),
        ((past(1, beyond=True),), NoRun(), BYTES - 1, 0, ("a.jpg",)),
        ((past(1, beyond=True),), NoRun(), BYTES - 1, 1, ()),
        ((past(1, beyond=True, saved=SAVED),), NoRun(), 0, 0, ()),
        ((), RUNNING, BYTES, 0, ()),
        ((), RUNNING, BYTES - 1, 0, ("c.jpg",)),
        ((), STOPPED, BYTES - 1, 0, ("c.jpg",)),
        ((), EARLY, 0, 0, ()),
        ((past(1, beyond=True),), STOPPED, 2 * BYTES - 1, 0, ("c.jpg", "a.jpg")),
        ((past(1, beyond=True),), STOPPED, None, 0, ("c.jpg", "a.jpg")),
        ((), STOPPED, None, 0, ()),
    ],
)
def test_what_the_budgets_do_not_hold(runs, run, room, freed, without_room):
    state = collect_unsaved_work(
        RunHistoryState(runs), run, "c.jpg", free_bytes=room, released_bytes=freed
    )
    assert state.over_budget_file_names == without_room


@pytest.mark.parametrize(
    ("state", "title", "advice", "answers"),
    [
        (
            UnsavedWork(("a.jpg",)),
            "Save before closing?",
            ["The result of a.jpg is not saved."],
            ALL,
        ),
        (
            UnsavedWork(("a.jpg", "a.jpg", "b.jpg", "c.jpg", "d.jpg"), "e.jpg", has_estimate=True),
            "Save before closing?",
            [
                "5 results are not saved: a.jpg, b.jpg, c.jpg, ….",
                "The run of e.jpg is under way; Save stops it and saves its latest step.",
            ],
            ALL,
        ),
        (
            UnsavedWork((), "e.jpg"),
            "Stop the run and close?",
            ["The run of e.jpg has no step yet that could be saved."],
            (SaveAnswer.CANCEL, SaveAnswer.DISCARD),
        ),
    ],
)
def test_what_is_asked_at_closing(state, title, advice, answers):
    question = quit_question(state)
    assert (question.title, question.advice.splitlines()) == (title, advice)
    assert state.offered_answers == answers


@pytest.mark.parametrize(
    ("names", "title"),
    [
        (("a.jpg",), "There is no room to keep the unsaved result of a.jpg"),
        (("a.jpg", "b.jpg"), "There is no room to keep 2 unsaved results"),
    ],
)
def test_what_is_asked_where_there_is_no_room(names, title):
    assert over_budget_question(UnsavedWork(over_budget_file_names=names)).title == title


def written(*names):
    return tuple(SaveTaskFinished(number, Path(name)) for number, name in enumerate(names, 1))


@pytest.mark.parametrize(
    ("ends", "message"),
    [
        (written("/x/a.png"), UserMessage("Saved a.png", "It is in /x.")),
        (
            written("/x/a.png", "/y/b.png", "/x/c.png"),
            UserMessage("3 results are saved", "In /x: a.png, c.png.\nIn /y: b.png."),
        ),
        (
            written(*(f"/x/{name}" for name in "abcde"), "/y/f"),
            UserMessage("6 results are saved", "5 in /x.\n1 in /y."),
        ),
    ],
)
def test_where_the_files_are_is_said(ends, message):
    assert saved_all_message(ends) == message


def test_what_could_not_be_saved_is_named():
    source, target = Path("/x/a.jpg"), Path("/x/a_restored.png")
    failed = SaveTaskFailed(1, source, UnwritableOutput(target, SystemFailure.EACCES))
    message = save_all_failed_message(SaveAllFinished(written("/y/b.png"), (failed,)))
    assert message.title == "The result of a.jpg could not be saved"
    first, last = message.advice.splitlines()
    assert first.startswith("Cannot write /x/a_restored.png: permission denied.")
    assert last == "Saved: b.png."
    message = save_all_failed_message(SaveAllFinished((), 5 * (failed,)))
    assert message.title == "5 results could not be saved"
    assert message.advice.splitlines()[3:] == ["And 2 more."]


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        (UnsavedRunKind.RESULT, "The result of a.jpg is not saved"),
        (UnsavedRunKind.ESTIMATE, "The run of a.jpg was stopped"),
        (UnsavedRunKind.NO_ESTIMATE, "The run of a.jpg was stopped"),
    ],
)
def test_what_is_said_of_a_run_that_was_left(kind, line):
    assert run_left_unsaved_message(RunLeftUnsaved(kind, request_for("a.jpg"), 1)).title == line


def test_the_end_of_saving_all():
    good, bad = written("a.png")[0], SaveTaskFailed(2, Path("b"), UnwritableOutput(Path("b"), "x"))
    assert state_after_save_all(JobOutcome((good, bad), None)) == SaveAllFinished((good,), (bad,))
    error = ValueError()
    assert state_after_save_all(JobOutcome(None, error)) == JobFailed(error)
    with pytest.raises(TypeError):
        state_after_save_all(JobOutcome(good, None))


@pytest.fixture
def vault(tmp_path):
    return ArrayStore(
        TemporaryFolder(tmp_path / "cache"), max_memory_bytes=1 << 24, max_disk_bytes=0
    )


@pytest.fixture
def source(tmp_path, original):
    path = tmp_path / "a.jpg"
    original.resize((37, 31)).save(path, quality=15)
    return open_document(path).source


@pytest.fixture
def early(source, engine):
    """Return the estimate of a run after the first of its two evaluations of the prior."""
    request = RestoreRequest(source, RestoreSettings(SamplerSettings(steps=2, samples=1), 0, "cpu"))
    return next(restore_job(engine, request, CancelToken())).estimate


class TestPuttingAway:
    def test_the_budgets_are_respected_and_nothing_is_dropped(self, early, vault):
        put = archive_estimate(early, vault)
        assert (put.is_over_budget, put.complete) == (False, False)
        full = ArrayStore(vault.folder, max_memory_bytes=BYTES - 1, max_disk_bytes=0)
        beyond = archive_estimate(early, full)
        assert beyond.is_over_budget
        assert np.array_equal(beyond.mean.load(), put.mean.load())
        full.admit(beyond.mean)
        assert beyond.is_over_budget
        full.max_memory_bytes = BYTES
        full.admit(beyond.mean)
        assert not beyond.is_over_budget
        assert full.free_bytes_nowait() == 0
        assert np.array_equal(beyond.mean.load(), put.mean.load())

    def test_an_array_within_the_budgets_takes_its_room_once(self, vault):
        vault.max_memory_bytes = 2 * BYTES
        evictable = vault.store(np.zeros((3, 31, 37), np.float32))
        evictable.is_evictable = True
        held = vault.store(np.ones((3, 31, 37), np.float32))
        vault.admit(held)
        assert evictable.loss is None

    def test_only_what_may_make_room_does(self, vault):
        arrays = [np.full((3, 31, 37), number, np.float32) for number in range(3)]
        vault.max_memory_bytes = 2 * BYTES
        unsaved, saved = vault.store(arrays[0]), vault.store(arrays[1])
        assert vault.store(arrays[2]) is None
        saved.is_evictable = True
        assert vault.store(arrays[2]) is not None
        assert (unsaved.loss, saved.loss) == (None, LossReason.NEWER_ARRAYS)
        with pytest.raises(UnreadableFile, match="it had to make room for newer ones"):
            saved.load()


class TestSavingAll:
    def order(self, early, vault, path, number=1):
        return SaveTask(number, archive_estimate(early, vault), path, ExportSettings())

    def test_taken_names_are_left_alone(self, early, vault, tmp_path):
        path = tmp_path / "a_restored.png"
        path.write_bytes(b"mine")
        orders = [self.order(early, vault, path, number) for number in (1, 2)]
        ends = list(save_all_job(orders, CancelToken()))
        assert ends == [
            SaveTaskFinished(1, add_number(path, 2)),
            SaveTaskFinished(2, add_number(path, 3)),
        ]
        assert add_number(path, 2) == tmp_path / "a_restored (2).png"
        assert path.read_bytes() == b"mine"

    def test_a_name_that_is_taken_meanwhile_is_left_alone(
        self, early, vault, tmp_path, monkeypatch
    ):
        path = tmp_path / "a_restored.png"

        def deliver_late(*arguments):
            if not path.exists():  # another program creates the file first
                path.write_bytes(b"mine")
            return encode_result_image(*arguments)

        monkeypatch.setattr("ddrm_core.export.save_result.encode_result_image", deliver_late)
        ends = list(save_all_job([self.order(early, vault, path)], CancelToken()))
        assert ends == [SaveTaskFinished(1, add_number(path, 2))]
        assert path.read_bytes() == b"mine"

    def test_one_that_cannot_be_written_does_not_stop_the_others(self, early, vault, tmp_path):
        paths = (tmp_path / "nowhere" / "a.png", tmp_path / "b.png")
        orders = [self.order(early, vault, path, number) for number, path in enumerate(paths, 1)]
        first, second = save_all_job(orders, CancelToken())
        assert (first.run_number, first.source_path) == (1, tmp_path / "a.jpg")
        assert isinstance(first.error, UnwritableOutput)
        assert second == SaveTaskFinished(2, paths[1])

    def test_names_and_settings_follow_the_choices_where_they_can(self, early, vault, tmp_path):
        put = archive_estimate(early, vault)
        pasted = replace(request_for("a.jpg"), is_pasted=True)
        runs = [
            PastRun(2, datetime(2026, 1, 2), request_for("a.jpg"), put, 1.0),
            PastRun(1, datetime(2026, 1, 2), pasted, put, 1.0, sharpness=0.5, sample_number=2),
            PastRun(3, datetime(2026, 1, 2), request_for("a.jpg"), put, 1.0, saved_path=SAVED),
        ]
        choices = SaveChoices(ExportSettings(jpeg_quality=80), SaveFormat.JPEG)
        first, second = build_save_tasks(runs, choices, None)
        assert (first.run_number, second.run_number) == (1, 2)
        assert first.proposed_path == tmp_path / "a_restored.jpg"
        assert (first.settings.sharpness, first.settings.sample) == (0.5, 2)
        assert first.settings.jpeg_quality == 80
        assert (first.keep_date, second.keep_date) == (False, True)  # the first has no file
        sixteen = SaveChoices(ExportSettings(bits=16), SaveFormat.JPEG)
        [order, _] = build_save_tasks(runs, sixteen, tmp_path / "results")
        assert order.proposed_path == tmp_path / "results" / "a_restored.png"


class TestReopening:
    def test_the_same_file_is_read_again(self, source):
        document = reopen_document(source)
        assert not document.is_from_memory
        assert document.source is not source

    @pytest.mark.parametrize("change", ["gone", "other", "no picture"])
    def test_what_is_another_file_by_now_is_shown_as_it_was(self, source, original, change):
        source.path.unlink()
        if change == "other":
            original.resize((37, 31)).save(source.path, quality=80)
        elif change == "no picture":
            source.path.write_text("Dear reader,")
        document = reopen_document(source)
        assert document.is_from_memory
        assert document.source is source
        assert (document.image.full_size.width(), document.image.full_size.height()) == (37, 31)
        assert isinstance(document.source, JpegImage)

    def test_pixels_too(self, screenshot):
        source = open_document(screenshot).source
        assert not reopen_document(source).is_from_memory
        screenshot.unlink()
        document = reopen_document(source)
        assert (document.is_from_memory, document.format) == (True, "PNG")
