"""Detection of an earlier compression from the pixels of a lossless image."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ddrm_core.jpeg.recompression.block_histograms import (
    PixelMask,
    PlaneArray,
    build_grid_histograms,
    compute_grid_coefficients,
    count_distinct_blocks,
    crop_center,
    find_usable_blocks,
    whole_block_slices,
)
from ddrm_core.jpeg.recompression.chroma_sampling import detect_chroma_sampling
from ddrm_core.jpeg.recompression.previous_compression import PreviousCompression, find_confidence
from ddrm_core.jpeg.recompression.step_likelihood import (
    LUMA_STEPS_BY_QUALITY,
    compute_quality_evidence,
)

_RGB_TO_LUMA = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-T T.871, section 7
_ROUNDING_NOISE = 0.33  # rounding of the decoder's pixels, in units of coefficients
_LOW_BANDS = np.array([8 * v + u for v in range(8) for u in range(8) if v + u <= 5])
_ALL_BANDS = np.arange(64)
_MIN_SIDE = 32
_MIN_BLOCKS = 12
_MIN_DISTINCT_BLOCKS = 8
_MIN_DISTINCT_SHARE = 0.02  # share of blocks; drawings have fewer
_MIN_FIT = -0.3  # nats per block; steps of 1 to 3 hardly show in a block
_MIN_LEAD = 0.08  # nats per block, over every other grid
# Pairs of a least lead in nats, over all blocks, and the share of findings with at least this lead
# that were right.
_CONFIDENCE_STEPS = ((25.0, 0.8), (100.0, 0.95), (1000.0, 0.99))


def detect_from_pixels(pixels: NDArray[np.uint8]) -> PreviousCompression | None:
    """Return the JPEG compression that pixels were decoded from, None if undetected.

    The pixels may be a crop of the decoded image. Of large images only the central megapixel is
    examined.

    Args:
        pixels: RGB (h, w, 3) or gray (h, w) pixels, unchanged since decoding.
    """
    pixels, crop_left, crop_top = crop_center(pixels)
    if min(pixels.shape[:2]) < _MIN_SIDE:
        return None
    is_gray = pixels.ndim == 2 or bool((pixels == pixels[:, :, :1]).all())
    plane, usable_pixels = compute_luma_plane(pixels), find_unclipped_pixels(pixels)
    grid = _detect_grid(plane, usable_pixels)
    if grid is None:
        return None
    x, y, quality, confidence = grid
    sampling = "grey"
    if not is_gray:
        sampling, x, y = detect_chroma_sampling(pixels, usable_pixels, x, y, quality)
    period_x, period_y = 8 * (1 + (sampling in ("4:2:2", "4:2:0"))), 8 * (1 + (sampling == "4:2:0"))
    return PreviousCompression(
        quality, (x - crop_left) % period_x, (y - crop_top) % period_y, sampling, confidence
    )


def compute_luma_plane(pixels: NDArray[np.uint8]) -> PlaneArray:
    """Return the level-shifted luma, rounded to the integers of the decoder."""
    if pixels.ndim == 2:
        return pixels.astype(np.float32) - 128
    luma: PlaneArray = np.round(pixels.astype(np.float32) @ _RGB_TO_LUMA) - 128
    return luma


def find_unclipped_pixels(pixels: NDArray[np.uint8]) -> PixelMask:
    """Return the mask of pixels whose channels all lie strictly between black and white."""
    inside: PixelMask = (pixels > 0) & (pixels < 255)
    return inside if pixels.ndim == 2 else np.all(inside, axis=2)


def _detect_grid(plane: PlaneArray, usable_pixels: PixelMask) -> tuple[int, int, int, float] | None:
    """Return left, top, quality and confidence of a compression's grid, None if none is found."""
    block_count = int(
        find_usable_blocks(usable_pixels[whole_block_slices(plane.shape, 0, 0)]).sum()
    )
    if block_count < _MIN_BLOCKS:
        return None
    scores = compute_quality_evidence(
        build_grid_histograms(plane, usable_pixels, _LOW_BANDS),
        _LOW_BANDS,
        np.full(len(_LOW_BANDS), _ROUNDING_NOISE),
        LUMA_STEPS_BY_QUALITY,
    )
    best = scores.max(1)
    grid = int(best.argmax())
    lead = best[grid] - float(np.delete(best, grid).max())
    confidence = find_confidence(lead, _CONFIDENCE_STEPS)
    if confidence is None or lead < _MIN_LEAD * block_count or best[grid] < _MIN_FIT * block_count:
        return None
    left, top = grid % 8, grid // 8
    coefficients = compute_grid_coefficients(plane, usable_pixels, left, top, _ALL_BANDS)
    if count_distinct_blocks(coefficients) < max(
        _MIN_DISTINCT_BLOCKS, _MIN_DISTINCT_SHARE * block_count
    ):
        return None
    all_histograms = build_grid_histograms(plane, usable_pixels, _ALL_BANDS, ((left, top),))
    all_band_scores = compute_quality_evidence(
        all_histograms, _ALL_BANDS, np.full(64, _ROUNDING_NOISE), LUMA_STEPS_BY_QUALITY
    )[0]
    rough_quality = int(scores[grid].argmax())
    first = max(0, rough_quality - 4)
    return (
        left,
        top,
        first + int(all_band_scores[first : rough_quality + 5].argmax()) + 1,
        confidence,
    )
