"""The problem that a JPEG poses: find the picture of which an encoder made its levels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import torch
from jaxtyping import Float
from torch import Tensor

from ddrm_core.device.out_of_memory import memory_for
from ddrm_core.imaging.quantize_pixels import FLOAT_BITS
from ddrm_core.imaging.rectangle import Rectangle, between
from ddrm_core.jpeg.color import create_color_model
from ddrm_core.jpeg.crop import crop_jpeg, find_whole_mcus
from ddrm_core.jpeg.damage.mask import find_intact_blocks, find_intact_pixels
from ddrm_core.jpeg.edge_projection import has_repeated_edges, project_edges_to_bins
from ddrm_core.jpeg.expected_error import (
    compute_component_errors,
    compute_expected_rmse,
    compute_noise_errors,
    downsample_band_errors,
)
from ddrm_core.jpeg.image import JpegImage
from ddrm_core.jpeg.operator import (
    JpegOperator,
    create_coded_area_operator,
    create_jpeg_operator,
    create_sized_operator,
    find_largest_factors,
    levels_to_tensors,
)
from ddrm_core.problems.protocols import Picture
from ddrm_core.sampler.protocols import Coefficients
from ddrm_core.verification.consistency import (
    ARITHMETIC_SLACK,
    Consistency,
    measure_consistency,
    nothing_measured,
)
from ddrm_core.verification.verify import Verification, verify_picture

# Chosen on ten LIVE1 crops among 0, 1/4, 1/2 and 1; docs/RESULTS.md has the figures.
_MEASURED_SHARE = 0.25


@dataclass(frozen=True, slots=True, eq=False)
class JpegPart:
    """A `Part`. Immutable.

    Attributes:
        problem: What it is a part of.
        area: Where it lies in the canvas.
        image: Its blocks.
        operator: Their measurement.
        levels: What it measured.
        decoded: What a decoder shows for them.
    """

    problem: JpegProblem
    area: Rectangle
    image: JpegImage
    operator: JpegOperator
    levels: Coefficients
    decoded: Tensor

    def expected_errors(self, measured: Float[Tensor, "3 64"], sigma: float) -> Coefficients:
        """Per component, (64, 1, 1).

        The prior's own error was measured on pictures with noise only. A sampler's also carry the
        file's error, of which the prior removes less than of noise; what is left lies between the
        noise and its measured error, and best served by a geometric mean that leans to the noise.
        """
        noise = compute_noise_errors(sigma)
        expected = noise * (measured / noise) ** _MEASURED_SHARE
        errors = []
        components = compute_component_errors(
            expected, create_color_model(self.image.color_model_name)
        )
        for bands, plane in zip(components, self.operator.planes, strict=True):
            on_plane = downsample_band_errors(
                bands, plane.row_axis.factor, plane.column_axis.factor
            )
            errors.append(
                on_plane.reshape(64, 1, 1).to(plane.quantizer_steps.device) / plane.quantizer_steps
            )
        return tuple(errors)

    def agreed(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b c h w"]:
        return project_edges_to_bins(self.operator, self.levels, x)

    def projected(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b c h w"]:
        return self.operator.color_model.project(x)

    def shown(self, x: Float[Tensor, "1 c rows columns"], region: Rectangle) -> Picture:
        picture = self._pixels(x, region)
        read = find_intact_pixels(self.image)
        if read is None:
            return picture
        decoded = self._pixels(self.decoded, region).round().clamp(0, 255)
        return torch.where(read[self._place(region)], picture, decoded)

    def deviation(self, x: Float[Tensor, "1 c rows columns"], region: Rectangle) -> Picture:
        return self.operator.color_model.deviation_to_pixels(x[:, :, *self._place(region)])[0].cpu()

    def consistency(self, x: Float[Tensor, "1 c h w"], region: Rectangle) -> Consistency:
        problem = self.problem
        inner = find_whole_mcus(region, problem.image, problem.canvas, problem.unit)
        if not inner.pixels:
            return nothing_measured(self.operator, ARITHMETIC_SLACK)
        image = crop_jpeg(problem.image, inner)
        operator = create_sized_operator(image, inner.height, inner.width).to(x.device)
        left, top = problem.origin
        return measure_consistency(
            operator,
            levels_to_tensors(image, x.device),
            x[:, :, *inner.seen_from(self.area)],
            slack=ARITHMETIC_SLACK,
            origin=(left - inner.left, top - inner.top),
            counted=find_intact_blocks(image),
        )

    def _pixels(self, x: Float[Tensor, "1 c rows columns"], region: Rectangle) -> Picture:
        return self.operator.color_model.to_pixels(x[:, :, *self._place(region)])[0].cpu()

    def _place(self, region: Rectangle) -> tuple[slice, slice]:
        return region.moved(*self.problem.origin).seen_from(self.area)


@dataclass(frozen=True, slots=True, eq=False)
class JpegProblem:
    """A `Problem`. Immutable.

    Attributes:
        image: The file's levels and tables.
        device: Where its parts are wanted.
        canvas: It reaches past the shown picture where the file's last blocks hold something else
            than a repeated edge.
    """

    image: JpegImage
    device: torch.device
    canvas: Rectangle

    @property
    def origin(self) -> tuple[int, int]:
        return self.image.grid_left, self.image.grid_top

    @property
    def channels(self) -> int:
        return create_color_model(self.image.color_model_name).channels

    @property
    def unit(self) -> tuple[int, int]:
        """Of an MCU."""
        row, column = find_largest_factors(self.image.components)
        return 8 * column, 8 * row

    def to(self, device: torch.device) -> JpegProblem:
        return replace(self, device=device)

    def expected_sigma(self) -> float:
        return compute_expected_rmse(
            self.image.quantization_tables, create_color_model(self.image.color_model_name)
        )

    def part(self, area: Rectangle) -> JpegPart:
        with memory_for(self.device, area.width, area.height):
            image = crop_jpeg(self.image, area)
            operator = create_sized_operator(image, area.height, area.width).to(self.device)
            levels = levels_to_tensors(image, self.device)
            return JpegPart(self, area, image, operator, levels, operator.decode(levels))

    def verify(
        self, picture: Picture, region: Rectangle | None = None, *, bits: int = FLOAT_BITS
    ) -> Verification:
        return verify_picture(self.image, picture, region, bits=bits)


def jpeg_problem(image: JpegImage, device: torch.device) -> JpegProblem:
    """What `image` poses, with its parts on `device`. Raises OutOfMemory."""
    with memory_for(device, *image.size):
        repeated = all(
            has_repeated_edges(
                create_jpeg_operator(part), levels_to_tensors(part, torch.device("cpu"))
            )
            for part in (crop_jpeg(image, area) for area in _borders(image))
        )
    operator = create_jpeg_operator(image) if repeated else create_coded_area_operator(image)
    return JpegProblem(image, device, Rectangle(0, 0, operator.width, operator.height))


def _borders(image: JpegImage) -> Iterator[Rectangle]:
    """What tells how a file goes on past its right and its lower edge, if those cut blocks."""
    row, column = find_largest_factors(image.components)
    right, bottom = image.grid_left + image.width, image.grid_top + image.height
    for cut, mcu, end in ((0, 8 * column, right), (1, 8 * row, bottom)):
        if end % mcu:
            # The last whole MCU besides: a decoder's chroma filter reaches into it.
            begin = max(end // mcu - 1, 0) * mcu
            yield between(begin, 0, right, bottom) if cut == 0 else between(0, begin, right, bottom)
