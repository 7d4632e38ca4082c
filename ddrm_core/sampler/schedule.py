"""The 1000-step noise schedule of the paper, as noise levels in network units.

Source: Ho et al. 2020 (linear beta). sigma = sqrt((1 - abar) / abar) is the noise level of
x / sqrt(abar), in which the image has the factor 1.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import cache
from math import log, sqrt

TIMESTEP_COUNT = 1000
_BETA_FIRST, _BETA_LAST = 1e-4, 0.02


@cache
def _compute_sigma_table() -> tuple[float, ...]:
    abar, sigmas = 1.0, []
    for t in range(TIMESTEP_COUNT):
        abar *= 1 - (_BETA_FIRST + (_BETA_LAST - _BETA_FIRST) * t / (TIMESTEP_COUNT - 1))
        sigmas.append(sqrt((1 - abar) / abar))
    return tuple(sigmas)


def sigma_at(timestep: int) -> float:
    """Return the noise level of a timestep, 0 to 999, in network units."""
    return _compute_sigma_table()[timestep]


def timestep_at(sigma: float) -> int:
    """Return the first timestep whose noise level is at least `sigma`, 999 if none is."""
    return min(bisect_left(_compute_sigma_table(), sigma), TIMESTEP_COUNT - 1)


def fractional_timestep(sigma: float) -> float:
    """Return the position of a noise level in the schedule, a fractional timestep from 0 to 999.

    Between two timesteps, the position is linear in the logarithm of the noise level.
    """
    above = timestep_at(sigma)
    if above == 0 or sigma >= sigma_at(above):
        return float(above)
    low, high = sigma_at(above - 1), sigma_at(above)
    return above - 1 + log(sigma / low) / log(high / low)


def uniform_timesteps(start: int, steps: int) -> tuple[int, ...]:
    """Return `steps` uniformly spaced timesteps below `start`, descending to 0.

    If `steps` divides `start`, the timesteps are those of the paper's authors: 285, 270, ... 0 for
    start 300 and 20 steps. Otherwise the spacing is rounded, so that the number is exactly `steps`.
    """
    return tuple(start * (steps - 1 - i) // steps for i in range(steps))


def geometric_sigmas(first: float, last: float, steps: int) -> tuple[float, ...]:
    """Return `steps` noise levels from `first` to `last` with a constant ratio.

    For one step, the result is (first,).
    """
    ratio = (last / first) ** (1 / max(steps - 1, 1))
    return tuple(first * ratio**i for i in range(steps))


def scale_last_sigmas(sigmas: Sequence[float], factor: float, limit: float) -> tuple[float, ...]:
    """Return noise levels of which those up to `limit` times the last one are scaled by `factor`.

    Args:
        sigmas: Noise levels, descending.
        factor: Factor, above 0 and at most 1. The returned levels are descending, too.
        limit: Highest noise level that is scaled, as a multiple of the last one, at least 1.
    """
    return tuple(factor * sigma if sigma <= limit * sigmas[-1] else sigma for sigma in sigmas)
