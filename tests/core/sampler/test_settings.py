"""Settings are validated at their creation; the schedule is the paper's."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from ddrm_core.errors import InvalidSetting
from ddrm_core.sampler.corrections.paper import PaperParameters
from ddrm_core.sampler.schedule import (
    TIMESTEP_COUNT,
    geometric_sigmas,
    scale_last_sigmas,
    sigma_at,
    timestep_at,
    uniform_timesteps,
)
from ddrm_core.sampler.serialization import change_settings, settings_to_values
from ddrm_core.sampler.settings import (
    PRESETS,
    NoiseSpacing,
    Preset,
    SamplerSettings,
    check_seed,
)

VALID = SamplerSettings(steps=4, samples=2)


@pytest.mark.parametrize(
    ("name", "field", "value"),
    [
        ("steps", "steps", 0),
        ("steps", "steps", 1001),
        ("samples", "samples", 0),
        ("samples", "samples", 1001),
        ("start", "start", 0),
        ("start", "start", 1000),
        ("eta", "eta", -0.01),
        ("eta", "eta", 1.01),
        ("eta-b", "eta_b", -0.01),
        ("eta-b", "eta_b", 1.01),
        ("start factor", "start_factor", 0.0),
        ("start factor", "start_factor", 101.0),
        ("error factor", "error_factor", 0.0),
        ("error factor", "error_factor", 101.0),
        ("end factor", "end_factor", 0.0),
        ("temperature", "temperature", 1.01),
        ("momentum", "momentum", -0.01),
        ("sigma factor", "sigma_factor", 0.49),
        ("sigma factor", "sigma_factor", 1.01),
        ("sigma factor below", "sigma_factor_below", 0.99),
        ("sigma factor below", "sigma_factor_below", 101.0),
        ("eta", "eta", float("nan")),
        ("start factor", "start_factor", float("inf")),
    ],
)
def test_values_out_of_range_are_refused(name, field, value):
    with pytest.raises(InvalidSetting) as error:
        change_settings(VALID, {field: value})
    assert error.value.name == name
    assert error.value.value is value
    assert " to " in str(error.value.allowed)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("steps", 1),
        ("steps", 1000),
        ("samples", 1),
        ("samples", 1000),
        ("start", 1),
        ("start", 999),
        ("start", None),
        ("eta", 0.0),
        ("eta", 1.0),
        ("eta_b", 0.0),
        ("eta_b", 1.0),
        ("sigma_factor", 0.5),
        ("sigma_factor_below", 1.0),
        ("sigma_factor_below", 100.0),
    ],
)
def test_ends_of_the_ranges_are_allowed(field, value):
    assert settings_to_values(change_settings(VALID, {field: value}))[field] == value


def test_settings_cannot_change():
    with pytest.raises(dataclasses.FrozenInstanceError):
        VALID.steps = 5
    with pytest.raises(TypeError):
        PRESETS[Preset.FAST] = VALID


@pytest.mark.parametrize("seed", [-1, 2**63])
def test_seeds_out_of_range_are_refused(seed):
    with pytest.raises(InvalidSetting):
        check_seed(seed)


@pytest.mark.parametrize(("seed", "beyond"), [(0, -1), (2**63 - 1, 2**63)])
def test_seeds_at_the_ends_are_allowed(seed, beyond):
    check_seed(seed)
    with pytest.raises(InvalidSetting) as error:
        check_seed(beyond)
    assert (error.value.name, error.value.value) == ("seed", beyond)


def test_presets_cost_what_their_names_promise():
    assert set(PRESETS) == set(Preset)
    assert list(PRESETS) == list(Preset)
    assert PRESETS[Preset.DRAFT].evaluation_count == 2
    assert PRESETS[Preset.FAST].evaluation_count <= 8
    assert PRESETS[Preset.BALANCED].evaluation_count <= 40
    by_cost = (Preset.DRAFT, Preset.FAST, Preset.BALANCED, Preset.BEST)
    evaluations = [PRESETS[preset].evaluation_count for preset in by_cost]
    assert evaluations == sorted(evaluations)
    assert PRESETS[Preset.DETAIL].samples == 1
    assert PRESETS[Preset.DETAIL].evaluation_count <= PRESETS[Preset.PAPER].steps


def test_the_paper_preset_is_the_paper():
    paper = PRESETS[Preset.PAPER]
    assert (paper.steps, paper.samples, paper.start) == (20, 30, 300)
    assert (paper.eta, paper.antithetic) == (1, False)
    assert paper.parameters_of("paper") == PaperParameters(0.4)
    assert paper.correction == "paper"
    assert (paper.spacing, paper.turned_views) == (NoiseSpacing.UNIFORM, False)
    assert (paper.temperature, paper.momentum, paper.sigma_factor) == (1, 0, 1)


def test_timesteps_are_the_authors():
    assert uniform_timesteps(300, 20) == tuple(range(285, -1, -15))
    assert uniform_timesteps(200, 10) == tuple(range(180, -1, -20))


@pytest.mark.parametrize("start", [1, 7, 90, 299, 999])
def test_as_many_timesteps_as_asked_for(start):
    for steps in range(1, start + 1, max(1, start // 40)):
        times = uniform_timesteps(start, steps)
        assert len(times) == steps
        assert times[-1] == 0
        assert times[0] < start
        gaps = -np.diff((start, *times))
        assert gaps.min() == start // steps
        assert gaps.max() == -(-start // steps)


def test_geometric_levels_have_equal_ratios_and_both_ends():
    levels = geometric_sigmas(0.9, 0.1, 5)
    assert (levels[0], levels[-1]) == (0.9, pytest.approx(0.1))
    np.testing.assert_allclose(np.diff(np.log(levels)), np.log(0.1 / 0.9) / 4)
    assert geometric_sigmas(0.9, 0.1, 1) == (0.9,)


def test_sigmas_are_those_of_the_linear_schedule():
    abar = np.cumprod(1 - np.linspace(1e-4, 0.02, 1000))
    expected = np.sqrt((1 - abar) / abar)
    np.testing.assert_allclose([sigma_at(t) for t in range(TIMESTEP_COUNT)], expected, rtol=1e-9)
    assert sigma_at(285) == pytest.approx(1.149, abs=5e-4)


def test_timestep_at_is_the_inverse():
    assert all(timestep_at(sigma_at(t)) == t for t in range(TIMESTEP_COUNT))
    assert timestep_at(0.0) == 0
    assert timestep_at(1e9) == 999
    between = (sigma_at(40) + sigma_at(41)) / 2
    assert timestep_at(between) == 41


@pytest.mark.parametrize(("limit", "scaled"), [(1.0, 1), (1.2, 1), (1.25, 2), (1.6, 3), (100.0, 5)])
def test_the_last_levels_are_scaled_up_to_the_limit(limit, scaled):
    levels = [1.25**n for n in (4, 3, 2, 1, 0)]
    result = scale_last_sigmas(levels, 0.75, limit)
    assert result == (*levels[:-scaled], *(0.75 * level for level in levels[-scaled:]))
    assert list(result) == sorted(set(result), reverse=True)


def test_the_factor_1_scales_nothing():
    levels = geometric_sigmas(0.9, 0.07, 7)
    assert scale_last_sigmas(levels, 1.0, 100.0) == levels
