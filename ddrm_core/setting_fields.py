"""Declared fields of settings dataclasses, with their limits, help and labels.

Each setting is declared once, as in `steps: Annotated[int, Limits(1, 1000), Help("...")]`. The
command line, forms and readers of stored settings use name, type, default, limits, help and label
of the declaration.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import cache
from types import NoneType
from typing import Annotated, Any, TypeVar, cast, get_args, get_origin, get_type_hints

from ddrm_core.allowed_values import describe_range
from ddrm_core.errors import InvalidSetting

_SettingsT = TypeVar("_SettingsT")


class UnexpectedSettings(ValueError):
    """The error that stored settings lack a required name or have an unknown name."""


class InvalidSettingType(ValueError):
    """The error that a stored value has another type than its setting."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The range of a numeric setting, both ends included."""

    low: int | float
    high: int | float

    def __str__(self) -> str:
        return str(describe_range(self.low, self.high))


@dataclass(frozen=True, slots=True)
class Help:
    """The help of a setting: one English sentence, which the command line prints."""

    text: str


@dataclass(frozen=True, slots=True)
class Label:
    """The English name of a setting in messages, if it differs from the field's name."""

    text: str


@dataclass(frozen=True, slots=True)
class SettingField:
    """The declaration of one setting.

    Attributes:
        name: Name of the dataclass field.
        type: Type of the values, without `Annotated`; `int | None` for an optional number.
        default: Default value, `dataclasses.MISSING` for a required setting.
        limits: Range of the values, None for an unlimited setting.
        help: English sentence about the setting, empty if the declaration has no help.
        label: English name of the setting in messages: the declared label, otherwise the field's
            name with spaces instead of underscores.
    """

    name: str
    type: Any
    default: Any
    limits: Limits | None
    help: str
    label: str

    def check(self, value: Any) -> None:
        """Raise InvalidSetting if a value is outside the limits; None is inside all limits."""
        if self.limits is None or value is None:
            return
        if not self.limits.low <= value <= self.limits.high:
            allowed = describe_range(self.limits.low, self.limits.high)
            raise InvalidSetting(self.label, value, allowed)


def list_setting_fields(settings_class: type) -> tuple[SettingField, ...]:
    """Return the declarations of all settings in a dataclass, in the order of its fields."""
    # The cast is for mypy, which takes type[Any] for unhashable.
    return _read_setting_fields(cast(Any, settings_class))


@cache  # the limits are checked each time settings are created
def _read_setting_fields(settings_class: type) -> tuple[SettingField, ...]:
    hints = get_type_hints(settings_class, include_extras=True)
    return tuple(
        _create_setting_field(field.name, hints[field.name], field.default)
        for field in fields(settings_class)
    )


def _create_setting_field(name: str, hint: Any, default: Any) -> SettingField:
    value_type, *annotations = get_args(hint) if get_origin(hint) is Annotated else (hint,)
    return SettingField(
        name,
        value_type,
        default,
        next((a for a in annotations if isinstance(a, Limits)), None),
        next((a.text for a in annotations if isinstance(a, Help)), ""),
        next((a.text for a in annotations if isinstance(a, Label)), name.replace("_", " ")),
    )


def check_limits(settings: Any) -> None:
    """Raise InvalidSetting if a value of a settings dataclass is outside its declared limits.

    None, which leaves the value to the program, is inside all limits.
    """
    for field in list_setting_fields(type(settings)):
        field.check(getattr(settings, field.name))


def is_finite_number(value: Any) -> bool:
    """Return whether a value is a finite float or an int in a float's range, but not a bool."""
    return type(value) in (int, float) and abs(value) <= sys.float_info.max


def parse_setting(field: SettingField, value: Any) -> Any:
    """Convert a value that was read from a file, such as JSON, to the type of a setting.

    Raises:
        InvalidSettingType: If the value is of another type or not finite.
        ValueError: If a text is none of the setting's choices.
    """
    if value is None and NoneType in get_args(field.type):
        return None
    value_type = next(t for t in (*get_args(field.type), field.type) if t is not NoneType)
    if issubclass(value_type, StrEnum) and isinstance(value, str):
        return value_type(value)
    if value_type is float and is_finite_number(value):
        return float(value)
    if value_type is type(value) and value_type in (bool, int, str):
        return value
    raise InvalidSettingType(field.name)


def parse_settings(settings_class: type[_SettingsT], values: Mapping[str, Any]) -> _SettingsT:
    """Create a settings dataclass from values by name that were read from a file.

    Missing values have their defaults.

    Raises:
        UnexpectedSettings: If a name is unknown.
        InvalidSettingType, ValueError: See `parse_setting`.
        InvalidSetting: If a number is outside its limits.
    """
    setting_fields = {field.name: field for field in list_setting_fields(settings_class)}
    if not values.keys() <= setting_fields.keys():
        raise UnexpectedSettings(*sorted(values.keys() - setting_fields.keys()))
    return settings_class(
        **{name: parse_setting(setting_fields[name], value) for name, value in values.items()}
    )
