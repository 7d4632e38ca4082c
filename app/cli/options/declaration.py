"""Commands whose options are declared by dataclasses.

A field of a dataclass of options declares one option, as in `seed: Annotated[int | None,
typer.Option(...)] = None`, or several: then its type is another dataclass of options, or its
annotation contains `SettingOptions`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from functools import wraps
from inspect import Parameter, Signature
from pathlib import Path
from typing import Annotated, Any, get_args, get_type_hints

import typer
from typer.models import ArgumentInfo

from app.cli.console import report_failures
from app.cli.local_paths import check_is_local
from ddrm_core.errors import InvalidSetting
from ddrm_core.setting_fields import SettingField, list_setting_fields

Changes = Mapping[str, Any]
"""Settings that were given on the command line, by field name."""


def parse_whole_numbers(
    name: str, text: str, *, count: int, max_digits: int, example: str
) -> tuple[int, ...]:
    """Return the integers in a comma-separated list.

    Args:
        name: Name of the option for the error.
        text: Value of the option.
        count: Required number of integers.
        max_digits: Largest number of digits of an integer.
        example: Example of a valid value for the error.

    Raises:
        InvalidSetting: If `text` is not a list of `count` such integers.
    """
    parts = text.split(",")
    if len(parts) != count or not all(
        part.isascii() and part.isdecimal() and len(part) <= max_digits for part in parts
    ):
        raise InvalidSetting(name, text, example)
    return tuple(map(int, parts))


@dataclass(frozen=True, slots=True)
class _OptionForm:
    """The properties of a command-line option that its setting does not determine.

    Attributes:
        name: Name of the option, empty for the name of the field.
        metavar: Placeholder of the value in the help, None for the type.
        shows_default: Whether the help contains the default value.
        parse: Function that converts the option's text to the setting, None for a plain value.
    """

    name: str = ""
    metavar: str | None = None
    shows_default: bool = True
    parse: Callable[[str], Any] | None = None


def _parse_grid(text: str) -> tuple[int, ...]:
    return parse_whole_numbers(
        "grid", text, count=2, max_digits=3, example="two numbers such as 3,5"
    )


_USUAL_FORM = _OptionForm()
_OPTION_FORMS = {
    "policy": _OptionForm("--metadata"),
    "same_levels": _OptionForm("--jpeg-same-levels"),
    "sharpness": _OptionForm(shows_default=False),
    "strength": _OptionForm(shows_default=False),
    "grid": _OptionForm(metavar="X,Y", parse=_parse_grid),
}


@dataclass(frozen=True, slots=True)
class SettingOptions:
    """A field annotation that declares one command-line option for each of several settings.

    Attributes:
        fields: The settings, in the order of the options.
        settings_class: Dataclass of the annotated field's value; None if the value is `Changes`,
            the settings that were given on the command line.
    """

    fields: tuple[SettingField, ...]
    settings_class: type | None = None

    def list_parameters(self) -> Iterator[Parameter]:
        """Yield one parameter of the command function for each option."""
        is_change = self.settings_class is None
        for field in self.fields:
            form = _OPTION_FORMS.get(field.name, _USUAL_FORM)
            declaration = form.name or "--" + field.name.replace("_", "-")
            if is_change and field.type is bool:
                declaration += declaration.replace("--", "/--no-", 1)
            value_type = field.type if form.parse is None else str | None
            option = typer.Option(
                declaration, help=field.help, metavar=form.metavar, show_default=form.shows_default
            )
            yield Parameter(
                field.name,
                Parameter.KEYWORD_ONLY,
                default=None if is_change else field.default,
                annotation=Annotated[value_type | None if is_change else value_type, option],
            )

    def build(self, values: Mapping[str, Any]) -> Any:
        """Return the value of the annotated field.

        The value is an instance of `settings_class` or, without a class, a mapping of the settings
        that were given.

        Args:
            values: Values of the options by the names of their settings.

        Raises:
            InvalidSetting: If a value is out of range.
        """
        settings = {}
        for field in self.fields:
            value = values[field.name]
            parse = _OPTION_FORMS.get(field.name, _USUAL_FORM).parse
            if value is not None and parse is not None:
                value = parse(value)
            field.check(value)
            settings[field.name] = value
        if self.settings_class is not None:
            return self.settings_class(**settings)
        return {name: value for name, value in settings.items() if value is not None}


def options_of(settings_class: type, *names: str) -> SettingOptions:
    """Return an annotation that declares one option for each named field of a dataclass.

    The value of the annotated field is an instance of `settings_class` with defaults for all other
    fields.
    """
    return SettingOptions(_find_fields(settings_class, names), settings_class)


def changes_of(settings_class: type, *names: str) -> SettingOptions:
    """Return an annotation that declares one option for each named field of a dataclass.

    The value of the annotated field is `Changes`: only the settings that were given on the command
    line, by name.
    """
    return SettingOptions(_find_fields(settings_class, names))


def _find_fields(settings_class: type, names: Sequence[str]) -> tuple[SettingField, ...]:
    declared = {field.name: field for field in list_setting_fields(settings_class)}
    return tuple(declared[name] for name in names)


def create_command(run: Callable[[Any], None]) -> Callable[..., None]:
    """Return a command function whose parameters are the fields of a dataclass of options.

    The command builds an instance of the dataclass and calls `run` with the instance.

    Args:
        run: Function of one argument, a dataclass of options. The command has the name and the
            docstring of `run`.
    """
    (options_class,) = (hint for name, hint in get_type_hints(run).items() if name != "return")

    @wraps(run)
    def command(**values: Any) -> None:
        with report_failures():
            run(_build_options(options_class, values))

    vars(command)["__signature__"] = Signature(list(_list_parameters(options_class)))
    command.__annotations__ = {}
    return command


def _list_parameters(options_class: type) -> Iterator[Parameter]:
    for field, hint, setting_options in _list_option_fields(options_class):
        if setting_options is not None:
            yield from setting_options.list_parameters()
        elif isinstance(hint, type) and is_dataclass(hint):
            yield from _list_parameters(hint)
        else:
            default = Parameter.empty if field.default is MISSING else field.default
            yield Parameter(field.name, Parameter.KEYWORD_ONLY, default=default, annotation=hint)


def _build_options(options_class: type, values: Mapping[str, Any]) -> Any:
    options = {}
    for field, hint, setting_options in _list_option_fields(options_class):
        if setting_options is not None:
            options[field.name] = setting_options.build(values)
        elif isinstance(hint, type) and is_dataclass(hint):
            options[field.name] = _build_options(hint, values)
        else:
            value = values[field.name]
            if isinstance(value, Path):
                check_is_local(_name_on_command_line(field, hint), value)
            options[field.name] = value
    return options_class(**options)


def _name_on_command_line(field: Field[Any], hint: Any) -> str:
    """Return the name of an argument or option for errors."""
    if any(isinstance(part, ArgumentInfo) for part in get_args(hint)):
        return field.name.upper()
    return f"--{field.name.replace('_', '-')}"


def _list_option_fields(
    options_class: type,
) -> Iterator[tuple[Field[Any], Any, SettingOptions | None]]:
    """Yield each field of a dataclass of options, its type, and its `SettingOptions`.

    The third value is None for a field without `SettingOptions` in its annotation.
    """
    hints = get_type_hints(options_class, include_extras=True)
    for field in fields(options_class):
        groups = [g for g in get_args(hints[field.name]) if isinstance(g, SettingOptions)]
        yield field, hints[field.name], groups[0] if groups else None
