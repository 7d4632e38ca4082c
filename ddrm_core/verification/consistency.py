"""How far a result agrees with the levels in the file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from ddrm_core.jpeg.operator import JpegOperator
from ddrm_core.sampler.protocols import Coefficients, ImageStrip

# What float32 arithmetic on 8x8 blocks of up to 255 grey levels may add to a coefficient, in grey
# levels.
ARITHMETIC_SLACK = 0.005
_STRIP_PIXELS = 1 << 18  # held against levels together, so that memory stays small

BlockMasks = tuple[Tensor, ...]
"""Per component, which of its blocks count: booleans, (rows, columns)."""


@dataclass(frozen=True, slots=True)
class ComponentConsistency:
    """Counts for one component.

    Attributes:
        name: E.g. Y, Cb or Cr.
        coefficients: How many there are.
        inside: How many are in the file's bins, give or take the slack.
        exact: How many would be written as the file's levels.
    """

    name: str
    coefficients: int
    inside: int
    exact: int


@dataclass(frozen=True, slots=True)
class WorstBlock:
    """The block with the coefficient that is farthest outside its bin.

    Attributes:
        component: E.g. Y, Cb or Cr.
        left: Where the block begins in the picture, in pixels; below 0 where it begins before it.
        top: The same downwards.
        distance: From the bin's edge, in grey levels; 0 where every coefficient is inside.
    """

    component: str
    left: int
    top: int
    distance: float


@dataclass(frozen=True, slots=True)
class Consistency:
    """Agreement of a picture with a file's levels.

    Attributes:
        slack: How far outside a bin still counts as inside, in grey levels.
        components: One entry each.
        worst: The worst block of all components.
    """

    slack: float
    components: tuple[ComponentConsistency, ...]
    worst: WorstBlock

    @property
    def inside_fraction(self) -> float:
        """Share of coefficients in their bins, 0 to 1."""
        return _fraction_of_coefficients(self.components, [c.inside for c in self.components])

    @property
    def exact_fraction(self) -> float:
        """Share of coefficients that would be written as the file's levels, 0 to 1."""
        return _fraction_of_coefficients(self.components, [c.exact for c in self.components])


def merge_consistencies(parts: Sequence[Consistency]) -> Consistency:
    """What was found of parts of one picture, at least one, as of the whole."""
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
    """Of a picture without a whole block."""
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
    """Hold a picture against levels.

    Args:
        operator: The file's measurement.
        levels: What it measured.
        x: The picture, in network units.
        slack: In grey levels.
        origin: Left and top of the shown picture in `x`, for the worst block's place.
        block_masks: All blocks, if None.
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
    """How far a picture is outside its bins, per 8x8 pixels: the worst of all components there.

    In grey levels, 0 where every coefficient is inside; the first is at the operator's first pixel.
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
    """From the middle of the bins, in quantiser steps, strip by strip."""
    for strip in operator.split_into_strips(operator.height, operator.width, _STRIP_PIXELS):
        coefficients = strip.operator.coefficients(x[:, :, strip.rows])
        strip_levels = (k[:, :, rows] for k, rows in zip(levels, strip.level_rows, strict=True))
        yield strip, tuple(c - k for c, k in zip(coefficients, strip_levels, strict=True))


def _fraction_of_coefficients(
    components: tuple[ComponentConsistency, ...], counts: list[int]
) -> float:
    """Of all coefficients; 1 where none counts."""
    total = sum(c.coefficients for c in components)
    return sum(counts) / total if total else 1.0
