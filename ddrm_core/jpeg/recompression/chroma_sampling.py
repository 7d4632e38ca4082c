"""How an earlier compression sampled chroma, once its luma grid and its quality are known."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ddrm_core.jpeg.recompression.block_histograms import Mask, Plane, grid_histograms
from ddrm_core.jpeg.recompression.step_likelihood import CHROMA_STEPS, quality_evidence

# ITU-T T.871, section 7: Cb and Cr of RGB.
_CHROMA = np.array([[-0.168736, -0.331264, 0.5], [0.5, -0.418688, -0.081312]], np.float32)
_LOW = np.array([8 * v + u for v in range(8) for u in range(8) if v + u <= 4])
_NOISE = np.full(len(_LOW), 0.5)  # of rounding twice, in units of coefficients
_LEAST_LEAD = 0.01  # nats a block, over the next best
# The decoder's triangle filter, then the mean of each pair, weighs samples 1/8, 3/4, 1/8. The
# inverse's taps fall off geometrically.
_DECAY = -(3 - np.sqrt(8.0))
_SHARPEN = (np.sqrt(2.0) * _DECAY ** np.abs(np.arange(-4, 5))).astype(np.float32)


def find_sampling(
    pixels: NDArray[np.uint8], usable: Mask, left: int, top: int, quality: int
) -> tuple[str, int, int]:
    """Sampling, and left and top on the grid of MCUs: to 15 along halved directions.

    Where nothing is seen of chroma: "4:2:0", which nearly all encoders write, at `left`, `top`.

    Args:
        pixels: (h, w, 3) RGB.
        usable: Pixels that are not clipped.
        left: Of luma's grid, 0 to 7.
        top: Of luma's grid, 0 to 7.
        quality: 1 to 100.
    """
    ranked: list[tuple[float, str, int, int]] = []
    planes = [np.asarray(pixels.astype(np.float32) @ row, np.float32) for row in _CHROMA]
    steps = CHROMA_STEPS[quality - 1 : quality]
    for sampling, across, down, sharpen in _hypotheses():
        seen = usable
        halves = planes
        lefts, tops = [left], [top]
        if across:
            halves = [_halved(p, left % 2, sharpen) for p in halves]
            seen, lefts = _both(seen, left % 2), [left, left + 8]
        if down:
            halves = [_halved(p.T, top % 2, sharpen).T for p in halves]
            seen, tops = _both(seen.T, top % 2).T, [top, top + 8]
        for x in lefts:
            for y in tops:
                grid = ((x + 1) // 2 % 8 if across else x, (y + 1) // 2 % 8 if down else y)
                score = sum(_score(p, seen, grid, steps) for p in halves)
                ranked.append((score, sampling, x, y))
    return _winner(ranked) or ("4:2:0", left, top)


def _winner(ranked: list[tuple[float, str, int, int]]) -> tuple[str, int, int] | None:
    """The best, unless another is as good; interpolated or not is not asked."""
    score, *_ = best = max(ranked)
    others = [row[0] for row in ranked if row[1:] != best[1:]]
    return None if score - max(others) < _LEAST_LEAD else best[1:]


def _hypotheses() -> Iterator[tuple[str, bool, bool, bool]]:
    """Sampling, halved across, halved down, interpolated by the decoder."""
    yield "4:4:4", False, False, False
    for sharpen in (True, False):
        yield "4:2:2", True, False, sharpen
        yield "4:2:0", True, True, sharpen


def _score(plane: Plane, seen: Mask, grid: tuple[int, int], steps: NDArray[np.intp]) -> float:
    """Nats a block."""
    histograms = grid_histograms(plane, seen, _LOW, (grid,))
    blocks = max(float(histograms[0, 0].sum()), 1.0)
    return float(quality_evidence(histograms, _LOW, _NOISE, steps)[0, 0]) / blocks


def _halved(plane: Plane, skipped: int, sharpen: bool) -> Plane:
    """Means of pairs of columns from column `skipped` on; `sharpen` undoes interpolation."""
    width = (plane.shape[1] - skipped) // 2
    pairs: Plane = plane[:, skipped : skipped + 2 * width].reshape(len(plane), width, 2).mean(2)
    if not sharpen:
        return pairs
    padded = np.pad(pairs, ((0, 0), (4, 4)), mode="edge")
    sharp = np.zeros_like(pairs)
    for place, tap in enumerate(_SHARPEN):
        sharp += tap * padded[:, place : place + width]
    return sharp


def _both(usable: Mask, skipped: int) -> Mask:
    width = (usable.shape[1] - skipped) // 2
    pairs = usable[:, skipped : skipped + 2 * width].reshape(len(usable), width, 2)
    both: Mask = np.all(pairs, axis=2)
    return both
