"""Cropping of a JPEG along its block grid, without decoding."""

from __future__ import annotations

from dataclasses import replace

from ddrm_core.imaging.rectangle import Rectangle, rectangle_from_edges
from ddrm_core.jpeg.image import Damage, JpegImage
from ddrm_core.jpeg.operator import find_largest_factors


def crop_jpeg(image: JpegImage, rectangle: Rectangle) -> JpegImage:
    """Crop `image` to the blocks in a rectangle; levels of the result are views of its levels.

    The result equals the image of an encoder that was given only the pixels of the rectangle.

    Args:
        image: Image with the levels of its file.
        rectangle: Rectangle in pixels from the corner of the first block. Each edge is an MCU
            boundary, or lies at or past the image's end.
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
    """Return the slice of a component's blocks from pixel `start` to pixel `end`.

    The slice may end past the component's last block, because the last MCU may have fewer blocks.
    """
    return slice(start * factor // mcu_length, -(-end * factor // mcu_length))


def find_whole_mcus(
    region: Rectangle, image: JpegImage, canvas: Rectangle, mcu_size: tuple[int, int]
) -> Rectangle:
    """Return the rectangle of all MCUs that lie entirely in a region.

    The rectangle is in pixels from the corner of the first block. Padding around the image belongs
    to a region that reaches the image's edge.

    Args:
        region: Region in pixels of the image.
        image: Image with the levels.
        canvas: Area that the image's blocks cover.
        mcu_size: Width and height of an MCU in pixels.
    """
    left, right = _whole_mcu_span(region.left, region.right, image.grid_left, mcu_size[0])
    top, bottom = _whole_mcu_span(region.top, region.bottom, image.grid_top, mcu_size[1])
    right = canvas.right if region.right == image.width else right
    bottom = canvas.bottom if region.bottom == image.height else bottom
    return rectangle_from_edges(left, top, max(left, right), max(top, bottom))


def _whole_mcu_span(start: int, end: int, grid_offset: int, mcu_length: int) -> tuple[int, int]:
    first = 0 if start == 0 else -(-(start + grid_offset) // mcu_length) * mcu_length
    return first, (end + grid_offset) // mcu_length * mcu_length
