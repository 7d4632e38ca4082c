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
    def pixels(self) -> int:
        return max(self.width, 0) * max(self.height, 0)

    def moved(self, right: int, down: int) -> Rectangle:
        return Rectangle(self.left + right, self.top + down, self.width, self.height)

    def grown(self, margin: int) -> Rectangle:
        """With so many more pixels on every side."""
        return between(
            self.left - margin, self.top - margin, self.right + margin, self.bottom + margin
        )

    def within(self, other: Rectangle) -> Rectangle:
        """What both have."""
        return between(
            max(self.left, other.left),
            max(self.top, other.top),
            min(self.right, other.right),
            min(self.bottom, other.bottom),
        )

    def outward(self, columns: int, rows: int) -> Rectangle:
        """The smallest rectangle around this one whose corners are multiples of these."""
        return between(
            self.left // columns * columns,
            self.top // rows * rows,
            -(-self.right // columns) * columns,
            -(-self.bottom // rows) * rows,
        )

    def seen_from(self, outer: Rectangle) -> tuple[slice, slice]:
        """Rows and columns of this rectangle in an array that holds `outer`."""
        top, left = self.top - outer.top, self.left - outer.left
        return slice(top, top + self.height), slice(left, left + self.width)


def between(left: int, top: int, right: int, bottom: int) -> Rectangle:
    """The rectangle from one corner to, not including, the other."""
    return Rectangle(left, top, right - left, bottom - top)
