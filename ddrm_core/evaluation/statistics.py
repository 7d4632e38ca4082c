"""Means over images with their confidence intervals."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ddrm_core.evaluation.rows import METRIC_NAMES, EvaluationRow

CONFIDENCE_LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class MeanWithInterval:
    """The mean of a metric over images, with its confidence interval.

    Attributes:
        value: Mean.
        half_width: Half width of Student's 95 % confidence interval: t(n - 1) times the standard
            error, for images as a random sample; None for one image or an infinite mean.
        image_count: Number of images.
    """

    value: float
    half_width: float | None
    image_count: int


@dataclass(frozen=True, slots=True)
class MethodSummary:
    """The means over images of all metrics, for one method at one quality factor.

    Attributes:
        quality: Quality factor.
        method: Name of the method.
        means_by_metric: Mean by name in `METRIC_NAMES`; None if no image has a value.
    """

    quality: int
    method: str
    means_by_metric: dict[str, MeanWithInterval | None]


def summarize_methods(rows: Iterable[EvaluationRow]) -> tuple[MethodSummary, ...]:
    """Return the means of all rows with the same quality factor and method.

    The summaries are in ascending order of quality factor, methods in the order of their first
    rows.
    """
    groups: dict[tuple[int, str], list[EvaluationRow]] = {}
    for row in rows:
        groups.setdefault((row.quality, row.method), []).append(row)
    group_keys = sorted(groups, key=lambda key: key[0])
    return tuple(
        MethodSummary(
            quality,
            method,
            {name: _compute_metric_mean(groups[quality, method], name) for name in METRIC_NAMES},
        )
        for quality, method in group_keys
    )


def _compute_metric_mean(rows: Sequence[EvaluationRow], metric: str) -> MeanWithInterval | None:
    values = [value for row in rows if (value := getattr(row, metric)) is not None]
    return compute_mean_with_interval(values) if values else None


def compute_mean_with_interval(values: Sequence[float]) -> MeanWithInterval:
    """Return the mean of one or more values, with Student's 95 % confidence interval."""
    count = len(values)
    mean = math.fsum(values) / count
    if count < 2 or not math.isfinite(mean):
        return MeanWithInterval(mean, None, count)
    variance = math.fsum((v - mean) ** 2 for v in values) / (count - 1)
    return MeanWithInterval(
        mean, student_t_critical_value(count - 1) * math.sqrt(variance / count), count
    )


def student_t_critical_value(degrees_of_freedom: int) -> float:
    """Return the t for which a Student-distributed variable is between -t and t with 95 %.

    `degrees_of_freedom` is 1 or more.
    """
    low, high = 0.0, 16.0  # the largest t, at one degree of freedom, is 12.7
    while high - low > 1e-12:
        middle = (low + high) / 2
        if _student_t_probability(middle, degrees_of_freedom) < CONFIDENCE_LEVEL:
            low = middle
        else:
            high = middle
    return high


def _student_t_probability(t: float, degrees_of_freedom: int) -> float:
    """Return the probability that a Student-distributed variable is between -t and t.

    Source: Abramowitz and Stegun 26.7.3 and 26.7.4.
    """
    angle = math.atan(t / math.sqrt(degrees_of_freedom))
    squared = math.cos(angle) ** 2
    odd = degrees_of_freedom % 2
    term = math.cos(angle) if odd else 1.0
    total = 0.0
    for k in range(1 + odd, degrees_of_freedom, 2):
        total += term
        term *= squared * k / (k + 1)
    if odd:
        return 2 / math.pi * (angle + math.sin(angle) * total)
    return math.sin(angle) * total
