"""Corrections: the paper's wrap, and the mean of a normal cut off at the bin's edges."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from ddrm_core.contracts import Coefficients, Operator

HALF_BIN = 0.5
# As many are corrected together: what that takes besides stays small, and in a CPU's cache.
STRIP_PIXELS = 1 << 18
# Beyond this many deviations the estimate's own digits are lost in the difference, in float32.
_TAIL = 6.0
# From this deviation, in bins, only the density's slope across the bin matters, and differences
# lose digits.
_WIDE = 8.0


@dataclass(frozen=True, slots=True, eq=False)
class PaperCorrection:
    """x' = f - decode(encode(f)) + decode(y), mixed with f. Source: the paper, eq. 4 and 5.

    The estimate's fractional part is kept and wrapped into the right bin; it is not a projection.

    Attributes:
        operator: The measurement.
        decoded: decode(y).
        eta_b: Share of x' in the result, 0 to 1.
    """

    operator: Operator
    decoded: Tensor
    eta_b: float

    def __call__(self, estimate: Tensor, sigma: float) -> Tensor:  # noqa: ARG002  # a Correction
        seen = self.operator.decode(self.operator.encode(estimate))
        return torch.add(estimate, self.decoded - seen, alpha=self.eta_b)


@dataclass(frozen=True, slots=True, eq=False)
class BinsCorrection:
    """Each coefficient replaced by its mean given the file's bin and the estimate's expected error.

    If the error of the estimate is normal with deviation r, that is the mean of a normal around the
    estimate, cut off at the edges of the bin. The result is in the bins for every r. It is written
    over the estimate, strip by strip.

    Attributes:
        operator: The measurement.
        levels: What it measured.
        error: Expected deviation r at a sigma, per component, in quantiser steps: (bands, 1, 1).
    """

    operator: Operator
    levels: Coefficients
    error: Callable[[float], Coefficients]

    def __call__(self, estimate: Tensor, sigma: float) -> Tensor:
        errors = self.error(sigma)
        height, width = estimate.shape[2:]
        for strip in self.operator.strips(height, width, STRIP_PIXELS):
            part = estimate[:, :, strip.rows]
            levels = (k[:, :, rows] for k, rows in zip(self.levels, strip.levels, strict=True))
            found = strip.operator.coefficients(part)
            change = tuple(
                bin_mean(c - k, r) + (k - c) for c, k, r in zip(found, levels, errors, strict=True)
            )
            part.copy_(strip.operator.shift(part, change))
        return estimate


def bin_mean(offset: Tensor, deviation: Tensor) -> Tensor:
    """Mean of a normal cut off at -1/2 and 1/2, to within 0.004 for every input.

    Args:
        offset: Centre of the normal, in bins from the middle of the cut.
        deviation: Of the normal, in bins, above 0; broadcasts to `offset`.
    """
    # The bin seen from the normal's centre, mirrored so that the nearer edge is below: [near, far]
    # deviations.
    distance = (
        offset.abs() * (_WIDE / deviation).clamp_max(1) ** 2
    )  # the same slope, offset / deviation^2
    deviation = deviation.clamp_max(_WIDE)
    near, far = (distance - HALF_BIN) / deviation, (distance + HALF_BIN) / deviation
    inside = near.clamp_max(_TAIL)
    mass = (torch.erfc(inside * 0.5**0.5) - torch.erfc(far * 0.5**0.5)) / 2
    density = (torch.exp(-(inside**2) / 2) - torch.exp(-(far**2) / 2)) * (2 * torch.pi) ** -0.5
    mean = distance - deviation * density / mass
    # Far outside, the normal falls off like an exponential, at the rate of Mills' ratio (as a
    # continued fraction, Abramowitz and Stegun 26.2.14) in a narrow normal, of the slope at the
    # bin's middle in a wide one.
    outside = near.clamp_min(_TAIL)
    mills = (outside + 2 / (outside + 3 / (outside + 4 / outside))) / deviation
    rate = torch.minimum(mills, (outside + HALF_BIN / deviation) / deviation)
    tail = HALF_BIN - 1 / rate + 1 / torch.expm1(rate)
    return torch.where(near < _TAIL, mean, tail).clamp(-HALF_BIN, HALF_BIN) * offset.sign()
