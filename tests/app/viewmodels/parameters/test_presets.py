"""The user's presets: round trips, and files that are not valid."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from app.jobs.parameters.preset_file import (
    UserPreset,
    is_valid_preset_name,
    load_presets,
    save_presets,
)
from app.viewmodels.parameters.presets import (
    PresetsState,
    PresetsViewModel,
    preset_name_error_text,
    with_preset,
    without_preset,
)
from ddrm_core.errors import InvalidPresets, UnwritableOutput
from ddrm_core.sampler.serialization import change_settings, settings_to_values
from ddrm_core.sampler.settings import PRESETS, NoiseSpacing, SamplerSettings

SETTINGS = SamplerSettings(steps=3, samples=2)
MINE = UserPreset("Mine", SETTINGS)

share = st.floats(0, 1)
some_values = st.fixed_dictionaries(
    {
        "steps": st.integers(1, 1000),
        "samples": st.integers(1, 1000),
        "start": st.none() | st.integers(1, 999),
        "correction": st.sampled_from(["bins", "paper"]),
        "eta": share,
        "eta_b": share,
        "antithetic": st.booleans(),
        "start_factor": st.floats(0.1, 100),
        "end_factor": st.floats(0.01, 100),
        "spacing": st.sampled_from(NoiseSpacing),
        "temperature": share,
        "momentum": share,
        "turned_views": st.booleans(),
        "error_factor": st.floats(0.01, 100),
        "sigma_factor": st.floats(0.5, 1),
        "sigma_factor_below": st.floats(1, 100),
    }
)


@hypothesis_settings(max_examples=50, deadline=None)
@given(st.lists(some_values, max_size=5))
def test_presets_come_back_equal(tmp_path_factory, several):
    path = tmp_path_factory.mktemp("presets") / "new" / "presets.json"
    presets = tuple(
        UserPreset(f"Nº {n} 火", change_settings(SETTINGS, v)) for n, v in enumerate(several)
    )
    save_presets(path, presets)
    assert load_presets(path) == presets


def test_a_preset_with_the_name_of_a_newer_built_in_one_stays(tmp_path):
    path, own = tmp_path / "presets.json", UserPreset("Draft", SETTINGS)
    assert not is_valid_preset_name("Draft")
    save_presets(path, [own])
    assert load_presets(path) == (own,)


def test_a_preset_keeps_its_prior(tmp_path):
    path, own = tmp_path / "presets.json", UserPreset("Mine", SETTINGS, "drunet 火")
    save_presets(path, [own, UserPreset("Other", SETTINGS)])
    assert load_presets(path) == (own, UserPreset("Other", SETTINGS))
    entries = json.loads(path.read_text("utf-8"))["presets"]
    assert [entry.get("prior", "none") for entry in entries] == ["drunet 火", "none"]


@pytest.mark.parametrize(
    ("named", "selected", "expected"),
    [
        (None, None, True),
        (None, "b", True),
        ("a", "a", True),
        ("a", "b", False),
        ("a", None, False),
    ],
)
def test_a_preset_matches_with_its_own_prior_only(named, selected, expected):
    preset = UserPreset("Mine", SETTINGS, named)
    assert preset.matches(SETTINGS, selected) is expected
    assert not preset.matches(PRESETS["fast"], selected)


def test_no_file_means_no_presets(tmp_path):
    assert load_presets(tmp_path / "nowhere" / "presets.json") == ()


def content(**changes):
    values = settings_to_values(SETTINGS) | changes
    return {"format": 1, "presets": [{"name": "Mine", "settings": values}]}


def with_prior_name(prior):
    whole = content()
    whole["presets"][0]["prior"] = prior
    return whole


def without(name):
    whole = content()
    del whole["presets"][0]["settings"][name]
    return whole


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("[]", "does not hold presets"),
        ("[" * 100_000, "does not hold presets"),
        ("3", "does not hold presets"),
        ('{"format": 1}', "does not hold presets"),
        ('{"format": 1, "presets": 3}', "too many presets"),
        ('{"format": 2, "presets": []}', "another version"),
        (content(steps=0), "out of its range"),
        (content(steps=3.5), "another kind"),
        (content(steps=True), "another kind"),
        (content(steps="3"), "another kind"),
        (content(start=False), "another kind"),
        (content(eta=float("nan")), "another kind"),
        (content(eta="1"), "another kind"),
        (content(antithetic=1), "another kind"),
        (content(correction="none"), "does not hold presets"),
        (content(correction=3), "another kind"),
        (content(more=3), "other settings"),
        (without("momentum"), "other settings"),
        ({"format": 1, "presets": [{"name": "fast", "settings": asdict(SETTINGS)}]}, "usable name"),
        ({"format": 1, "presets": [{"name": "a\nb", "settings": asdict(SETTINGS)}]}, "usable name"),
        (with_prior_name(""), "usable prior"),
        (with_prior_name("a\nb"), "usable prior"),
        (with_prior_name(3), "usable prior"),
        (with_prior_name("a" * 201), "usable prior"),
        ({"format": 1, "presets": content()["presets"] * 2}, "same name"),
        ({"format": 1, "presets": content()["presets"] * 101}, "too many presets"),
    ],
)
def test_what_is_no_file_of_presets_is_refused_with_its_reason(tmp_path, text, problem):
    path = tmp_path / "presets.json"
    path.write_text(text if isinstance(text, str) else json.dumps(text), "utf-8")
    with pytest.raises(InvalidPresets) as refused:
        load_presets(path)
    assert problem in refused.value.problem


def test_bytes_and_lengths_that_no_preset_has(tmp_path):
    path = tmp_path / "presets.json"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InvalidPresets):
        load_presets(path)
    path.write_bytes(b" " * ((1 << 20) + 1))
    with pytest.raises(InvalidPresets):
        load_presets(path)


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "taken").write_text("")
    with pytest.raises(UnwritableOutput):
        save_presets(tmp_path / "taken" / "presets.json", [MINE])


@pytest.mark.parametrize(
    ("name", "usable"),
    [
        *(("Mine", True), ("a" * 40, True), ("火 ö", True)),
        *((" Mine", False), ("", False), ("a" * 41, False), ("a\tb", False), ("Balanced", False)),
    ],
)
def test_names(name, usable):
    assert is_valid_preset_name(name) is usable


def test_changes_of_the_list():
    other = UserPreset("alpha", PRESETS["fast"])
    state = with_preset(with_preset(PresetsState(), MINE), other)
    assert [p.name for p in state.presets] == ["alpha", "Mine"]
    again = with_preset(state, UserPreset("MINE", PRESETS["best"]))
    assert [p.name for p in again.presets] == ["alpha", "MINE"]
    assert without_preset(state, "Mine").presets == (other,)
    assert state.find_by_name("mine") is MINE
    assert preset_name_error_text(state, "New") == preset_name_error_text(state, "mine") == ""
    assert preset_name_error_text(state, "mine", old_name="Mine") == ""
    assert "Another" in preset_name_error_text(state, "alpha", old_name="Mine")
    assert "too long" in preset_name_error_text(state, "a" * 41)
    assert "Type" in preset_name_error_text(state, "")
    full = PresetsState(tuple(UserPreset(f"{n}", SETTINGS) for n in range(100)))
    assert "too many" in preset_name_error_text(full, "New")
    assert preset_name_error_text(full, "3") == ""


def test_presets_survive_a_restart(qtbot, runner, tmp_path):
    path = tmp_path / "presets.json"
    first = PresetsViewModel(runner, path)
    first.save(MINE)
    first.rename(first.state.presets[0], "Yours")
    qtbot.waitUntil(lambda: path.exists() and "Yours" in path.read_text("utf-8"))
    second = PresetsViewModel(runner, path)
    second.load()
    qtbot.waitUntil(lambda: second.state.presets != ())
    assert second.state.presets == (UserPreset("Yours", SETTINGS),)
    second.delete(second.state.presets[0])
    qtbot.waitUntil(lambda: load_presets(path) == ())


def test_a_preset_that_is_saved_before_the_file_is_read_is_one_more(qtbot, runner, tmp_path):
    path = tmp_path / "presets.json"
    save_presets(path, [UserPreset("alpha", PRESETS["fast"])])
    model = PresetsViewModel(runner, path)
    model.load()
    model.save(MINE)
    qtbot.waitUntil(lambda: len(model.state.presets) == 2)
    qtbot.waitUntil(lambda: load_presets(path) == model.state.presets)


def test_a_file_that_cannot_be_used_is_left_alone(qtbot, runner, tmp_path):
    path = tmp_path / "presets.json"
    path.write_text("my notes", "utf-8")
    model = PresetsViewModel(runner, path)
    model.load()
    qtbot.waitUntil(lambda: isinstance(model.state.error, InvalidPresets))
    told = []
    model.state_changed.connect(lambda state: told.append(state.error))
    model.save(MINE)
    qtbot.waitUntil(lambda: told and isinstance(told[-1], InvalidPresets))
    assert path.read_text("utf-8") == "my notes"
    assert model.state.presets == ()


def test_a_preset_that_cannot_be_written_is_not_there(qtbot, runner, tmp_path):
    (tmp_path / "taken").write_text("")
    model = PresetsViewModel(runner, tmp_path / "taken" / "presets.json")
    model.save(MINE)
    qtbot.waitUntil(lambda: isinstance(model.state.error, UnwritableOutput))
    assert model.state.presets == ()
