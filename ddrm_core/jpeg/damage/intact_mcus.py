"""MCUs of a file whose data is cut off in its last scan: which of them the data determines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from ddrm_core.jpeg.damage.arithmetic import with_ones
from ddrm_core.jpeg.damage.irregular_endings import LevelDecoder, try_decode
from ddrm_core.jpeg.image import DctLevels
from ddrm_core.jpeg.stream_layout import JpegFrame, JpegScan, JpegStreamLayout

McuMask = NDArray[np.bool_]


def find_intact_mcus(data: bytes, layout: JpegStreamLayout, decode: LevelDecoder) -> McuMask:
    """Return the mask of complete MCUs in data that is cut off in its last scan.

    The mask is (MCU rows, MCU columns). An MCU is complete if its levels stay the same when the
    data is cut off even earlier. No MCU is complete if the scans do not hold all bands.
    """
    frame, last_scan = layout.frame, layout.scans[-1]
    intact_mcus: McuMask = np.ones(frame.mcu_grid_shape, np.bool_)
    before = try_decode(data, decode)
    if before is None or not layout.find_final_bands(len(layout.scans)).all():
        return ~intact_mcus
    for other_data in _iterate_other_endings(data, layout):
        after = try_decode(other_data, decode)
        if after is None:
            break
        first_change = _find_first_change(frame, last_scan, before.levels, after.levels)
        if first_change is not None:
            for component in last_scan.component_indices:
                blocks = _block_positions(frame, last_scan, component) < first_change
                np.logical_and(
                    intact_mcus, frame.reduce_to_mcus(component, blocks), out=intact_mcus
                )
            return intact_mcus
    return ~intact_mcus


def _iterate_other_endings(data: bytes, layout: JpegStreamLayout) -> Iterator[bytes]:
    """Yield variants of a file that is cut off in its last scan.

    Levels that change between the file and a variant are not determined by the file's data. Each
    variant is tried if no levels change with the variants before.
    """
    if layout.frame.is_arithmetic:
        yield with_ones(data)
        return
    cut_length = 1
    while (length := len(data) - cut_length) > layout.scans[-1].data_start:
        yield data[:length]
        cut_length *= 4


def _find_first_change(
    frame: JpegFrame, scan: JpegScan, before: Sequence[DctLevels], after: Sequence[DctLevels]
) -> int | None:
    """Return the first MCU of a scan in which levels `before` and `after` differ; None without.

    The MCU is given as its index in the scan, see `_block_positions`.
    """
    positions = []
    for component in scan.component_indices:
        changed = (before[component] != after[component]).any((2, 3))
        positions += _block_positions(frame, scan, component)[changed].tolist()
    return min(positions, default=None)


def _block_positions(frame: JpegFrame, scan: JpegScan, component: int) -> NDArray[np.int64]:
    """Return the index of the scan's MCU for each block of a component.

    The result is (block rows, block columns). In a scan of one component, each block is an MCU.
    Source: T.81 A.2.
    """
    rows, columns = np.indices(frame.block_grid_shapes[component], np.int64)
    if len(scan.component_indices) == 1:
        return rows * frame.block_grid_shapes[component][1] + columns
    across, down = frame.sampling_factors[component]
    return rows // down * frame.mcu_grid_shape[1] + columns // across
