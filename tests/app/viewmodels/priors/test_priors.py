from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.config.resources import BUNDLED_PRIOR
from app.i18n.error_messages import message_for
from app.jobs.priors.manage import Arrived, Imported, Importing, Removed, Verified
from app.jobs.priors.prior_catalog import Listing, PriorCard, PriorFacts, Shelf
from app.jobs.worker import Outcome
from app.viewmodels.priors.priors import (
    Downloading,
    PriorsState,
    PriorsViewModel,
    Removing,
    Resting,
    Verifying,
    after_look,
    after_progress,
    after_work,
)
from app.viewmodels.priors.priors_text import (
    card_facts,
    download_question,
    gone_message,
    list_words,
    missing_message,
    remove_question,
    where_words,
)
from app.viewmodels.priors.transfer_rate import Pace
from app.viewmodels.run.progress_text import work_words
from ddrm_core.cancel import CancelToken
from ddrm_core.errors import BadPrior, Cancelled, DownloadFailed
from ddrm_core.prior.checkpoint import describe
from ddrm_core.prior.store.registry import PUBLISHED
from tests.support.window_fixtures import write_renamed_prior

ADM = PUBLISHED[0]
FACTS = PriorFacts(True, 552_800_000, 256, "MIT", "ImageNet", "ab" * 32, "cd" * 32)
BUNDLED = PriorCard("compact", 9_000_000, BUNDLED_PRIOR)
MINE = PriorCard("mine", 5, Path("/priors/mine.safetensors"))
NOT_HERE = PriorCard("adm-256", ADM.bytes, published=ADM)
PART = replace(NOT_HERE, arrived=1_000_000_000)
STATE = PriorsState((BUNDLED, MINE, NOT_HERE), Path("/priors"), 80_000_000_000)


def test_the_pace_is_of_the_last_five_seconds():
    pace = Pace()
    assert pace.bytes_per_second is None
    pace = pace.after(100.0, 0)
    assert pace.bytes_per_second is None
    pace = pace.after(101.0, 1000)
    assert pace.bytes_per_second == 1000
    for second in range(102, 120):
        pace = pace.after(float(second), 1000 + 200 * (second - 101))
    assert pace.bytes_per_second == 200
    assert len(pace.marks) == 6


def test_a_download_that_stands_still_promises_no_end():
    pace = Pace().after(0.0, 500).after(1.0, 500)
    assert pace.bytes_per_second is None
    assert Downloading("a", 1000, 500, pace=pace).seconds_left is None


def test_what_was_known_of_a_file_stays_until_it_is_read_again():
    described = replace(STATE, cards=(replace(MINE, facts=FACTS),))
    seen = Listing((MINE,), Path("/priors"), 1)
    assert after_look(described, seen).cards[0].facts == FACTS
    other = replace(MINE, bytes=6)
    assert after_look(described, Listing((other,), Path("/priors"), 1)).cards == (other,)


def test_a_download_is_checked_then_arrives_then_is_imported():
    state = replace(STATE, work=Downloading("adm-256", 2000))
    state = after_progress(state, Arrived(500, 2000, True, 1.0))
    assert work_words(state.work) == "Checking what is here of adm-256: 500 bytes of 2.0 kB"
    assert state.work.pace == Pace()
    state = after_progress(state, Arrived(600, 2000, False, 2.0))
    state = after_progress(state, Arrived(1000, 2000, False, 3.0))
    words = "Downloading adm-256: 1.0 kB of 2.0 kB, 400 bytes/s, 0:02 left"
    assert work_words(state.work) == words
    assert work_words(replace(state.work, cancelling=True)) == "Stopping…"
    state = after_progress(state, Importing("adm-256"))
    assert work_words(state.work) == "Checking and importing adm-256…"
    assert after_progress(STATE, Arrived(1, 2, False, 0.0)) == STATE


@pytest.mark.parametrize(
    ("work", "words"),
    [
        (Resting(), ""),
        (Downloading("a", 9), "Connecting, to download a…"),
        (Verifying("a"), "Reading all of a again…"),
        (Removing("a"), "Removing a…"),
    ],
)
def test_work_in_words(work, words):
    assert work_words(work) == words


def test_ends():
    busy = replace(STATE, work=Verifying("mine"))
    for result, title in (
        (Imported("mine"), "mine is here"),
        (Verified("mine", "ab", True), "mine is whole"),
        (Verified("compact", "ab", False), "compact is whole"),
        (Removed("mine"), "mine was removed"),
    ):
        state = after_work(busy, Outcome(result, None))
        assert (state.work, state.told.failed) == (Resting(), False)
        assert state.told.message.title == title
        assert state.told.came == ("mine" if isinstance(result, Imported) else None)
    stopped = after_work(busy, Outcome(None, Cancelled()))
    assert "goes on from there" in stopped.told.message.advice
    error = DownloadFailed("https://a.example/p", "refused")
    failed = after_work(busy, Outcome(None, error))
    assert (failed.told.failed, failed.told.message) == (True, message_for(error))
    with pytest.raises(TypeError):
        after_work(busy, Outcome(3, None))


def test_what_is_at_hand():
    assert STATE.at_hand == ("mine",)
    assert STATE.card("mine") is MINE
    assert STATE.card("other") is None


def test_states_in_words():
    bad = replace(MINE, problem=BadPrior(Path("m"), "junk"))
    cards = (BUNDLED, MINE, bad, NOT_HERE, PART)
    assert [where_words(c) for c in cards] == [
        "Included",
        "Imported",
        "Not usable",
        "Not here",
        "Part downloaded, 1.0 GB of 2.2 GB",
    ]
    assert list_words(NOT_HERE, coming=False) == "adm-256\nNot here, 2.2 GB"
    assert list_words(PART, coming=False) == "adm-256\n1.0 GB of 2.2 GB here"
    assert list_words(PART, coming=True) == "adm-256\nDownloading"


def test_facts():
    here = dict(card_facts(replace(MINE, facts=FACTS, published=ADM)))
    assert here["Network"] == "ADM, a U-Net with attention, 552.8 M parameters"
    assert here["Resolution"].startswith("256x256")
    assert (here["Licence"], here["Training data"]) == ("MIT", "ImageNet")
    assert (here["Origin"], here["SHA-256"]) == (ADM.origin, "ab" * 32)
    assert here["Converted from"] == "cd" * 32
    compact = replace(FACTS, attention=False, resolution=None, source_sha256=None)
    own = dict(card_facts(replace(MINE, facts=compact)))
    assert (own["Resolution"], own["Origin"]) == ("Any", "Your own file")
    assert "Converted from" not in own
    included = dict(card_facts(replace(BUNDLED, facts=compact)))
    assert included["Origin"] == "Comes with the program"
    assert dict(card_facts(MINE))["Network"] == "being read…"
    known = dict(card_facts(NOT_HERE))
    assert (known["SHA-256"], known["Network"]) == (ADM.sha256, ADM.architecture)
    assert "File" not in known
    assert dict(card_facts(NOT_HERE, coming=True))["State"] == "Downloading"


def test_questions_say_what_is_agreed_to():
    asked = download_question(NOT_HERE, ADM, folder=Path("/priors"), free=80_000_000_000)
    assert asked.title == "Download 2.2 GB for the prior adm-256?"
    for fact in ("licence MIT", "/priors", "80.0 GB are free", "4.4 GB", "openaipublic"):
        assert fact in asked.advice
    rest = download_question(PART, ADM, folder=Path("/priors"), free=None)
    assert rest.title == "Download the other 1.2 GB of 2.2 GB for the prior adm-256?"
    assert "are free" not in rest.advice
    assert "downloaded again" in remove_question("adm-256").advice
    assert "Keep a copy" in remove_question("mine").advice


def test_a_prior_that_is_missing():
    assert "2.2 GB, licence MIT" in missing_message("adm-256").advice
    assert missing_message("mine").advice == "Import its file to use it."
    assert "compact is used instead" in gone_message("mine").title


def test_a_file_is_described_once_for_as_long_as_it_stays(prior_folder, monkeypatch):
    prior_folder.mkdir(parents=True)
    file = write_renamed_prior(prior_folder / "mine.safetensors", "mine")
    described = []

    def noted(path):
        described.append(path)
        return describe(path)

    monkeypatch.setattr("ddrm_core.prior.checkpoint.describe", noted)
    looking = Shelf()
    for _ in range(2):
        *_, first = looking.listing(CancelToken())
        assert [c.facts for c in first.cards] == [None] * 3
    assert described == [BUNDLED_PRIOR, file]
    write_renamed_prior(file, "mine", "another licence")
    list(looking.listing(CancelToken()))
    assert described == [BUNDLED_PRIOR, file, file]


def test_what_a_download_has_left_is_seen(prior_folder):
    assert [c.arrived for c in Shelf().glance().cards] == [0, 0]
    downloads = prior_folder / "downloads"
    downloads.mkdir(parents=True)
    (downloads / f"{ADM.file_name}.part").write_bytes(b"12345")
    assert [c.arrived for c in Shelf().glance().cards] == [0, 5]


def test_the_model_imports_one_thing_at_a_time(qtbot, runner, prior_folder, tmp_path):
    model = PriorsViewModel(runner)
    works = []
    model.state_changed.connect(lambda state: works.append(state.work))
    model.import_file(write_renamed_prior(tmp_path / "a.safetensors", "mine"))
    model.remove("mine")  # while something else is being done
    model.look()
    qtbot.waitUntil(lambda: model.state.at_hand == ("mine",), timeout=10000)
    assert Importing("a.safetensors") in works
    assert Removing("mine") not in works
    model.remove("mine")
    qtbot.waitUntil(lambda: model.state.at_hand == (), timeout=10000)
    assert model.state.told.message.title == "mine was removed"
    assert not list(prior_folder.glob("mine*"))
    model.download("compact")  # is not published
    model.cancel()  # there is nothing to cancel
    assert model.state.work == Resting()


def test_a_folder_that_cannot_be_read_is_said(qtbot, runner, monkeypatch):
    def refuse(_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "stat", refuse)
    model = PriorsViewModel(runner)
    model.glance()
    qtbot.waitUntil(lambda: model.state.told is not None, timeout=5000)
    assert model.state.told.failed
    assert "permission denied" in model.state.told.message.title
