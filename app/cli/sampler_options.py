"""What was asked of the sampler on the command line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from app.cli.console import print_note
from ddrm_core.errors import InvalidSetting
from ddrm_core.sampler.corrections.registry import CORRECTIONS
from ddrm_core.sampler.serialization import change_settings
from ddrm_core.sampler.settings import PRESETS, Preset, SamplerSettings, load_chosen_correction
from ddrm_core.setting_fields import SettingField, list_setting_fields, parse_setting


@dataclass(frozen=True, slots=True)
class SamplerOptions:
    """What was asked of the sampler; None follows the preset or the record."""

    preset: Preset | None
    steps: int | None
    samples: int | None
    start: int | None = None
    correction: str | None = None
    eta: float | None = None
    eta_b: float | None = None
    correction_parameters: Sequence[str] = ()

    def to_settings(self) -> SamplerSettings:
        """The preset's, the balanced one's where none was named, with whatever was given."""
        return self.apply_to(PRESETS[self.preset or Preset.BALANCED])

    def apply_to(self, base: SamplerSettings, path: Path | None = None) -> SamplerSettings:
        """Return `base` with whatever was given in its place, and its correction loaded.

        Args:
            base: Settings of a preset, or recorded in a file.
            path: That file.

        Raises:
            InvalidSetting: A value is out of its range, or not one of the correction.
            UnknownPlugin, UnusablePlugin: The correction cannot be used.
        """
        names = ("steps", "samples", "start", "correction", "eta", "eta_b")
        given = {name: value for name in names if (value := getattr(self, name)) is not None}
        path = path if self.correction is None else None
        settings = load_chosen_correction(change_settings(base, given), path)
        if self.correction in CORRECTIONS.list_refused():
            print_note(f"An installed package offers {self.correction}, too; the program's is used")
        return _with_parameter_options(settings, self.correction_parameters)


def _with_parameter_options(settings: SamplerSettings, options: Sequence[str]) -> SamplerSettings:
    """Return settings with parameters of the chosen correction, each given as NAME=VALUE."""
    parameters = settings.parameters_of(settings.correction)
    fields = {field.name: field for field in list_setting_fields(type(parameters))}
    changes = {}
    for option in options:
        name, _, text = option.partition("=")
        name = name.replace("-", "_")
        if name not in fields:
            allowed = ", ".join(fields) or f"none of {settings.correction}"
            raise InvalidSetting("correction parameter", option, allowed)
        changes[name] = _parse_parameter(fields[name], text)
    return settings.with_parameters(replace(parameters, **changes))


def _parse_parameter(field: SettingField, text: str) -> Any:
    with suppress(ValueError, RecursionError):
        return parse_setting(field, json.loads(text))
    with suppress(ValueError):
        return parse_setting(field, text)
    raise InvalidSetting(field.label, text, str(field.limits or f"such as {field.default}"))


def check_sample_count(settings: SamplerSettings) -> None:
    """Raises InvalidSetting where there are too few samples for one."""
    if settings.samples < 2:
        raise InvalidSetting("samples", settings.samples, "2 or more for a spread")
