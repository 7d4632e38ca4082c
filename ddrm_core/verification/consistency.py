"""Measurement of how far an image agrees with the levels of a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from ddrm_core.jpeg.operator import JpegOperator
from ddrm_core.sampler.protocols import Coefficients, ImageStrip

# Error in gray levels that float32 arithmetic on 8x8 blocks of up to 255 may add to a coefficient.
ARITHMETIC_SLACK = 0.005
_STRIP_PIXELS = 1 << 18  # pixels compared at once, to limit memory

BlockMasks = tuple[Tensor, ...]
"""Mask of the blocks that count, per component, (block rows, block columns)."""


@dataclass(frozen=True, slots=True)
class ComponentConsistency:
    """Counts of the coefficients of one component of an image that agree with the file's levels.

    Attributes:
        name: Name of the component, e.g. "Y", "Cb" or "Cr".
        coefficients: Number of coefficients.
        inside: Number of coefficients in the file's bins, within the slack.
        exact: Number of coefficients that round to the file's levels.
    """

    name: str
    coefficients: int
    inside: int
    exact: int


@dataclass(frozen=True, slots=True)
class WorstBlock:
    """The block with the coefficient that is farthest outside its bin.

    Attributes:
        component: Name of the component, e.g. "Y", "Cb" or "Cr".
        left: Left edge of the block in the image, in pixels; negative for a block that begins left
            of the image.
        top: Top edge of the block in the image, in pixels; negative for a block that begins above
            the image.
        distance: Distance from the bin's edge in gray levels; 0 if every coefficient is inside.
    """

    component: str
    left: int
    top: int
    distance: float


@dataclass(frozen=True, slots=True)
class Consistency:
    """Agreement of an image with a file's levels.

    Attributes:
        slack: Distance from a bin, in gray levels, up to which a coefficient counts as inside.
        components: Counts per component.
        worst: The worst block of all components.
    """

    slack: float
    components: tuple[ComponentConsistency, ...]
    worst: WorstBlock

    @property
    def coefficient_count(self) -> int:
        """Number of coefficients of all components."""
        return sum(c.coefficients for c in self.components)

    @property
    def outside_count(self) -> int:
        """Number of coefficients outside their bins."""
        return self.coefficient_count - sum(c.inside for c in self.components)

    @property
    def inside_fraction(self) -> float:
        """Share of coefficients in their bins, 0 to 1."""
        return _fraction_of_coefficients(self.components, [c.inside for c in self.components])

    @property
    def exact_fraction(self) -> float:
        """Share of coefficients that round to the file's levels, 0 to 1."""
        return _fraction_of_coefficients(self.components, [c.exact for c in self.components])


def merge_consistencies(parts: Sequence[Consistency]) -> Consistency:
    """Return the consistency of an image, given those of its parts; there is at least one part."""
    components = tuple(
        ComponentConsistency(
            same_component[0].name,
            sum(c.coefficients for c in same_component),
            sum(c.inside for c in same_component),
            sum(c.exact for c in same_component),
        )
        for same_component in zip(*(part.components for part in parts), strict=True)
    )
    worst = max((part.worst for part in parts), key=lambda worst: worst.distance)
    return Consistency(parts[0].slack, components, worst)


def empty_consistency(operator: JpegOperator, slack: float) -> Consistency:
    """Return the consistency of an image without a complete block."""
    names = operator.color_model.component_names
    components = tuple(ComponentConsistency(name, 0, 0, 0) for name in names)
    return Consistency(slack, components, WorstBlock(names[0], 0, 0, 0.0))


def measure_consistency(
    operator: JpegOperator,
    levels: Coefficients,
    x: Float[Tensor, "1 c h w"],
    *,
    slack: float,
    origin: tuple[int, int] = (0, 0),
    block_masks: BlockMasks | None = None,
) -> Consistency:
    """Return how many coefficients of an image agree with a file's levels, and the worst block.

    Args:
        operator: Operator of the file.
        levels: Levels of the file.
        x: Image in network units.
        slack: Distance from a bin that still counts as inside, in gray levels.
        origin: Left and top of the visible image in `x`, subtracted from the worst block's
            position.
        block_masks: Masks of the blocks that count; None for all blocks.
    """
    parts = []
    for strip, offsets in _measure_strip_offsets(operator, levels, x):
        strip_masks = None
        if block_masks is not None:
            strip_masks = tuple(
                mask[rows] for mask, rows in zip(block_masks, strip.level_rows, strict=True)
            )
        strip_origin = (origin[0], origin[1] - strip.rows.start)
        parts.append(
            _measure_strip_consistency(operator, offsets, strip_masks, slack, strip_origin)
        )
    return merge_consistencies(parts)


def _measure_strip_consistency(
    operator: JpegOperator,
    offsets: Coefficients,
    block_masks: BlockMasks | None,
    slack: float,
    origin: tuple[int, int],
) -> Consistency:
    names = operator.color_model.component_names
    counts, worst = [], WorstBlock(names[0], 0, 0, 0.0)
    for number, (name, plane) in enumerate(zip(names, operator.planes, strict=True)):
        component_offsets = offsets[number]
        selected_blocks = slice(None) if block_masks is None else block_masks[number]
        distances = (component_offsets.abs() - 0.5) * plane.quantizer_steps
        selected_distances = distances[0][:, selected_blocks]
        is_exact = component_offsets[0][:, selected_blocks].round() == 0
        counts.append(
            ComponentConsistency(
                name,
                selected_distances.numel(),
                int((selected_distances <= slack).sum()),
                int(is_exact.sum()),
            )
        )
        per_block = distances[0].amax(0)
        if block_masks is not None:
            per_block = per_block.masked_fill(~block_masks[number].to(per_block.device), 0)
        distance = float(per_block.max())
        if distance > worst.distance:
            row, column = divmod(int(per_block.argmax()), per_block.shape[1])
            left = 8 * column * plane.column_axis.factor - origin[0]
            top = 8 * row * plane.row_axis.factor - origin[1]
            worst = WorstBlock(name, left, top, distance)
    return Consistency(slack, tuple(counts), worst)


def measure_bin_distances(
    operator: JpegOperator, levels: Coefficients, x: Float[Tensor, "1 c h w"]
) -> Float[Tensor, "rows columns"]:
    """Return a map of the largest distance of any coefficient from its bin, per 8x8 pixels.

    The coefficients are those of all components' blocks that cover the 8x8 pixels. Distances are in
    gray levels, 0 if every coefficient is in its bin. The first 8x8 pixels begin at the first pixel
    of `x`.
    """
    columns = -(-operator.width // 8)
    strip_maps = []
    for strip, offsets in _measure_strip_offsets(operator, levels, x):
        strip_map = torch.zeros(-(-(strip.rows.stop - strip.rows.start) // 8), columns)
        for offset, plane in zip(offsets, operator.planes, strict=True):
            distances = ((offset[0].abs() - 0.5) * plane.quantizer_steps).amax(0).cpu()
            expanded_distances = distances.repeat_interleave(plane.row_axis.factor, 0)
            expanded_distances = expanded_distances.repeat_interleave(plane.column_axis.factor, 1)[
                : len(strip_map), :columns
            ]
            height, width = expanded_distances.shape
            strip_map[:height, :width] = torch.maximum(
                strip_map[:height, :width], expanded_distances
            )
        strip_maps.append(strip_map)
    return torch.cat(strip_maps)


def _measure_strip_offsets(
    operator: JpegOperator, levels: Coefficients, x: Tensor
) -> Iterator[tuple[ImageStrip, Coefficients]]:
    """Yield strips of an image with the differences of coefficients and levels in each strip.

    The differences are in quantizer steps, one tensor per component.
    """
    for strip in operator.split_into_strips(operator.height, operator.width, _STRIP_PIXELS):
        coefficients = strip.operator.coefficients(x[:, :, strip.rows])
        strip_levels = (k[:, :, rows] for k, rows in zip(levels, strip.level_rows, strict=True))
        yield strip, tuple(c - k for c, k in zip(coefficients, strip_levels, strict=True))


def _fraction_of_coefficients(
    components: tuple[ComponentConsistency, ...], counts: list[int]
) -> float:
    """Return the sum of `counts` as a share of all components' coefficients; 1 without any."""
    total = sum(c.coefficients for c in components)
    return sum(counts) / total if total else 1.0
