"""libjpeg's quality scale: tables from a quality factor and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from ddrm_core.jpeg.header import Table

# ITU-T T.81, tables K.1 and K.2, natural order.
LUMA = np.array(
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
CHROMA = np.array(
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
BASELINE_LIMIT = 255
_WIDE_LIMIT = 32767


@dataclass(frozen=True, slots=True)
class Quality:
    """A file's place on libjpeg's scale.

    Attributes:
        factor: 1 to 100, the nearest on the scale.
        exact: Whether the tables are exactly libjpeg's for that factor; if not they are custom.
    """

    factor: int
    exact: bool

    def __str__(self) -> str:
        return f"{self.factor}" if self.exact else f"custom, near {self.factor}"


def scaled_table(base: NDArray[np.int_], quality: int, *, limit: int = BASELINE_LIMIT) -> Table:
    """`base` at a quality factor. Source: libjpeg jcparam.c, jpeg_quality_scaling.

    Args:
        base: LUMA or CHROMA.
        quality: 1 to 100.
        limit: The largest step; baseline files hold 8 bits, others 15.
    """
    scale = 5000 // quality if quality < 50 else 200 - 2 * quality
    return np.clip((base * scale + 50) // 100, 1, limit).astype(np.uint16)


def standard_tables(quality: int, chroma: Sequence[bool]) -> tuple[Table, ...]:
    """The tables libjpeg writes at `quality` (1 to 100), by whether a component is chroma."""
    tables = scaled_table(LUMA, quality), scaled_table(CHROMA, quality)
    return tuple(tables[is_chroma] for is_chroma in chroma)


def estimate_quality(tables: Sequence[Table]) -> Quality:
    """The quality factor whose tables are nearest, in mean absolute logarithm of their ratio.

    The first table is held against libjpeg's for luma, each other one against the nearer of its
    two: encoders may use one for everything.

    Args:
        tables: One per component, at least one.
    """
    ours = np.log(np.stack(tables).astype(float))
    # (limits, qualities, luma or chroma, components)
    distances = np.abs(_log_tables()[:, :, :, None] - ours).mean(4)
    others = distances[:, :, :, 1:].min(2).sum(2)
    total = (distances[:, :, 0, 0] + others).min(0)
    best = int(total.argmin())
    return Quality(best + 1, bool(total[best] == 0))


@cache
def _log_tables() -> NDArray[np.float64]:
    """(limits, 100 qualities, luma and chroma, 64)."""
    tables = [
        [[scaled_table(base, q, limit=limit) for base in (LUMA, CHROMA)] for q in range(1, 101)]
        for limit in (BASELINE_LIMIT, _WIDE_LIMIT)
    ]
    logarithms: NDArray[np.float64] = np.log(np.array(tables, float))
    return logarithms
