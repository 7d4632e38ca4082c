"""Drawing of a region with the mouse."""

from __future__ import annotations

from app.viewmodels.compare.compare import (
    CompareState,
    Point,
    pixel_rectangle_between,
    view_to_pane,
)
from ddrm_core.imaging.rectangle import Rectangle


class RegionDrawing:
    """The region that the user is drawing, between the press and the release of the button.

    A drag may begin and end beside the image: the region has the pixels between both points.

    Attributes:
        rectangle: Rectangle drawn so far, in pixels of the displayed image; None while no pixel of
            the image is inside.
    """

    def __init__(self) -> None:
        self._start: Point | None = None
        self.rectangle: Rectangle | None = None

    @property
    def is_active(self) -> bool:
        return self._start is not None

    def begin(self, state: CompareState, position: Point) -> None:
        """Begin at a position in the view, in device pixels."""
        self._start = state.pane_to_image(view_to_pane(state, position))

    def extend(self, state: CompareState, position: Point) -> None:
        """Draw up to a position in the view, in device pixels; `begin` was called before."""
        assert self._start is not None
        end = state.pane_to_image(view_to_pane(state, position))
        self.rectangle = pixel_rectangle_between(state, self._start, end)

    def finish(self) -> Rectangle | None:
        """End the drawing and return the drawn rectangle."""
        rectangle, self._start, self.rectangle = self.rectangle, None, None
        return rectangle
