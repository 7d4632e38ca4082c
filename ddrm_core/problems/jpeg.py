"""The inverse problem of a JPEG: find the image that its encoder compressed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import torch
from jaxtyping import Float
from torch import Tensor

from ddrm_core.device.out_of_memory import convert_memory_errors
from ddrm_core.imaging.quantize_pixels import FLOAT_BITS
from ddrm_core.imaging.rectangle import Rectangle, rectangle_from_edges
from ddrm_core.jpeg.crop import crop_jpeg, find_whole_mcus
from ddrm_core.jpeg.damage.mask import (
    find_intact_area,
    find_intact_blocks,
    find_intact_pixels,
)
from ddrm_core.jpeg.edge_projection import has_repeated_edges, project_edges_to_bins
from ddrm_core.jpeg.expected_error import (
    PRIOR_ERROR_EXPONENT,
    compute_component_errors,
    compute_noise_errors,
    downsample_band_errors,
)
from ddrm_core.jpeg.flat_blocks import find_flat_blocks
from ddrm_core.jpeg.image import JpegImage
from ddrm_core.jpeg.linear_maps.color import create_color_model
from ddrm_core.jpeg.operator import (
    JpegOperator,
    create_coded_area_operator,
    create_jpeg_operator,
    create_sized_operator,
    find_largest_factors,
    levels_to_tensors,
)
from ddrm_core.jpeg.quantization_error import compute_quantization_error
from ddrm_core.problems.protocols import PixelTensor
from ddrm_core.sampler.protocols import GRAY_LEVELS_PER_UNIT, Coefficients
from ddrm_core.verification.consistency import (
    ARITHMETIC_SLACK,
    Consistency,
    empty_consistency,
    measure_consistency,
)
from ddrm_core.verification.verify import Verification, verify_jpeg_pixels


@dataclass(frozen=True, slots=True, eq=False)
class JpegTile:
    """A `ProblemTile` of a JPEG. Immutable.

    Attributes:
        problem: Problem of which the tile is a part.
        rectangle: Rectangle of the tile in the canvas.
        image: Levels and tables of the tile's blocks.
        operator: Operator of the tile.
        levels: Levels of the tile on the problem's device.
        decoded_image: Decoded image of the tile.
    """

    problem: JpegProblem
    rectangle: Rectangle
    image: JpegImage
    operator: JpegOperator
    levels: Coefficients
    decoded_image: Tensor

    @property
    def flat_blocks(self) -> Coefficients:
        """Masks of blocks in areas of one color, see `find_flat_blocks`; computed at each access.

        Only a correction needs them, but tiles are also created to show and to blend estimates.
        Raise OutOfMemory if the device's memory does not suffice.
        """
        area = self.rectangle
        with convert_memory_errors(self.problem.device, area.width, area.height):
            return find_flat_blocks(self.operator.planes, self.levels)

    def compute_expected_errors(
        self, prior_errors: Float[Tensor, "3 64"], sigma: float
    ) -> Coefficients:
        """Return the expected error of an estimate per component, (64, 1, 1), in quantizer steps.

        The prior's own error was measured on images with noise only. Images in a run also carry the
        file's error, of which the prior removes less than of noise. The remaining error lies
        between the noise and the prior's error. A geometric mean with more weight on the noise
        gives the best results.

        Args:
            prior_errors: The prior's error, see `ProblemTile.compute_expected_errors`.
            sigma: Noise level at which the estimate was made.
        """
        noise = compute_noise_errors(sigma)
        expected_errors = noise * (prior_errors / noise) ** PRIOR_ERROR_EXPONENT
        errors = []
        components = compute_component_errors(
            expected_errors, create_color_model(self.image.color_model_name)
        )
        for bands, plane in zip(components, self.operator.planes, strict=True):
            plane_errors = downsample_band_errors(
                bands, plane.row_axis.factor, plane.column_axis.factor
            )
            errors.append(
                plane_errors.reshape(64, 1, 1).to(plane.quantizer_steps.device)
                / plane.quantizer_steps
            )
        return tuple(errors)

    def project_to_bins(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b c h w"]:
        return project_edges_to_bins(self.operator, self.levels, x)

    def project_to_color_model(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b c h w"]:
        return self.operator.color_model.project(x)

    def to_pixels(self, x: Float[Tensor, "1 c rows columns"], region: Rectangle) -> PixelTensor:
        pixels = self._region_pixels(x, region)
        intact = find_intact_pixels(self.image)
        if intact is None:
            return pixels
        decoded = self._region_pixels(self.decoded_image, region).round().clamp(0, 255)
        return torch.where(intact[self._region_slices(region)], pixels, decoded)

    def from_pixels(self, pixels: PixelTensor) -> Float[Tensor, "1 c rows columns"]:
        return self.operator.color_model.from_pixels(pixels[None].to(self.problem.device))

    def deviation_to_pixels(
        self, deviation: Float[Tensor, "1 c rows columns"], region: Rectangle
    ) -> PixelTensor:
        pixels = self.operator.color_model.deviation_to_pixels(
            deviation[:, :, *self._region_slices(region)]
        )[0].cpu()
        intact = find_intact_pixels(self.image)
        if intact is None:
            return pixels
        return torch.where(intact[self._region_slices(region)], pixels, 0)

    def compute_consistency(self, x: Float[Tensor, "1 c h w"], region: Rectangle) -> Consistency:
        problem = self.problem
        whole_mcus = find_whole_mcus(region, problem.image, problem.canvas, problem.tile_alignment)
        if not whole_mcus.pixel_count:
            return empty_consistency(self.operator, ARITHMETIC_SLACK)
        image = crop_jpeg(problem.image, whole_mcus)
        operator = create_sized_operator(image, whole_mcus.height, whole_mcus.width).to(x.device)
        left, top = problem.image_origin
        return measure_consistency(
            operator,
            levels_to_tensors(image, x.device),
            x[:, :, *whole_mcus.slices_in(self.rectangle)],
            slack=ARITHMETIC_SLACK,
            origin=(left - whole_mcus.left, top - whole_mcus.top),
            block_masks=find_intact_blocks(image),
        )

    def _region_pixels(
        self, x: Float[Tensor, "1 c rows columns"], region: Rectangle
    ) -> PixelTensor:
        return self.operator.color_model.to_pixels(x[:, :, *self._region_slices(region)])[0].cpu()

    def _region_slices(self, region: Rectangle) -> tuple[slice, slice]:
        return region.translated(*self.problem.image_origin).slices_in(self.rectangle)


@dataclass(frozen=True, slots=True, eq=False)
class JpegProblem:
    """The `InverseProblem` of restoring a JPEG. Immutable.

    Attributes:
        image: Levels and tables of the file.
        device: Device of the tiles.
        canvas: Rectangle that is sampled. It reaches past the visible image if the file's last
            blocks are not padded with a repeated edge.
    """

    image: JpegImage
    device: torch.device
    canvas: Rectangle

    @property
    def image_origin(self) -> tuple[int, int]:
        return self.image.grid_left, self.image.grid_top

    @property
    def channels(self) -> int:
        return create_color_model(self.image.color_model_name).channels

    @property
    def tile_alignment(self) -> tuple[int, int]:
        """Horizontal and vertical alignment of tiles: width and height of an MCU in pixels."""
        row_factor, column_factor = find_largest_factors(self.image.components)
        return 8 * column_factor, 8 * row_factor

    def to(self, device: torch.device) -> JpegProblem:
        return replace(self, device=device)

    def compute_decoded_sigma(self) -> float:
        error = compute_quantization_error(
            self.image.quantization_tables, self.image.color_model_name
        )
        return error / GRAY_LEVELS_PER_UNIT

    def find_readable_area(self, area: Rectangle) -> Rectangle:
        if self.image.damage is None:
            return area
        return find_intact_area(self.image.damage, area, self.tile_alignment)

    def create_tile(self, rectangle: Rectangle) -> JpegTile:
        with convert_memory_errors(self.device, rectangle.width, rectangle.height):
            image = crop_jpeg(self.image, rectangle)
            operator = create_sized_operator(image, rectangle.height, rectangle.width).to(
                self.device
            )
            levels = levels_to_tensors(image, self.device)
            return JpegTile(self, rectangle, image, operator, levels, operator.decode(levels))

    def verify(
        self, pixels: PixelTensor, region: Rectangle | None = None, *, bits: int = FLOAT_BITS
    ) -> Verification:
        return verify_jpeg_pixels(self.image, pixels, region, bits=bits)


def create_jpeg_problem(image: JpegImage, device: torch.device) -> JpegProblem:
    """Create the inverse problem of `image` with tiles on `device`.

    The canvas reaches past the image's edge if the levels show that the image continues there.
    Raise OutOfMemory if the memory does not suffice.
    """
    with convert_memory_errors(device, *image.size):
        has_repeated_border = all(
            has_repeated_edges(
                create_jpeg_operator(border_image),
                levels_to_tensors(border_image, torch.device("cpu")),
            )
            for border_image in (crop_jpeg(image, border) for border in _border_rectangles(image))
        )
    operator = (
        create_jpeg_operator(image) if has_repeated_border else create_coded_area_operator(image)
    )
    return JpegProblem(image, device, Rectangle(0, 0, operator.width, operator.height))


def _border_rectangles(image: JpegImage) -> Iterator[Rectangle]:
    """Yield rectangles at the right and lower edges of an image that are not MCU boundaries.

    Each rectangle holds the incomplete MCUs at an edge and the complete MCUs next to them. The
    levels in the rectangle show how the image continues past the edge.
    """
    row_factor, column_factor = find_largest_factors(image.components)
    right, bottom = image.grid_left + image.width, image.grid_top + image.height
    for axis, mcu_length, end in ((0, 8 * column_factor, right), (1, 8 * row_factor, bottom)):
        if end % mcu_length:
            # The last complete MCU is included, because a decoder's chroma filter reaches into it.
            start = max(end // mcu_length - 1, 0) * mcu_length
            yield (
                rectangle_from_edges(start, 0, right, bottom)
                if axis == 0
                else rectangle_from_edges(0, start, right, bottom)
            )
