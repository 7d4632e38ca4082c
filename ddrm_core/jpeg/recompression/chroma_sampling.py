"""Detection of an earlier compression's chroma sampling, given its luma grid and quality."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ddrm_core.jpeg.recompression.block_histograms import (
    PixelMask,
    PlaneArray,
    build_grid_histograms,
)
from ddrm_core.jpeg.recompression.step_likelihood import (
    CHROMA_STEPS_BY_QUALITY,
    compute_quality_evidence,
)

# ITU-T T.871, section 7: RGB to Cb and Cr.
_RGB_TO_CHROMA = np.array([[-0.168736, -0.331264, 0.5], [0.5, -0.418688, -0.081312]], np.float32)
_LOW_BANDS = np.array([8 * v + u for v in range(8) for u in range(8) if v + u <= 4])
_ROUNDING_NOISE = np.full(len(_LOW_BANDS), 0.5)  # rounding twice, in units of coefficients
_MIN_LEAD = 0.01  # nats per block, over the next best candidate
# The decoder's triangle filter followed by the mean of each pair weighs samples by 1/8, 3/4 and
# 1/8. The taps of the inverse filter decay geometrically.
_SHARPEN_DECAY = -(3 - np.sqrt(8.0))
_SHARPEN_TAPS = (np.sqrt(2.0) * _SHARPEN_DECAY ** np.abs(np.arange(-4, 5))).astype(np.float32)


def detect_chroma_sampling(
    pixels: NDArray[np.uint8], usable_pixels: PixelMask, grid_left: int, grid_top: int, quality: int
) -> tuple[str, int, int]:
    """Return the chroma sampling and the left and top offsets of the MCU grid.

    Offsets are 0 to 15 along an axis with halved chroma, else 0 to 7. Without evidence from chroma,
    the result is ("4:2:0", `grid_left`, `grid_top`), because nearly all encoders use 4:2:0.

    Args:
        pixels: RGB pixels, (h, w, 3).
        usable_pixels: Mask of pixels that are not clipped.
        grid_left: Offset of the luma grid, 0 to 7.
        grid_top: Offset of the luma grid, 0 to 7.
        quality: Quality factor, 1 to 100.
    """
    candidates: list[tuple[float, str, int, int]] = []
    planes = [np.asarray(pixels.astype(np.float32) @ row, np.float32) for row in _RGB_TO_CHROMA]
    steps = CHROMA_STEPS_BY_QUALITY[quality - 1 : quality]
    for sampling, is_halved_across, is_halved_down, sharpen in _sampling_hypotheses():
        halved_usable = usable_pixels
        halved_planes = planes
        lefts, tops = [grid_left], [grid_top]
        if is_halved_across:
            halved_planes = [_halve_columns(p, grid_left % 2, sharpen) for p in halved_planes]
            halved_usable, lefts = (
                _halve_mask_columns(halved_usable, grid_left % 2),
                [grid_left, grid_left + 8],
            )
        if is_halved_down:
            halved_planes = [_halve_columns(p.T, grid_top % 2, sharpen).T for p in halved_planes]
            halved_usable, tops = (
                _halve_mask_columns(halved_usable.T, grid_top % 2).T,
                [grid_top, grid_top + 8],
            )
        for x in lefts:
            for y in tops:
                grid = (
                    (x + 1) // 2 % 8 if is_halved_across else x,
                    (y + 1) // 2 % 8 if is_halved_down else y,
                )
                score = sum(
                    _evidence_per_block(p, halved_usable, grid, steps) for p in halved_planes
                )
                candidates.append((score, sampling, x, y))
    return _find_clear_winner(candidates) or ("4:2:0", grid_left, grid_top)


def _find_clear_winner(
    candidates: list[tuple[float, str, int, int]],
) -> tuple[str, int, int] | None:
    """Return the candidate with the highest score; None if another scores nearly as high.

    A candidate is a score, a chroma sampling, and the left and top offsets of the grid. The result
    lacks the score. Candidates with equal sampling and offsets count as one.
    """
    score, *_ = best = max(candidates)
    others = [row[0] for row in candidates if row[1:] != best[1:]]
    return None if score - max(others) < _MIN_LEAD else best[1:]


def _sampling_hypotheses() -> Iterator[tuple[str, bool, bool, bool]]:
    """Yield assumptions about the compression and the decoder that made an image.

    Each assumption is the chroma sampling, whether columns are halved, whether rows are halved, and
    whether the decoder interpolated chroma.
    """
    yield "4:4:4", False, False, False
    for sharpen in (True, False):
        yield "4:2:2", True, False, sharpen
        yield "4:2:0", True, True, sharpen


def _evidence_per_block(
    plane: PlaneArray, usable_pixels: PixelMask, grid: tuple[int, int], steps: NDArray[np.intp]
) -> float:
    """Return the evidence per block, in nats, that `steps` quantized a chroma plane on a grid."""
    histograms = build_grid_histograms(plane, usable_pixels, _LOW_BANDS, (grid,))
    blocks = max(float(histograms[0, 0].sum()), 1.0)
    return (
        float(compute_quality_evidence(histograms, _LOW_BANDS, _ROUNDING_NOISE, steps)[0, 0])
        / blocks
    )


def _halve_columns(plane: PlaneArray, offset: int, should_sharpen: bool) -> PlaneArray:
    """Return a plane of half the width: the means of pairs of columns from column `offset` on.

    With `should_sharpen`, a decoder's interpolation of chroma is undone.
    """
    width = (plane.shape[1] - offset) // 2
    pairs: PlaneArray = plane[:, offset : offset + 2 * width].reshape(len(plane), width, 2).mean(2)
    if not should_sharpen:
        return pairs
    padded = np.pad(pairs, ((0, 0), (4, 4)), mode="edge")
    sharp = np.zeros_like(pairs)
    for index, tap in enumerate(_SHARPEN_TAPS):
        sharp += tap * padded[:, index : index + width]
    return sharp


def _halve_mask_columns(usable_pixels: PixelMask, offset: int) -> PixelMask:
    width = (usable_pixels.shape[1] - offset) // 2
    pairs = usable_pixels[:, offset : offset + 2 * width].reshape(len(usable_pixels), width, 2)
    both: PixelMask = np.all(pairs, axis=2)
    return both
