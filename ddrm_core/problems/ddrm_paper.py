"""The inverse problem of the paper's operator, without a file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from ddrm_core.imaging.quantize_pixels import FLOAT_BITS, quantize_image
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.jpeg.ddrm_paper_operator import (
    MCU_SIDE,
    DdrmPaperOperator,
    create_ddrm_paper_operator,
)
from ddrm_core.jpeg.expected_error import (
    PRIOR_ERROR_EXPONENT,
    compute_noise_errors,
)
from ddrm_core.jpeg.quantization_error import compute_quantization_error
from ddrm_core.metadata.model import NO_METADATA, Metadata
from ddrm_core.metrics.psnr import Uint8Pixels
from ddrm_core.problems.protocols import PixelTensor
from ddrm_core.sampler.protocols import GRAY_LEVELS_PER_UNIT, Coefficients
from ddrm_core.verification.consistency import (
    ARITHMETIC_SLACK,
    ComponentConsistency,
    Consistency,
    WorstBlock,
)
from ddrm_core.verification.verify import Verification

_COMPONENT_NAMES = ("Y", "Cb", "Cr")


@dataclass(frozen=True, slots=True)
class DdrmPaperImage:
    """The description of a lossless image that was measured with the paper's operator.

    Attributes:
        path: Path of the lossless original.
        size: Width and height in pixels.
        channels: Number of channels: RGB.
        metadata: Always empty.
    """

    path: Path
    size: tuple[int, int]
    channels: int = 3
    metadata: Metadata = NO_METADATA


@dataclass(frozen=True, slots=True, eq=False)
class DdrmPaperTile:
    """A `ProblemTile` of the paper's operator. Immutable.

    Attributes:
        rectangle: Rectangle of the tile in the image.
        operator: The paper's operator.
        levels: Levels of the tile.
        decoded_image: Image that the operator decodes from the levels.
    """

    rectangle: Rectangle
    operator: DdrmPaperOperator
    levels: Coefficients
    decoded_image: Tensor

    @property
    def flat_blocks(self) -> None:
        """None, because the paper's correction has none."""
        return None

    def compute_expected_errors(
        self, prior_errors: Float[Tensor, "3 64"], sigma: float
    ) -> Coefficients:
        """Return the expected error of an estimate per component, (64, 1, 1), in quantizer steps.

        The error is a weighted geometric mean of the noise and the prior's own error, as for a
        JPEG.

        Args:
            prior_errors: The prior's error, see `ProblemTile.compute_expected_errors`.
            sigma: Noise level at which the estimate was made.
        """
        noise = compute_noise_errors(sigma)
        expected_errors = noise * (prior_errors.cpu() / noise) ** PRIOR_ERROR_EXPONENT
        errors = []
        for number, bands in enumerate(expected_errors):
            plane_errors = bands if number == 0 else decimate_band_errors(bands)
            steps = self.operator.quantizer_steps[min(number, 1)]
            errors.append(plane_errors.reshape(64, 1, 1).to(steps.device) / steps)
        return tuple(errors)

    def project_to_bins(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b c h w"]:
        """Return `x` itself, because a correction brings the coefficients of all blocks to bins."""
        return x

    def project_to_color_model(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b c h w"]:
        """Return `x` itself, because every RGB image fits the color model."""
        return x

    def to_pixels(self, x: Float[Tensor, "1 c rows columns"], region: Rectangle) -> PixelTensor:
        return (x[0][:, *region.slices_in(self.rectangle)].cpu() + 1) * GRAY_LEVELS_PER_UNIT

    def from_pixels(self, pixels: PixelTensor) -> Float[Tensor, "1 c rows columns"]:
        return pixels[None].to(self.decoded_image.device) / GRAY_LEVELS_PER_UNIT - 1

    def deviation_to_pixels(
        self, deviation: Float[Tensor, "1 c rows columns"], region: Rectangle
    ) -> PixelTensor:
        return deviation[0][:, *region.slices_in(self.rectangle)].cpu() * GRAY_LEVELS_PER_UNIT

    def compute_consistency(self, x: Float[Tensor, "1 c h w"], region: Rectangle) -> Consistency:
        counts, worst = [], WorstBlock(_COMPONENT_NAMES[0], 0, 0, 0.0)
        for name, distances, exact in zip(
            _COMPONENT_NAMES, *self.compute_bin_distances(x, region), strict=True
        ):
            inside = int((distances <= ARITHMETIC_SLACK).sum())
            counts.append(ComponentConsistency(name, distances.numel(), inside, int(exact.sum())))
            per_block = distances[0].amax(0)
            distance = float(per_block.max())
            if distance > worst.distance:
                row, column = divmod(int(per_block.argmax()), per_block.shape[1])
                side = 8 if name == _COMPONENT_NAMES[0] else MCU_SIDE
                left, top = region.left + column * side, region.top + row * side
                worst = WorstBlock(name, left, top, distance)
        return Consistency(ARITHMETIC_SLACK, tuple(counts), worst)

    def compute_bin_distances(
        self, x: Tensor, region: Rectangle
    ) -> tuple[list[Tensor], list[Tensor]]:
        """Compare the coefficients of a region of `x` with the levels.

        Returns:
            Distances of coefficients from the edges of their bins in gray levels, negative inside a
            bin, and masks of the coefficients that round to the levels. Both lists have one tensor
            per component.
        """
        coefficients = self.operator.coefficients(x[:, :, *region.slices_in(self.rectangle)])
        levels = _crop_levels(
            self.levels, region.translated(-self.rectangle.left, -self.rectangle.top)
        )
        offsets = [c - k for c, k in zip(coefficients, levels, strict=True)]
        steps = (
            self.operator.quantizer_steps[0],
            self.operator.quantizer_steps[1],
            self.operator.quantizer_steps[1],
        )
        distances = [(o.abs() - 0.5) * s for o, s in zip(offsets, steps, strict=True)]
        return distances, [o.round() == 0 for o in offsets]


@dataclass(frozen=True, slots=True, eq=False)
class DdrmPaperProblem:
    """The `InverseProblem` of restoring an image measured with the paper's operator. Immutable.

    Attributes:
        image: Description of the measured image.
        device: Device of the tiles.
        operator: The paper's operator on `device`.
        levels: Levels of the image on `device`.
    """

    image: DdrmPaperImage
    device: torch.device
    operator: DdrmPaperOperator
    levels: Coefficients
    channels: int = 3
    image_origin: tuple[int, int] = (0, 0)
    tile_alignment: tuple[int, int] = (MCU_SIDE, MCU_SIDE)

    @property
    def canvas(self) -> Rectangle:
        """Rectangle that is sampled: the entire image, whose first pixel is at 0, 0."""
        return Rectangle(0, 0, *self.image.size)

    def to(self, device: torch.device) -> DdrmPaperProblem:
        levels = tuple(k.to(device) for k in self.levels)
        return replace(self, device=device, operator=self.operator.to(device), levels=levels)

    def compute_decoded_sigma(self) -> float:
        tables = [
            s.flatten().cpu().numpy().astype(np.uint16) for s in self.operator.quantizer_steps
        ]
        error = compute_quantization_error([tables[0], tables[1], tables[1]], "YCbCr")
        return error / GRAY_LEVELS_PER_UNIT

    def find_readable_area(self, area: Rectangle) -> Rectangle:
        """Return `area`: the image is measured here, so that all its levels are known."""
        return area

    def create_tile(self, rectangle: Rectangle) -> DdrmPaperTile:
        levels = _crop_levels(self.levels, rectangle)
        return DdrmPaperTile(rectangle, self.operator, levels, self.operator.decode(levels))

    def verify(
        self, pixels: PixelTensor, region: Rectangle | None = None, *, bits: int = FLOAT_BITS
    ) -> Verification:
        region = self.canvas if region is None else region
        tile = self.create_tile(region)
        quantized_pixels = quantize_image(pixels, bits=bits)
        x = quantized_pixels[None].to(self.device) / GRAY_LEVELS_PER_UNIT - 1
        luma, *chroma = (
            o[0].amax(0).clamp_min(0).cpu() for o in tile.compute_bin_distances(x, region)[0]
        )
        upsampled_chroma = [c.repeat_interleave(2, 0).repeat_interleave(2, 1) for c in chroma]
        distances = torch.stack([luma, *upsampled_chroma]).amax(0)
        return Verification(
            tile.compute_consistency(x, region), distances, (region.left, region.top)
        )


def create_ddrm_paper_problem(
    path: Path, pixels: Uint8Pixels, quality: int, device: torch.device
) -> DdrmPaperProblem:
    """Create the inverse problem of RGB pixels that the paper's operator measures.

    Args:
        path: Path of the image.
        pixels: Pixels, whose sides are multiples of 16.
        quality: Quality factor of the operator, 1 to 100.
        device: Device of the tiles.
    """
    operator = create_ddrm_paper_operator(quality).to(device)
    x = torch.from_numpy(pixels.copy()).permute(2, 0, 1)[None].to(device)
    levels = operator.encode(x / GRAY_LEVELS_PER_UNIT - 1)
    height, width = pixels.shape[:2]
    return DdrmPaperProblem(DdrmPaperImage(path, (width, height)), device, operator, levels)


def _crop_levels(levels: Coefficients, rectangle: Rectangle) -> Coefficients:
    """Return the levels of the blocks in a rectangle whose edges are MCU boundaries."""
    return tuple(
        k[
            :,
            :,
            rectangle.top // block_side : rectangle.bottom // block_side,
            rectangle.left // block_side : rectangle.right // block_side,
        ]
        for k, block_side in zip(levels, (8, MCU_SIDE, MCU_SIDE), strict=True)
    )


def decimate_band_errors(errors: Float[Tensor, " 64"]) -> Float[Tensor, " 64"]:
    """Convert band errors of a plane to those of the plane with every second sample per axis.

    Without averaging, aliasing mixes frequencies: a band of the decimated plane has the mean
    variance of its own frequency and of the frequency that aliases to it.
    """
    grid = errors.reshape(8, 8) ** 2
    positions = torch.arange(8) / 2
    for _ in range(2):
        grid = (
            (_interpolate_rows(grid, positions) + _interpolate_rows(grid, 8 - positions)) / 2
        ).mT
    return grid.sqrt().flatten()


def _interpolate_rows(band_rows: Tensor, positions: Tensor) -> Tensor:
    below = positions.floor().long()
    first, second = band_rows[below.clamp_max(7)], band_rows[(below + 1).clamp_max(7)]
    return torch.lerp(first, second, (positions - below)[:, None])
