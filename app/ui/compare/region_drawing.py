"""Drawing of a region with the mouse."""

from __future__ import annotations

from PySide6.QtCore import Qt

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
        is_area_mode: Whether a drag without Ctrl draws an area, such as one to keep.
    """

    def __init__(self) -> None:
        self._start: Point | None = None
        self.rectangle: Rectangle | None = None
        self.is_area_mode = False

    @property
    def is_active(self) -> bool:
        return self._start is not None

    def set_area_mode(self, is_area_mode: bool) -> None:
        self.is_area_mode = is_area_mode

    def begins_with(self, modifiers: Qt.KeyboardModifier) -> bool:
        """Return whether a drag with some modifier keys draws a region or an area."""
        return self.is_area_mode or bool(modifiers & Qt.KeyboardModifier.ControlModifier)

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
