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
    around: Rectangle,
    pixels: int,
    margin: int,
    unit: tuple[int, int],
) -> tuple[Tile, ...]:
    """Cut an area into pieces of near-equal size, row by row.

    Pieces are made near-equal instead of large ones and a sliver. They are as square as the area
    allows, since margins cost in proportion to a piece's border.

    Args:
        area: What is wanted.
        around: What there is to take margins from; contains `area`.
        pixels: The most in a piece with its margin, if a piece of `unit` has no more.
        margin: Pixels around each core, rounded up to whole units.
        unit: Across and down; cores and margins begin and end at multiples of these, or at the
            border of `area` and `around`.
    """
    across, down = unit
    seen = (
        area.expanded(margin)
        .intersection(around)
        .aligned_outward(across, down)
        .intersection(around)
    )
    side = int(sqrt(pixels))
    columns, rows = [area.left, area.right], [area.top, area.bottom]
    if seen.pixel_count > pixels:
        # An area that is narrow one way is cut the other way only.
        width = pixels // seen.height if seen.height <= side else side
        height = pixels // seen.width if seen.width <= side else side
        if seen.width > side or seen.width >= seen.height:
            columns = _cuts(area.left, area.right, width - 2 * margin, across)
        if seen.height > side or seen.height > seen.width:
            rows = _cuts(area.top, area.bottom, height - 2 * margin, down)
    tiles = []
    for top, bottom in pairwise(rows):
        for left, right in pairwise(columns):
            core = rectangle_from_edges(left, top, right, bottom)
            outer = core.expanded(margin).aligned_outward(across, down).intersection(around)
            tiles.append(Tile(core, outer))
    return tuple(tiles)


def plan_windows(
    area: Rectangle, *, side: int, margin: int, unit: tuple[int, int]
) -> tuple[Tile, ...]:
    """Cover an area with windows of one size, row by row, that overlap by two margins at least.

    Args:
        area: What is wanted, and all there is.
        side: Of a window: two margins and some whole units. Windows at the end may be less than a
            unit shorter; an area that is narrower has one.
        margin: Half of the least overlap, in pixels.
        unit: Across and down; windows begin at multiples of these.
    """
    columns = _spans(area.left, area.right, side, margin, unit[0])
    rows = _spans(area.top, area.bottom, side, margin, unit[1])
    return tuple(
        Tile(
            rectangle_from_edges(core_left, core_top, core_right, core_bottom),
            rectangle_from_edges(left, top, right, bottom),
        )
        for (top, bottom), (core_top, core_bottom) in rows
        for (left, right), (core_left, core_right) in columns
    )


def _spans(
    begin: int, end: int, side: int, margin: int, unit: int
) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Where windows begin and end along an axis, and the cores between the middles of overlaps."""
    if end - begin <= side:
        return [((begin, end), (begin, end))]
    count = ceil((end - begin - 2 * margin) / (side - 2 * margin))
    apart = (end - begin - side) / (count - 1)
    starts = [ceil((begin + i * apart) / unit) * unit for i in range(count)]
    ends = [min(start + side, end) for start in starts]
    middles = [(start + before) // 2 for start, before in zip(starts[1:], ends, strict=False)]
    return list(zip(zip(starts, ends, strict=True), pairwise([begin, *middles, end]), strict=True))


def _cuts(begin: int, end: int, most: int, unit: int) -> list[int]:
    """Borders from `begin` to `end`, near-equally far apart, the inner ones at multiples."""
    count = max(1, ceil((end - begin) / max(most, unit)))
    inner = {round((begin + (end - begin) * i / count) / unit) * unit for i in range(1, count)}
    return [begin, *sorted(cut for cut in inner if begin < cut < end), end]
