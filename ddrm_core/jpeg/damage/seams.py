"""Search for the MCU from which decoded MCUs no longer continue the image above.

Bytes of another file are often valid code. The MCUs decoded from such bytes do not continue the row
of MCUs above: pixels jump at the seam by more than the slopes on both sides explain. In
photographs, 1 or 2 of 100 seams jump by more than twice that. In foreign data, 80 of 100 seams do.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from ddrm_core.jpeg.header import QuantizationTable
from ddrm_core.jpeg.image import DctLevels
from ddrm_core.jpeg.stream_layout import JpegFrame

McuScores = NDArray[np.float64]
_JUMP_SLACK = 3.0  # gray levels that a seam jumps without any content
_DC_STEP_SHARE = 0.35  # share of a DC step that quantization makes a seam jump
_EXPECTED_JUMP, _EVIDENCE_WEIGHT = 1.5, 3.0
_MIN_EVIDENCE, _MAX_EVIDENCE = -3.0, 4.0
# Limit of the mean score over a row of MCUs. In 352 files (22 photographs and pages of text,
# qualities 10 to 97) the mean stayed below -1.6 except in 3 files. Foreign data gives about 2.5.
_SUSPICIOUS_MEAN = -1.2
# Least sum of scores over less than a row of MCUs: anywhere, and at the end.
_PARTIAL_ROW_THRESHOLD, _LAST_ROW_THRESHOLD = (
    9.0,
    5.0,
)
# Rows of MCUs after which block means decoded from foreign data have left the valid range.
_DRIFT_ROWS = 4
# Least lead of a break over an edge along one row as the explanation of the seams.
_MIN_BREAK_LEAD = 6.0


def count_plausible_mcus(
    frame: JpegFrame,
    levels: Sequence[DctLevels],
    tables: Sequence[QuantizationTable],
    decoded_count: int,
    *,
    is_suspicious: bool,
) -> int:
    """Return how many leading MCUs plausibly belong to one image.

    Args:
        frame: Frame header; the image has a single interleaved scan.
        levels: Levels per component.
        tables: Quantizer steps per component, in natural order.
        decoded_count: Number of leading MCUs that were decoded.
        is_suspicious: Whether the data near the last decoded MCUs is known to be wrong. If True,
            MCUs count up to the first weak sign of foreign data, and without the last row. If
            False, MCUs are left out only if no edge in the image explains their jumps.
    """
    columns = frame.mcu_grid_shape[1]
    in_range_count = min(decoded_count, _find_first_out_of_range_mcu(frame, levels, tables))
    scores, textured = _score_mcus(frame, levels, tables)
    scores, textured = scores[:in_range_count], textured[:in_range_count]
    if (
        not is_suspicious
        and in_range_count == decoded_count
        and not _has_break(scores, textured, columns)
    ):
        return decoded_count
    first_suspect = _find_first_suspect_mcu(scores, columns)
    if (
        not is_suspicious
        and in_range_count == decoded_count
        and first_suspect == 0
        and decoded_count >= _DRIFT_ROWS * columns
    ):
        # Rows break everywhere, but foreign data would soon leave the range from black to white.
        return decoded_count
    return max(0, min(first_suspect, in_range_count - columns))


def is_continuous_image(
    frame: JpegFrame, levels: Sequence[DctLevels], tables: Sequence[QuantizationTable]
) -> bool:
    """Return whether all MCUs plausibly belong to one image."""
    scores, textured = _score_mcus(frame, levels, tables)
    columns = frame.mcu_grid_shape[1]
    if _find_first_out_of_range_mcu(frame, levels, tables) < len(scores):
        return False
    starts = np.arange(columns, max(columns, len(scores) - columns))
    has_suspect = (_window_sums(scores, starts, columns) > _SUSPICIOUS_MEAN * columns).any()
    return not has_suspect and not _has_break(scores, textured, columns)


def _find_first_suspect_mcu(scores: McuScores, columns: int) -> int:
    """Return the index of the first MCU from which as many MCUs as a row has look foreign.

    Return 0 if the second row looks foreign, because the first row may then be foreign instead.
    Return the number of MCUs if none look foreign. The returned MCU may lie up to four fifths of a
    row before the first foreign MCU.

    Args:
        scores: Evidence against each MCU, see `_score_mcus`.
        columns: Number of MCUs in a row.
    """
    count = len(scores)
    if count <= columns:
        return 0
    starts = np.arange(columns, count)
    lengths = np.minimum(columns, count - starts)
    means = _window_sums(scores, starts, lengths) / lengths
    hints = np.flatnonzero(means > _SUSPICIOUS_MEAN + (4.0 / lengths) * (lengths < columns))
    if not len(hints):
        return count
    return int(starts[hints[0]]) if hints[0] else 0


def _has_break(scores: McuScores, textured: NDArray[np.bool_], columns: int) -> bool:
    """Return whether the MCUs from some MCU on do not continue the image above.

    Jumps that a horizontal edge of the image along one row of MCUs explains do not count.

    Args:
        scores: Evidence against each MCU, see `_score_mcus`.
        textured: Mask of textured MCUs, see `_score_mcus`.
        columns: Number of MCUs in a row.
    """
    count = len(scores)
    if count <= columns:
        return False
    cautious_scores = np.where(textured, scores, np.minimum(scores, 0.0))
    starts = np.arange(columns, count)
    full_rows = starts[starts + columns <= count]
    windows = _window_sums(scores, full_rows, columns)
    rows = np.append(scores, np.zeros(-count % columns + columns)).reshape(-1, columns).sum(1)
    row = full_rows // columns
    lead = windows - np.maximum(rows[row], np.where(full_rows % columns, rows[row + 1], -np.inf))
    if ((windows > _SUSPICIOUS_MEAN * columns) & (lead > _MIN_BREAK_LEAD)).any():
        return True
    if (_window_sums(cautious_scores, full_rows, columns) > _PARTIAL_ROW_THRESHOLD).any():
        return True
    partial_rows = starts[starts + columns > count]
    if (
        _window_sums(cautious_scores, partial_rows, count - partial_rows) > _LAST_ROW_THRESHOLD
    ).any():
        return True
    return bool(cautious_scores[columns : 2 * columns].cumsum().max() > _PARTIAL_ROW_THRESHOLD)


def _window_sums(
    scores: McuScores, starts: NDArray[np.int64], lengths: NDArray[np.int64] | int
) -> McuScores:
    total = np.append(0.0, scores.cumsum())
    return np.asarray(total[starts + lengths] - total[starts])


def _find_first_out_of_range_mcu(
    frame: JpegFrame, levels: Sequence[DctLevels], tables: Sequence[QuantizationTable]
) -> int:
    """Return the index of the first MCU with a block mean above white or below black.

    Return the number of MCUs if all means are in range.
    """
    in_range = np.ones(frame.mcu_grid_shape, np.bool_)
    for component, (planes, table) in enumerate(zip(levels, tables, strict=True)):
        means = np.abs(planes[:, :, 0, 0].astype(np.int64)) * int(table[0])
        in_range &= frame.reduce_to_mcus(component, means <= 1024 + int(table[0]) // 2)
    return in_range.size if in_range.all() else int(np.flatnonzero(~in_range.ravel())[0])


def _score_mcus(
    frame: JpegFrame, levels: Sequence[DctLevels], tables: Sequence[QuantizationTable]
) -> tuple[McuScores, NDArray[np.bool_]]:
    """Return how little each MCU continues the MCU above, and the mask of textured MCUs.

    The score is positive if the MCU does not continue the MCU above; the first row has 0. The first
    component counts as much as all others together. An MCU is textured if neither the MCU nor the
    MCU above is flat. Both results are (MCUs,), row by row.
    """
    rows, columns = frame.mcu_grid_shape
    scores, textured = np.zeros((rows, columns)), np.zeros((rows, columns), np.bool_)
    for number, (planes, table) in enumerate(zip(levels, tables, strict=True)):
        across, down = frame.sampling_factors[number]
        evidence = np.clip(
            _EVIDENCE_WEIGHT * (_measure_seam_jumps(planes, table, down) - _EXPECTED_JUMP),
            _MIN_EVIDENCE,
            _MAX_EVIDENCE,
        )
        weight = 1.0 if len(levels) == 1 else 0.5 if number == 0 else 0.5 / (len(levels) - 1)
        starts = np.arange(0, evidence.shape[1], across)
        widths = np.diff(np.append(starts, evidence.shape[1]))
        means = np.add.reduceat(evidence, starts, 1) / widths
        scores[1 : 1 + len(means), : len(starts)] += weight * means
        flat = np.asarray(~planes.reshape(*planes.shape[:2], 64)[:, :, 1:].any(2))
        mcus = ~frame.reduce_to_mcus(number, flat)
        textured[1:] |= mcus[1:] & mcus[:-1]
    return scores.ravel(), textured.ravel()


def _measure_seam_jumps(
    planes: DctLevels, table: QuantizationTable, down: int
) -> NDArray[np.float32]:
    """Return how much pixels of a component jump at the seams between rows of MCUs.

    The result is (rows of MCUs - 1, block columns). Jumps are relative to those that the slopes on
    both sides and the quantization explain.

    Args:
        planes: Levels of the component, (block rows, block columns, 8, 8).
        table: Quantizer steps of the component.
        down: Vertical sampling factor of the component.
    """
    lower, upper = planes[down::down], planes[down - 1 : -1 : down]
    steps = table.reshape(8, 8).astype(np.float32)
    last, next_to_last = _decode_pixel_rows(upper, steps, (7, 6))
    first, second = _decode_pixel_rows(lower, steps, (0, 1))
    slopes = last - next_to_last, second - first
    gap = np.abs(first - last - (slopes[0] + slopes[1]) / 2).mean(-1)
    mean_slope = (np.abs(slopes[0]) + np.abs(slopes[1])).mean(-1) / 2
    return np.asarray(gap / (_JUMP_SLACK + _DC_STEP_SHARE * steps[0, 0] + mean_slope))


def _decode_pixel_rows(
    planes: DctLevels, steps: NDArray[np.float32], rows: tuple[int, int]
) -> list[NDArray[np.float32]]:
    """Return the pixels of two rows of every block, (block rows, block columns, 8) per row.

    `rows` holds the indices of the two rows in a block, 0 to 7.
    """
    basis = _orthonormal_cosine_basis()
    # Vertical transform first: it leaves 8 of the 64 bands.
    return [np.einsum("u,uv,rcuv->rcv", basis[:, row], steps, planes) @ basis for row in rows]


@cache
def _orthonormal_cosine_basis() -> NDArray[np.float32]:
    """Return the orthonormal DCT basis, (8 frequencies, 8 samples). Source: T.81 A.3.3."""
    frequency, sample = np.arange(8.0)[:, None], np.arange(8.0)
    basis = np.cos((2 * sample + 1) * frequency * np.pi / 16) / 2
    basis[0] /= np.sqrt(2)
    return basis.astype(np.float32)
