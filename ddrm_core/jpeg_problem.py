"""The problem that a JPEG poses: find the picture of which an encoder made its levels."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from ddrm_core.contracts import GREY_LEVELS_PER_UNIT, Coefficients
from ddrm_core.jpeg.agreement import agree_at_edges, edges_are_repeated
from ddrm_core.jpeg.color import colour_model, ycbcr_matrix
from ddrm_core.jpeg.error import error_on_plane, errors_of_components, expected_sigma
from ddrm_core.jpeg.measured import JpegImage
from ddrm_core.jpeg.operator import JpegOperator, coded_area_operator, level_tensors, operator_for
from ddrm_core.jpeg.readable import blocks_read, pixels_read
from ddrm_core.memory import memory_for
from ddrm_core.metrics.consistency import ARITHMETIC_SLACK, Consistency, measure_consistency
from ddrm_core.problem import Picture
from ddrm_core.verify import Verification, verify_picture

# Chosen on ten LIVE1 crops among 0, 1/4, 1/2 and 1; docs/RESULTS.md has the figures.
_MEASURED_SHARE = 0.25


@dataclass(frozen=True, slots=True, eq=False)
class JpegProblem:
    """A `Problem`. Immutable.

    Attributes:
        image: The file's levels and tables.
        operator: The file's measurement. Its pictures reach past the one that is shown where the
            file's last blocks hold something else than a repeated edge.
        levels: What it measured, there too.
        decoded: What a decoder shows for them.
    """

    image: JpegImage
    operator: JpegOperator
    levels: Coefficients
    decoded: Tensor

    @property
    def origin(self) -> tuple[int, int]:
        """Left and top of the shown picture in the operator's."""
        return self.image.left, self.image.top

    def expected_sigma(self) -> float:
        return expected_sigma(self.image.tables, colour_model(self.image.colour))

    def expected_errors(self, measured: Float[Tensor, "3 64"], sigma: float) -> Coefficients:
        """Per component, (64, 1, 1).

        The prior's own error was measured on pictures with noise only. A sampler's also carry the
        file's error, of which the prior removes less than of noise; what is left lies between the
        noise and its measured error, and best served by a geometric mean that leans to the noise.
        """
        noise = sigma * GREY_LEVELS_PER_UNIT * ycbcr_matrix().norm(dim=1, keepdim=True)
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

    def shown(self, x: Float[Tensor, "1 c rows columns"]) -> Picture:
        picture = self._cropped(self.operator.colour.pixels(x))
        read = pixels_read(self.image)
        if read is None:
            return picture
        decoded = self._cropped(self.operator.colour.pixels(self.decoded))
        return torch.where(read, picture, decoded.round().clamp(0, 255))

    def deviation(self, x: Float[Tensor, "1 c rows columns"]) -> Picture:
        return self._cropped(self.operator.colour.deviation(x))

    def consistency(self, x: Float[Tensor, "1 c h w"]) -> Consistency:
        return measure_consistency(
            self.operator,
            self.levels,
            x,
            slack=ARITHMETIC_SLACK,
            origin=self.origin,
            counted=blocks_read(self.image),
        )

    def verify(self, picture: Picture) -> Verification:
        return verify_picture(self.image, picture)

    def _cropped(self, pictures: Float[Tensor, "1 n rows columns"]) -> Picture:
        """The part that is the picture, on the CPU."""
        (left, top), (width, height) = self.origin, self.image.size
        return pictures[0, :, top : top + height, left : left + width].cpu()


def jpeg_problem(image: JpegImage, device: torch.device) -> JpegProblem:
    """What `image` poses, with its tensors on `device`. Raises OutOfMemory."""
    with memory_for(device, *image.size):
        levels = level_tensors(image, device)
        operator = operator_for(image).to(device)
        if not edges_are_repeated(operator, levels):
            operator = coded_area_operator(image).to(device)
        return JpegProblem(image, operator, levels, operator.decode(levels))
