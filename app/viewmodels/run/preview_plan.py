"""Plan of the patches of a quick preview, from the middle of the visible image outward."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from ddrm_core.imaging.rectangle import Rectangle, rectangle_from_edges

MIN_PATCH_SIDE_PX = 128
"""Smallest side of the first patch, unless the image is smaller."""
# Pixels around a patch that the network evaluates, too: the margin of a tile and its own border.
_SURROUNDING_PX = 64
_BAND_PX = 256
# A remainder that is narrower than this joins the band beside it.
_MIN_BAND_PX = 96


@dataclass(frozen=True, slots=True)
class PlannedPatch:
    """The next patch of a quick preview.

    Attributes:
        rectangle: Rectangle to restore.
        band: Band beside `core` of which the patch is a part; the patch itself for the first one.
        core: Restored rectangle to which the band is added; None for the first patch.
    """

    rectangle: Rectangle
    band: Rectangle
    core: Rectangle | None = None

    @property
    def completes_band(self) -> bool:
        """Whether the patch is the last one of its band."""
        return (self.rectangle.right, self.rectangle.bottom) == (self.band.right, self.band.bottom)

    @property
    def completed_rectangle(self) -> Rectangle | None:
        """The rectangle of core and band, once the patch completes the band; None for no core."""
        if self.core is None or not self.completes_band:
            return None
        return rectangle_from_edges(
            min(self.core.left, self.band.left),
            min(self.core.top, self.band.top),
            max(self.core.right, self.band.right),
            max(self.core.bottom, self.band.bottom),
        )


def plan_first_patch(visible: Rectangle, image: Rectangle, evaluated_pixels: float) -> PlannedPatch:
    """Return the patch in the middle of the visible image.

    Args:
        visible: Visible rectangle of the image.
        image: Rectangle of the whole image.
        evaluated_pixels: Number of pixels, with their surroundings, that the network may evaluate
            in one step. The patch is larger if it would be smaller than `MIN_PATCH_SIDE_PX`.
    """
    surrounding = 2 * _SURROUNDING_PX
    side = max(sqrt(evaluated_pixels) - surrounding, MIN_PATCH_SIDE_PX)
    aspect = min(max(visible.width / visible.height, 1 / 2), 2)
    width = max(round(side * sqrt(aspect)), MIN_PATCH_SIDE_PX)
    height = max(round(side / sqrt(aspect)), MIN_PATCH_SIDE_PX)
    # No larger than the visible part, which may be smaller than the smallest patch.
    width = min(width, max(visible.width, MIN_PATCH_SIDE_PX), image.width)
    height = min(height, max(visible.height, MIN_PATCH_SIDE_PX), image.height)
    left = visible.left + (visible.width - width) // 2
    top = visible.top + (visible.height - height) // 2
    rectangle = Rectangle(
        min(max(left, image.left), image.right - width),
        min(max(top, image.top), image.bottom - height),
        width,
        height,
    )
    return PlannedPatch(rectangle, rectangle)


def plan_next_patch(
    core: Rectangle, visible: Rectangle, evaluated_pixels: float
) -> PlannedPatch | None:
    """Return the first patch of the next band beside `core`; None if `core` covers `visible`.

    The band is on the side with the largest remaining gap, relative to the visible size.

    Args:
        core: Restored rectangle, inside `visible`.
        visible: Visible rectangle of the image.
        evaluated_pixels: Number of pixels, with their surroundings, that the network may evaluate
            in one step.
    """
    gaps = {
        "left": (core.left - visible.left) / visible.width,
        "right": (visible.right - core.right) / visible.width,
        "top": (core.top - visible.top) / visible.height,
        "bottom": (visible.bottom - core.bottom) / visible.height,
    }
    side = max(gaps, key=lambda name: gaps[name])
    if gaps[side] <= 0:
        return None
    is_vertical = side in ("left", "right")
    gap = round(gaps[side] * (visible.width if is_vertical else visible.height))
    thickness = gap if gap < _BAND_PX + _MIN_BAND_PX else _BAND_PX
    match side:
        case "left":
            band = Rectangle(core.left - thickness, core.top, thickness, core.height)
        case "right":
            band = Rectangle(core.right, core.top, thickness, core.height)
        case "top":
            band = Rectangle(core.left, core.top - thickness, core.width, thickness)
        case _:
            band = Rectangle(core.left, core.bottom, core.width, thickness)
    return _first_patch_of(band, band, core, evaluated_pixels)


def plan_patch_after(planned: PlannedPatch, evaluated_pixels: float) -> PlannedPatch | None:
    """Return the patch behind `planned` in its band, None if the band is complete.

    `evaluated_pixels` is as in `plan_next_patch`.
    """
    patch, band = planned.rectangle, planned.band
    if planned.completes_band or planned.core is None:
        return None
    remaining = (
        rectangle_from_edges(patch.right, band.top, band.right, band.bottom)
        if patch.right < band.right
        else rectangle_from_edges(band.left, patch.bottom, band.right, band.bottom)
    )
    return _first_patch_of(remaining, band, planned.core, evaluated_pixels)


def _first_patch_of(
    remaining: Rectangle, band: Rectangle, core: Rectangle, evaluated_pixels: float
) -> PlannedPatch:
    """Return the patch at the beginning of the remaining part of a band."""
    is_vertical = band.height == core.height and band.top == core.top
    length, thickness = (
        (remaining.height, remaining.width) if is_vertical else (remaining.width, remaining.height)
    )
    surrounding = 2 * _SURROUNDING_PX
    patch_length = round(evaluated_pixels / (thickness + surrounding)) - surrounding
    patch_length = max(patch_length, MIN_PATCH_SIDE_PX)
    if length - patch_length < _MIN_BAND_PX:
        patch_length = length
    if is_vertical:
        patch = Rectangle(remaining.left, remaining.top, remaining.width, patch_length)
    else:
        patch = Rectangle(remaining.left, remaining.top, patch_length, remaining.height)
    return PlannedPatch(patch, band, core)
