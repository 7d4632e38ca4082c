"""An earlier compression, from the pixels of a picture that is stored without loss."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ddrm_core.jpeg.recompression.block_histograms import (
    Mask,
    Plane,
    central,
    distinct_blocks,
    grid_coefficients,
    grid_histograms,
    usable_blocks,
    whole_blocks,
)
from ddrm_core.jpeg.recompression.chroma_sampling import find_sampling
from ddrm_core.jpeg.recompression.result import Earlier, confidence_of
from ddrm_core.jpeg.recompression.step_likelihood import LUMA_STEPS, quality_evidence

_LUMA = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-T T.871, section 7
_NOISE = 0.33  # of pixels rounded by the decoder, in units of coefficients
_LOW = np.array([8 * v + u for v in range(8) for u in range(8) if v + u <= 5])
_ALL = np.arange(64)
_LEAST_SIDE = 32
_LEAST_BLOCKS = 12
_LEAST_DISTINCT = 8
_LEAST_DISTINCT_SHARE = 0.02  # of blocks; fewer are a drawing's
_LEAST_FIT = -0.3  # nats a block; steps of 1 to 3 hardly show in a block
_LEAST_LEAD = 0.08  # nats a block, over every other grid
# The same in all, and the share of findings right from it on.
_NATS = ((25.0, 0.8), (100.0, 0.95), (1000.0, 0.99))


def earlier_in_pixels(pixels: NDArray[np.uint8]) -> Earlier | None:
    """The compression whose decoded picture these pixels are, or a piece of; None if none is seen.

    Of large pictures the central megapixel is looked at.

    Args:
        pixels: (h, w, 3) RGB or (h, w) grey, untouched since they were decoded.
    """
    pixels, left, top = central(pixels)
    if min(pixels.shape[:2]) < _LEAST_SIDE:
        return None
    grey = pixels.ndim == 2 or bool((pixels == pixels[:, :, :1]).all())
    plane, usable = luma_plane(pixels), unclipped(pixels)
    found = _find_grid(plane, usable)
    if found is None:
        return None
    x, y, quality, confidence = found
    sampling = "grey"
    if not grey:
        sampling, x, y = find_sampling(pixels, usable, x, y, quality)
    period_x, period_y = 8 * (1 + (sampling in ("4:2:2", "4:2:0"))), 8 * (1 + (sampling == "4:2:0"))
    return Earlier(quality, (x - left) % period_x, (y - top) % period_y, sampling, confidence)


def luma_plane(pixels: NDArray[np.uint8]) -> Plane:
    """Level-shifted; whole numbers, as the decoder had them before it made RGB of them."""
    if pixels.ndim == 2:
        return pixels.astype(np.float32) - 128
    luma: Plane = np.round(pixels.astype(np.float32) @ _LUMA) - 128
    return luma


def unclipped(pixels: NDArray[np.uint8]) -> Mask:
    """Pixels of which no channel may have been cut off at black or white."""
    inside: Mask = (pixels > 0) & (pixels < 255)
    return inside if pixels.ndim == 2 else np.all(inside, axis=2)


def _find_grid(plane: Plane, usable: Mask) -> tuple[int, int, int, float] | None:
    """Left, top, quality and confidence."""
    blocks = int(usable_blocks(usable[whole_blocks(plane.shape, 0, 0)]).sum())
    if blocks < _LEAST_BLOCKS:
        return None
    scores = quality_evidence(
        grid_histograms(plane, usable, _LOW), _LOW, np.full(len(_LOW), _NOISE), LUMA_STEPS
    )
    best = scores.max(1)
    grid = int(best.argmax())
    lead = best[grid] - float(np.delete(best, grid).max())
    confidence = confidence_of(lead, _NATS)
    if confidence is None or lead < _LEAST_LEAD * blocks or best[grid] < _LEAST_FIT * blocks:
        return None
    left, top = grid % 8, grid // 8
    found = grid_coefficients(plane, usable, left, top, _ALL)
    if distinct_blocks(found) < max(_LEAST_DISTINCT, _LEAST_DISTINCT_SHARE * blocks):
        return None
    every = grid_histograms(plane, usable, _ALL, ((left, top),))
    fine = quality_evidence(every, _ALL, np.full(64, _NOISE), LUMA_STEPS)[0]
    rough = int(scores[grid].argmax())
    first = max(0, rough - 4)
    return left, top, first + int(fine[first : rough + 5].argmax()) + 1, confidence
