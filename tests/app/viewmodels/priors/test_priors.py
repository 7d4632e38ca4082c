from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.config.prior_description import describe_prior
from app.i18n.error_messages import message_from_error
from app.jobs.priors import prior_catalog
from app.jobs.priors.prior_catalog import PriorCatalog, PriorEntry, PriorFileInfo, PriorListing
from app.jobs.priors.prior_tasks import (
    ImportingPrior,
    PriorDownloadProgress,
    PriorImported,
    PriorRemoved,
    PriorVerified,
)
from app.jobs.worker import JobOutcome
from app.viewmodels.priors.priors import (
    DownloadingPrior,
    NoPriorTask,
    PriorsState,
    PriorsViewModel,
    RemovingPrior,
    VerifyingPrior,
    apply_prior_listing,
    apply_task_outcome,
    apply_task_progress,
)
from app.viewmodels.priors.priors_text import (
    download_question,
    preset_prior_missing_message,
    prior_availability_text,
    prior_fact_rows,
    prior_list_text,
    prior_missing_message,
    prior_replaced_message,
    remove_prior_question,
)
from app.viewmodels.priors.transfer_rate import TransferRate
from app.viewmodels.run.progress_text import prior_task_text
from ddrm_core.cancel import CancelToken
from ddrm_core.errors import DownloadFailed, InvalidPrior, OperationCancelled
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from ddrm_core.prior.reasons import PriorDefect
from ddrm_core.prior.store.registry import PUBLISHED_PRIORS
from tests.support.window_fixtures import write_renamed_prior

ADM = PUBLISHED_PRIORS[0]
FACTS = PriorFileInfo(
    *("adm", 552_800_000, 256, "MIT", "ImageNet", "ab" * 32, "cd" * 32),
    noise_levels=(1.275, 20_000.0),
    default_name="compact",
    relative_cost=85.26,
    gain=None,
)
BUNDLED = PriorEntry("compact", 9_000_000, BUNDLED_PRIOR_PATH)
MINE = PriorEntry("mine", 5, Path("/priors/mine.safetensors"))
NOT_HERE = PriorEntry("adm-256", ADM.size_bytes, published=ADM)
PART = replace(NOT_HERE, downloaded_bytes=1_000_000_000)
STATE = PriorsState((BUNDLED, MINE, NOT_HERE), Path("/priors"), 80_000_000_000)


def test_the_pace_is_of_the_last_five_seconds():
    pace = TransferRate()
    assert pace.bytes_per_second is None
    pace = pace.with_reading(100.0, 0)
    assert pace.bytes_per_second is None
    pace = pace.with_reading(101.0, 1000)
    assert pace.bytes_per_second == 1000
    for second in range(102, 120):
        pace = pace.with_reading(float(second), 1000 + 200 * (second - 101))
    assert pace.bytes_per_second == 200
    assert len(pace.readings) == 6


def test_a_download_that_stands_still_promises_no_end():
    pace = TransferRate().with_reading(0.0, 500).with_reading(1.0, 500)
    assert pace.bytes_per_second is None
    assert DownloadingPrior("a", 1000, 500, transfer_rate=pace).seconds_left is None


def test_what_was_known_of_a_file_stays_until_it_is_read_again():
    described = replace(STATE, entries=(replace(MINE, file_info=FACTS),))
    seen = PriorListing((MINE,), Path("/priors"), 1)
    assert apply_prior_listing(described, seen).entries[0].file_info == FACTS
    other = replace(MINE, size_bytes=6)
    assert apply_prior_listing(described, PriorListing((other,), Path("/priors"), 1)).entries == (
        other,
    )


def test_a_download_is_checked_then_arrives_then_is_imported():
    state = replace(STATE, task=DownloadingPrior("adm-256", 2000))
    state = apply_task_progress(state, PriorDownloadProgress(500, 2000, True, 1.0))
    assert prior_task_text(state.task) == "Checking what is here of adm-256: 500 bytes of 2.0 kB"
    assert state.task.transfer_rate == TransferRate()
    state = apply_task_progress(state, PriorDownloadProgress(600, 2000, False, 2.0))
    state = apply_task_progress(state, PriorDownloadProgress(1000, 2000, False, 3.0))
    words = "Downloading adm-256: 1.0 kB of 2.0 kB, 400 bytes/s, 0:02 left"
    assert prior_task_text(state.task) == words
    assert prior_task_text(replace(state.task, is_cancelling=True)) == "Stopping…"
    state = apply_task_progress(state, ImportingPrior("adm-256"))
    assert prior_task_text(state.task) == "Checking and importing adm-256…"
    assert apply_task_progress(STATE, PriorDownloadProgress(1, 2, False, 0.0)) == STATE


@pytest.mark.parametrize(
    ("work", "words"),
    [
        (NoPriorTask(), ""),
        (DownloadingPrior("a", 9), "Connecting, to download a…"),
        (VerifyingPrior("a"), "Reading all of a again…"),
        (RemovingPrior("a"), "Removing a…"),
    ],
)
def test_work_in_words(work, words):
    assert prior_task_text(work) == words


def test_ends():
    busy = replace(STATE, task=VerifyingPrior("mine"))
    for result, title in (
        (PriorImported("mine"), "mine is installed"),
        (PriorVerified("mine", "ab", True), "File is intact: mine"),
        (
            PriorVerified("compact", "ab", False),
            "File of compact can be read, but its origin is not known",
        ),
        (PriorRemoved("mine"), "mine was removed"),
    ):
        state = apply_task_outcome(busy, JobOutcome(result, None))
        assert (state.task, state.notice.is_failure) == (NoPriorTask(), False)
        assert state.notice.message.title == title
        assert state.notice.imported_name == ("mine" if isinstance(result, PriorImported) else None)
    stopped = apply_task_outcome(busy, JobOutcome(None, OperationCancelled()))
    assert "goes on from there" in stopped.notice.message.advice
    error = DownloadFailed("https://a.example/p", "refused")
    failed = apply_task_outcome(busy, JobOutcome(None, error))
    assert (failed.notice.is_failure, failed.notice.message) == (True, message_from_error(error))
    with pytest.raises(TypeError):
        apply_task_outcome(busy, JobOutcome(3, None))


def test_what_is_at_hand():
    assert STATE.imported_names == ("mine",)
    assert STATE.find_entry("mine") is MINE
    assert STATE.find_entry("other") is None


def test_states_in_words():
    bad = replace(MINE, error=InvalidPrior(Path("m"), PriorDefect.WEIGHTS))
    cards = (BUNDLED, MINE, bad, NOT_HERE, PART)
    assert [prior_availability_text(c) for c in cards] == [
        "Included",
        "Imported",
        "Not usable",
        "Not installed",
        "Part downloaded, 1.0 GB of 2.2 GB",
    ]
    assert prior_list_text(NOT_HERE, is_downloading=False) == "adm-256\nNot installed, 2.2 GB"
    assert prior_list_text(PART, is_downloading=False) == "adm-256\n1.0 GB of 2.2 GB here"
    assert prior_list_text(PART, is_downloading=True) == "adm-256\nDownloading"


def test_facts():
    here = dict(prior_fact_rows(replace(MINE, file_info=FACTS, published=ADM)))
    assert here["Network"] == "ADM, a U-Net with attention, 552.8 M parameters"
    assert here["Resolution"].startswith("256x256")
    assert here["Cost"] == "85.3 times that of compact"
    assert here["Noise levels"].startswith("1 to 20")
    assert "Gain" not in here
    measured = dict(prior_fact_rows(replace(MINE, file_info=replace(FACTS, gain=0.375))))
    assert measured["Gain"] == "+0.38 dB beside compact, noise of 25 gray levels removed"
    worse = dict(prior_fact_rows(replace(MINE, file_info=replace(FACTS, gain=-0.1))))
    assert "0.10 dB" in worse["Gain"]
    assert "+" not in worse["Gain"]
    default = replace(MINE, name="compact", file_info=FACTS)
    assert dict(prior_fact_rows(default))["Cost"] == "That of the default model"
    assert (here["License"], here["Training data"]) == ("MIT", "ImageNet")
    assert (here["Origin"], here["SHA-256"]) == (ADM.info_url, "ab" * 32)
    assert here["Converted from"] == "cd" * 32
    compact = replace(FACTS, architecture="compact", resolution=None, source_sha256=None)
    own = dict(prior_fact_rows(replace(MINE, file_info=compact)))
    assert own["Network"] == "Compact U-Net, 552.8 M parameters"
    assert (own["Resolution"], own["Origin"]) == ("Any", "Your own file")
    added = dict(prior_fact_rows(replace(MINE, file_info=replace(compact, architecture="waves"))))
    assert added["Network"] == "waves, 552.8 M parameters"
    assert "Converted from" not in own
    included = dict(prior_fact_rows(replace(BUNDLED, file_info=compact)))
    assert included["Origin"] == "Comes with the program"
    assert dict(prior_fact_rows(MINE))["Network"] == "being read…"
    known = dict(prior_fact_rows(NOT_HERE))
    assert (known["SHA-256"], known["Network"]) == (ADM.sha256, ADM.architecture)
    assert "File" not in known
    assert dict(prior_fact_rows(NOT_HERE, is_downloading=True))["State"] == "Downloading"


def test_questions_say_what_is_agreed_to():
    asked = download_question(NOT_HERE, ADM, folder=Path("/priors"), free_bytes=80_000_000_000)
    assert asked.title == "Download 2.2 GB for the model adm-256?"
    for fact in ("license MIT", "/priors", "80.0 GB are free", "4.4 GB", "openaipublic"):
        assert fact in asked.advice
    rest = download_question(PART, ADM, folder=Path("/priors"), free_bytes=None)
    assert rest.title == "Download the other 1.2 GB of 2.2 GB for the model adm-256?"
    assert "are free" not in rest.advice
    assert "downloaded again" in remove_prior_question("adm-256").advice
    assert "Keep a copy" in remove_prior_question("mine").advice


def test_the_cost_of_a_prior_is_shown_before_its_download():
    rows = dict(prior_fact_rows(NOT_HERE))
    assert rows["Cost"] == "77.0 times that of ffdnet-color"


def test_a_prior_that_is_missing():
    assert "2.2 GB, license MIT" in prior_missing_message("adm-256").advice
    assert prior_missing_message("mine").advice == "Import its file to use it."
    assert "compact is used instead" in prior_replaced_message("mine", "compact").title
    missing = preset_prior_missing_message("adm-256", "mine")
    assert "model adm-256, which is not installed; mine is used" in missing.title
    assert "2.2 GB, license MIT" in missing.advice


def test_a_file_is_described_once_for_as_long_as_it_stays(prior_folder, monkeypatch):
    prior_folder.mkdir(parents=True)
    file = write_renamed_prior(prior_folder / "mine.safetensors", "mine")
    described = []

    def noted(library, name):
        described.append(Path(name))
        return describe_prior(library, name)

    monkeypatch.setattr(prior_catalog, "describe_prior", noted)
    looking = PriorCatalog()
    for _ in range(2):
        *_, first = looking.describe_all(CancelToken())
        assert [c.file_info for c in first.entries] == [None] * (2 + len(PUBLISHED_PRIORS))
    assert described == [BUNDLED_PRIOR_PATH, file]
    write_renamed_prior(file, "mine", "another licence")
    list(looking.describe_all(CancelToken()))
    assert described == [BUNDLED_PRIOR_PATH, file, file]


def test_what_a_download_has_left_is_seen(prior_folder):
    assert {c.downloaded_bytes for c in PriorCatalog().list_files().entries} == {0}
    downloads = prior_folder / "downloads"
    downloads.mkdir(parents=True)
    (downloads / f"{ADM.file_name}.part").write_bytes(b"12345")
    found = {c.name: c.downloaded_bytes for c in PriorCatalog().list_files().entries}
    assert found == {"compact": 0, "adm-256": 5, "drunet-color": 0}


def test_the_model_imports_one_thing_at_a_time(qtbot, runner, prior_folder, tmp_path):
    model = PriorsViewModel(runner)
    works = []
    model.state_changed.connect(lambda state: works.append(state.task))
    model.import_file(write_renamed_prior(tmp_path / "a.safetensors", "mine"))
    model.remove("mine")  # has no effect during another prior task
    model.describe_priors()
    qtbot.waitUntil(lambda: model.state.imported_names == ("mine",), timeout=10000)
    assert ImportingPrior("a.safetensors") in works
    assert RemovingPrior("mine") not in works
    model.remove("mine")
    qtbot.waitUntil(lambda: model.state.imported_names == (), timeout=10000)
    assert model.state.notice.message.title == "mine was removed"
    assert not list(prior_folder.glob("mine*"))
    model.download("compact")  # has no effect: it is not a published prior
    model.cancel_download()  # has no effect: no download is in progress
    assert model.state.task == NoPriorTask()


def test_a_folder_that_cannot_be_read_is_said(qtbot, runner, monkeypatch):
    def refuse(_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "stat", refuse)
    model = PriorsViewModel(runner)
    model.list_priors()
    qtbot.waitUntil(lambda: model.state.notice is not None, timeout=5000)
    assert model.state.notice.is_failure
    assert "permission denied" in model.state.notice.message.title
