"""Some of a picture's blocks, as a picture of their own."""

from __future__ import annotations

from dataclasses import replace

from ddrm_core.imaging.rectangle import Rectangle, rectangle_from_edges
from ddrm_core.jpeg.image import Damage, JpegImage
from ddrm_core.jpeg.operator import find_largest_factors


def crop_jpeg(image: JpegImage, rectangle: Rectangle) -> JpegImage:
    """`image` as if its encoder had been given only an area of it; levels are views.

    Args:
        image: A file's levels.
        rectangle: In pixels from the corner of its first block; the corners are at borders of MCUs,
            or at or past the picture's end.
    """
    row_factor, column_factor = find_largest_factors(image.components)
    levels = []
    for component, plane in zip(image.components, image.levels, strict=True):
        rows = _block_slice(
            rectangle.top, rectangle.bottom, component.vertical_factor, 8 * row_factor
        )
        columns = _block_slice(
            rectangle.left, rectangle.right, component.horizontal_factor, 8 * column_factor
        )
        levels.append(plane[rows, columns])
    damage = image.damage
    if damage is not None:
        mcu_slices = (
            _block_slice(rectangle.top, rectangle.bottom, 1, 8 * row_factor),
            _block_slice(rectangle.left, rectangle.right, 1, 8 * column_factor),
        )
        damage = Damage(damage.description, damage.intact_mcus[mcu_slices])
    return replace(
        image,
        width=min(rectangle.right, image.grid_left + image.width) - rectangle.left,
        height=min(rectangle.bottom, image.grid_top + image.height) - rectangle.top,
        grid_left=0,
        grid_top=0,
        levels=tuple(levels),
        damage=damage,
    )


def _block_slice(start: int, end: int, factor: int, mcu_length: int) -> slice:
    """Blocks of a component; there may be fewer than this asks for, in the last MCU."""
    return slice(start * factor // mcu_length, -(-end * factor // mcu_length))


def find_whole_mcus(
    region: Rectangle, image: JpegImage, canvas: Rectangle, mcu_size: tuple[int, int]
) -> Rectangle:
    """The MCUs that lie wholly in a region, in pixels from the corner of the first block.

    What is hidden around the picture belongs to a region that reaches the picture's border.

    Args:
        region: In pixels of the picture.
        image: Whose levels they are.
        canvas: All that its blocks cover.
        mcu_size: Columns and rows of an MCU.
    """
    left, right = _whole_mcu_span(region.left, region.right, image.grid_left, mcu_size[0])
    top, bottom = _whole_mcu_span(region.top, region.bottom, image.grid_top, mcu_size[1])
    right = canvas.right if region.right == image.width else right
    bottom = canvas.bottom if region.bottom == image.height else bottom
    return rectangle_from_edges(left, top, max(left, right), max(top, bottom))


def _whole_mcu_span(start: int, end: int, grid_offset: int, mcu_length: int) -> tuple[int, int]:
    first = 0 if start == 0 else -(-(start + grid_offset) // mcu_length) * mcu_length
    return first, (end + grid_offset) // mcu_length * mcu_length
