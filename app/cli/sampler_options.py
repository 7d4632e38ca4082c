"""The options of the sampler."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli.console import print_note
from app.cli.setting_options import Changes, SettingOptions
from ddrm_core.errors import InvalidSetting
from ddrm_core.sampler.corrections.registry import CORRECTIONS
from ddrm_core.sampler.serialization import FLAT_FIELDS, NAMES_IN_0_1_0, change_settings
from ddrm_core.sampler.settings import PRESETS, Preset, SamplerSettings, load_chosen_correction
from ddrm_core.setting_fields import SettingField, list_setting_fields, parse_setting

_OPTIONS = SettingOptions(
    tuple(FLAT_FIELDS[name] for name in dict.fromkeys((*NAMES_IN_0_1_0, *FLAT_FIELDS)))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplerChanges:
    """The settings of the sampler that were given.

    Attributes:
        settings: Settings that were given, those of the built-in corrections too.
        correction_parameter: Parameters of the chosen correction, each as NAME=VALUE.
    """

    settings: Annotated[Changes, _OPTIONS]
    correction_parameter: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="A parameter of the correction; repeatable."),
    ] = None

    def apply_to(self, base: SamplerSettings, path: Path | None = None) -> SamplerSettings:
        """Return `base` with whatever was given in its place, and its correction loaded.

        Args:
            base: Settings of a preset, or recorded in a file.
            path: That file.

        Raises:
            InvalidSetting: A value is out of its range, or not one of the correction.
            UnknownPlugin, UnusablePlugin: The correction cannot be used.
        """
        correction = self.settings.get("correction")
        path = path if correction is None else None
        settings = load_chosen_correction(change_settings(base, self.settings), path)
        if correction in CORRECTIONS.list_refused():
            print_note(f"An installed package offers {correction}, too; the program's is used")
        return self._with_parameters(settings)

    def _with_parameters(self, settings: SamplerSettings) -> SamplerSettings:
        parameters = settings.parameters_of(settings.correction)
        fields = {field.name: field for field in list_setting_fields(type(parameters))}
        changes = {}
        for option in self.correction_parameter or ():
            name, _, text = option.partition("=")
            name = name.replace("-", "_")
            if name not in fields:
                allowed = ", ".join(fields) or f"none of {settings.correction}"
                raise InvalidSetting("correction parameter", option, allowed)
            changes[name] = _parse_parameter(fields[name], text)
        return settings.with_parameters(replace(parameters, **changes))


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplerOptions:
    """The preset and the settings that were given in place of its own.

    Attributes:
        preset: Name of the preset, None for the balanced one.
        changes: Settings that were given.
    """

    preset: Annotated[
        Preset | None, typer.Option(help="Settings that belong together; balanced if left out.")
    ] = None
    changes: SamplerChanges

    def to_settings(self) -> SamplerSettings:
        """Return the preset's settings with those that were given in their place."""
        return self.changes.apply_to(PRESETS[self.preset or Preset.BALANCED])


def _parse_parameter(field: SettingField, text: str) -> Any:
    with suppress(ValueError, RecursionError):
        return parse_setting(field, json.loads(text))
    with suppress(ValueError):
        return parse_setting(field, text)
    raise InvalidSetting(field.label, text, str(field.limits or f"such as {field.default}"))


def check_spread(spread_path: Path | None, settings: SamplerSettings) -> None:
    """Raise InvalidSetting if a spread was asked for and there are too few samples for one."""
    if spread_path is not None and settings.samples < 2:
        raise InvalidSetting("samples", settings.samples, "2 or more for a spread")
