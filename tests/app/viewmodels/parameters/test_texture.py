"""Positions of the texture slider, and what settings are called with another texture."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.viewmodels.parameters.texture import (
    TEXTURE_STEPS,
    find_preset_texture,
    has_texture,
    preset_and_texture_text,
    sigma_factor_at,
    texture_position,
)
from ddrm_core.sampler.settings import PRESETS, Preset, SamplerSettings

BALANCED = PRESETS[Preset.BALANCED]


def test_positions_and_factors_are_inverse_and_in_the_limits():
    positions = range(TEXTURE_STEPS + 1)
    factors = [sigma_factor_at(position) for position in positions]
    assert [texture_position(factor) for factor in factors] == list(positions)
    assert (factors[0], factors[-1]) == (1.0, 0.8)
    assert factors == sorted(factors, reverse=True)
    assert [replace(BALANCED, sigma_factor=f).sigma_factor for f in factors] == factors


@pytest.mark.parametrize(("factor", "position"), [(0.5, 20), (0.79, 20), (0.876, 12), (0.999, 0)])
def test_a_factor_of_the_form_is_shown_at_the_nearest_position(factor, position):
    assert texture_position(factor) == position


def test_the_preset_is_found_whatever_the_texture():
    own = SamplerSettings(steps=7, samples=1, sigma_factor=0.85)
    presets = (*PRESETS.values(), own)
    for preset in presets:
        changed = replace(preset, sigma_factor=0.9)
        assert find_preset_texture(changed, presets) == preset.sigma_factor
    assert find_preset_texture(replace(BALANCED, steps=13), presets) is None


@pytest.mark.parametrize("preset", Preset)
def test_only_a_schedule_that_ends_above_zero_has_a_texture(preset):
    assert has_texture(PRESETS[preset]) is (preset is not Preset.PAPER)


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        (BALANCED, "Balanced"),
        (replace(BALANCED, sigma_factor=0.85), "Balanced, texture 75 %"),
        (replace(BALANCED, steps=13), None),
        (replace(BALANCED, sigma_factor_below=2.0), None),
    ],
)
def test_settings_are_called_after_their_preset(settings, text):
    assert preset_and_texture_text(settings) == text
