"""Where a picture is cut: near-equal pieces, each with a margin of what lies around it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import ceil, sqrt

from ddrm_core.imaging.rectangle import Rectangle, rectangle_from_edges


@dataclass(frozen=True, slots=True)
class Tile:
    """One piece.

    Attributes:
        core: What it contributes; the cores of a plan cover its area once.
        outer: The core with its margin, as far as there is a picture.
    """

    core: Rectangle
    outer: Rectangle


def plan_tiles(
    area: Rectangle,
    *,
    available_area: Rectangle,
    max_pixels: int,
    margin: int,
    alignment: tuple[int, int],
) -> tuple[Tile, ...]:
    """Cut an area into pieces of near-equal size, row by row.

    Pieces are made near-equal instead of large ones and a sliver. They are as square as the area
    allows, since margins cost in proportion to a piece's border.

    Args:
        area: What is wanted.
        available_area: What there is to take margins from; contains `area`.
        max_pixels: The most in a piece with its margin, if a piece of `alignment` has no more.
        margin: Pixels around each core, rounded up to whole units.
        alignment: Across and down; cores and margins begin and end at multiples of these, or at the
            border of `area` and `available_area`.
    """
    column_alignment, row_alignment = alignment
    outer_area = (
        area.expanded(margin)
        .intersection(available_area)
        .aligned_outward(column_alignment, row_alignment)
        .intersection(available_area)
    )
    side = int(sqrt(max_pixels))
    columns, rows = [area.left, area.right], [area.top, area.bottom]
    if outer_area.pixel_count > max_pixels:
        # An area that is narrow one way is cut the other way only.
        width = max_pixels // outer_area.height if outer_area.height <= side else side
        height = max_pixels // outer_area.width if outer_area.width <= side else side
        if outer_area.width > side or outer_area.width >= outer_area.height:
            columns = _cut_axis(area.left, area.right, width - 2 * margin, column_alignment)
        if outer_area.height > side or outer_area.height > outer_area.width:
            rows = _cut_axis(area.top, area.bottom, height - 2 * margin, row_alignment)
    tiles = []
    for top, bottom in pairwise(rows):
        for left, right in pairwise(columns):
            core = rectangle_from_edges(left, top, right, bottom)
            outer = (
                core.expanded(margin)
                .aligned_outward(column_alignment, row_alignment)
                .intersection(available_area)
            )
            tiles.append(Tile(core, outer))
    return tuple(tiles)


def plan_fixed_size_tiles(
    area: Rectangle, *, tile_side: int, margin: int, alignment: tuple[int, int]
) -> tuple[Tile, ...]:
    """Cover an area with windows of one size, row by row, that overlap by two margins at least.

    Args:
        area: What is wanted, and all there is.
        tile_side: Of a window: two margins and some whole units. Windows at the end may be less
            than a unit shorter; an area that is narrower has one.
        margin: Half of the least overlap, in pixels.
        alignment: Across and down; windows begin at multiples of these.
    """
    columns = _tile_axis(area.left, area.right, tile_side, margin, alignment[0])
    rows = _tile_axis(area.top, area.bottom, tile_side, margin, alignment[1])
    return tuple(
        Tile(
            rectangle_from_edges(core_left, core_top, core_right, core_bottom),
            rectangle_from_edges(left, top, right, bottom),
        )
        for (top, bottom), (core_top, core_bottom) in rows
        for (left, right), (core_left, core_right) in columns
    )


def _tile_axis(
    begin: int, end: int, tile_side: int, margin: int, alignment: int
) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Where windows begin and end along an axis, and the cores between the middles of overlaps."""
    if end - begin <= tile_side:
        return [((begin, end), (begin, end))]
    count = ceil((end - begin - 2 * margin) / (tile_side - 2 * margin))
    spacing = (end - begin - tile_side) / (count - 1)
    starts = [ceil((begin + i * spacing) / alignment) * alignment for i in range(count)]
    ends = [min(start + tile_side, end) for start in starts]
    middles = [
        (start + previous_end) // 2 for start, previous_end in zip(starts[1:], ends, strict=False)
    ]
    return list(zip(zip(starts, ends, strict=True), pairwise([begin, *middles, end]), strict=True))


def _cut_axis(begin: int, end: int, max_length: int, alignment: int) -> list[int]:
    """Borders from `begin` to `end`, near-equally far apart, the inner ones at multiples."""
    count = max(1, ceil((end - begin) / max(max_length, alignment)))
    inner = {
        round((begin + (end - begin) * i / count) / alignment) * alignment for i in range(1, count)
    }
    return [begin, *sorted(cut for cut in inner if begin < cut < end), end]
