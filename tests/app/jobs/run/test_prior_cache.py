from __future__ import annotations

import pytest
import torch
from PySide6.QtCore import QSettings

from app.config.settings_store import SettingsStore
from app.jobs.document.open import open_document
from app.jobs.run.prior_cache import DeviceInfo
from app.jobs.run.restore import PriorLoaded, PriorLoadStarted, load_prior_and_restore_job
from app.jobs.run.restore_settings import RestoreSettings
from app.viewmodels.parameters.parameters import ParametersState, ParametersViewModel
from app.viewmodels.run.labels import cpu_fallback_message
from app.viewmodels.run.progress_text import run_progress_text
from app.viewmodels.run.restore_request import build_restore_request
from app.viewmodels.run.run import NoRun, RunInProgress, state_after_report
from ddrm_core.cancel import CancelToken
from ddrm_core.errors import InsufficientMemory, PriorNotInstalled, UnknownPrior
from ddrm_core.prior import checkpoint
from ddrm_core.sampler.settings import SamplerSettings
from tests.support.window_fixtures import write_renamed_prior

REASON = InsufficientMemory("mine", "cuda", 2_000_000_000, 1_000_000)


@pytest.fixture
def mine(prior_folder):
    prior_folder.mkdir(parents=True)
    return write_renamed_prior(prior_folder / "mine.safetensors", "mine")


@pytest.mark.usefixtures("mine")
def test_another_prior_takes_the_place_of_the_first(engine):
    assert not engine.is_loaded("cpu", None)
    first = engine.load("cpu")
    assert engine.is_loaded("cpu", None)
    assert not engine.is_loaded("cpu", "mine")
    assert engine.load("cpu", "mine").info.name == "mine"
    assert not engine.is_loaded("cpu", None)
    assert engine.load("cpu") is not first


def test_a_prior_whose_file_has_changed_is_loaded_again(engine, mine):
    first = engine.load("cpu", "mine")
    write_renamed_prior(mine, "mine", "CC1")  # the file keeps its size
    assert engine.load("cpu", "mine") is not first


def test_priors_that_are_not_here(engine):
    with pytest.raises(PriorNotInstalled):
        engine.load("cpu", "adm-256")
    with pytest.raises(UnknownPrior):
        engine.load("cpu", "other")


def test_a_file_in_the_current_folder_is_not_an_imported_prior(engine, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_renamed_prior(tmp_path / "other", "other")
    with pytest.raises(UnknownPrior):
        engine.load("cpu", "other")


@pytest.fixture
def one_card(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda index: f"Card {index}")
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)


@pytest.mark.usefixtures("one_card")
def test_cards_are_offered_by_their_makers_names(engine, monkeypatch):
    assert engine.list_devices() == (
        DeviceInfo("auto"),
        DeviceInfo("cpu"),
        DeviceInfo("cuda", "Card 0"),
    )
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    assert engine.list_devices()[2:] == (
        DeviceInfo("cuda:0", "Card 0"),
        DeviceInfo("cuda:1", "Card 1"),
    )
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    assert engine.list_devices()[2:] == (DeviceInfo("mps", "Apple GPU"),)


@pytest.mark.usefixtures("one_card")
def test_a_prior_without_room_runs_on_the_cpu_and_is_not_tried_again(engine, monkeypatch):
    on_cpu, tried = engine.load("cpu"), []

    def load(_path, device_name):
        tried.append(device_name)
        return on_cpu, REASON

    monkeypatch.setattr(checkpoint, "load_prior_with_fallback", load)
    for _ in range(2):
        assert engine.load("auto") is on_cpu
    assert (tried, engine.fallback_reason()) == (["auto"], REASON)
    assert "goes on with the CPU" in cpu_fallback_message(REASON).advice


@pytest.mark.usefixtures("mine")
def test_a_run_says_that_it_loads_the_prior_it_was_given(engine, photo):
    settings = SamplerSettings(steps=1, samples=1)
    state = ParametersState(RestoreSettings(settings, seed=0, device="cpu", prior="mine"))
    request = build_restore_request(open_document(photo), state)
    first, second, third = load_prior_and_restore_job(engine, request, CancelToken())
    assert (first, second) == (PriorLoadStarted("mine"), PriorLoaded(None))
    assert third.estimate.run.prior.info.name == "mine"
    again = next(load_prior_and_restore_job(engine, request, CancelToken()))
    assert not isinstance(again, PriorLoadStarted)


def test_loading_is_a_state_of_the_run():
    state = state_after_report(RunInProgress(6), PriorLoadStarted("adm-256"))
    assert run_progress_text(state) == "Loading model adm-256…"
    state = state_after_report(state, PriorLoaded(REASON))
    assert state == RunInProgress(6, fallback_reason=REASON)
    assert run_progress_text(state) == "Getting ready…"
    assert state_after_report(NoRun(), PriorLoadStarted("a")) == NoRun()


def test_the_choice_among_priors(runner, engine):
    model = ParametersViewModel(runner, engine)
    assert model.state.priors == (None,)
    model.set_prior("mine")  # the stored choice, before the folder has been listed
    assert (model.state.settings.prior, model.state.priors) == ("mine", (None, "mine"))
    lost = []
    model.prior_lost.connect(lost.append)
    model.set_available_priors(["mine", "other"])
    assert (model.state.settings.prior, lost) == ("mine", [])
    model.set_available_priors(["other"])
    assert lost == ["mine"]
    assert (model.state.settings.prior, model.state.priors) == (None, (None, "other"))


def test_the_choice_is_remembered(tmp_path):
    store = QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat)
    assert SettingsStore(store).load_prior_name() is None
    SettingsStore(store).save_prior_name("mine")
    assert SettingsStore(store).load_prior_name() == "mine"
    SettingsStore(store).save_prior_name(None)
    assert SettingsStore(store).load_prior_name() is None
