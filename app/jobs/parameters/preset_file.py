"""The presets that the user has saved, in a file."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import Any

from app.i18n.translation import mark
from ddrm_core.errors import BadPresets, InvalidSetting, UnreadableFile, UnwritableOutput
from ddrm_core.files.atomic_write import write_atomically
from ddrm_core.sampler.settings import CorrectionKind, Preset, SamplerSettings, Spacing

FILE_NAME = "presets.json"
MOST_PRESETS, LONGEST_NAME = 100, 40
_FORMAT = 1
_MOST_BYTES = 1 << 20
_KINDS: Mapping[str, type[StrEnum]] = {"correction": CorrectionKind, "spacing": Spacing}
_WHOLE, _MAYBE_WHOLE, _TRUTH = ("steps", "samples"), ("start",), ("antithetic", "turned_views")


@dataclass(frozen=True, slots=True)
class UserPreset:
    """Settings under a name.

    Attributes:
        name: 1 to 40 printable characters, no built-in preset's.
        settings: Of the sampler.
    """

    name: str
    settings: SamplerSettings


class _Unusable(ValueError):
    """What is wrong with it."""


def usable_name(name: str) -> bool:
    """Whether a preset may be called so."""
    return (
        name == name.strip()
        and 1 <= len(name) <= LONGEST_NAME
        and name.isprintable()
        and name.casefold() not in [str(preset) for preset in Preset]
    )


def load_presets(path: Path) -> tuple[UserPreset, ...]:
    """Those in the file, none where there is no file.

    Raises:
        BadPresets: It is not what `save_presets` writes, or of another version.
        UnreadableFile: The system refused.
    """
    try:
        if not path.exists():
            return ()
        if path.stat().st_size > _MOST_BYTES:
            raise BadPresets(path, mark("it is too long"))
        text = path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise BadPresets(path, mark("it is not text")) from error
    except OSError as error:
        raise UnreadableFile(path, error.strerror or str(error)) from error
    try:
        return _presets_in(json.loads(text))
    # Hostile files can be too deeply nested for the parser, too.
    except (ValueError, TypeError, KeyError, RecursionError, InvalidSetting) as error:
        raise BadPresets(path, _problem(error)) from error


def save_presets(path: Path, presets: Sequence[UserPreset]) -> None:
    """Write all of them in place of those that were there.

    Raises:
        UnwritableOutput: The system refused; the former ones are still there.
    """
    content = {
        "format": _FORMAT,
        "presets": [{"name": p.name, "settings": asdict(p.settings)} for p in presets],
    }
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnwritableOutput.after(path, error) from error
    write_atomically(path, json.dumps(content, indent=2, ensure_ascii=False).encode())


def _presets_in(content: Any) -> tuple[UserPreset, ...]:
    if content["format"] != _FORMAT:
        raise _Unusable(mark("it is of another version of the program"))
    found = content["presets"]
    if not isinstance(found, list) or len(found) > MOST_PRESETS:
        raise _Unusable(mark("it has too many presets, or none"))
    presets = tuple(UserPreset(_name(p["name"]), _settings(p["settings"])) for p in found)
    if len({p.name.casefold() for p in presets}) != len(presets):
        raise _Unusable(mark("two presets have the same name"))
    return presets


def _name(name: Any) -> str:
    if not isinstance(name, str) or not usable_name(name):
        raise _Unusable(mark("a preset has no usable name"))
    return name


def _settings(values: Any) -> SamplerSettings:
    names = {field.name for field in fields(SamplerSettings)}
    if not isinstance(values, dict) or values.keys() != names:
        raise _Unusable(mark("a preset has other settings than this version"))
    return SamplerSettings(**{name: _value(name, value) for name, value in values.items()})


def _value(name: str, value: Any) -> Any:
    if name in _KINDS and isinstance(value, str):
        return _KINDS[name](value)
    if name in _MAYBE_WHOLE and value is None:
        return None
    whole = isinstance(value, int) and not isinstance(value, bool)
    if name in (*_WHOLE, *_MAYBE_WHOLE) and whole:
        return value
    if name in _TRUTH and isinstance(value, bool):
        return value
    real = name not in (*_WHOLE, *_MAYBE_WHOLE, *_TRUTH, *_KINDS)
    if real and (whole or isinstance(value, float)) and math.isfinite(value):
        return float(value)
    raise _Unusable(mark("a setting has a value of another kind"))


def _problem(error: Exception) -> str:
    match error:
        case _Unusable(args=(str() as problem,)):
            return problem
        case json.JSONDecodeError():
            return mark("it is not JSON")
        case InvalidSetting():
            return mark("a setting is out of its range")
        case _:
            return mark("it does not hold presets")
