"""Sampler settings as plain values for presets, batch file, run records, hashes and reports.

The format is that of 0.1.0: one flat mapping with the parameters of both built-in corrections.
Newer settings are written only if they differ from their defaults, so that hashes of old settings
do not change. The parameters of any other correction are written only if that correction is chosen:
the parameters as "correction_parameters", and the correction's origin as "correction_origin".
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, replace
from types import MappingProxyType
from typing import Any

from ddrm_core.errors import InvalidSetting
from ddrm_core.sampler.corrections.bins import BinsParameters
from ddrm_core.sampler.corrections.paper import PaperParameters
from ddrm_core.sampler.corrections.parameters import CorrectionParameters, StoredParameters
from ddrm_core.sampler.corrections.registry import CORRECTIONS
from ddrm_core.sampler.settings import SamplerSettings
from ddrm_core.setting_fields import (
    InvalidSettingType,
    SettingField,
    UnexpectedSettings,
    is_finite_number,
    list_setting_fields,
    parse_setting,
    parse_settings,
)

PARAMETERS_KEY, ORIGIN_KEY = "correction_parameters", "correction_origin"
_MAX_TEXT_LENGTH = 200  # characters of a parameter's name or value, or of an origin
_FLAT_CORRECTIONS: tuple[type[CorrectionParameters], ...] = (BinsParameters, PaperParameters)
_FLAT_CORRECTION_NAMES = frozenset(correction.name for correction in _FLAT_CORRECTIONS)
NAMES_IN_0_1_0 = (
    "steps",
    "samples",
    "start",
    "correction",
    "eta",
    "eta_b",
    "antithetic",
    "start_factor",
    "end_factor",
    "spacing",
    "temperature",
    "momentum",
    "turned_views",
    "error_factor",
)
_SETTINGS_CLASSES: tuple[type, ...] = (SamplerSettings, *_FLAT_CORRECTIONS)
FLAT_FIELDS: Mapping[str, SettingField] = MappingProxyType(
    {
        field.name: field
        for settings_class in _SETTINGS_CLASSES
        for field in list_setting_fields(settings_class)
        if field.name != PARAMETERS_KEY
    }
)
"""The settings in the flat mapping, by name."""


def settings_to_values(settings: SamplerSettings) -> dict[str, Any]:
    """Convert sampler settings to values by name, for storage as JSON."""
    sources: tuple[Any, ...] = (
        settings,
        *(settings.parameters_of(c.name) for c in _FLAT_CORRECTIONS),
    )
    values = {
        field.name: getattr(source, field.name)
        for source in sources
        for field in list_setting_fields(type(source))
        if field.name in FLAT_FIELDS
    }
    newer_values = {
        name: value
        for name, value in values.items()
        if name not in NAMES_IN_0_1_0 and value != FLAT_FIELDS[name].default
    }
    flat_values = {name: values[name] for name in NAMES_IN_0_1_0} | newer_values
    return flat_values | _chosen_parameters_to_values(settings)


def settings_from_values(values: Mapping[str, Any]) -> SamplerSettings:
    """Convert the values of `settings_to_values` back to settings, without loading a plug-in.

    Raises:
        UnexpectedSettings: If a setting that version 0.1.0 stored is missing, or a name is unknown.
        InvalidSettingType: If a value is of another type than its setting.
        ValueError: If a choice is unknown, or the correction is unknown and has no origin.
        InvalidSetting: If a number is outside its limits.
    """
    required_names = set(NAMES_IN_0_1_0)
    if not required_names <= values.keys() <= {*FLAT_FIELDS, PARAMETERS_KEY, ORIGIN_KEY}:
        raise UnexpectedSettings(*sorted(required_names ^ values.keys()))
    flat_values = {
        name: parse_setting(field, values[name])
        for name, field in FLAT_FIELDS.items()
        if name in values
    }
    parameters: list[CorrectionParameters | StoredParameters] = [
        correction(**{f.name: flat_values.pop(f.name) for f in list_setting_fields(correction)})
        for correction in _FLAT_CORRECTIONS
    ]
    name = flat_values["correction"]
    if name not in _FLAT_CORRECTION_NAMES:
        origin = values.get(ORIGIN_KEY)
        parameters.append(_parse_chosen_parameters(name, values.get(PARAMETERS_KEY, {}), origin))
    return SamplerSettings(**flat_values, correction_parameters=tuple(parameters))


def change_settings(settings: SamplerSettings, changes: Mapping[str, Any]) -> SamplerSettings:
    """Return settings in which some values are changed.

    Args:
        settings: Sampler settings.
        changes: New values by name in `FLAT_FIELDS`, which also names parameters of the built-in
            corrections.
    """
    changes = dict(changes)
    for correction in _FLAT_CORRECTIONS:
        names = [field.name for field in list_setting_fields(correction) if field.name in changes]
        parameters = settings.parameters_of(correction.name)
        parameters = replace(parameters, **{name: changes.pop(name) for name in names})
        settings = settings.with_parameters(parameters)
    return replace(settings, **changes)


def _chosen_parameters_to_values(settings: SamplerSettings) -> dict[str, Any]:
    name = settings.correction
    if name in _FLAT_CORRECTION_NAMES:
        return {}
    entry = next((p for p in settings.correction_parameters if p.name == name), None)
    if isinstance(entry, StoredParameters):
        return {PARAMETERS_KEY: dict(entry.values), ORIGIN_KEY: entry.origin}
    parameters, origin = asdict(settings.parameters_of(name)), CORRECTIONS.format_origin(name)
    return {PARAMETERS_KEY: parameters} | ({} if origin is None else {ORIGIN_KEY: origin})


def _parse_chosen_parameters(
    name: str, values: Any, origin: Any
) -> CorrectionParameters | StoredParameters:
    """Parse stored parameters of the chosen correction.

    Return `StoredParameters` if the correction is not loaded, or if another version of the
    correction has stored the values. Raise InvalidSettingType if a value is neither a boolean nor a
    number nor a short text, ValueError if the correction is neither loaded nor has an origin.

    Args:
        name: Name of the correction.
        values: Stored values by name of the parameter.
        origin: Package or script of the correction, None if not stored.
    """
    if not isinstance(values, dict) or not all(map(_is_plain, (*values, *values.values()))):
        raise InvalidSettingType(PARAMETERS_KEY)
    if name in CORRECTIONS.names():
        # Parameters of another version are kept as stored; using them raises UnusablePlugin.
        with suppress(ValueError, InvalidSetting):
            return parse_settings(type(CORRECTIONS.get(name)), values)
    if not _is_plain(name) or not isinstance(origin, str) or not _is_plain(origin):
        raise ValueError(f"no correction is called {name!r}")
    return StoredParameters(name, origin, tuple(values.items()))


def _is_plain(value: Any) -> bool:
    """Return whether a value is a boolean, a finite number or a short printable text."""
    if isinstance(value, str):
        return value.isprintable() and len(value) <= _MAX_TEXT_LENGTH
    return isinstance(value, bool) or is_finite_number(value)
