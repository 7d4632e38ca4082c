from __future__ import annotations

import pytest

from app.jobs.document.open import Document, open_document
from app.jobs.export.save import SavedFile
from app.viewmodels.document.document import (
    DocumentOpened,
    DocumentOpenFailed,
    DocumentOpening,
    NoDocument,
    OpenRequest,
)
from app.viewmodels.export.saving import SavingInProgress
from app.viewmodels.parameters.reuse_settings import (
    RecordReadInProgress,
)
from app.viewmodels.results.past_runs import RunHistoryState
from app.viewmodels.run.run import NoRun, PreparingResult, RunFailed, RunInProgress
from app.viewmodels.state_view_model import JobFailed, JobNotStarted
from app.viewmodels.window.availability import (
    can_restore,
    can_reuse_settings,
    can_save,
    can_stop,
    window_status_text,
    window_title,
)
from tests.support.run_states import STOPPED, done

FAILED = RunFailed(ValueError())


@pytest.fixture
def document(photo) -> Document:
    return open_document(photo)


@pytest.mark.parametrize(
    ("run", "allowed"),
    [
        (NoRun(), True),
        (RunInProgress(9), False),
        (PreparingResult(None), False),
        (STOPPED, True),
        (FAILED, True),
        (done, True),
    ],
    indirect=["run"],
)
def test_restore_needs_a_document_and_no_run(run, allowed, document, photo):
    assert can_restore(DocumentOpened(document), run) is allowed
    request = OpenRequest(photo)
    assert can_restore(DocumentOpenFailed(ValueError(), request, document), run) is allowed
    assert not can_restore(NoDocument(), run)
    assert not can_restore(DocumentOpening(request, document), run)
    assert not can_restore(DocumentOpenFailed(ValueError(), request, None), run)


def test_settings_of_a_result_need_a_document_and_one_record_at_a_time(document, photo):
    request = OpenRequest(photo)
    for repeat, allowed in (
        (JobNotStarted(), True),
        (JobFailed(ValueError()), True),
        (RecordReadInProgress(photo), False),
    ):
        assert can_reuse_settings(DocumentOpened(document), repeat) is allowed
        assert not can_reuse_settings(NoDocument(), repeat)
        assert not can_reuse_settings(DocumentOpening(request, document), repeat)


@pytest.mark.parametrize(
    ("run", "allowed"),
    [
        (NoRun(), False),
        (RunInProgress(9), True),
        (RunInProgress(9, is_cancelling=True), False),
        (done, False),
    ],
    indirect=["run"],
)
def test_stop_needs_a_run_that_is_not_stopping(run, allowed):
    assert can_stop(run) is allowed


@pytest.mark.parametrize(
    ("run", "saving", "allowed"),
    [
        (done, JobNotStarted(), True),
        (done, SavedFile(None), True),
        (done, JobFailed(ValueError()), True),
        (done, SavingInProgress(None), False),
        (STOPPED, JobNotStarted(), False),
        (NoRun(), JobNotStarted(), False),
    ],
    indirect=["run"],
)
def test_save_needs_a_result_and_no_other_saving(run, saving, allowed):
    assert can_save(run, saving, RunHistoryState()) is allowed


def test_one_line_for_each_situation(document, photo, tmp_path):
    opened, idle, restored, not_saved = DocumentOpened(document), NoRun(), done(), JobNotStarted()
    lines = {
        "No file is open": (NoDocument(), idle, not_saved),
        f"Opening {photo.name}…": (DocumentOpening(OpenRequest(photo), None), restored, not_saved),
        "Ready to restore": (opened, idle, not_saved),
        "Stopped": (opened, STOPPED, not_saved),
        "Preparing the step…": (opened, PreparingResult(None), not_saved),
        "Restored in 1:01 min": (opened, restored, SavedFile(photo)),
        "Saving a.png…": (opened, restored, SavingInProgress(tmp_path / "a.png")),
    }
    for words, states in lines.items():
        assert window_status_text(*states, JobNotStarted()) == words
    reading = RecordReadInProgress(tmp_path / "a.png")
    assert window_status_text(opened, restored, not_saved, reading) == "Reading how a.png was made…"


def test_the_title_names_the_open_file(document, photo, tmp_path):
    assert window_title(NoDocument(), "App") == "App"
    named = f"{photo.name} - App"
    assert window_title(DocumentOpened(document), "App") == named
    assert (
        window_title(DocumentOpening(OpenRequest(tmp_path / "other.jpg"), document), "App") == named
    )
