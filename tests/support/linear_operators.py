"""Operators without noise or rounding: inpainting, and means of 2x2 pixels.

Source: Kawar et al. 2022 (JPEG artifact correction), eq. 3.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float
from torch import Tensor
from torch.nn import functional

from ddrm_core.sampler.protocols import Coefficients, ImageStrip, MeasurementOperator


@dataclass(frozen=True, slots=True, eq=False)
class LinearOperator:
    """The map y = H x: the limit of a `MeasurementOperator` with vanishing steps. Immutable.

    Laws: see `protocols.MeasurementOperator`, but encode(x) == coefficients(x), since nothing is
    rounded.

    Attributes:
        measure: Function for H.
        lift: Function for the pseudo-inverse of H.
    """

    measure: Callable[[Tensor], Tensor]
    lift: Callable[[Tensor], Tensor]

    def coefficients(self, x: Float[Tensor, "b c h w"]) -> Coefficients:
        return (self.measure(x),)

    def encode(self, x: Float[Tensor, "b c h w"]) -> Coefficients:
        return self.coefficients(x)

    def decode(self, levels: Coefficients) -> Float[Tensor, "b c h w"]:
        """Return the pseudo-inverse of H applied to the levels, the image of the smallest norm."""
        return self.lift(levels[0])

    def shift_coefficients(
        self, x: Float[Tensor, "b c h w"], change: Coefficients
    ) -> Float[Tensor, "b c h w"]:
        return x + self.lift(change[0])

    def split_into_strips(self, height: int, width: int, max_pixels: int) -> Iterator[ImageStrip]:  # noqa: ARG002
        """Yield one strip, because the pixels that a level depends on are unknown."""
        yield ImageStrip(slice(0, height), (slice(None),), self)


@dataclass(frozen=True, slots=True, eq=False)
class ExactCorrection:
    """The correction x' = f - H^+ H f + H^+ y, which replaces the measured part only.

    `BinsCorrection` becomes this one if bins have no width. Source: eq. 3.

    Attributes:
        operator: Operator of the problem.
        levels: Measured levels.
    """

    operator: MeasurementOperator
    levels: Coefficients

    def __call__(self, estimate: Tensor, sigma: float) -> Tensor:  # noqa: ARG002  # a Correction
        found = self.operator.coefficients(estimate)
        change = tuple(y - c for y, c in zip(self.levels, found, strict=True))
        return self.operator.shift_coefficients(estimate, change)


def inpainting(known: Bool[Tensor, "h w"]) -> LinearOperator:
    """Return the operator that keeps pixels where `known` is true, and sets all others to zero."""
    return LinearOperator(lambda x: x * known, lambda y: y * known)


def mean_downsampling(height: int, width: int) -> LinearOperator:
    """Return the operator that averages 2x2 pixels, or the 1 or 2 left at odd edges."""

    def lift(y: Tensor) -> Tensor:
        rows = torch.repeat_interleave(y, 2, 2)[:, :, :height]
        return torch.repeat_interleave(rows, 2, 3)[:, :, :, :width]

    return LinearOperator(lambda x: functional.avg_pool2d(x, 2, ceil_mode=True), lift)
