"""Coefficients of a plane's 8x8 blocks on every grid, and histograms of their magnitudes.

Without torch: the program reports an earlier compression before it loads torch.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

PlaneArray = NDArray[np.float32]  # (h, w), level-shifted gray levels
PixelMask = NDArray[np.bool_]  # (h, w)

CELLS_PER_UNIT = 2  # histogram cells per unit of a coefficient
CELL_COUNT = 1024 * CELLS_PER_UNIT + 1  # a coefficient's magnitude is at most 1024
GRID_OFFSETS = tuple((left, top) for top in range(8) for left in range(8))
_FLAT_THRESHOLD = 0.5  # largest coefficient of a flat block


def _dct_matrix() -> NDArray[np.float32]:
    """Return the 1-d DCT basis, one function per row. Source: ITU-T T.81 A.3.3, unit norm."""
    u, x = np.arange(8.0)[:, None], np.arange(8.0)
    basis = np.cos((2 * x + 1) * u * np.pi / 16) / 2
    basis[0] /= np.sqrt(2)
    return basis.astype(np.float32)


DCT_MATRIX = _dct_matrix()


def whole_block_slices(
    shape: tuple[int, ...], grid_left: int, grid_top: int
) -> tuple[slice, slice]:
    """Return the rows and columns of a plane that complete blocks of a shifted grid cover.

    The grid's first blocks begin `grid_left` pixels left of and `grid_top` pixels above the plane.
    """
    y, x = -grid_top % 8, -grid_left % 8
    rows, columns = max(0, shape[0] - y) // 8, max(0, shape[1] - x) // 8
    return slice(y, y + 8 * rows), slice(x, x + 8 * columns)


def compute_block_coefficients(plane: PlaneArray, band_count: int = 8) -> NDArray[np.float32]:
    """Return the DCT coefficients of the 8x8 blocks of a plane in its lowest bands.

    The result is (vertical frequencies, horizontal frequencies, blocks), with the lowest
    `band_count` frequencies. Sides of `plane` are multiples of 8.
    """
    rows, columns = plane.shape[0] // 8, plane.shape[1] // 8
    low_basis = DCT_MATRIX[:band_count]
    row_coefficients = plane.reshape(-1, 8) @ low_basis.T
    coefficients = low_basis @ row_coefficients.reshape(rows, 8, columns * band_count)
    cells = coefficients.reshape(rows, band_count, columns, band_count).transpose(1, 3, 0, 2)
    return np.ascontiguousarray(cells).reshape(band_count, band_count, -1)


def plane_from_coefficients(coefficients: NDArray[np.float32]) -> PlaneArray:
    """Return the plane of pixels for (block rows, block columns, 8, 8) coefficients."""
    rows, columns = coefficients.shape[:2]
    pixels = DCT_MATRIX.T @ coefficients @ DCT_MATRIX
    return pixels.transpose(0, 2, 1, 3).reshape(rows * 8, columns * 8).astype(np.float32)


def find_usable_blocks(usable_pixels: PixelMask) -> NDArray[np.bool_]:
    """Return the mask of 8x8 blocks whose pixels are all usable, (blocks,).

    `usable_pixels` is the mask of usable pixels; its sides are multiples of 8.
    """
    rows, columns = usable_pixels.shape[0] // 8, usable_pixels.shape[1] // 8
    # Reducing one axis after the other is several times faster than both at once.
    in_rows: PixelMask = np.all(usable_pixels.reshape(rows, 8, columns, 8), axis=1)
    blocks: NDArray[np.bool_] = np.all(in_rows, axis=2).ravel()
    return blocks


def _find_cells(coefficients: NDArray[np.float32]) -> NDArray[np.int32]:
    """Return the histogram cell of each coefficient's magnitude, 0 to `CELL_COUNT` - 1."""
    return np.minimum(np.abs(coefficients) * CELLS_PER_UNIT + 0.5, CELL_COUNT - 1).astype(np.int32)


def _count_cells(cells: NDArray[np.int32], cell_count: int) -> NDArray[np.float32]:
    """Return histograms of (bands, n) cells below `cell_count`, (bands, `cell_count`)."""
    band_count = len(cells)
    places = cells + np.arange(band_count, dtype=np.int32)[:, None] * cell_count
    counts = np.bincount(places.ravel(), minlength=band_count * cell_count)
    return counts.reshape(band_count, cell_count).astype(np.float32)


def compute_grid_coefficients(
    plane: PlaneArray,
    usable_pixels: PixelMask,
    grid_left: int,
    grid_top: int,
    bands: NDArray[np.intp],
) -> NDArray[np.float32]:
    """Return coefficients on a shifted grid, (bands, usable blocks).

    The grid's first blocks begin `grid_left` pixels left of and `grid_top` pixels above the plane.

    Args:
        plane: Plane in level-shifted gray levels.
        usable_pixels: Mask of pixels that were not clipped; blocks with other pixels are omitted.
        grid_left: Grid offset, 0 to 7.
        grid_top: Grid offset, 0 to 7.
        bands: Natural indices of the bands, 0 to 63.
    """
    vertical, horizontal = bands // 8, bands % 8
    block_slices = whole_block_slices(plane.shape, grid_left, grid_top)
    is_usable = find_usable_blocks(usable_pixels[block_slices])
    highest = int(max(vertical.max(), horizontal.max())) + 1
    coefficients = compute_block_coefficients(plane[block_slices], highest)[vertical, horizontal]
    return coefficients if is_usable.all() else coefficients[:, is_usable]


def _find_grid_cells(
    plane: PlaneArray,
    usable_pixels: PixelMask,
    grid_left: int,
    grid_top: int,
    bands: NDArray[np.intp],
) -> NDArray[np.int32]:
    """Return the histogram cells of the coefficients on a shifted grid, (bands, usable blocks).

    The arguments are those of `compute_grid_coefficients`; the first of `bands` is 0. In a flat
    block, rounding to gray levels hides the coefficient of band 0. Flat blocks are therefore in the
    last cell of band 0, which is no evidence.
    """
    coefficients = compute_grid_coefficients(plane, usable_pixels, grid_left, grid_top, bands)
    coefficients[0, np.abs(coefficients[1:]).max(0) < _FLAT_THRESHOLD] = CELL_COUNT
    return _find_cells(coefficients)


def build_grid_histogram(
    plane: PlaneArray,
    usable_pixels: PixelMask,
    grid_left: int,
    grid_top: int,
    bands: NDArray[np.intp],
) -> NDArray[np.float32]:
    """Return histograms of the coefficients' magnitudes on a shifted grid.

    The result is (bands, `CELL_COUNT`). Its last cell has the coefficients without evidence. The
    arguments are those of `_find_grid_cells`.
    """
    cells = _find_grid_cells(plane, usable_pixels, grid_left, grid_top, bands)
    return _count_cells(cells, CELL_COUNT)


def count_distinct_blocks(coefficients: NDArray[np.float32]) -> int:
    """Return the number of distinct textured blocks in (bands, blocks) coefficients.

    Coefficients are rounded to integers before blocks are compared. Drawings repeat a few blocks,
    and their coefficients take few values for this reason.
    """
    rounded = np.ascontiguousarray(np.rint(coefficients[1:]).T.clip(-32768, 32767).astype(np.int16))
    textured = rounded[(rounded != 0).any(1)]
    return len({block.tobytes() for block in textured})


def build_grid_histograms(
    plane: PlaneArray,
    usable_pixels: PixelMask,
    bands: NDArray[np.intp],
    grids: tuple[tuple[int, int], ...] = GRID_OFFSETS,
) -> NDArray[np.float32]:
    """Return the histograms of `build_grid_histogram` for several grids, (grids, bands, cells).

    The last cell has the coefficients without evidence. The empty cells between the largest
    magnitude and the last cell are left out, which saves most of the time for small images.

    Args:
        plane: Plane in level-shifted gray levels.
        usable_pixels: Mask of pixels that were not clipped.
        bands: Natural indices of the bands; the first one is 0.
        grids: Numbers of pixels by which the first blocks begin left of and above the plane.
    """
    histograms = []
    for left, top in grids:
        cells = _find_grid_cells(plane, usable_pixels, left, top, bands)
        last_cell = 1 + int(np.where(cells < CELL_COUNT - 1, cells, 0).max(initial=0))
        histograms.append(_count_cells(np.minimum(cells, last_cell), last_cell + 1))
    width = max(histogram.shape[1] for histogram in histograms)
    result = np.zeros((len(histograms), len(bands), width), np.float32)
    for counts, histogram in zip(result, histograms, strict=True):
        counts[:, : histogram.shape[1] - 1] = histogram[:, :-1]
        counts[:, -1] += histogram[:, -1]
    return result


def crop_center(pixels: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], int, int]:
    """Return a central crop of at most a megapixel, and its left and top in `pixels`."""
    height, width = pixels.shape[:2]
    crop_height = min(height, max(1024, (1 << 20) // max(width, 1)))
    crop_width = min(width, (1 << 20) // max(crop_height, 1))
    top, left = (height - crop_height) // 2, (width - crop_width) // 2
    return pixels[top : top + crop_height, left : left + crop_width], left, top
