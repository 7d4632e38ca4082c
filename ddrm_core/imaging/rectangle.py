"""Rectangles of pixels."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rectangle:
    """Whole pixels of a picture: columns `left` to `right` - 1, rows `top` to `bottom` - 1.

    Attributes:
        left: Of the first column.
        top: Of the first row.
        width: In pixels; an empty rectangle has 0 or less.
        height: In pixels.
    """

    left: int
    top: int
    width: int
    height: int

    @property
    def right(self) -> int:
        return self.left + self.width

    @property
    def bottom(self) -> int:
        return self.top + self.height

    @property
    def pixel_count(self) -> int:
        return max(self.width, 0) * max(self.height, 0)

    def translated(self, dx: int, dy: int) -> Rectangle:
        return Rectangle(self.left + dx, self.top + dy, self.width, self.height)

    def expanded(self, margin: int) -> Rectangle:
        """With so many more pixels on every side."""
        return rectangle_from_edges(
            self.left - margin, self.top - margin, self.right + margin, self.bottom + margin
        )

    def intersection(self, other: Rectangle) -> Rectangle:
        """What both have."""
        return rectangle_from_edges(
            max(self.left, other.left),
            max(self.top, other.top),
            min(self.right, other.right),
            min(self.bottom, other.bottom),
        )

    def aligned_outward(self, column_multiple: int, row_multiple: int) -> Rectangle:
        """The smallest rectangle around this one whose corners are multiples of these."""
        return rectangle_from_edges(
            self.left // column_multiple * column_multiple,
            self.top // row_multiple * row_multiple,
            -(-self.right // column_multiple) * column_multiple,
            -(-self.bottom // row_multiple) * row_multiple,
        )

    def slices_in(self, outer: Rectangle) -> tuple[slice, slice]:
        """Rows and columns of this rectangle in an array that holds `outer`."""
        top, left = self.top - outer.top, self.left - outer.left
        return slice(top, top + self.height), slice(left, left + self.width)


def rectangle_from_edges(left: int, top: int, right: int, bottom: int) -> Rectangle:
    """The rectangle from one corner to, not including, the other."""
    return Rectangle(left, top, right - left, bottom - top)
