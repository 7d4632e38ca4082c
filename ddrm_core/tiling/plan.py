"""Plans of tiles of nearly equal size, each with a margin of surrounding pixels."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import ceil, sqrt

from ddrm_core.imaging.rectangle import Rectangle, rectangle_from_edges


@dataclass(frozen=True, slots=True)
class Tile:
    """A piece of an image that is computed at once: a core and its margin.

    Attributes:
        core: Rectangle that the tile contributes; the cores of a plan cover its area exactly once.
        outer: Core with its margin, clipped to the available area.
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
    """Cut an area into tiles of nearly equal size, row by row.

    Nearly equal sizes avoid narrow remaining tiles. Tiles are as square as the area allows, because
    the cost of margins is proportional to a tile's perimeter.

    Args:
        area: Area to cut.
        available_area: Area from which margins may be taken; contains `area`.
        max_pixels: Largest number of pixels in a tile with its margin, unless a tile of one
            `alignment` has more.
        margin: Number of pixels around each core, rounded up to the alignment.
        alignment: Horizontal and vertical alignment. Edges of cores and margins are multiples of
            the alignment or edges of `area` and `available_area`.
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
        # An area that is narrow in one direction is cut only in the other.
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
    """Cover an area with overlapping tiles of one size, row by row.

    Neighboring tiles overlap by at least two margins.

    Args:
        area: Area to cover; no tile reaches past this area.
        tile_side: Side of a tile with its margins in pixels: two margins plus a multiple of the
            alignment. Tiles at the end may be shorter by less than one alignment. An area that is
            at most as long has one tile along this axis.
        margin: Half of the least overlap in pixels.
        alignment: Horizontal and vertical alignment of the tiles' left and top.
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
    """Return the start and end of each tile along an axis, and the start and end of its core.

    The cores of neighboring tiles meet in the middle of the tiles' overlap.
    """
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
    """Return positions that cut an axis into nearly equal lengths, including `begin` and `end`.

    Inner positions are multiples of the alignment. Lengths are about `max_length` at most.
    """
    count = max(1, ceil((end - begin) / max(max_length, alignment)))
    inner = {
        round((begin + (end - begin) * i / count) / alignment) * alignment for i in range(1, count)
    }
    return [begin, *sorted(cut for cut in inner if begin < cut < end), end]
