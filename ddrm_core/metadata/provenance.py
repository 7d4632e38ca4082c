"""How a result was made: enough to judge it, and to make it again."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Any

_LONGEST = 200  # characters of a text
_LARGEST_SIDE = 65_535  # pixels: T.81 clause B.2.2
_MOST_OFFSET = 31  # pixels: blocks of 8, of planes sampled up to 4 times less


@dataclass(frozen=True, slots=True)
class RunRecord:
    """What is said of every result, whatever was restored.

    Attributes:
        program: Its name.
        version: Of the program.
        prior: Its name.
        prior_sha256: Of its file: 64 hexadecimal digits in lower case.
        steps: Per sample, 1 to 1000.
        samples: How many were averaged, 1 to 1000.
        start: The timestep at which sampling began, 1 to 999; also where it followed the file.
        correction: "bins" or "paper".
        eta: Share of new noise per step, 0 to 1.
        eta_b: Share of the correction in "paper", 0 to 1.
        antithetic: Whether samples came in pairs.
        error_factor: On the expected error of an estimate, 0.01 to 100.
        spacing: Of noise levels: "uniform" or "geometric".
        end_factor: The last one's multiple of the file's expected error, 0.01 to 100.
        temperature: Of new noise, 0 to 1.
        momentum: Of estimates, 0 to 1.
        turned_views: Whether the prior saw every step in another position of a square.
        sharpness: Of the picture between the mean of the samples (0) and one of them (1).
        sample: Which one, 1 to 1000; says nothing with a sharpness of 0.
        complete: False where the run was stopped, and an estimate of it kept.
        seed: 0 to 2**63 - 1.
        device: E.g. "cuda:0".
        precision: Of the arithmetic, e.g. "float32".
        inside: Share of the result's levels in the file's bins, 0 to 1.
        exact: Share of them that are equal, 0 to 1.
        baked_orientation: Which turn was applied to the pixels, 1 to 8; 1 is none.
    """

    program: str
    version: str
    prior: str
    prior_sha256: str
    steps: int
    samples: int
    start: int
    correction: str
    eta: float
    eta_b: float
    antithetic: bool
    error_factor: float
    spacing: str
    end_factor: float
    temperature: float
    momentum: float
    turned_views: bool
    sharpness: float
    sample: int
    complete: bool
    seed: int
    device: str
    precision: str
    inside: float
    exact: float
    baked_orientation: int


@dataclass(frozen=True, slots=True)
class Record(RunRecord):
    """The provenance of a restored JPEG.

    Attributes:
        quality: Of the tables in force, 1 to 100; None where they are not libjpeg's.
        quality_source: Where these come from: "tables", "assumed" or "estimated".
        grid: Pixels by which the first blocks begin (left of, above) the picture, 0 to 31.
        sampling: Of the chroma, e.g. "4:2:0".
        region: (left, top, width, height) in pixels where only that much is in the result.
    """

    quality: int | None
    quality_source: str
    grid: tuple[int, int]
    sampling: str
    region: tuple[int, int, int, int] | None


@dataclass(frozen=True, slots=True)
class DequantizeRecord(RunRecord):
    """The provenance of pixels that got their lower bits back. It is written, and not read.

    Attributes:
        bits_per_channel: That the file had, 1 to 7.
        shown_as: What the run started from: "mid-bin" or "lower-edge".
    """

    bits_per_channel: int
    shown_as: str


def properties(record: RunRecord) -> dict[str, str]:
    """The record as texts by attribute; what is None is left out."""
    named = ((field.name, getattr(record, field.name)) for field in fields(record))
    return {name: _text(value) for name, value in named if value is not None}


def record_from(texts: Mapping[str, str]) -> Record | None:
    """The inverse of `properties`; None where something is missing or out of its range.

    Other properties than a record's are passed over: a later version may write more.
    """
    values = {name: reader(texts[name]) for name, reader in _READERS.items() if name in texts}
    if not _READERS.keys() - _IF_MISSING.keys() <= values.keys() or None in values.values():
        return None
    return Record(**(dict(_IF_MISSING) | values))


def _text(value: object) -> str:
    if isinstance(value, tuple):
        return " ".join(str(number) for number in value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _words(text: str) -> str | None:
    return text if text.isprintable() and len(text) <= _LONGEST else None


def _one_of(*choices: str) -> Callable[[str], str | None]:
    return lambda text: text if text in choices else None


def _digest(text: str) -> str | None:
    return text if re.fullmatch("[0-9a-f]{64}", text) else None


def _truth(text: str) -> bool | None:
    return {"true": True, "false": False}.get(text)


def _whole(low: int, high: int) -> Callable[[str], int | None]:
    def read(text: str) -> int | None:
        value = int(text) if re.fullmatch("[0-9]{1,19}", text) else -1
        return value if low <= value <= high else None

    return read


def _real(low: float, high: float) -> Callable[[str], float | None]:
    def read(text: str) -> float | None:
        plain = re.fullmatch(r"[0-9]{1,20}(\.[0-9]{1,20})?(e[+-]?[0-9]{1,3})?", text)
        value = float(text) if plain else math.nan
        return value if low <= value <= high else None

    return read


def _wholes(*ranges: tuple[int, int]) -> Callable[[str], tuple[int, ...] | None]:
    def read(text: str) -> tuple[int, ...] | None:
        parts = text.split(" ")
        if len(parts) != len(ranges):
            return None
        values = [_whole(*limits)(part) for limits, part in zip(ranges, parts, strict=True)]
        numbers = tuple(value for value in values if value is not None)
        return numbers if len(numbers) == len(ranges) else None

    return read


# Each gives a value of the attribute's type, or None.
_READERS: Mapping[str, Callable[[str], Any]] = MappingProxyType(
    {
        "program": _words,
        "version": _words,
        "prior": _words,
        "prior_sha256": _digest,
        "steps": _whole(1, 1000),
        "samples": _whole(1, 1000),
        "start": _whole(1, 999),
        "correction": _one_of("bins", "paper"),
        "eta": _real(0.0, 1.0),
        "eta_b": _real(0.0, 1.0),
        "antithetic": _truth,
        "error_factor": _real(0.01, 100.0),
        "spacing": _one_of("uniform", "geometric"),
        "end_factor": _real(0.01, 100.0),
        "temperature": _real(0.0, 1.0),
        "momentum": _real(0.0, 1.0),
        "turned_views": _truth,
        "sharpness": _real(0.0, 1.0),
        "sample": _whole(1, 1000),
        "complete": _truth,
        "seed": _whole(0, 2**63 - 1),
        "quality": _whole(1, 100),
        "quality_source": _one_of("tables", "assumed", "estimated"),
        "grid": _wholes((0, _MOST_OFFSET), (0, _MOST_OFFSET)),
        "sampling": _words,
        "device": _words,
        "precision": _words,
        "inside": _real(0.0, 1.0),
        "exact": _real(0.0, 1.0),
        "baked_orientation": _whole(1, 8),
        "region": _wholes(*[(0, _LARGEST_SIDE)] * 2, *[(1, _LARGEST_SIDE)] * 2),
    }
)
# What is not said: nothing to say, or a version that knew no other way.
_IF_MISSING: Mapping[str, Any] = MappingProxyType(
    {
        "quality": None,
        "region": None,
        "spacing": "uniform",
        "end_factor": 0.7,
        "temperature": 1.0,
        "momentum": 0.0,
        "turned_views": False,
        "sharpness": 0.0,
        "sample": 1,
        "complete": True,
    }
)
