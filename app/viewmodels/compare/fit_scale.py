"""The scale at which an image is fitted to a pane."""

from __future__ import annotations

from math import floor

_TINY_SIDE = 64  # logical pixels to which a tiny image is enlarged


def limit_fit_scale(filling_scale: float, longest_side: int, pixel_ratio: float) -> float:
    """Return the scale at which an image is fitted, in device pixels per image pixel.

    A small image keeps its pixels: on a screen of high density, each is a square of whole device
    pixels about as large as a logical pixel. A tiny image is enlarged by a whole number, because
    the handle of the slider would hide it.

    Args:
        filling_scale: Scale at which the image fills the pane.
        longest_side: Longest side of the image, in image pixels.
        pixel_ratio: Device pixels per logical pixel.
    """
    return min(
        filling_scale, max(1.0, floor(pixel_ratio), _TINY_SIDE * pixel_ratio // longest_side)
    )
