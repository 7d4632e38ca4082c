"""The bit depth problem: find an image whose pixels have given first bits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import sqrt

import torch
from jaxtyping import Float
from torch import Tensor

from ddrm_core.device.out_of_memory import convert_memory_errors
from ddrm_core.imaging.quantize_pixels import FLOAT_BITS
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.jpeg.expected_error import compute_component_errors
from ddrm_core.problems.bit_depth.image import QuantizedImage
from ddrm_core.problems.bit_depth.operator import BitDepthOperator, create_bit_depth_operator
from ddrm_core.problems.bit_depth.settings import ReconstructionPoint
from ddrm_core.problems.bit_depth.verify import verify_bit_depth
from ddrm_core.problems.protocols import PixelTensor
from ddrm_core.sampler.protocols import GRAY_LEVELS_PER_UNIT, Coefficients
from ddrm_core.verification.consistency import Consistency
from ddrm_core.verification.verify import Verification

# Noise level per root mean square error of the decoded image. This error is more like noise than
# that of a JPEG, for which the presets' start factors were chosen. Chosen on ten LIVE1 crops at 3
# bits among 0.13, 0.18, 0.25, 0.4 and 0.6; docs/RESULTS.md has the figures.
_SIGMA_PER_RMSE = 0.25


@dataclass(frozen=True, slots=True, eq=False)
class BitDepthTile:
    """A `ProblemTile` of a bit depth problem. Immutable.

    Attributes:
        problem: Problem of which the tile is a part.
        rectangle: Rectangle of the tile in the image.
        operator: Operator on the problem's device.
        levels: Levels of the tile, (1, channels, h, w).
        decoded_image: Image of the bins' reconstruction points.
    """

    problem: BitDepthProblem
    rectangle: Rectangle
    operator: BitDepthOperator
    levels: Coefficients
    decoded_image: Tensor

    @property
    def flat_blocks(self) -> None:
        """None, because a bin of a pixel is too narrow for a visible bias."""
        return None

    def compute_expected_errors(
        self,
        prior_errors: Float[Tensor, "3 64"],
        sigma: float,  # noqa: ARG002  # the protocol's argument
    ) -> Coefficients:
        """Return the expected error of an estimate per channel, (channels, 1, 1), in bin widths.

        The DCT is orthonormal, so the mean square error of a pixel is the mean over the 64 bands.
        Channels mix Y, Cb and Cr, whose errors are assumed to be independent.

        Args:
            prior_errors: The prior's error, see `ProblemTile.compute_expected_errors`.
            sigma: Noise level at which the estimate was made.
        """
        color_model = self.operator.color_model
        per_channel = compute_component_errors(prior_errors, color_model).square().mean(1).sqrt()
        steps = per_channel.reshape(-1, 1, 1) / self.operator.bin_width
        return (steps.to(self.decoded_image.device),)

    def project_to_bins(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b c h w"]:
        return x

    def project_to_color_model(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b c h w"]:
        return self.operator.color_model.project(x)

    def to_pixels(self, x: Float[Tensor, "1 c rows columns"], region: Rectangle) -> PixelTensor:
        return self.operator.color_model.to_pixels(x[:, :, *region.slices_in(self.rectangle)])[
            0
        ].cpu()

    def from_pixels(self, pixels: PixelTensor) -> Float[Tensor, "1 c rows columns"]:
        return self.operator.color_model.from_pixels(pixels[None].to(self.problem.device))

    def deviation_to_pixels(
        self, deviation: Float[Tensor, "1 c rows columns"], region: Rectangle
    ) -> PixelTensor:
        return self.operator.color_model.deviation_to_pixels(
            deviation[:, :, *region.slices_in(self.rectangle)]
        )[0].cpu()

    def compute_consistency(self, x: Float[Tensor, "1 c h w"], region: Rectangle) -> Consistency:
        return self.problem.verify(self.to_pixels(x, region), region).consistency


@dataclass(frozen=True, slots=True, eq=False)
class BitDepthProblem:
    """The `InverseProblem` of restoring pixels that kept only their first bits. Immutable.

    Attributes:
        image: Levels of the file.
        device: Device of the tiles.
        reconstruction_point: Point of a bin from which the run starts.
    """

    image: QuantizedImage
    device: torch.device
    reconstruction_point: ReconstructionPoint

    @property
    def canvas(self) -> Rectangle:
        """Rectangle that is sampled: the entire image, whose first pixel is at 0, 0."""
        return Rectangle(0, 0, *self.image.size)

    @property
    def image_origin(self) -> tuple[int, int]:
        return 0, 0

    @property
    def channels(self) -> int:
        return self.operator.color_model.channels

    @property
    def tile_alignment(self) -> tuple[int, int]:
        """Horizontal and vertical alignment of tiles: one pixel, so tiles may have any edges."""
        return 1, 1

    @property
    def operator(self) -> BitDepthOperator:
        """Operator on the CPU."""
        return create_bit_depth_operator(
            self.image.channels, self.image.bits, self.reconstruction_point
        )

    def to(self, device: torch.device) -> BitDepthProblem:
        return replace(self, device=device)

    def compute_decoded_sigma(self) -> float:
        """Return a noise level that represents the expected error of the decoded image.

        The level is in network units, a fixed share of the root mean square error. Original pixels
        are assumed to be uniform in their bins. A decoded image of lower edges is off by half a bin
        in addition.
        """
        operator = self.operator
        variance = (operator.bin_width**2 - 1) / 12
        if operator.reconstruction_point is ReconstructionPoint.LOWER_EDGE:
            variance += operator.first_bin_center**2
        return _SIGMA_PER_RMSE * sqrt(variance) / GRAY_LEVELS_PER_UNIT

    def find_readable_area(self, area: Rectangle) -> Rectangle:
        """Return `area`: files of which only a part can be read have no bit-depth problem."""
        return area

    @torch.no_grad()
    def create_tile(self, rectangle: Rectangle) -> BitDepthTile:
        with convert_memory_errors(self.device, rectangle.width, rectangle.height):
            operator = self.operator.to(self.device)
            rows, columns = rectangle.slices_in(self.canvas)
            tile_levels = torch.from_numpy(self.image.levels[:, rows, columns])
            levels = (tile_levels.to(self.device).float()[None],)
            return BitDepthTile(self, rectangle, operator, levels, operator.decode(levels))

    def verify(
        self, pixels: PixelTensor, region: Rectangle | None = None, *, bits: int = FLOAT_BITS
    ) -> Verification:
        region = self.canvas if region is None else region
        return verify_bit_depth(self.operator, self.image, pixels, region, bits=bits)
