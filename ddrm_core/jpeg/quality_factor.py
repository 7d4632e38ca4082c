"""Quantization tables of libjpeg's quality scale, and the quality factor of given tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from ddrm_core.jpeg.header import QuantizationTable
from ddrm_core.messages import Message, Reason, Text, tr_noop

# ITU-T T.81, tables K.1 and K.2, in natural order.
LUMA_BASE_TABLE = np.array(
    [
        *(16, 11, 10, 16, 24, 40, 51, 61),
        *(12, 12, 14, 19, 26, 58, 60, 55),
        *(14, 13, 16, 24, 40, 57, 69, 56),
        *(14, 17, 22, 29, 51, 87, 80, 62),
        *(18, 22, 37, 56, 68, 109, 103, 77),
        *(24, 35, 55, 64, 81, 104, 113, 92),
        *(49, 64, 78, 87, 103, 121, 120, 101),
        *(72, 92, 95, 98, 112, 100, 103, 99),
    ]
)
CHROMA_BASE_TABLE = np.array(
    [
        *(17, 18, 24, 47, 99, 99, 99, 99),
        *(18, 21, 26, 66, 99, 99, 99, 99),
        *(24, 26, 56, 99, 99, 99, 99, 99),
        *(47, 66, 99, 99, 99, 99, 99, 99),
        *(99, 99, 99, 99, 99, 99, 99, 99),
        *(99, 99, 99, 99, 99, 99, 99, 99),
        *(99, 99, 99, 99, 99, 99, 99, 99),
        *(99, 99, 99, 99, 99, 99, 99, 99),
    ]
)
MAX_BASELINE_STEP = 255
_MAX_EXTENDED_STEP = 32767


class CustomTables(Reason):
    """The description of quantization tables that differ from libjpeg's at every factor."""

    NEAR_FACTOR = tr_noop("custom, near {factor}")


@dataclass(frozen=True, slots=True)
class LibjpegQuality:
    """The position of quantization tables on libjpeg's quality scale.

    Attributes:
        factor: Nearest quality factor, 1 to 100.
        is_exact: Whether the tables are exactly libjpeg's for this factor; otherwise the tables are
            custom.
    """

    factor: int
    is_exact: bool

    @property
    def description(self) -> Text:
        """Factor as text if the tables are libjpeg's, else e.g. "custom, near 80"."""
        if self.is_exact:
            return str(self.factor)
        return Message(CustomTables.NEAR_FACTOR, {"factor": self.factor})

    def __str__(self) -> str:
        return str(self.description)


def scale_table(
    base_table: NDArray[np.int_], quality: int, *, max_step: int = MAX_BASELINE_STEP
) -> QuantizationTable:
    """Scale `base_table` to a quality factor. Source: libjpeg jcparam.c, jpeg_quality_scaling.

    Args:
        base_table: `LUMA_BASE_TABLE` or `CHROMA_BASE_TABLE`.
        quality: Quality factor, 1 to 100.
        max_step: Largest quantizer step: 255 in baseline files, up to 32767 in others.
    """
    scale = 5000 // quality if quality < 50 else 200 - 2 * quality
    return np.clip((base_table * scale + 50) // 100, 1, max_step).astype(np.uint16)


def create_standard_tables(
    quality: int, chroma_flags: Sequence[bool]
) -> tuple[QuantizationTable, ...]:
    """Return libjpeg's table at `quality` (1 to 100) for each component.

    A flag is True for a chroma component and False for any other.
    """
    tables = scale_table(LUMA_BASE_TABLE, quality), scale_table(CHROMA_BASE_TABLE, quality)
    return tuple(tables[is_chroma] for is_chroma in chroma_flags)


def find_nearest_quality(tables: Sequence[QuantizationTable]) -> LibjpegQuality:
    """Return the quality factor whose tables are nearest to the given tables.

    The distance is the mean absolute logarithm of the ratio of quantizer steps. The first table is
    compared with libjpeg's luma table. Every other table is compared with the nearer of libjpeg's
    two tables, because some encoders use one table for all components.

    Args:
        tables: One quantization table per component, at least one.
    """
    log_tables = np.log(np.stack(tables).astype(float))
    # (limits, qualities, luma or chroma, components)
    distances = np.abs(_standard_log_tables()[:, :, :, None] - log_tables).mean(4)
    other_distances = distances[:, :, :, 1:].min(2).sum(2)
    total = (distances[:, :, 0, 0] + other_distances).min(0)
    best = int(total.argmin())
    return LibjpegQuality(best + 1, bool(total[best] == 0))


@cache
def _standard_log_tables() -> NDArray[np.float64]:
    """Return logarithms of libjpeg's tables, (step limits, 100 qualities, luma and chroma, 64)."""
    tables = [
        [
            [scale_table(base, q, max_step=limit) for base in (LUMA_BASE_TABLE, CHROMA_BASE_TABLE)]
            for q in range(1, 101)
        ]
        for limit in (MAX_BASELINE_STEP, _MAX_EXTENDED_STEP)
    ]
    logarithms: NDArray[np.float64] = np.log(np.array(tables, float))
    return logarithms
