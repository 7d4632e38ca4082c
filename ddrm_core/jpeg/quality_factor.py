"""libjpeg's quality scale: tables from a quality factor and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from ddrm_core.jpeg.header import QuantizationTable
from ddrm_core.messages import Message, Reason, Text, tr_noop

# ITU-T T.81, tables K.1 and K.2, natural order.
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
    """Description of tables that are not libjpeg's."""

    NEAR_FACTOR = tr_noop("custom, near {factor}")


@dataclass(frozen=True, slots=True)
class LibjpegQuality:
    """A file's place on libjpeg's scale.

    Attributes:
        factor: 1 to 100, the nearest on the scale.
        is_exact: Whether the tables are exactly libjpeg's for that factor; if not they are custom.
    """

    factor: int
    is_exact: bool

    @property
    def description(self) -> Text:
        """The factor, and whether the tables are custom."""
        if self.is_exact:
            return str(self.factor)
        return Message(CustomTables.NEAR_FACTOR, {"factor": self.factor})

    def __str__(self) -> str:
        return str(self.description)


def scale_table(
    base_table: NDArray[np.int_], quality: int, *, max_step: int = MAX_BASELINE_STEP
) -> QuantizationTable:
    """`base_table` at a quality factor. Source: libjpeg jcparam.c, jpeg_quality_scaling.

    Args:
        base_table: LUMA or CHROMA.
        quality: 1 to 100.
        max_step: The largest step; baseline files hold 8 bits, others 15.
    """
    scale = 5000 // quality if quality < 50 else 200 - 2 * quality
    return np.clip((base_table * scale + 50) // 100, 1, max_step).astype(np.uint16)


def create_standard_tables(
    quality: int, chroma_flags: Sequence[bool]
) -> tuple[QuantizationTable, ...]:
    """The tables libjpeg writes at `quality` (1 to 100), by whether a component is chroma."""
    tables = scale_table(LUMA_BASE_TABLE, quality), scale_table(CHROMA_BASE_TABLE, quality)
    return tuple(tables[is_chroma] for is_chroma in chroma_flags)


def find_nearest_quality(tables: Sequence[QuantizationTable]) -> LibjpegQuality:
    """The quality factor whose tables are nearest, in mean absolute logarithm of their ratio.

    The first table is held against libjpeg's for luma, each other one against the nearer of its
    two: encoders may use one for everything.

    Args:
        tables: One per component, at least one.
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
    """(limits, 100 qualities, luma and chroma, 64)."""
    tables = [
        [
            [scale_table(base, q, max_step=limit) for base in (LUMA_BASE_TABLE, CHROMA_BASE_TABLE)]
            for q in range(1, 101)
        ]
        for limit in (MAX_BASELINE_STEP, _MAX_EXTENDED_STEP)
    ]
    logarithms: NDArray[np.float64] = np.log(np.array(tables, float))
    return logarithms
