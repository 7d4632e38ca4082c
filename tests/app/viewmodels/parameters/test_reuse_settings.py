from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from safetensors import safe_open
from safetensors.torch import save_file

from app.i18n.error_messages import message_from_error
from app.jobs.document.open import open_document
from app.jobs.parameters.recorded_settings import RecordedSettings, read_recorded_settings
from app.jobs.run.prior_cache import PriorCache
from app.jobs.run.restore import restore_job, result_from_estimate
from app.jobs.run.restore_request import RestoreRequest
from app.jobs.run.restore_settings import RestoreSettings
from app.jobs.run.result_strength import FULL_STRENGTH, ResultStrength
from app.viewmodels.parameters.reuse_settings import (
    RecordReadInProgress,
    ReuseSettingsViewModel,
    reused_settings_message,
)
from app.viewmodels.state_view_model import JobFailed, JobNotStarted
from ddrm_core.cancel import CancelToken
from ddrm_core.errors import NoRunRecord, PriorMismatch
from ddrm_core.export.encode_result import encode_result
from ddrm_core.export.replay import read_run_record
from ddrm_core.export.settings import ExportSettings
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.plugins import UnknownPlugin
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from ddrm_core.restoration.assumption import NO_ASSUMPTION, CompressionAssumption
from ddrm_core.sampler.corrections.parameters import StoredParameters
from ddrm_core.sampler.corrections.registry import CORRECTIONS
from ddrm_core.sampler.settings import PRESETS, Preset, SamplerSettings
from tests.support.window_fixtures import settle

SETTINGS = SamplerSettings(steps=2, samples=1, eta=0.7)
REPEATED = RecordedSettings(
    Path("r.png"),
    RestoreSettings(PRESETS[Preset.FAST], 9, "cpu", assumption=NO_ASSUMPTION),
    prior_mismatch=None,
)


def result_of(engine, source, target, assumption=NO_ASSUMPTION, export=None):
    request = RestoreRequest(source, RestoreSettings(SETTINGS, 11, "cpu", assumption=assumption))
    job = restore_job(engine, request, CancelToken())
    *_, last = job
    restoration = result_from_estimate(last.estimate).restoration
    target.write_bytes(encode_result(restoration, target, export or ExportSettings()).data)
    return restoration.run


@pytest.fixture
def result(engine, photo, tmp_path):
    path = tmp_path / "r.png"
    run = result_of(engine, open_document(photo).source, path, CompressionAssumption(7, (3, 5)))
    return path, run


def test_a_record_gives_back_what_a_run_used(engine, photo, result):
    path, run = result
    repeated = read_recorded_settings(engine, path, open_document(photo).source, "cpu")
    assert (repeated.settings.sampler.steps, repeated.settings.sampler.eta) == (2, 0.7)
    assert (repeated.settings.sampler.start, repeated.settings.seed) == (run.start, 11)
    assert repeated.settings.assumption == CompressionAssumption(7, (3, 5))
    assert repeated.prior_mismatch is None
    assert (repeated.strength, repeated.omitted_area_count) == (FULL_STRENGTH, 0)


def test_a_record_gives_back_strength_and_the_kept_areas_inside_the_next_image(
    engine, photo, tmp_path
):
    path, source = tmp_path / "r.png", open_document(photo).source
    areas = (Rectangle(8, 16, 24, 8), Rectangle(40, 24, 30, 20), Rectangle(80, 32, 8, 8))
    result_of(engine, source, path, export=ExportSettings(strength=0.25, kept_areas=areas))
    repeated = read_recorded_settings(engine, path, source, "cpu")
    assert (repeated.strength, repeated.omitted_area_count) == (ResultStrength(0.25, areas), 0)
    smaller = tmp_path / "smaller.jpg"
    with Image.open(photo) as image:
        image.crop((0, 0, 50, 40)).save(smaller)
    repeated = read_recorded_settings(engine, path, open_document(smaller).source, "cpu")
    inside = (areas[0], Rectangle(40, 24, 10, 16))
    assert (repeated.strength, repeated.omitted_area_count) == (ResultStrength(0.25, inside), 1)
    advice = reused_settings_message(repeated).advice
    assert "Strength 25 %, 2 areas stay as in the file." in advice
    assert "Kept areas outside this picture: 1." in advice


def test_an_estimate_is_repeated_as_it_was(engine, screenshot, tmp_path):
    path, source = tmp_path / "r.png", open_document(screenshot).source
    result_of(engine, source, path)
    repeated = read_recorded_settings(engine, path, source, "cpu")
    assert repeated.settings.assumption == CompressionAssumption(10, (3, 5), "4:2:0")


def test_another_prior_is_noticed(photo, result, tmp_path):
    path, _ = result
    with safe_open(BUNDLED_PRIOR_PATH, "pt") as file:
        header = file.metadata() | {"name": "mine"}
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    save_file(tensors, tmp_path / "compact.safetensors", header)
    other = PriorCache(tmp_path / "compact.safetensors")
    repeated = read_recorded_settings(other, path, open_document(photo).source, "cpu")
    assert isinstance(repeated.prior_mismatch, PriorMismatch)
    message = reused_settings_message(repeated)
    assert "was made with the prior compact" in message.title
    assert "this one is mine" in message.title
    assert "the result will be another" in message.advice


@pytest.mark.usefixtures("packaged_priors")
@pytest.mark.parametrize(
    ("name", "missing"), [("ffdnet-color", None), ("adm-256", "adm-256"), ("mine", "mine")]
)
def test_a_prior_is_missing_only_if_it_is_not_installed(
    engine, photo, result, monkeypatch, name, missing
):
    record = replace(read_run_record(result[0]), prior=name)
    monkeypatch.setattr("ddrm_core.export.replay.read_run_record", lambda _path: record)
    source = open_document(photo).source
    assert read_recorded_settings(engine, result[0], source, "cpu").missing_prior == missing


def test_a_record_loads_no_correction(engine, photo, result, monkeypatch, install_correction):
    path, source = result[0], open_document(photo).source
    stored = StoredParameters("narrow", "correction-package 2.0", (("width", 0.25),))
    sampler = replace(SETTINGS, correction="narrow", correction_parameters=(stored,))
    record = replace(read_run_record(path), sampler=sampler)
    monkeypatch.setattr("ddrm_core.export.replay.read_run_record", lambda _path: record)
    install_correction()
    with pytest.raises(UnknownPlugin) as caught:
        read_recorded_settings(engine, path, source, "cpu")
    title = message_from_error(caught.value).title
    assert title == f"{path} needs the correction narrow, which is not in use"
    CORRECTIONS.load_installed("narrow")
    reused = read_recorded_settings(engine, path, source, "cpu").settings
    assert reused.sampler.correction_parameters == (replace(CORRECTIONS.get("narrow"), width=0.25),)


def test_the_model_reads_and_gives_up(qtbot, runner, engine, photo):
    model = ReuseSettingsViewModel(runner, engine)
    source = open_document(photo).source
    model.read_record(photo, source, "cpu")
    assert model.state == RecordReadInProgress(photo)
    qtbot.waitUntil(lambda: isinstance(model.state, JobFailed), timeout=10000)
    assert isinstance(model.state.error, NoRunRecord)
    model.read_record(photo, source, "cpu")
    model.reset()
    settle(qtbot, runner)
    assert model.state == JobNotStarted()


def test_what_is_said():
    message = reused_settings_message(REPEATED)
    assert message.title == "The settings of r.png are in force"
    assert message.advice.startswith("Seed 9. ")
