"""The texture of a result: the sampler's sigma factor as a position between two ends."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from app.i18n.formatting import format_whole_percent, preset_label
from app.i18n.translation import tr
from ddrm_core.sampler.settings import PRESETS, NoiseSpacing, SamplerSettings

TEXTURE_STEPS = 20
"""Number of steps between the smooth end, 0, and the textured end."""
# With lower factors, noise is left that is not texture.
_TEXTURED_SIGMA_FACTOR = 0.8


def sigma_factor_at(position: int) -> float:
    """Return the sigma factor at a position, 0 (smooth, factor 1) to `TEXTURE_STEPS`."""
    return round(1 - (1 - _TEXTURED_SIGMA_FACTOR) * position / TEXTURE_STEPS, 4)


def texture_position(sigma_factor: float) -> int:
    """Return the position nearest to a sigma factor; lower factors are at the textured end."""
    position = round((1 - sigma_factor) / (1 - _TEXTURED_SIGMA_FACTOR) * TEXTURE_STEPS)
    return min(position, TEXTURE_STEPS)


def has_texture(settings: SamplerSettings) -> bool:
    """Return whether the sigma factor matters for these settings.

    With uniform spacing, the last noise level is near zero, so that the factor has no visible
    effect.
    """
    return settings.spacing is NoiseSpacing.GEOMETRIC


def find_preset_texture(
    settings: SamplerSettings, presets: Iterable[SamplerSettings]
) -> float | None:
    """Return the sigma factor of the first preset with otherwise equal settings, or None."""
    return next(
        (
            preset.sigma_factor
            for preset in presets
            if replace(settings, sigma_factor=preset.sigma_factor) == preset
        ),
        None,
    )


def preset_and_texture_text(settings: SamplerSettings) -> str | None:
    """Return the name of the built-in preset with these settings, None without one.

    If only the sigma factor differs from that of the preset, the text names the texture, too.
    """
    for preset, known in PRESETS.items():
        if settings == known:
            return preset_label(preset)
    for preset, known in PRESETS.items():
        if replace(settings, sigma_factor=known.sigma_factor) == known:
            share = texture_position(settings.sigma_factor) / TEXTURE_STEPS
            text = tr("{preset}, texture {share}")
            return text.format(preset=preset_label(preset), share=format_whole_percent(share))
    return None


def texture_value_text(position: int) -> str:
    """Return a position as a percentage of the way from the smooth to the textured end."""
    return format_whole_percent(position / TEXTURE_STEPS)
