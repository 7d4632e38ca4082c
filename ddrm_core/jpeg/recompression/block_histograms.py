"""Coefficients of a plane's 8x8 blocks on every grid, and how often each value occurs.

Without torch: a picture's history is part of what the program says before it loads a network.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]  # (h, w), level-shifted grey levels
Mask = NDArray[np.bool_]  # (h, w)

PER_UNIT = 2  # cells of a histogram per unit of a coefficient
CELLS = 1024 * PER_UNIT + 1  # a coefficient's magnitude is at most 1024
GRIDS = tuple((left, top) for top in range(8) for left in range(8))
_FLAT = 0.5  # greatest coefficient of a flat block


def _cosines() -> NDArray[np.float32]:
    """Row u holds the u-th basis function. Source: ITU-T T.81 A.3.3, scaled to unit norm."""
    u, x = np.arange(8.0)[:, None], np.arange(8.0)
    basis = np.cos((2 * x + 1) * u * np.pi / 16) / 2
    basis[0] /= np.sqrt(2)
    return basis.astype(np.float32)


BASIS = _cosines()


def whole_blocks(shape: tuple[int, ...], left: int, top: int) -> tuple[slice, slice]:
    """Rows and columns of a plane that make whole blocks, of a grid `left`, `top` before it."""
    y, x = -top % 8, -left % 8
    rows, columns = max(0, shape[0] - y) // 8, max(0, shape[1] - x) // 8
    return slice(y, y + 8 * rows), slice(x, x + 8 * columns)


def block_coefficients(plane: Plane, bands: int = 8) -> NDArray[np.float32]:
    """(bands, bands, blocks): the lowest bands, vertical first; sides are multiples of 8."""
    rows, columns = plane.shape[0] // 8, plane.shape[1] // 8
    low = BASIS[:bands]
    across = plane.reshape(-1, 8) @ low.T
    both = low @ across.reshape(rows, 8, columns * bands)
    cells = both.reshape(rows, bands, columns, bands).transpose(1, 3, 0, 2)
    return np.ascontiguousarray(cells).reshape(bands, bands, -1)


def plane_of(coefficients: NDArray[np.float32]) -> Plane:
    """The plane with (rows, columns, 8, 8) coefficients."""
    rows, columns = coefficients.shape[:2]
    pixels = BASIS.T @ coefficients @ BASIS
    return pixels.transpose(0, 2, 1, 3).reshape(rows * 8, columns * 8).astype(np.float32)


def usable_blocks(usable: Mask) -> NDArray[np.bool_]:
    """(blocks,): those whose pixels are all usable; sides are multiples of 8."""
    rows, columns = usable.shape[0] // 8, usable.shape[1] // 8
    # One axis after the other: several times faster than both at once.
    in_rows: Mask = np.all(usable.reshape(rows, 8, columns, 8), axis=1)
    blocks: NDArray[np.bool_] = np.all(in_rows, axis=2).ravel()
    return blocks


def histogram(coefficients: NDArray[np.float32]) -> NDArray[np.float32]:
    """(bands, CELLS) counts of magnitudes, rounded to cells, of (bands, n) coefficients."""
    bands = len(coefficients)
    magnitudes = np.minimum(np.abs(coefficients) * PER_UNIT + 0.5, CELLS - 1)
    cells = magnitudes.astype(np.int32)
    cells += np.arange(bands, dtype=np.int32)[:, None] * CELLS
    counts = np.bincount(cells.ravel(), minlength=bands * CELLS)
    return counts.reshape(bands, CELLS).astype(np.float32)


def grid_coefficients(
    plane: Plane, usable: Mask, left: int, top: int, bands: NDArray[np.intp]
) -> NDArray[np.float32]:
    """(bands, blocks) of the grid that starts `left`, `top` before the plane.

    Args:
        plane: The picture.
        usable: Pixels that say what was decoded; a block with others is left out.
        left: 0 to 7.
        top: 0 to 7.
        bands: Natural indices, 0 to 63.
    """
    vertical, horizontal = bands // 8, bands % 8
    part = whole_blocks(plane.shape, left, top)
    kept = usable_blocks(usable[part])
    highest = int(max(vertical.max(), horizontal.max())) + 1
    found = block_coefficients(plane[part], highest)[vertical, horizontal]
    return found if kept.all() else found[:, kept]


def grid_histogram(
    plane: Plane, usable: Mask, left: int, top: int, bands: NDArray[np.intp]
) -> NDArray[np.float32]:
    """(bands, CELLS) of a grid's coefficients; `bands` begin with 0.

    A flat block's mean is a whole grey level, whatever its first coefficient was: it goes to the
    last cell.
    """
    found = grid_coefficients(plane, usable, left, top, bands)
    found[0, np.abs(found[1:]).max(0) < _FLAT] = CELLS
    return histogram(found)


def distinct_blocks(coefficients: NDArray[np.float32]) -> int:
    """How many blocks of (bands, blocks) are neither flat nor like another, up to rounding.

    Drawn pictures repeat few of them, and their coefficients take few values for that reason.
    """
    rounded = np.ascontiguousarray(np.rint(coefficients[1:]).T.clip(-32768, 32767).astype(np.int16))
    textured = rounded[(rounded != 0).any(1)]
    return len({block.tobytes() for block in textured})


def grid_histograms(
    plane: Plane,
    usable: Mask,
    bands: NDArray[np.intp],
    grids: tuple[tuple[int, int], ...] = GRIDS,
) -> NDArray[np.float32]:
    """(grids, bands, CELLS) of the grids that start left, top before the plane."""
    return np.stack([grid_histogram(plane, usable, left, top, bands) for left, top in grids])


def central(pixels: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], int, int]:
    """At most a megapixel of the middle, with the columns and rows before it."""
    height, width = pixels.shape[:2]
    tall = min(height, max(1024, (1 << 20) // max(width, 1)))
    wide = min(width, (1 << 20) // max(tall, 1))
    top, left = (height - tall) // 2, (width - wide) // 2
    return pixels[top : top + tall, left : left + wide], left, top
