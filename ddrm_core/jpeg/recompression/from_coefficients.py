"""An earlier and harsher compression, from the levels of a JPEG."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ddrm_core.cancel import CancelToken
from ddrm_core.jpeg.image import JpegImage
from ddrm_core.jpeg.recompression.block_histograms import (
    GRIDS,
    Mask,
    Plane,
    distinct_blocks,
    grid_histogram,
    grid_histograms,
    plane_of,
    usable_blocks,
)
from ddrm_core.jpeg.recompression.double_quantization import requantised_evidence
from ddrm_core.jpeg.recompression.result import Earlier, confidence_of
from ddrm_core.jpeg.recompression.shifted_grid import (
    error_variances,
    in_spreads,
    mirror_contrast,
    moved_noise,
)
from ddrm_core.jpeg.recompression.step_likelihood import LUMA_STEPS, quality_evidence

_LOW = np.array([8 * v + u for v in range(8) for u in range(8) if v + u <= 4])
_MIDDLE = np.array([8 * v + u for v in range(8) for u in range(8) if v + u <= 6])
_LOW_OF_MIDDLE = np.isin(_MIDDLE, _LOW)
_ALL = np.arange(64)
_MOVED = ((4, 4), (3, 5))  # grids that show no quantisation of the file's
_LEAST_BLOCKS = 64
_MOST_BLOCKS = 128  # a side: a megapixel
_LEAST_LEVELS = 5  # of a band, that are not 0
_CLIPPED = 2.0  # grey levels from black and white: blocks that reach there may have been cut off
_LEAST_DISTINCT = 0.07  # share of blocks; fewer are a drawing's
# Least evidence, and the share of findings right from it on.
_SAME_NATS = ((50.0, 0.8), (100.0, 0.9), (400.0, 0.98))
_OTHER_SPREADS = ((4.7, 0.8), (5.5, 0.9), (7.0, 0.97))
_CERTAIN_NATS = 400.0
_OBVIOUS_LEAD = 0.1  # nats a block
_LEVELS = 1 << 14  # that are not 0: the evidence of more is scaled down to as many
# By how much a grid has to stand out from the second and the third: edges and enlarged pixels
# single out several.
_OVER_SECOND, _OVER_THIRD, _ORDINARY_SPREADS = 1.3, 2.0, 4.0


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


@dataclass(frozen=True, slots=True)
class _Finding:
    left: int
    top: int
    quality: int
    evidence: float


def earlier_in_jpeg(image: JpegImage, token: CancelToken | None = None) -> Earlier | None:
    """The harsher compression that a file's picture went through before; None if none is seen.

    Looks at luma only, of large pictures at the central megapixel. `sampling` is the file's own,
    "4:2:0" where that has no usual name; `left` and `top` are 0 to 7.

    Raises:
        Cancelled: Within a second of a core, once `token` says so.
    """
    token = token or CancelToken()
    if image.colour not in ("grey", "YCbCr"):
        return None
    luma = _luma(image)
    if luma.candidates < 1 or int(luma.steps.max()) > 255 or not _is_varied(luma.levels):
        return None
    same = _same_grid(luma)
    if same.evidence >= _CERTAIN_NATS:
        return _earlier(image, same, _SAME_NATS)
    # Heavy blocks on another grid disturb what the moved grid says of this one: those first.
    other = _earlier(image, _other_grid(luma, token), _OTHER_SPREADS)
    return other or _earlier(image, same, _SAME_NATS)


def _is_varied(levels: NDArray[np.int_]) -> bool:
    distinct = distinct_blocks(levels.T.astype(np.float32))
    return distinct >= max(_LEAST_BLOCKS, _LEAST_DISTINCT * len(levels))


def _earlier(
    image: JpegImage, found: _Finding, steps: tuple[tuple[float, float], ...]
) -> Earlier | None:
    confidence = confidence_of(found.evidence, steps)
    if confidence is None:
        return None
    return Earlier(found.quality, found.left, found.top, _sampling(image), confidence)


def _luma(image: JpegImage) -> _Luma:
    rows, columns = image.levels[0].shape[:2]
    top, left = max(0, rows - _MOST_BLOCKS) // 2, max(0, columns - _MOST_BLOCKS) // 2
    levels = image.levels[0][top : top + _MOST_BLOCKS, left : left + _MOST_BLOCKS].astype(np.intp)
    steps = image.tables[0].astype(np.intp)
    plane = plane_of((levels * steps.reshape(8, 8)).astype(np.float32))
    usable = np.abs(plane + 0.5) < 127.5 - _CLIPPED
    kept = levels.reshape(-1, 64)[usable_blocks(usable)]
    return _Luma(kept, steps, plane, usable, image.quality.factor - 1)


def _same_grid(luma: _Luma) -> _Finding:
    """The likeliest on the file's grid; evidence in nats."""
    # Twice: the earlier compression may be on the moved grid itself.
    scores = [_same_grid_scores(luma, left, top) for left, top in _MOVED]
    score = np.minimum(*scores)
    best = int(score.argmax())
    share = min(1.0, _LEVELS / max(1, int(np.count_nonzero(luma.levels[:, 1:]))))
    return _Finding(0, 0, best + 1, float(score[best]) * share)


def _same_grid_scores(luma: _Luma, left: int, top: int) -> NDArray[np.float64]:
    """(candidates,) in nats, against what the grid moved by `left`, `top` shows."""
    moved = grid_histogram(luma.plane, luma.usable, left, top, _ALL)
    score = np.zeros(luma.candidates)
    # Not the first band: means of blocks are spread unevenly in pictures of few tones.
    for band in 1 + np.flatnonzero((luma.levels[:, 1:] != 0).sum(0) >= _LEAST_LEVELS):
        step, tables = int(luma.steps[band]), LUMA_STEPS[: luma.candidates, band]
        earlier, place = np.unique(tables, return_inverse=True)
        score += requantised_evidence(luma.levels[:, band], moved[band], step, earlier)[place]
    return score


def _other_grid(luma: _Luma, token: CancelToken) -> _Finding:
    """The likeliest on another grid; evidence in spreads over grids, 0 if others are as likely."""
    variances = error_variances(luma.levels, luma.steps)
    noise = np.stack([moved_noise(variances, left, top) for left, top in GRIDS[1:]]).mean(0)
    tables = LUMA_STEPS[: luma.candidates]
    token.raise_if_cancelled()
    seen = grid_histograms(luma.plane, luma.usable, _MIDDLE)
    token.raise_if_cancelled()
    plain = quality_evidence(seen[:, _LOW_OF_MIDDLE], _LOW, noise[_LOW], tables)
    token.raise_if_cancelled()
    low = mirror_contrast(plain)
    # Zeros of smooth blocks say which grid, but little of how harsh.
    spread_out = quality_evidence(seen, _MIDDLE, noise[_MIDDLE], tables, zeros=False)
    without_zeros = mirror_contrast(spread_out)
    obvious = _obvious_grid(plain, len(luma.levels))
    if obvious is not None:
        left, top = GRIDS[obvious + 1]
        quality = _quality_on(spread_out[obvious + 1], without_zeros[obvious])
        return _Finding(left, top, quality, np.inf)
    spreads = (in_spreads(low, common=False) + in_spreads(without_zeros, common=True)) / 2
    grid = int(spreads.argmax())
    left, top = GRIDS[grid + 1]
    first, second, third = np.sort(spreads)[:-4:-1]
    alone = second < max(_ORDINARY_SPREADS, first / _OVER_SECOND)
    alone = alone and third < max(_ORDINARY_SPREADS, first / _OVER_THIRD)
    quality = _quality_on(spread_out[grid + 1], without_zeros[grid])
    return _Finding(left, top, quality, float(first) if alone else 0.0)


def _quality_on(scores: NDArray[np.float64], contrast: NDArray[np.float64]) -> int:
    """The likeliest quality on a grid, from its scores and what these have over its mirrors'.

    Steps that divide the true ones fit too, and better than their mirrors by more; they fit worse
    by themselves. Where nothing fits by itself, all there is is the contrast.
    """
    best = int(scores.argmax())
    return best + 1 if scores[best] > 0 else int(contrast.argmax()) + 1


def _obvious_grid(scores: NDArray[np.float64], blocks: int) -> int | None:
    """Place among the grids but the file's own of one that fits by itself and far better.

    A much harsher compression marks its grid's neighbours too, so that none stands out in spreads.
    """
    best = scores[1:].max(1)
    grid = int(best.argmax())
    lead = float(best[grid] - np.delete(best, grid).max())
    return grid if lead > max(_OBVIOUS_LEAD * blocks, best[grid] / 2) and best[grid] > 0 else None


def _sampling(image: JpegImage) -> str:
    if len(image.components) < 3:
        return "grey"
    luma, chroma = image.components[0], image.components[1]
    factors = (luma.horizontal // chroma.horizontal, luma.vertical // chroma.vertical)
    names = {(1, 1): "4:4:4", (2, 1): "4:2:2", (1, 2): "4:4:0", (4, 1): "4:1:1"}
    return names.get(factors, "4:2:0")
