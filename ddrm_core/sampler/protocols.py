"""What the sampler asks of a prior and of a measurement, and the names of arrays.

`x` is a picture in network units: RGB, (batch, 3, height, width), [-1, 1] where it is clean. One
unit is 127.5 grey levels. The sampler package sees these protocols and nothing of JPEG files or
networks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from torch import Tensor

GRAY_LEVELS_PER_UNIT = 127.5

Coefficients = tuple[Tensor, ...]
"""One (batch, bands, rows, columns) tensor per component, in units of each band's quantiser step.

Whole numbers among them are levels. A leading 1 stands for every picture of a batch.
"""

NoiseAdder = Callable[[int, Tensor, float], None]
"""Adds the unit normal noise of a draw, times a scale, to pictures in place; 0 is the start's."""


@runtime_checkable
class Denoiser(Protocol):
    """E[x0 | x] for x = x0 + sigma * unit noise."""

    def __call__(self, x: Tensor, sigma: float) -> Tensor: ...


@runtime_checkable
class Correction(Protocol):
    """Makes an estimate agree with a measurement, given the sigma at which it was made.

    The estimate is the correction's to write to, and may be what it returns.
    """

    def __call__(self, estimate: Tensor, sigma: float) -> Tensor: ...


@runtime_checkable
class MeasurementOperator(Protocol):
    """A measurement that keeps, of each coefficient, only the bin it falls in.

    Laws:
        coefficients(shift(x, d)) == coefficients(x) + d, for every d that a picture can have
        encode(x) == round(coefficients(x))
    """

    def coefficients(self, x: Tensor) -> Coefficients:
        """Real-valued ones; new tensors, which the caller may write over."""
        ...

    def encode(self, x: Tensor) -> Coefficients: ...

    def decode(self, levels: Coefficients) -> Tensor:
        """The picture that a decoder shows for these levels."""
        ...

    def shift_coefficients(self, x: Tensor, change: Coefficients) -> Tensor:
        """`x` plus the smallest picture whose coefficients are `change` (the pseudo-inverse)."""
        ...

    def split_into_strips(self, height: int, width: int, max_pixels: int) -> Iterator[ImageStrip]:
        """A picture's rows in strips of about so many pixels, each measured by itself."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class ImageStrip:
    """Whole rows of a picture whose coefficients depend on no others.

    Attributes:
        rows: Of the picture.
        level_rows: Rows of each component's levels.
        operator: The measurement of these rows.
    """

    rows: slice
    level_rows: tuple[slice, ...]
    operator: MeasurementOperator


@dataclass(frozen=True, slots=True, eq=False)
class TileMeasurement:
    """The measurement of a tile, as a correction needs it.

    Attributes:
        operator: The measurement.
        levels: The measured levels.
        decoded_image: The picture that a decoder shows for the levels, network units.
        compute_expected_errors: Function from the sigma of an estimate to the standard deviation of
            the estimate's error, per component in quantizer steps: (bands, 1, 1).
    """

    operator: MeasurementOperator
    levels: Coefficients
    decoded_image: Tensor
    compute_expected_errors: Callable[[float], Coefficients]
