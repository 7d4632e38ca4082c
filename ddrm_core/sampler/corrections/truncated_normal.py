"""The mean of a normal distribution cut off at the edges of a bin, for every coefficient."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from ddrm_core.sampler.protocols import Coefficients, MeasurementOperator

HALF_BIN = 0.5
# As many are corrected together: what that takes besides stays small, and in a CPU's cache.
STRIP_PIXELS = 1 << 19
# Beyond this many deviations the estimate's own digits are lost in the difference, in float32.
_TAIL_DEVIATIONS = 6.0
# Beyond this many deviations the normal's mass adds nothing in float32; a power of e far below that
# takes ten times as long where it is denormal.
_NEGLIGIBLE_DEVIATIONS = 9.0
# From this deviation, in bins, only the density's slope across the bin matters, and differences
# lose digits.
_WIDE_DEVIATION = 8.0


@dataclass(frozen=True, slots=True, eq=False)
class BinsCorrection:
    """Each coefficient replaced by its mean given the file's bin and the estimate's expected error.

    If the error of the estimate is normal with deviation r, that is the mean of a normal around the
    estimate, cut off at the edges of the bin. The result is in the bins for every r. It is written
    over the estimate, strip by strip.

    Attributes:
        operator: The measurement.
        levels: What it measured.
        expected_error: Expected deviation r at a sigma, per component, in quantiser steps: (bands,
            1, 1).
    """

    operator: MeasurementOperator
    levels: Coefficients
    expected_error: Callable[[float], Coefficients]

    def __call__(self, estimate: Tensor, sigma: float) -> Tensor:
        errors = self.expected_error(sigma)
        height, width = estimate.shape[2:]
        for strip in self.operator.split_into_strips(height, width, STRIP_PIXELS):
            strip_estimate = estimate[:, :, strip.rows]
            levels = (k[:, :, rows] for k, rows in zip(self.levels, strip.level_rows, strict=True))
            coefficients = strip.operator.coefficients(strip_estimate)
            offsets = [c.sub_(k) for c, k in zip(coefficients, levels, strict=True)]
            change = tuple(
                truncated_normal_mean(offset, deviation).sub_(offset)
                for offset, deviation in zip(offsets, errors, strict=True)
            )
            strip_estimate.copy_(strip.operator.shift_coefficients(strip_estimate, change))
        return estimate


def truncated_normal_mean(offset: Tensor, deviation: Tensor) -> Tensor:
    """Mean of a normal cut off at -1/2 and 1/2, to within 0.004 for every input.

    Args:
        offset: Centre of the normal, in bins from the middle of the cut.
        deviation: Of the normal, in bins, above 0; broadcasts to `offset`.
    """
    # The bin seen from the normal's centre, mirrored so that the nearer edge is below: [near, far]
    # deviations. In place wherever possible: this is most of a correction's time.
    distance = offset.abs()
    distance.mul_(
        (_WIDE_DEVIATION / deviation).clamp_max(1) ** 2
    )  # the same slope, offset / deviation^2
    deviation = deviation.clamp_max(_WIDE_DEVIATION)
    near, far = (distance - HALF_BIN).div_(deviation), (distance + HALF_BIN).div_(deviation)
    near_clamped = near.clamp(-_NEGLIGIBLE_DEVIATIONS, _TAIL_DEVIATIONS)
    far.clamp_max_(_NEGLIGIBLE_DEVIATIONS)
    mass = _normal_tail_probability(near_clamped).sub_(_normal_tail_probability(far))
    density = _normal_density_(near_clamped).sub_(_normal_density_(far))
    mean = distance.sub_(density.mul_(deviation).div_(mass))
    is_in_tail = near > _TAIL_DEVIATIONS
    if is_in_tail.any():  # few are
        mean[is_in_tail] = _truncated_tail_mean(
            near[is_in_tail], deviation.expand_as(near)[is_in_tail]
        )
    return mean.clamp_(-HALF_BIN, HALF_BIN).copysign_(offset)


def _truncated_tail_mean(near: Tensor, deviation: Tensor) -> Tensor:
    """The same where the nearer edge is so many deviations away that its normal's digits are lost.

    Out there it falls off like an exponential, at the rate of Mills' ratio (as a continued
    fraction, Abramowitz and Stegun 26.2.14) in a narrow normal, of the slope at the bin's middle in
    a wide one.
    """
    mills = near + 2 / (near + 3 / (near + 4 / near))
    rate = torch.minimum(mills, near + HALF_BIN / deviation) / deviation
    return HALF_BIN - 1 / rate + 1 / torch.expm1(rate)


def _normal_tail_probability(deviations: Tensor) -> Tensor:
    """Of the unit normal."""
    mass = torch.erfc(deviations * 0.5**0.5)
    return mass.mul_(0.5)


def _normal_density_(deviations: Tensor) -> Tensor:
    """Of the unit normal, in place."""
    return deviations.square_().mul_(-0.5).exp_().mul_((2 * torch.pi) ** -0.5)
