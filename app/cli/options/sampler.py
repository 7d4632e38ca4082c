"""Options for the sampler settings."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli.console import print_note
from app.cli.options.declaration import Changes, SettingOptions
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
    """Sampler settings that the user gave on the command line.

    Attributes:
        settings: The settings by name, including those of the built-in corrections.
        correction_parameter: Parameters of the chosen correction, each as NAME=VALUE.
    """

    settings: Annotated[Changes, _OPTIONS]
    correction_parameter: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="Parameter of the correction; repeatable."),
    ] = None

    def apply_to(self, base: SamplerSettings, path: Path | None = None) -> SamplerSettings:
        """Return `base`, changed by the settings of the command line, and load the correction.

        Args:
            base: Settings of a preset, or recorded in a file.
            path: File with the recorded settings, which an error names; None for a preset.

        Raises:
            InvalidSetting: If a value is out of range, or if the correction has no parameter of
                a given name.
            UnknownPlugin, UnusablePlugin: If the correction cannot be loaded.
        """
        correction = self.settings.get("correction")
        path = path if correction is None else None
        settings = load_chosen_correction(change_settings(base, self.settings), path)
        if correction is not None and correction in CORRECTIONS.list_refused():
            print_note(f"An installed package also provides {correction}; the built-in one is used")
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
    """A preset and the sampler settings of the command line that change the preset's settings.

    Attributes:
        preset: The preset, None for the balanced one.
        changes: Sampler settings of the command line.
    """

    preset: Annotated[
        Preset | None,
        typer.Option(
            help="Speed and quality, from a first impression (draft) to the paper's very slow"
            " settings (paper); detail keeps more texture. Options such as --steps change single"
            " settings. Default: balanced."
        ),
    ] = None
    changes: SamplerChanges

    def to_settings(self) -> SamplerSettings:
        """Return the settings of the preset, changed by the settings of the command line.

        Raises the errors of `SamplerChanges.apply_to`.
        """
        return self.changes.apply_to(PRESETS[self.base_preset])

    @property
    def base_preset(self) -> Preset:
        """The given preset, otherwise the balanced one."""
        return self.preset or Preset.BALANCED


def _parse_parameter(field: SettingField, text: str) -> Any:
    with suppress(ValueError, RecursionError):
        return parse_setting(field, json.loads(text))
    with suppress(ValueError):
        return parse_setting(field, text)
    raise InvalidSetting(field.label, text, str(field.limits or f"such as {field.default}"))


def check_spread(spread_path: Path | None, settings: SamplerSettings) -> None:
    """Check that a run has at least two samples if a file of the spread is to be written.

    `spread_path` is None if no spread is written.

    Raises:
        InvalidSetting: If the run has fewer samples.
    """
    if spread_path is not None and settings.samples < 2:
        raise InvalidSetting("samples", settings.samples, "2 or more for a spread")
