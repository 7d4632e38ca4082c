"""Some of a picture's blocks, as a picture of their own."""

from __future__ import annotations

from dataclasses import replace

from ddrm_core.imaging.rectangle import Rectangle, between
from ddrm_core.jpeg.image import Damage, JpegImage
from ddrm_core.jpeg.operator import largest_factors


def cropped(image: JpegImage, area: Rectangle) -> JpegImage:
    """`image` as if its encoder had been given only an area of it; levels are views.

    Args:
        image: A file's levels.
        area: In pixels from the corner of its first block; the corners are at borders of MCUs, or
            at or past the picture's end.
    """
    row, column = largest_factors(image.components)
    levels = []
    for component, plane in zip(image.components, image.levels, strict=True):
        rows = _blocks(area.top, area.bottom, component.vertical, 8 * row)
        columns = _blocks(area.left, area.right, component.horizontal, 8 * column)
        levels.append(plane[rows, columns])
    damage = image.damage
    if damage is not None:
        mcus = (
            _blocks(area.top, area.bottom, 1, 8 * row),
            _blocks(area.left, area.right, 1, 8 * column),
        )
        damage = Damage(damage.words, damage.whole[mcus])
    return replace(
        image,
        width=min(area.right, image.left + image.width) - area.left,
        height=min(area.bottom, image.top + image.height) - area.top,
        left=0,
        top=0,
        levels=tuple(levels),
        damage=damage,
    )


def _blocks(begin: int, end: int, factor: int, mcu: int) -> slice:
    """Blocks of a component; there may be fewer than this asks for, in the last MCU."""
    return slice(begin * factor // mcu, -(-end * factor // mcu))


def whole_blocks(
    region: Rectangle, image: JpegImage, canvas: Rectangle, unit: tuple[int, int]
) -> Rectangle:
    """The MCUs that lie wholly in a region, in pixels from the corner of the first block.

    What is hidden around the picture belongs to a region that reaches the picture's border.

    Args:
        region: In pixels of the picture.
        image: Whose levels they are.
        canvas: All that its blocks cover.
        unit: Columns and rows of an MCU.
    """
    left, right = _whole_mcus(region.left, region.right, image.left, unit[0])
    top, bottom = _whole_mcus(region.top, region.bottom, image.top, unit[1])
    right = canvas.right if region.right == image.width else right
    bottom = canvas.bottom if region.bottom == image.height else bottom
    return between(left, top, max(left, right), max(top, bottom))


def _whole_mcus(begin: int, end: int, hidden: int, mcu: int) -> tuple[int, int]:
    first = 0 if begin == 0 else -(-(begin + hidden) // mcu) * mcu
    return first, (end + hidden) // mcu * mcu
