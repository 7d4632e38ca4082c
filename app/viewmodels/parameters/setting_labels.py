"""Texts about the sampler settings, for the forms, the run history and the undo menu."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from app.i18n.formatting import format_whole_percent
from app.i18n.translation import tr, tr_noop
from app.jobs.run.result_strength import ResultStrength
from ddrm_core.sampler.corrections.registry import CORRECTIONS
from ddrm_core.sampler.serialization import PARAMETERS_KEY
from ddrm_core.sampler.settings import SamplerSettings
from ddrm_core.setting_fields import SettingField

SETTING_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "steps": tr_noop("Steps"),
        "samples": tr_noop("Versions"),
        "start": tr_noop("Start"),
        "correction": tr_noop("Correction"),
        PARAMETERS_KEY: tr_noop("Correction"),
        "eta": tr_noop("Eta"),
        "eta_b": tr_noop("Eta b"),
        "sigma_factor": tr_noop("Sigma factor"),
        "sigma_factor_below": tr_noop("Factor limit"),
    }
)
_CORRECTION_LABELS = {"bins": tr_noop("Bins"), "paper": tr_noop("Paper")}
# Settings without a tooltip have their own control or none.
_TOOLTIPS = {
    "eta": tr_noop("Share of new noise per step, 0 to 1"),
    "eta_b": tr_noop("Share of the paper's correction, 0 to 1"),
    "sigma_factor": tr_noop(
        "Factor on the noise level that is passed to the model in the last steps, 0.5 to 1; below"
        " 1, more texture is kept"
    ),
    "sigma_factor_below": tr_noop(
        "Highest noise level at which the sigma factor applies, as a multiple of the last noise"
        " level, 1 to 100"
    ),
}


def correction_label(name: str) -> str:
    """Return a correction's label in the window: a translation, or the name of a plug-in."""
    return tr(_CORRECTION_LABELS[name]) if name in _CORRECTION_LABELS else name


def form_words(field: SettingField, correction: str | None = None) -> tuple[str, str] | None:
    """Return the label and the tooltip of a sampler setting, None if the form omits it.

    Args:
        field: Declaration of the setting.
        correction: Name of the correction to which the setting belongs. The label and the tooltip
            of a plug-in are those of its declaration.
    """
    if correction is not None and CORRECTIONS.identify(correction) is not None:
        return field.label.capitalize(), field.help.rstrip(".")
    if field.name not in _TOOLTIPS:
        return None
    return tr(SETTING_LABELS[field.name]), tr(_TOOLTIPS[field.name])


def steps_and_versions_text(settings: SamplerSettings) -> str:
    """Return a text such as "4 steps, 1 version"."""
    steps = tr("1 step") if settings.steps == 1 else tr("{count} steps")
    versions = tr("1 version") if settings.samples == 1 else tr("{count} versions")
    return ", ".join((steps.format(count=settings.steps), versions.format(count=settings.samples)))


def kept_areas_text(count: int) -> str:
    """Return the text about the number of kept areas, such as "1 area stays as in the file"."""
    if count == 1:
        return tr("1 area stays as in the file")
    return tr("{count} areas stay as in the file").format(count=count)


def initial_strength_text(strength: ResultStrength) -> str:
    """Return the text about strength and kept areas of the next result, without a period.

    An example is "Strength 50 %, 1 area stays as in the file". Full strength is not named.
    """
    parts = []
    if strength.strength != 1:
        text = tr("Strength {percent}")
        parts.append(text.format(percent=format_whole_percent(strength.strength)))
    if strength.kept_areas:
        parts.append(kept_areas_text(len(strength.kept_areas)))
    return ", ".join(parts)
