"""An earlier and harsher compression, from the levels of a JPEG."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ddrm_core.jpeg.history.blocks import (
    GRIDS,
    Mask,
    Plane,
    grid_histogram,
    grid_histograms,
    plane_of,
    usable_blocks,
)
from ddrm_core.jpeg.history.earlier import Earlier
from ddrm_core.jpeg.history.lattice import LUMA_STEPS, quality_evidence
from ddrm_core.jpeg.history.requantised import requantised_evidence
from ddrm_core.jpeg.history.shifted import error_variances, moved_contrast, moved_noise
from ddrm_core.jpeg.measured import JpegImage

_LOW = np.array([8 * v + u for v in range(8) for u in range(8) if v + u <= 4])
_ALL = np.arange(64)
_LEAST_BLOCKS = 64
_MOST_BLOCKS = 128  # a side: a megapixel
_CLIPPED = 2.0  # grey levels from black and white: blocks that reach there may have been cut off
_LEAST_ALIGNED = 0.06  # nats a block
_LEAST_NATS = 25.0
_LEAST_MOVED = 5.5  # spreads of the other grids


@dataclass(frozen=True, slots=True, eq=False)
class _Luma:
    """The middle of a file's luma.

    Attributes:
        levels: (blocks, 64), of blocks that are not clipped.
        steps: (64,).
        plane: Decoded, neither rounded nor clipped.
        usable: Pixels that are not clipped.
        candidates: Quality factors below the file's.
    """

    levels: NDArray[np.int_]
    steps: NDArray[np.intp]
    plane: Plane
    usable: Mask
    candidates: int


def earlier_in_jpeg(image: JpegImage) -> Earlier | None:
    """The harsher compression that a file's picture went through before; None if none is seen.

    Looks at luma only, of large pictures at the central megapixel. `sampling` is the file's own,
    and `left` and `top` are 0 to 7.
    """
    if image.colour not in ("grey", "YCbCr"):
        return None
    luma = _luma(image)
    if len(luma.levels) < _LEAST_BLOCKS or luma.candidates < 1:
        return None
    found = _same_grid(luma) or _other_grid(luma)
    if found is None:
        return None
    left, top, quality, confidence = found
    return Earlier(quality, left, top, _sampling(image), confidence)


def _luma(image: JpegImage) -> _Luma:
    rows, columns = image.levels[0].shape[:2]
    top, left = max(0, rows - _MOST_BLOCKS) // 2, max(0, columns - _MOST_BLOCKS) // 2
    levels = image.levels[0][top : top + _MOST_BLOCKS, left : left + _MOST_BLOCKS].astype(np.intp)
    steps = image.tables[0].astype(np.intp)
    plane = plane_of((levels * steps.reshape(8, 8)).astype(np.float32))
    usable = np.abs(plane + 0.5) < 127.5 - _CLIPPED
    kept = levels.reshape(-1, 64)[usable_blocks(usable)]
    return _Luma(kept, steps, plane, usable, image.quality.factor - 1)


def _same_grid(luma: _Luma) -> tuple[int, int, int, float] | None:
    """Left, top, quality and confidence."""
    moved = grid_histogram(luma.plane, luma.usable, 4, 4, _ALL)
    score = np.zeros(luma.candidates)
    for band in np.flatnonzero((luma.levels != 0).sum(0) >= 5):
        step, tables = int(luma.steps[band]), LUMA_STEPS[: luma.candidates, band]
        earlier, place = np.unique(tables, return_inverse=True)
        score += requantised_evidence(luma.levels[:, band], moved[band], step, earlier)[place]
    best = int(score.argmax())
    blocks = len(luma.levels)
    if score[best] < max(_LEAST_NATS, _LEAST_ALIGNED * blocks):
        return None
    return 0, 0, best + 1, 0.9


def _other_grid(luma: _Luma) -> tuple[int, int, int, float] | None:
    """Left, top, quality and confidence."""
    variances = error_variances(luma.levels, luma.steps)
    noise = np.stack([moved_noise(variances, left, top) for left, top in GRIDS[1:]]).mean(0)
    histograms = grid_histograms(luma.plane, luma.usable, _LOW)
    tables = LUMA_STEPS[: luma.candidates]
    contrast = moved_contrast(quality_evidence(histograms, _LOW, noise[_LOW], tables))
    grid, best = np.unravel_index(contrast.argmax(), contrast.shape)
    if contrast[grid, best] < _LEAST_MOVED:
        return None
    return int(grid) % 8, int(grid) // 8, int(best) + 1, 0.9


def _sampling(image: JpegImage) -> str:
    if len(image.components) < 3:
        return "grey"
    luma, chroma = image.components[0], image.components[1]
    factors = (luma.horizontal // chroma.horizontal, luma.vertical // chroma.vertical)
    return {(1, 1): "4:4:4", (2, 1): "4:2:2", (1, 2): "4:4:0"}.get(factors, "4:2:0")
