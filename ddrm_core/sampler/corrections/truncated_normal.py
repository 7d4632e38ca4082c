"""The correction `bins`: the mean of a truncated normal distribution for every coefficient."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from ddrm_core.sampler.protocols import Coefficients, MeasurementOperator

HALF_BIN = 0.5
# Pixels that are corrected together; keeps temporary tensors small and in a CPU's cache.
STRIP_PIXELS = 1 << 19
# Beyond this many standard deviations, the mean loses its digits in differences of float32 numbers.
_TAIL_DEVIATIONS = 6.0
# Beyond this many standard deviations, the tail probability is negligible in float32. Larger
# distances would give denormal exponentials, whose computation takes ten times as long.
_NEGLIGIBLE_DEVIATIONS = 9.0
# Above this standard deviation, in bins, only the density's slope across the bin matters, and
# differences lose digits.
_WIDE_DEVIATION = 8.0


@dataclass(frozen=True, slots=True, eq=False)
class BinsCorrection:
    """The correction that replaces each coefficient by its conditional mean, given its bin.

    If the error of the estimate is normal with standard deviation r, the conditional mean is the
    mean of a normal distribution around the estimate, truncated to the bin. The corrected
    coefficients are in the bins for every r. The corrected image overwrites the estimate, strip by
    strip.

    Attributes:
        operator: Measurement operator.
        levels: Measured levels.
        expected_error: Function from sigma to the standard deviation r, per component in quantizer
            steps: (bands, 1, 1).
        flat_blocks: Masks of blocks whose mean, band 0, is moved to the middle of its bin, see
            `TileMeasurement`; None for none.
    """

    operator: MeasurementOperator
    levels: Coefficients
    expected_error: Callable[[float], Coefficients]
    flat_blocks: Coefficients | None = None

    def __call__(self, estimate: Tensor, sigma: float) -> Tensor:
        errors = self.expected_error(sigma)
        height, width = estimate.shape[2:]
        for strip in self.operator.split_into_strips(height, width, STRIP_PIXELS):
            strip_estimate = estimate[:, :, strip.rows]
            levels = (k[:, :, rows] for k, rows in zip(self.levels, strip.level_rows, strict=True))
            coefficients = strip.operator.coefficients(strip_estimate)
            offsets = [c.sub_(k) for c, k in zip(coefficients, levels, strict=True)]
            means = [truncated_normal_mean(o, e) for o, e in zip(offsets, errors, strict=True)]
            if self.flat_blocks is not None:
                for mean, mask, rows in zip(means, self.flat_blocks, strip.level_rows, strict=True):
                    mean[:, :1].masked_fill_(mask[:, :, rows], 0)
            change = tuple(m.sub_(o) for m, o in zip(means, offsets, strict=True))
            strip_estimate.copy_(strip.operator.shift_coefficients(strip_estimate, change))
        return estimate


def truncated_normal_mean(offset: Tensor, deviation: Tensor) -> Tensor:
    """Return the mean of a normal distribution that is truncated to [-1/2, 1/2].

    The error is below 0.004 for every input.

    Args:
        offset: Mean of the normal before truncation, in bins from the middle of the bin.
        deviation: Standard deviation of the normal before truncation, in bins, above 0; broadcasts
            to `offset`.
    """
    # Mirrored so that the normal's center is below the middle of the bin. The bin's edges are at
    # [near, far] standard deviations from the center. Most operations are in place because they
    # dominate the time of a correction.
    distance = offset.abs()
    # Keeps the density's slope, offset / deviation^2, for the clamped deviation.
    distance.mul_((_WIDE_DEVIATION / deviation).clamp_max(1) ** 2)
    deviation = deviation.clamp_max(_WIDE_DEVIATION)
    near, far = (distance - HALF_BIN).div_(deviation), (distance + HALF_BIN).div_(deviation)
    near_clamped = near.clamp(-_NEGLIGIBLE_DEVIATIONS, _TAIL_DEVIATIONS)
    far.clamp_max_(_NEGLIGIBLE_DEVIATIONS)
    mass = _normal_tail_probability(near_clamped).sub_(_normal_tail_probability(far))
    density = _normal_density_(near_clamped).sub_(_normal_density_(far))
    mean = distance.sub_(density.mul_(deviation).div_(mass))
    is_in_tail = near > _TAIL_DEVIATIONS
    if is_in_tail.any():  # indexing is fast, since few coefficients are in the tail
        mean[is_in_tail] = _truncated_tail_mean(
            near[is_in_tail], deviation.expand_as(near)[is_in_tail]
        )
    return mean.clamp_(-HALF_BIN, HALF_BIN).copysign_(offset)


def _truncated_tail_mean(near: Tensor, deviation: Tensor) -> Tensor:
    """Return the mean of a truncated normal distribution whose center is far from the bin.

    In the bin, the density is approximated by an exponential function. For a small standard
    deviation, its rate is the inverse of Mills' ratio at the nearer edge (continued fraction,
    Abramowitz and Stegun 26.2.14); for a large standard deviation, its rate is the slope of the log
    density at the bin's middle.

    Args:
        near: Distance from the normal's center to the nearer edge, in standard deviations, above 6.
        deviation: Standard deviation in bins.
    """
    mills = near + 2 / (near + 3 / (near + 4 / near))
    rate = torch.minimum(mills, near + HALF_BIN / deviation) / deviation
    return HALF_BIN - 1 / rate + 1 / torch.expm1(rate)


def _normal_tail_probability(deviations: Tensor) -> Tensor:
    """Return the probability that a standard normal variable exceeds each of `deviations`."""
    mass = torch.erfc(deviations * 0.5**0.5)
    return mass.mul_(0.5)


def _normal_density_(deviations: Tensor) -> Tensor:
    """Overwrite `deviations` with the standard normal density at each of them, and return them."""
    return deviations.square_().mul_(-0.5).exp_().mul_((2 * torch.pi) ** -0.5)
