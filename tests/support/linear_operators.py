"""Measurements without noise or rounding: inpainting, and means of 2x2 pixels.

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
    """y = H x, exactly: the limit of a `MeasurementOperator` with vanishing steps. Immutable.

    Laws: see `protocols.MeasurementOperator`, but encode(x) == coefficients(x), since nothing is
    rounded.

    Attributes:
        measure: H.
        lift: Its pseudo-inverse.
    """

    measure: Callable[[Tensor], Tensor]
    lift: Callable[[Tensor], Tensor]

    def coefficients(self, x: Float[Tensor, "b c h w"]) -> Coefficients:
        return (self.measure(x),)

    def encode(self, x: Float[Tensor, "b c h w"]) -> Coefficients:
        return self.coefficients(x)

    def decode(self, levels: Coefficients) -> Float[Tensor, "b c h w"]:
        """The smallest picture with this measurement."""
        return self.lift(levels[0])

    def shift_coefficients(
        self, x: Float[Tensor, "b c h w"], change: Coefficients
    ) -> Float[Tensor, "b c h w"]:
        return x + self.lift(change[0])

    def split_into_strips(self, height: int, width: int, max_pixels: int) -> Iterator[ImageStrip]:  # noqa: ARG002
        """One: nothing is known of where a measurement looks."""
        yield ImageStrip(slice(0, height), (slice(None),), self)


@dataclass(frozen=True, slots=True, eq=False)
class ExactCorrection:
    """x' = f - H^+ H f + H^+ y: the measured part replaced, all else kept. Source: eq. 3.

    What `BinsCorrection` becomes where the bins have no width.

    Attributes:
        operator: The measurement.
        levels: What it measured.
    """

    operator: MeasurementOperator
    levels: Coefficients

    def __call__(self, estimate: Tensor, sigma: float) -> Tensor:  # noqa: ARG002  # a Correction
        found = self.operator.coefficients(estimate)
        change = tuple(y - c for y, c in zip(self.levels, found, strict=True))
        return self.operator.shift_coefficients(estimate, change)


def inpainting(known: Bool[Tensor, "h w"]) -> LinearOperator:
    """Pixels where `known`, and zero elsewhere."""
    return LinearOperator(lambda x: x * known, lambda y: y * known)


def mean_downsampling(height: int, width: int) -> LinearOperator:
    """Means of 2x2 pixels of such a picture; of 2 or 1 at odd edges."""

    def lift(y: Tensor) -> Tensor:
        rows = torch.repeat_interleave(y, 2, 2)[:, :, :height]
        return torch.repeat_interleave(rows, 2, 3)[:, :, :, :width]

    return LinearOperator(lambda x: functional.avg_pool2d(x, 2, ceil_mode=True), lift)
