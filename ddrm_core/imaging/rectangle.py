"""Rectangles of pixels."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A rectangle of pixels: columns `left` to `right` - 1, rows `top` to `bottom` - 1.

    Attributes:
        left: First column.
        top: First row.
        width: Width in pixels; 0 or less for an empty rectangle.
        height: Height in pixels; 0 or less for an empty rectangle.
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
        """Return the rectangle with `margin` more pixels on every side."""
        return rectangle_from_edges(
            self.left - margin, self.top - margin, self.right + margin, self.bottom + margin
        )

    def intersection(self, other: Rectangle) -> Rectangle:
        """Return the intersection with `other`.

        The width or the height is 0 or negative if the rectangles do not overlap.
        """
        return rectangle_from_edges(
            max(self.left, other.left),
            max(self.top, other.top),
            min(self.right, other.right),
            min(self.bottom, other.bottom),
        )

    def difference(self, inner: Rectangle) -> tuple[Rectangle, ...]:
        """Return up to four rectangles that cover this rectangle except `inner`, each pixel once.

        `inner` lies inside this rectangle.
        """
        rectangles = (
            rectangle_from_edges(self.left, self.top, self.right, inner.top),
            rectangle_from_edges(self.left, inner.top, inner.left, inner.bottom),
            rectangle_from_edges(inner.right, inner.top, self.right, inner.bottom),
            rectangle_from_edges(self.left, inner.bottom, self.right, self.bottom),
        )
        return tuple(rectangle for rectangle in rectangles if rectangle.pixel_count)

    def aligned_outward(self, column_multiple: int, row_multiple: int) -> Rectangle:
        """Return the smallest rectangle that encloses this rectangle and has aligned edges.

        The left and right edges are multiples of `column_multiple`, the top and bottom edges are
        multiples of `row_multiple`.
        """
        return rectangle_from_edges(
            self.left // column_multiple * column_multiple,
            self.top // row_multiple * row_multiple,
            -(-self.right // column_multiple) * column_multiple,
            -(-self.bottom // row_multiple) * row_multiple,
        )

    def slices_in(self, outer: Rectangle) -> tuple[slice, slice]:
        """Return the slices of rows and of columns that this rectangle has in an array of `outer`.

        The array holds the pixels of the rectangle `outer`, which contains this rectangle.
        """
        top, left = self.top - outer.top, self.left - outer.left
        return slice(top, top + self.height), slice(left, left + self.width)


def rectangle_from_edges(left: int, top: int, right: int, bottom: int) -> Rectangle:
    """Create a rectangle from its edges; `right` and `bottom` are exclusive."""
    return Rectangle(left, top, right - left, bottom - top)
