"""Protocols between the sampler, a prior and a measurement operator.

`x` is an image in network units: RGB, (batch, 3, height, width), in [-1, 1] if clean. One unit is
127.5 gray levels. The sampler uses these protocols only and is independent of JPEG files and
networks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from torch import Tensor

GRAY_LEVELS_PER_UNIT = 127.5

Coefficients = tuple[Tensor, ...]
"""One (batch, bands, rows, columns) tensor per component, in units of each band's quantizer step.

Integer values are levels. A batch size of 1 broadcasts to every image of a batch.
"""

NoiseAdder = Callable[[int, Tensor, float], None]
"""A function (draw, images, scale) that adds scaled standard normal noise to images in place.

Draw 0 is the noise of the start.
"""


@runtime_checkable
class Denoiser(Protocol):
    """A function of x and sigma that returns the estimate E[x0 | x] of a clean image x0.

    x = x0 + sigma * standard normal noise, in network units.
    """

    def __call__(self, x: Tensor, sigma: float) -> Tensor: ...


@runtime_checkable
class Correction(Protocol):
    """A function that makes an estimate agree with a measurement.

    `sigma` is the noise level at which the estimate was computed. The correction may overwrite
    `estimate` and may return the same tensor.
    """

    def __call__(self, estimate: Tensor, sigma: float) -> Tensor: ...


@runtime_checkable
class MeasurementOperator(Protocol):
    """The map from images to coefficients, of which a file keeps only the bins.

    Laws:
        coefficients(shift_coefficients(x, d)) == coefficients(x) + d, for all coefficients d of
            images
        encode(x) == round(coefficients(x))
    """

    def coefficients(self, x: Tensor) -> Coefficients:
        """Return the real-valued coefficients of an image in quantizer steps, in new tensors."""
        ...

    def encode(self, x: Tensor) -> Coefficients:
        """Return the levels of an image: its coefficients rounded to integers."""
        ...

    def decode(self, levels: Coefficients) -> Tensor:
        """Return the decoded image of levels, in network units."""
        ...

    def shift_coefficients(self, x: Tensor, change: Coefficients) -> Tensor:
        """Return `x` plus the smallest image whose coefficients are `change` (pseudo-inverse)."""
        ...

    def split_into_strips(self, height: int, width: int, max_pixels: int) -> Iterator[ImageStrip]:
        """Yield strips of an image, about `max_pixels` pixels each, in order from the top.

        The coefficients of a strip do not depend on other strips.
        """
        ...


@dataclass(frozen=True, slots=True, eq=False)
class ImageStrip:
    """Rows of an image whose coefficients depend on no other rows.

    Attributes:
        rows: Rows of the image.
        level_rows: Rows of the levels, per component.
        operator: Measurement operator of these rows.
    """

    rows: slice
    level_rows: tuple[slice, ...]
    operator: MeasurementOperator


@dataclass(frozen=True, slots=True, eq=False)
class TileMeasurement:
    """The measurement of a tile, as a correction needs it.

    Attributes:
        operator: Measurement operator of the tile.
        levels: Measured levels.
        decoded_image: Decoded image of the levels, in network units.
        compute_expected_errors: Function from the sigma of an estimate to the standard deviation of
            the estimate's error, per component in quantizer steps: (bands, 1, 1).
        flat_blocks: Masks of the blocks in the middle of areas of one color, per component,
            (1, 1, rows, columns); None if the measurement has none. The levels around such a block
            are no evidence for another color than the middle of its bin, so that a change by the
            prior is the prior's bias.
    """

    operator: MeasurementOperator
    levels: Coefficients
    decoded_image: Tensor
    compute_expected_errors: Callable[[float], Coefficients]
    flat_blocks: Coefficients | None = None
