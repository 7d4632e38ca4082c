"""Means over pictures, and how well so many pictures determine them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ddrm_core.evaluation.rows import METRICS, Row

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean over pictures.

    Attributes:
        value: The mean.
        half_width: Of its 95 % confidence interval, Student's: t(n - 1) times the standard error,
            as if pictures were drawn at random; None for one picture or an infinite mean.
        count: Of pictures.
    """

    value: float
    half_width: float | None
    count: int


@dataclass(frozen=True, slots=True)
class Summary:
    """One method at one quality factor.

    Attributes:
        quality: The quality factor.
        method: Its name.
        means: Per name in `rows.METRICS`; None where no picture has the number.
    """

    quality: int
    method: str
    means: dict[str, Mean | None]


def summaries(rows: Iterable[Row]) -> tuple[Summary, ...]:
    """One per quality factor, ascending, and method, in the order of their first rows."""
    groups: dict[tuple[int, str], list[Row]] = {}
    for row in rows:
        groups.setdefault((row.quality, row.method), []).append(row)
    order = sorted(groups, key=lambda place: place[0])
    return tuple(
        Summary(
            quality, method, {name: _mean_of(groups[quality, method], name) for name in METRICS}
        )
        for quality, method in order
    )


def _mean_of(rows: Sequence[Row], name: str) -> Mean | None:
    values = [value for row in rows if (value := getattr(row, name)) is not None]
    return mean_with_interval(values) if values else None


def mean_with_interval(values: Sequence[float]) -> Mean:
    """The mean of at least one value."""
    count = len(values)
    mean = math.fsum(values) / count
    if count < 2 or not math.isfinite(mean):
        return Mean(mean, None, count)
    variance = math.fsum((v - mean) ** 2 for v in values) / (count - 1)
    return Mean(mean, student_t(count - 1) * math.sqrt(variance / count), count)


def student_t(freedom: int) -> float:
    """The t that lies within -t and t with probability 0.95, for 1 or more degrees of freedom."""
    low, high = 0.0, 16.0  # at one degree of freedom it is 12.7
    while high - low > 1e-12:
        middle = (low + high) / 2
        if _probability_within(middle, freedom) < CONFIDENCE:
            low = middle
        else:
            high = middle
    return high


def _probability_within(t: float, freedom: int) -> float:
    """Of -t to t. Source: Abramowitz and Stegun 26.7.3 and 26.7.4."""
    angle = math.atan(t / math.sqrt(freedom))
    squared = math.cos(angle) ** 2
    odd = freedom % 2
    term = math.cos(angle) if odd else 1.0
    total = 0.0
    for k in range(1 + odd, freedom, 2):
        total += term
        term *= squared * k / (k + 1)
    if odd:
        return 2 / math.pi * (angle + math.sin(angle) * total)
    return math.sin(angle) * total
