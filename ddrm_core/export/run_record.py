"""The run record: how a result was made, enough to judge it and to repeat the run."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any, get_args

from ddrm_core.errors import InvalidSetting
from ddrm_core.sampler.serialization import (
    FLAT_FIELDS,
    NAMES_IN_0_1_0,
    ORIGIN_KEY,
    PARAMETERS_KEY,
    settings_from_values,
    settings_to_values,
)
from ddrm_core.sampler.settings import SamplerSettings
from ddrm_core.setting_fields import Limits, SettingField

_MAX_TEXT_LENGTH = 200  # characters
_UNRECORDED_SETTING = "start_factor"  # the timestep that follows from it is recorded
_MAX_SIDE_PX = 65_535  # T.81 clause B.2.2
_MAX_GRID_OFFSET = 31  # blocks of 8 samples, in planes downsampled by up to 4


@dataclass(frozen=True, slots=True)
class RunRecord:
    """The part of a run record that is common to all inverse problems.

    Attributes:
        program: Name of the program.
        version: Version of the program.
        prior: Name of the prior.
        prior_sha256: SHA-256 of the prior's file, 64 hexadecimal digits in lower case.
        sampler: Settings of the sampler. Their start is the timestep at which sampling began, even
            if it was chosen from the file; their start factor is not recorded.
        correction_origin: Package or script of a correction that is not built in, as
            `PluginRegistry.format_origin` writes it.
        architecture_origin: Package or script of an architecture that is not built in, in the same
            notation.
        sharpness: Position of the result between the mean of the samples (0) and one sample (1).
        sample: Number of the sample towards which `sharpness` is measured, 1 to 1000; without
            meaning at a sharpness of 0.
        complete: Whether the run was completed; False if it was stopped and an estimate was kept.
        seed: Seed of the run, 0 to 2**63 - 1.
        device: Device, e.g. "cuda:0".
        precision: Precision of the arithmetic, e.g. "float32".
        inside: Share of the result's coefficients in the file's bins, 0 to 1.
        exact: Share of the result's levels that equal the file's, 0 to 1.
        baked_orientation: Orientation that was applied to the pixels, 1 to 8; 1 for none.
        strength: Position of the result between the projected decoded image (0) and the image at
            `sharpness` (1).
        kept_areas: Areas with the strength 0, (left, top, width, height) in pixels of the stored
            image; None without any.
    """

    program: str
    version: str
    prior: str
    prior_sha256: str
    sampler: SamplerSettings
    correction_origin: str | None
    architecture_origin: str | None
    sharpness: float
    sample: int
    complete: bool
    seed: int
    device: str
    precision: str
    inside: float
    exact: float
    baked_orientation: int
    strength: float = field(default=1.0, kw_only=True)
    kept_areas: tuple[tuple[int, int, int, int], ...] | None = field(default=None, kw_only=True)


@dataclass(frozen=True, slots=True)
class JpegRunRecord(RunRecord):
    """The run record of a restored JPEG.

    Attributes:
        quality: Quality factor of the quantization tables, 1 to 100; None for custom tables.
        quality_source: Origin of the quantization tables: "tables", "assumed" or "estimated".
        grid: Number of pixels by which the first blocks begin left of and above the image, 0 to 31.
        sampling: Chroma sampling, e.g. "4:2:0".
        region: Region in the result, (left, top, width, height) in pixels; None for the whole
            image.
    """

    quality: int | None
    quality_source: str
    grid: tuple[int, int]
    sampling: str
    region: tuple[int, int, int, int] | None


@dataclass(frozen=True, slots=True)
class DequantizeRecord(RunRecord):
    """The run record of a bit depth problem. Such a record is written, but never read.

    Attributes:
        bits_per_channel: Number of bits per channel in the file, 1 to 7.
        shown_as: Gray level of a bin from which the run started: "mid-bin" or "lower-edge".
    """

    bits_per_channel: int
    shown_as: str


def run_record_to_properties(record: RunRecord) -> dict[str, str]:
    """Convert a run record to texts by property name; attributes that are None are left out."""
    properties: dict[str, str] = {}
    for attribute in fields(record):
        value = getattr(record, attribute.name)
        if attribute.name == "sampler":
            properties |= _format_sampler_settings(value)
        elif value is not None:
            properties[attribute.name] = _format_property(value)
    return properties


def parse_run_record(texts: Mapping[str, str]) -> JpegRunRecord | None:
    """Parse properties as a run record, the inverse of `run_record_to_properties`.

    Return None for a missing or invalid property. Unknown properties are ignored, because a later
    version may write more.
    """
    values = {
        name: parse(texts[name]) for name, parse in _PROPERTY_PARSERS.items() if name in texts
    }
    if (
        not _PROPERTY_PARSERS.keys() - _PROPERTY_DEFAULTS.keys() <= values.keys()
        or None in values.values()
    ):
        return None
    values = {**_PROPERTY_DEFAULTS, **values}
    sampler_values = {name: values.pop(name) for name in (*FLAT_FIELDS, PARAMETERS_KEY)}
    try:
        sampler = settings_from_values(sampler_values | {ORIGIN_KEY: values[ORIGIN_KEY]})
    except (ValueError, InvalidSetting):
        return None
    return JpegRunRecord(sampler=sampler, **values)


def _format_sampler_settings(settings: SamplerSettings) -> dict[str, str]:
    values = settings_to_values(settings)
    parameters = values.pop(PARAMETERS_KEY, None)
    texts = {
        name: _format_property(float(values[name]) if field.type is float else values[name])
        for name, field in FLAT_FIELDS.items()
        if name in values and name != _UNRECORDED_SETTING
    }
    return texts if parameters is None else texts | {PARAMETERS_KEY: json.dumps(parameters)}


def _format_property(value: object) -> str:
    if isinstance(value, tuple):
        return " ".join(
            ",".join(map(str, item)) if isinstance(item, tuple) else str(item) for item in value
        )
    return str(value).lower() if isinstance(value, bool) else str(value)


def _parse_printable_text(text: str) -> str | None:
    return text if text.isprintable() and len(text) <= _MAX_TEXT_LENGTH else None


def _parse_json_object(text: str) -> dict[str, Any] | None:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None


def _setting_parser(field: SettingField) -> Callable[[str], Any]:
    limits = field.limits or Limits(-math.inf, math.inf)
    if field.type is bool:
        return _parse_bool
    if field.type is float:
        return _float_parser(float(limits.low), float(limits.high))
    if int in (field.type, *get_args(field.type)):
        return _integer_parser(int(limits.low), int(limits.high))
    return _parse_printable_text


def _choice_parser(*choices: str) -> Callable[[str], str | None]:
    return lambda text: text if text in choices else None


def _parse_sha256(text: str) -> str | None:
    return text if re.fullmatch("[0-9a-f]{64}", text) else None


def _parse_bool(text: str) -> bool | None:
    return {"true": True, "false": False}.get(text)


def _integer_parser(low: int, high: int) -> Callable[[str], int | None]:
    def parse(text: str) -> int | None:
        value = int(text) if re.fullmatch("[0-9]{1,19}", text) else -1
        return value if low <= value <= high else None

    return parse


def _float_parser(low: float, high: float) -> Callable[[str], float | None]:
    sign = "-?" if low < 0 else ""

    def parse(text: str) -> float | None:
        is_decimal = re.fullmatch(
            rf"{sign}[0-9]{{1,20}}(\.[0-9]{{1,20}})?(e[+-]?[0-9]{{1,3}})?", text
        )
        value = float(text) if is_decimal else math.nan
        return value if low <= value <= high else None

    return parse


def _integer_tuple_parser(*ranges: tuple[int, int]) -> Callable[[str], tuple[int, ...] | None]:
    def parse(text: str) -> tuple[int, ...] | None:
        parts = text.split(" ")
        if len(parts) != len(ranges):
            return None
        values = [
            _integer_parser(*limits)(part) for limits, part in zip(ranges, parts, strict=True)
        ]
        numbers = tuple(value for value in values if value is not None)
        return numbers if len(numbers) == len(ranges) else None

    return parse


_RECTANGLE_LIMITS = [(0, _MAX_SIDE_PX)] * 2 + [(1, _MAX_SIDE_PX)] * 2
_parse_rectangle = _integer_tuple_parser(*_RECTANGLE_LIMITS)


def _parse_kept_areas(text: str) -> tuple[tuple[int, ...], ...] | None:
    """Parse areas such as "0,16,32,32 64,0,8,8"; return None for an invalid area."""
    areas = [_parse_rectangle(part.replace(",", " ")) for part in text.split(" ")]
    valid_areas = tuple(area for area in areas if area is not None)
    return valid_areas if len(valid_areas) == len(areas) else None


# Each parser returns a value of the attribute's type, or None.
_PROPERTY_PARSERS: Mapping[str, Callable[[str], Any]] = MappingProxyType(
    {
        "program": _parse_printable_text,
        "version": _parse_printable_text,
        "prior": _parse_printable_text,
        "prior_sha256": _parse_sha256,
        **{
            name: _setting_parser(field)
            for name, field in FLAT_FIELDS.items()
            if name != _UNRECORDED_SETTING
        },
        PARAMETERS_KEY: _parse_json_object,
        ORIGIN_KEY: _parse_printable_text,
        "architecture_origin": _parse_printable_text,
        "sharpness": _float_parser(0.0, 1.0),
        "sample": _integer_parser(1, 1000),
        "strength": _float_parser(0.0, 1.0),
        "kept_areas": _parse_kept_areas,
        "complete": _parse_bool,
        "seed": _integer_parser(0, 2**63 - 1),
        "quality": _integer_parser(1, 100),
        "quality_source": _choice_parser("tables", "assumed", "estimated"),
        "grid": _integer_tuple_parser((0, _MAX_GRID_OFFSET), (0, _MAX_GRID_OFFSET)),
        "sampling": _parse_printable_text,
        "device": _parse_printable_text,
        "precision": _parse_printable_text,
        "inside": _float_parser(0.0, 1.0),
        "exact": _float_parser(0.0, 1.0),
        "baked_orientation": _integer_parser(1, 8),
        "region": _parse_rectangle,
    }
)
# Values of missing properties: an absent fact, or the only behavior of an older version.
_PROPERTY_DEFAULTS: Mapping[str, Any] = MappingProxyType(
    {
        **{
            name: field.default
            for name, field in FLAT_FIELDS.items()
            if name not in NAMES_IN_0_1_0 or name == _UNRECORDED_SETTING
        },
        PARAMETERS_KEY: {},
        ORIGIN_KEY: None,
        "architecture_origin": None,
        "quality": None,
        "region": None,
        "spacing": "uniform",
        "end_factor": 0.7,
        "temperature": 1.0,
        "momentum": 0.0,
        "turned_views": False,
        "sharpness": 0.0,
        "sample": 1,
        "strength": 1.0,
        "kept_areas": None,
        "complete": True,
    }
)
