"""The fields of a dataclass of settings, with the limits and the help of each.

A field of settings is declared once, `steps: Annotated[int, Limits(1, 1000), Help("...")]`. The
command line, forms and readers of stored settings take name, type, default, limits, help and label
from the declaration.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from types import NoneType
from typing import Annotated, Any, TypeVar, get_args, get_origin, get_type_hints

from ddrm_core.allowed_values import describe_range
from ddrm_core.errors import InvalidSetting

_SettingsT = TypeVar("_SettingsT")


class UnexpectedSettings(ValueError):
    """Stored settings lack a name, or have one that is no setting's."""


class InvalidSettingType(ValueError):
    """A stored value has another type than its setting."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The range of a number, both ends included."""

    low: int | float
    high: int | float

    def __str__(self) -> str:
        return str(describe_range(self.low, self.high))


@dataclass(frozen=True, slots=True)
class Help:
    """One English sentence about a setting, as the command line prints it."""

    text: str


@dataclass(frozen=True, slots=True)
class Label:
    """The English words for a setting in messages, where the field's name does not give them."""

    text: str


@dataclass(frozen=True, slots=True)
class SettingField:
    """The declaration of one setting.

    Attributes:
        name: Name of the dataclass field.
        type: Type of the values, without `Annotated`; `int | None` for an optional number.
        default: Default value, `dataclasses.MISSING` where a value is required.
        limits: Range of the values, None for an unlimited setting.
        help: English sentence about the setting, empty if the declaration has none.
        label: English words for the setting in messages: the declared ones, else the field's name
            with blanks.
    """

    name: str
    type: Any
    default: Any
    limits: Limits | None
    help: str
    label: str

    def check(self, value: Any) -> None:
        """Raise InvalidSetting for a value outside the limits; None is inside all limits."""
        if self.limits is None or value is None:
            return
        if not self.limits.low <= value <= self.limits.high:
            allowed = describe_range(self.limits.low, self.limits.high)
            raise InvalidSetting(self.label, value, allowed)


def list_setting_fields(settings_class: type) -> tuple[SettingField, ...]:
    """Return the declared settings of a dataclass, in the order of their declaration."""
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
    """Raise InvalidSetting for the first value of `settings` outside its declared limits.

    None stands for a setting that is left to the program and is inside all limits.
    """
    for field in list_setting_fields(type(settings)):
        field.check(getattr(settings, field.name))


def is_finite_number(value: Any) -> bool:
    """Return True for an int or a float that a float can hold; a bool is no number."""
    return type(value) in (int, float) and abs(value) <= sys.float_info.max


def parse_setting(field: SettingField, value: Any) -> Any:
    """Return a plain value, as JSON gives it, as a value of the setting's type.

    Raises:
        InvalidSettingType: The value is of another type, or not finite.
        ValueError: The text is none of the setting's choices.
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
    """Return settings made of plain values, with defaults for those that are left out.

    Raises:
        UnexpectedSettings: There is no setting of a name.
        InvalidSettingType, ValueError: See `parse_setting`.
        InvalidSetting: A number is outside its limits.
    """
    setting_fields = {field.name: field for field in list_setting_fields(settings_class)}
    if not values.keys() <= setting_fields.keys():
        raise UnexpectedSettings(*sorted(values.keys() - setting_fields.keys()))
    return settings_class(
        **{name: parse_setting(setting_fields[name], value) for name, value in values.items()}
    )
