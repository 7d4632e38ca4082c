"""Sampler settings are converted to plain values and back."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

import pytest

from ddrm_core.batch.settings import BatchSettings
from ddrm_core.errors import InvalidSetting
from ddrm_core.plugins import UnknownPlugin, UnusablePlugin
from ddrm_core.sampler import serialization
from ddrm_core.sampler.corrections.bins import BinsParameters
from ddrm_core.sampler.corrections.paper import PaperParameters
from ddrm_core.sampler.corrections.parameters import StoredParameters
from ddrm_core.sampler.serialization import (
    change_settings,
    settings_from_values,
    settings_to_values,
)
from ddrm_core.sampler.settings import PRESETS, Preset, SamplerSettings, load_chosen_correction
from ddrm_core.setting_fields import InvalidSettingType, UnexpectedSettings
from tests.support.installed_corrections import EXAMPLE

SETTINGS = SamplerSettings(steps=3, samples=2)
VALUES = settings_to_values(SETTINGS)
FOREIGN = {
    "correction": "narrow",
    "correction_parameters": {"width": 0.25},
    "correction_origin": "correction-package 2.1",
}


@pytest.mark.parametrize("preset", Preset)
def test_settings_come_back_through_json(preset):
    settings = change_settings(PRESETS[preset], {"eta_b": 0.125, "error_factor": 3.0})
    values = json.loads(json.dumps(settings_to_values(settings)))
    assert settings_from_values(values) == settings


def test_both_built_in_corrections_are_always_written_and_no_other():
    assert (VALUES["eta_b"], VALUES["error_factor"]) == (0.4, 1.75)
    assert len(VALUES) == 14


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"later": 1}, UnexpectedSettings),
        ({"steps": 3.0}, InvalidSettingType),
        ({"steps": True}, InvalidSettingType),
        ({"start": "3"}, InvalidSettingType),
        ({"eta": "1"}, InvalidSettingType),
        ({"eta": float("nan")}, InvalidSettingType),
        ({"momentum": 10**400}, InvalidSettingType),
        ({"antithetic": 1}, InvalidSettingType),
        ({"spacing": "random"}, ValueError),
        ({"spacing": None}, InvalidSettingType),
        ({"correction": "magic"}, ValueError),
        ({"correction": None}, InvalidSettingType),
        ({"eta_b": 1.5}, InvalidSetting),
        ({"error_factor": 0}, InvalidSetting),
        (FOREIGN | {"correction_origin": None}, ValueError),
        (FOREIGN | {"correction_origin": "\x1b[2J"}, ValueError),
        (FOREIGN | {"correction": "a\nb"}, ValueError),
        (FOREIGN | {"correction_parameters": {"width": [0.25]}}, ValueError),
        (FOREIGN | {"correction_parameters": {"width": float("nan")}}, ValueError),
        (FOREIGN | {"correction_parameters": {"width": 10**400}}, ValueError),
        (FOREIGN | {"correction_parameters": [0.25]}, ValueError),
    ],
)
def test_other_values_are_refused(changes, error):
    with pytest.raises(error):
        settings_from_values(VALUES | changes)


@pytest.mark.parametrize("name", ["steps", "correction", "eta_b", "error_factor", "turned_views"])
def test_what_0_1_0_wrote_is_required(name):
    with pytest.raises(UnexpectedSettings):
        settings_from_values({n: v for n, v in VALUES.items() if n != name})


def test_a_later_setting_is_written_where_it_is_no_default_and_may_be_missing(monkeypatch):
    earlier = tuple(name for name in serialization.NAMES_IN_0_1_0 if name != "momentum")
    monkeypatch.setattr(serialization, "NAMES_IN_0_1_0", earlier)
    values = settings_to_values(SETTINGS)
    assert values == {name: value for name, value in VALUES.items() if name != "momentum"}
    assert settings_from_values(values) == SETTINGS
    changed = replace(SETTINGS, momentum=0.5)
    assert settings_to_values(changed) == VALUES | {"momentum": 0.5}
    assert settings_from_values(VALUES | {"momentum": 0.5}) == changed


def test_a_setting_that_0_1_0_had_not_is_written_if_it_is_not_the_default():
    changed = replace(SETTINGS, sigma_factor=0.85, sigma_factor_below=2.0)
    assert settings_to_values(changed) == VALUES | {"sigma_factor": 0.85, "sigma_factor_below": 2.0}
    assert settings_from_values(json.loads(json.dumps(settings_to_values(changed)))) == changed


class TestPlugins:
    def test_what_is_not_loaded_comes_back_as_it_was(self, install_correction, tmp_path):
        install_correction()
        settings = settings_from_values(VALUES | FOREIGN)
        assert settings_to_values(settings) == VALUES | FOREIGN
        with pytest.raises(UnknownPlugin, match="narrow"):
            settings.parameters_of("narrow")
        assert not (tmp_path / "imported").exists()

    def test_what_is_loaded_has_its_parameters(self, install_correction):
        install_correction()
        stored = settings_from_values(VALUES | FOREIGN | {"correction_origin": "older 1.0"})
        loaded = load_chosen_correction(stored)
        assert settings_from_values(VALUES | FOREIGN) == loaded
        assert settings_to_values(loaded) == VALUES | FOREIGN
        assert loaded.parameters_of("narrow").width == 0.25
        # Parameters of a correction that is not chosen are kept, but not written.
        assert replace(loaded, correction="paper").parameters_of("narrow").width == 0.25
        assert settings_to_values(replace(loaded, correction="bins")) == VALUES

    @pytest.mark.parametrize("parameters", [{"width": 2}, {"width": "wide"}, {"length": 0.5}])
    def test_parameters_of_another_version_are_said_where_they_are_needed(
        self, install_correction, parameters
    ):
        install_correction()
        load_chosen_correction(replace(SETTINGS, correction="narrow"))
        settings = settings_from_values(VALUES | FOREIGN | {"correction_parameters": parameters})
        with pytest.raises(UnusablePlugin, match="other parameters"):
            load_chosen_correction(settings)

    def test_a_hash_tells_plugins_and_their_versions_apart(self):
        def hash_of(**changes: str) -> str:
            settings = settings_from_values(VALUES | FOREIGN | changes)
            return BatchSettings(settings).compute_sha256("0" * 64, ".png")

        others = [hash_of(correction_origin="correction-package 2.2"), hash_of(correction="wide")]
        assert len({hash_of(), *others}) == 3


class TestParameters:
    def test_defaults_are_left_out_and_the_order_does_not_count(self):
        bins, paper = BinsParameters(2.0), PaperParameters(0.5)
        one = replace(SETTINGS, correction_parameters=(paper, bins))
        assert one == replace(SETTINGS, correction_parameters=(bins, paper))
        assert one.with_parameters(BinsParameters()).with_parameters(PaperParameters()) == SETTINGS

    def test_the_registered_object_holds_the_defaults(self, install_correction):
        code = EXAMPLE.read_text("utf-8").replace(
            "NARROW = NarrowParameters()", "NARROW = NarrowParameters(0.75)"
        )
        install_correction(code=code)
        settings = load_chosen_correction(replace(SETTINGS, correction="narrow"))
        narrow = settings.parameters_of("narrow")
        assert (narrow.width, settings.correction_parameters) == (0.75, ())
        other = settings.with_parameters(replace(narrow, width=0.5))
        assert other.parameters_of("narrow").width == 0.5
        assert settings_from_values(settings_to_values(other)) == other

    def test_a_parameter_that_no_control_shows_is_refused(self):
        @dataclass(frozen=True)
        class Named(BinsParameters):
            text: str = ""

        with pytest.raises(TypeError, match="text is no bool"):
            Named()

    def test_each_correction_has_one_entry(self):
        twice = (BinsParameters(2.0), StoredParameters("bins", "", ()))
        with pytest.raises(ValueError, match="bins"):
            replace(SETTINGS, correction_parameters=twice)


def test_a_change_has_its_limits():
    with pytest.raises(InvalidSetting, match="eta-b"):
        change_settings(SETTINGS, {"eta_b": 2.0})
    with pytest.raises(TypeError, match="no_setting"):
        change_settings(SETTINGS, {"no_setting": 1})
