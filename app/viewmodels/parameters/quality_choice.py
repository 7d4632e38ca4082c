"""Texts of the choice between the presets that the simple panel offers."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from app.i18n.translation import tr, tr_noop
from app.jobs.run.restore_request import ProblemKind
from app.viewmodels.document.file_defaults import FileDefaults
from app.viewmodels.parameters.parameters import ParametersState
from app.viewmodels.parameters.setting_labels import steps_and_versions_text
from ddrm_core.sampler.settings import Preset

PRESET_USES: Mapping[Preset, str] = MappingProxyType(
    {
        Preset.DRAFT: tr_noop("A first look"),
        Preset.FAST: tr_noop("Quick, a little smooth"),
        Preset.BALANCED: tr_noop("Right for most pictures"),
        Preset.BEST: tr_noop("Closest to the original"),
        Preset.DETAIL: tr_noop("Sharpest, some detail is a guess"),
    }
)
"""The presets of the simple panel in their order, each with the purpose that it serves."""


def run_settings_text(state: ParametersState, file_defaults: FileDefaults) -> str:
    """Return the line with the most important settings.

    An example is "JPEG quality 10, 4 steps, 2 versions".
    """
    parts = (
        _measurement_text(state, file_defaults),
        steps_and_versions_text(state.settings.sampler),
    )
    return ", ".join(part for part in parts if part)


def _measurement_text(state: ParametersState, file_defaults: FileDefaults) -> str:
    """Return the text about the quality factor or the bits that a run assumes, if it is known."""
    if state.problem is ProblemKind.BANDING:
        bits = file_defaults.bits_value_text if state.bits is None else str(state.bits)
        return tr("{bits} bits per channel").format(bits=bits) if bits else ""
    quality = state.settings.assumption.quality
    text = file_defaults.quality_value_text if quality is None else str(quality)
    return tr("JPEG quality {quality}").format(quality=text) if text else ""
