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
from ddrm_core.jpeg.color import colour_model
from ddrm_core.jpeg.crop import cropped, whole_blocks
from ddrm_core.jpeg.damage.mask import blocks_read, pixels_read
from ddrm_core.jpeg.edge_projection import agree_at_edges, edges_are_repeated
from ddrm_core.jpeg.expected_error import (
    error_on_plane,
    errors_of_components,
    expected_sigma,
    noise_error,
)
from ddrm_core.jpeg.image import JpegImage
from ddrm_core.jpeg.operator import (
    JpegOperator,
    coded_area_operator,
    largest_factors,
    level_tensors,
    make_operator,
    operator_for,
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
        noise = noise_error(sigma)
        expected = noise * (measured / noise) ** _MEASURED_SHARE
        errors = []
        components = errors_of_components(expected, colour_model(self.image.colour))
        for bands, plane in zip(components, self.operator.planes, strict=True):
            on_plane = error_on_plane(bands, plane.rows.factor, plane.columns.factor)
            errors.append(on_plane.reshape(64, 1, 1).to(plane.steps.device) / plane.steps)
        return tuple(errors)

    def agreed(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b c h w"]:
        return agree_at_edges(self.operator, self.levels, x)

    def projected(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b c h w"]:
        return self.operator.colour.projected(x)

    def shown(self, x: Float[Tensor, "1 c rows columns"], region: Rectangle) -> Picture:
        picture = self._pixels(x, region)
        read = pixels_read(self.image)
        if read is None:
            return picture
        decoded = self._pixels(self.decoded, region).round().clamp(0, 255)
        return torch.where(read[self._place(region)], picture, decoded)

    def deviation(self, x: Float[Tensor, "1 c rows columns"], region: Rectangle) -> Picture:
        return self.operator.colour.deviation(x[:, :, *self._place(region)])[0].cpu()

    def consistency(self, x: Float[Tensor, "1 c h w"], region: Rectangle) -> Consistency:
        problem = self.problem
        inner = whole_blocks(region, problem.image, problem.canvas, problem.unit)
        if not inner.pixels:
            return nothing_measured(self.operator, ARITHMETIC_SLACK)
        image = cropped(problem.image, inner)
        operator = make_operator(image, inner.height, inner.width).to(x.device)
        left, top = problem.origin
        return measure_consistency(
            operator,
            level_tensors(image, x.device),
            x[:, :, *inner.seen_from(self.area)],
            slack=ARITHMETIC_SLACK,
            origin=(left - inner.left, top - inner.top),
            counted=blocks_read(image),
        )

    def _pixels(self, x: Float[Tensor, "1 c rows columns"], region: Rectangle) -> Picture:
        return self.operator.colour.pixels(x[:, :, *self._place(region)])[0].cpu()

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
        return self.image.left, self.image.top

    @property
    def channels(self) -> int:
        return colour_model(self.image.colour).channels

    @property
    def unit(self) -> tuple[int, int]:
        """Of an MCU."""
        row, column = largest_factors(self.image.components)
        return 8 * column, 8 * row

    def to(self, device: torch.device) -> JpegProblem:
        return replace(self, device=device)

    def expected_sigma(self) -> float:
        return expected_sigma(self.image.tables, colour_model(self.image.colour))

    def part(self, area: Rectangle) -> JpegPart:
        with memory_for(self.device, area.width, area.height):
            image = cropped(self.image, area)
            operator = make_operator(image, area.height, area.width).to(self.device)
            levels = level_tensors(image, self.device)
            return JpegPart(self, area, image, operator, levels, operator.decode(levels))

    def verify(
        self, picture: Picture, region: Rectangle | None = None, *, bits: int = FLOAT_BITS
    ) -> Verification:
        return verify_picture(self.image, picture, region, bits=bits)


def jpeg_problem(image: JpegImage, device: torch.device) -> JpegProblem:
    """What `image` poses, with its parts on `device`. Raises OutOfMemory."""
    with memory_for(device, *image.size):
        repeated = all(
            edges_are_repeated(operator_for(part), level_tensors(part, torch.device("cpu")))
            for part in (cropped(image, area) for area in _borders(image))
        )
    operator = operator_for(image) if repeated else coded_area_operator(image)
    return JpegProblem(image, device, Rectangle(0, 0, operator.width, operator.height))


def _borders(image: JpegImage) -> Iterator[Rectangle]:
    """What tells how a file goes on past its right and its lower edge, if those cut blocks."""
    row, column = largest_factors(image.components)
    right, bottom = image.left + image.width, image.top + image.height
    for cut, mcu, end in ((0, 8 * column, right), (1, 8 * row, bottom)):
        if end % mcu:
            # The last whole MCU besides: a decoder's chroma filter reaches into it.
            begin = max(end // mcu - 1, 0) * mcu
            yield between(begin, 0, right, bottom) if cut == 0 else between(0, begin, right, bottom)
