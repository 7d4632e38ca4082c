"""Detection of an earlier, harsher compression from the levels of a JPEG."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ddrm_core.cancel import CancelToken
from ddrm_core.jpeg.image import JpegImage
from ddrm_core.jpeg.recompression.block_histograms import (
    GRID_OFFSETS,
    PixelMask,
    PlaneArray,
    build_grid_histogram,
    build_grid_histograms,
    count_distinct_blocks,
    find_usable_blocks,
    plane_from_coefficients,
)
from ddrm_core.jpeg.recompression.double_quantization import compute_requantization_evidence
from ddrm_core.jpeg.recompression.previous_compression import PreviousCompression, find_confidence
from ddrm_core.jpeg.recompression.shifted_grid import (
    compute_error_variances,
    compute_mirror_contrast,
    compute_shifted_noise,
    standardize_contrast,
)
from ddrm_core.jpeg.recompression.step_likelihood import (
    LUMA_STEPS_BY_QUALITY,
    compute_quality_evidence,
)

_LOW_BANDS = np.array([8 * v + u for v in range(8) for u in range(8) if v + u <= 4])
_LOW_AND_MIDDLE_BANDS = np.array([8 * v + u for v in range(8) for u in range(8) if v + u <= 6])
_IS_LOW_BAND = np.isin(_LOW_AND_MIDDLE_BANDS, _LOW_BANDS)
_ALL_BANDS = np.arange(64)
_REFERENCE_GRIDS = ((4, 4), (3, 5))  # grids on which the file's own quantization does not show
_MIN_DISTINCT_BLOCKS = 64
_MAX_BLOCKS_PER_SIDE = 128  # 128 x 128 blocks are a megapixel
_MIN_NONZERO_LEVELS = 5  # per band
# In gray levels: blocks that come nearer to black or white may have been clipped.
_CLIPPING_MARGIN = 2.0
_MIN_DISTINCT_SHARE = 0.07  # share of blocks; drawings have fewer
# Pairs of a least evidence and the share of findings with at least this evidence that were right.
_SAME_GRID_CONFIDENCE = ((50.0, 0.8), (100.0, 0.9), (400.0, 0.98))
_OTHER_GRID_CONFIDENCE = ((4.7, 0.8), (5.5, 0.9), (7.0, 0.97))
_CERTAIN_EVIDENCE = 400.0
_OBVIOUS_LEAD = 0.1  # nats per block
# Nonzero levels; the evidence of more levels is scaled down to this number.
_MAX_COUNTED_LEVELS = 1 << 14
# Least ratio of a grid's score to the second and the third best. Edges and enlarged pixels give
# high scores to several grids.
_MIN_RATIO_TO_SECOND, _MIN_RATIO_TO_THIRD, _ORDINARY_SCORE = 1.3, 2.0, 4.0


@dataclass(frozen=True, slots=True, eq=False)
class _CentralLuma:
    """The central part of a file's luma.

    Attributes:
        block_levels: Levels of blocks that are not clipped, (blocks, 64).
        quantizer_steps: Quantizer steps, (64,).
        plane: Decoded plane, neither rounded nor clipped.
        usable_pixels: Mask of pixels that are not clipped.
        candidate_count: Number of quality factors below the file's, the candidates for the previous
            compression.
    """

    block_levels: NDArray[np.int_]
    quantizer_steps: NDArray[np.intp]
    plane: PlaneArray
    usable_pixels: PixelMask
    candidate_count: int


@dataclass(frozen=True, slots=True)
class _GridCandidate:
    grid_left: int
    grid_top: int
    quality: int
    evidence: float


def detect_from_coefficients(
    image: JpegImage, token: CancelToken | None = None
) -> PreviousCompression | None:
    """Return the compression of lower quality that a JPEG's image went through before.

    Return None if none is detected. Only luma is examined, and of large images only the central
    megapixel. The returned `sampling` is the file's own, or "4:2:0" if that has no usual name;
    `left` and `top` are 0 to 7.

    Raises:
        OperationCancelled: If `token` was cancelled; raised within a second of one core's work.
    """
    token = token or CancelToken()
    if image.color_model_name not in ("grey", "YCbCr"):
        return None
    luma = _extract_central_luma(image)
    if (
        luma.candidate_count < 1
        or int(luma.quantizer_steps.max()) > 255
        or not _has_varied_blocks(luma.block_levels)
    ):
        return None
    same_grid = _search_file_grid(luma)
    if same_grid.evidence >= _CERTAIN_EVIDENCE:
        return _previous_compression_from(image, same_grid, _SAME_GRID_CONFIDENCE)
    # Strong blocks on another grid disturb the evidence of the file's grid, so other grids come
    # first.
    other_grid = _previous_compression_from(
        image, _search_other_grids(luma, token), _OTHER_GRID_CONFIDENCE
    )
    return other_grid or _previous_compression_from(image, same_grid, _SAME_GRID_CONFIDENCE)


def _has_varied_blocks(levels: NDArray[np.int_]) -> bool:
    distinct_count = count_distinct_blocks(levels.T.astype(np.float32))
    return distinct_count >= max(_MIN_DISTINCT_BLOCKS, _MIN_DISTINCT_SHARE * len(levels))


def _previous_compression_from(
    image: JpegImage, candidate: _GridCandidate, confidence_steps: tuple[tuple[float, float], ...]
) -> PreviousCompression | None:
    confidence = find_confidence(candidate.evidence, confidence_steps)
    if confidence is None:
        return None
    return PreviousCompression(
        candidate.quality,
        candidate.grid_left,
        candidate.grid_top,
        _chroma_sampling_of(image),
        confidence,
    )


def _extract_central_luma(image: JpegImage) -> _CentralLuma:
    rows, columns = image.levels[0].shape[:2]
    top, left = (
        max(0, rows - _MAX_BLOCKS_PER_SIDE) // 2,
        max(0, columns - _MAX_BLOCKS_PER_SIDE) // 2,
    )
    levels = image.levels[0][
        top : top + _MAX_BLOCKS_PER_SIDE, left : left + _MAX_BLOCKS_PER_SIDE
    ].astype(np.intp)
    quantizer_steps = image.quantization_tables[0].astype(np.intp)
    plane = plane_from_coefficients((levels * quantizer_steps.reshape(8, 8)).astype(np.float32))
    usable_pixels = np.abs(plane + 0.5) < 127.5 - _CLIPPING_MARGIN
    usable_levels = levels.reshape(-1, 64)[find_usable_blocks(usable_pixels)]
    return _CentralLuma(
        usable_levels, quantizer_steps, plane, usable_pixels, image.quality.factor - 1
    )


def _search_file_grid(luma: _CentralLuma) -> _GridCandidate:
    """Return the most likely earlier compression on the file's grid; its evidence is in nats.

    Evidence that is too weak for any confidence is only an upper bound.
    """
    share = min(1.0, _MAX_COUNTED_LEVELS / max(1, int(np.count_nonzero(luma.block_levels[:, 1:]))))
    score = np.full(luma.candidate_count, np.inf)
    # Two reference grids, because the earlier compression may be on one of them.
    for left, top in _REFERENCE_GRIDS:
        score = np.minimum(score, _score_file_grid(luma, left, top))
        if float(score.max()) * share < _SAME_GRID_CONFIDENCE[0][0]:
            break  # another reference grid can only lower it
    best = int(score.argmax())
    return _GridCandidate(0, 0, best + 1, float(score[best]) * share)


def _score_file_grid(
    luma: _CentralLuma, reference_left: int, reference_top: int
) -> NDArray[np.float64]:
    """Return the evidence for an earlier compression on the file's grid at each lower quality.

    Evidence is in nats, (candidates,), for quality factors from 1. The grid shifted by
    `reference_left` and `reference_top` shows the histogram of a single quantization.
    """
    reference_histograms = build_grid_histogram(
        luma.plane, luma.usable_pixels, reference_left, reference_top, _ALL_BANDS
    )
    score = np.zeros(luma.candidate_count)
    # Band 0 is left out: block means are distributed unevenly in images of few tones.
    for band in 1 + np.flatnonzero((luma.block_levels[:, 1:] != 0).sum(0) >= _MIN_NONZERO_LEVELS):
        step, tables = (
            int(luma.quantizer_steps[band]),
            LUMA_STEPS_BY_QUALITY[: luma.candidate_count, band],
        )
        earlier_steps, inverse = np.unique(tables, return_inverse=True)
        score += compute_requantization_evidence(
            luma.block_levels[:, band], reference_histograms[band], step, earlier_steps
        )[inverse]
    return score


def _search_other_grids(luma: _CentralLuma, token: CancelToken) -> _GridCandidate:
    """Return the most likely earlier compression on a grid other than the file's.

    Its evidence is in standard deviations over grids: infinite for an obvious grid, and 0 if other
    grids are nearly as likely.
    """
    variances = compute_error_variances(luma.block_levels, luma.quantizer_steps)
    noise = np.stack(
        [compute_shifted_noise(variances, left, top) for left, top in GRID_OFFSETS[1:]]
    ).mean(0)
    tables = LUMA_STEPS_BY_QUALITY[: luma.candidate_count]
    token.raise_if_cancelled()
    histograms = build_grid_histograms(luma.plane, luma.usable_pixels, _LOW_AND_MIDDLE_BANDS)
    token.raise_if_cancelled()
    low_band_scores = compute_quality_evidence(
        histograms[:, _IS_LOW_BAND], _LOW_BANDS, noise[_LOW_BANDS], tables
    )
    token.raise_if_cancelled()
    low_band_contrast = compute_mirror_contrast(low_band_scores)
    # Zeros of smooth blocks show the grid, but hardly the quality.
    nonzero_scores = compute_quality_evidence(
        histograms, _LOW_AND_MIDDLE_BANDS, noise[_LOW_AND_MIDDLE_BANDS], tables, include_zeros=False
    )
    nonzero_contrast = compute_mirror_contrast(nonzero_scores)
    obvious = _find_obvious_grid(low_band_scores, len(luma.block_levels))
    if obvious is not None:
        left, top = GRID_OFFSETS[obvious + 1]
        quality = _pick_quality(nonzero_scores[obvious + 1], nonzero_contrast[obvious])
        return _GridCandidate(left, top, quality, np.inf)
    grid_scores = (
        standardize_contrast(low_band_contrast, use_typical_deviation=False)
        + standardize_contrast(nonzero_contrast, use_typical_deviation=True)
    ) / 2
    grid = int(grid_scores.argmax())
    left, top = GRID_OFFSETS[grid + 1]
    first, second, third = np.sort(grid_scores)[:-4:-1]
    is_distinct = second < max(_ORDINARY_SCORE, first / _MIN_RATIO_TO_SECOND)
    is_distinct = is_distinct and third < max(_ORDINARY_SCORE, first / _MIN_RATIO_TO_THIRD)
    quality = _pick_quality(nonzero_scores[grid + 1], nonzero_contrast[grid])
    return _GridCandidate(left, top, quality, float(first) if is_distinct else 0.0)


def _pick_quality(scores: NDArray[np.float64], contrast: NDArray[np.float64]) -> int:
    """Return the most likely quality factor of an earlier compression on a grid.

    Quantizer steps that divide the true steps also fit the coefficients. Their contrast is higher,
    but their score is lower. The contrast decides only if no score is positive.

    Args:
        scores: Evidence for each quality factor from 1, (candidates,).
        contrast: Contrast for each quality factor, see `compute_mirror_contrast`, (candidates,).
    """
    best = int(scores.argmax())
    return best + 1 if scores[best] > 0 else int(contrast.argmax()) + 1


def _find_obvious_grid(scores: NDArray[np.float64], block_count: int) -> int | None:
    """Return the index of a grid whose score is positive and far above all others, else None.

    A much harsher compression also raises the scores of neighboring grids. No grid then stands out
    in standard deviations, so an obvious grid is looked for first.

    Args:
        scores: Evidence, (64 grids, qualities). The first grid is the file's own; the returned
            index is 0 for the second grid.
        block_count: Number of blocks that were examined.
    """
    best = scores[1:].max(1)
    grid = int(best.argmax())
    lead = float(best[grid] - np.delete(best, grid).max())
    return (
        grid if lead > max(_OBVIOUS_LEAD * block_count, best[grid] / 2) and best[grid] > 0 else None
    )


def _chroma_sampling_of(image: JpegImage) -> str:
    if len(image.components) < 3:
        return "grey"
    luma, chroma = image.components[0], image.components[1]
    factors = (
        luma.horizontal_factor // chroma.horizontal_factor,
        luma.vertical_factor // chroma.vertical_factor,
    )
    names = {(1, 1): "4:4:4", (2, 1): "4:2:2", (1, 2): "4:4:0", (4, 1): "4:1:1"}
    return names.get(factors, "4:2:0")
