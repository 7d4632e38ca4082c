"""Statistics of one band: its levels in a file and a result's coefficients in their bins."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float
from numpy.typing import NDArray
from torch import Tensor

from ddrm_core.cancel import CancelToken
from ddrm_core.imaging.rectangle import Rectangle, rectangle_from_edges
from ddrm_core.jpeg.crop import crop_jpeg, find_whole_mcus
from ddrm_core.jpeg.damage.mask import find_intact_blocks
from ddrm_core.jpeg.image import JpegImage
from ddrm_core.jpeg.linear_maps.dct import block_dct
from ddrm_core.jpeg.linear_maps.subsample import downsample
from ddrm_core.jpeg.operator import JpegOperator, create_jpeg_operator, levels_to_tensors
from ddrm_core.verification.consistency import ARITHMETIC_SLACK
from ddrm_core.verification.verify import to_padded_network_units

CELLS_PER_BIN = 8
"""Number of histogram cells per bin.

The cells show how a result's values are distributed in a bin.
"""
MAX_EXAMINED_PIXELS = 4_000_000
"""Largest number of pixels examined by `measure_coefficient_histogram`.

Larger images are examined in evenly spaced strips.
"""
_STRIP_PIXELS = 1 << 18

PixelReader = Callable[[Rectangle], Tensor]
"""Function that returns the stored image's pixels in a rectangle, (n, h, w) in gray levels."""


@dataclass(frozen=True, slots=True, eq=False)
class LevelCounts:
    """Counts of how often each level of one band of one component occurs in a file.

    Attributes:
        bin_width: Width of the bin of a level in gray levels, the quantizer step.
        lowest_level: Lowest level in the file.
        counts: Number of blocks with each level, from the lowest to the highest level.
    """

    bin_width: int
    lowest_level: int
    counts: NDArray[np.int64]

    @property
    def highest_level(self) -> int:
        """Highest level in the file."""
        return self.lowest_level + len(self.counts) - 1

    @property
    def total_count(self) -> int:
        return int(self.counts.sum())

    def bin_edges(self, level: int) -> tuple[float, float]:
        """Return the edges of a level's bin in gray levels."""
        return compute_bin_edges(level, self.bin_width)

    def count_of(self, level: int) -> int:
        """Return the number of blocks with a level, 0 for a level that does not occur."""
        return (
            int(self.counts[level - self.lowest_level])
            if self.lowest_level <= level <= self.highest_level
            else 0
        )


@dataclass(frozen=True, slots=True, eq=False)
class CoefficientHistogram:
    """Histogram of a result's coefficients of one band of one component.

    Attributes:
        bin_width: Width of the bin of a level in gray levels, the quantizer step.
        first_cell: Number of the first cell that `counts` holds. Cell 0 begins at the lower edge of
            level 0's bin; each bin has `CELLS_PER_BIN` cells.
        counts: Number of blocks per cell.
        inside_count: Number of blocks whose coefficient is in the file's bin, within the slack of
            float arithmetic.
        examined_blocks: Number of blocks examined.
        total_blocks: Number of blocks in the image or region.
    """

    bin_width: int
    first_cell: int
    counts: NDArray[np.int64]
    inside_count: int
    examined_blocks: int
    total_blocks: int

    def counts_in_bin(self, level: int) -> NDArray[np.int64]:
        """Return the number of blocks in each cell of a level's bin, (`CELLS_PER_BIN`,)."""
        first_cell_index = level * CELLS_PER_BIN - self.first_cell
        cells = np.arange(first_cell_index, first_cell_index + CELLS_PER_BIN)
        is_present = (cells >= 0) & (cells < len(self.counts))
        return np.where(is_present, self.counts[cells.clip(0, len(self.counts) - 1)], 0)


@dataclass(frozen=True, slots=True)
class CoefficientReading:
    """One coefficient of the block at a position, in the file and in a result.

    Attributes:
        block_column: Column of the block among the component's blocks, from 0.
        block_row: Row of the block among the component's blocks, from 0.
        bin_width: Width of the level's bin in gray levels, the quantizer step.
        level: Level in the file.
        coefficient: Coefficient of the result in gray levels; None without a result, or if the
            result does not cover the block.
        is_intact: Whether the block is intact; the level of a damaged block is meaningless.
    """

    block_column: int
    block_row: int
    bin_width: int
    level: int
    coefficient: float | None
    is_intact: bool = True

    @property
    def bin_edges(self) -> tuple[float, float]:
        """Edges of the level's bin in gray levels."""
        return compute_bin_edges(self.level, self.bin_width)

    @property
    def is_inside_bin(self) -> bool | None:
        """Whether the result's coefficient is in the bin; None without a coefficient."""
        if self.coefficient is None:
            return None
        low, high = self.bin_edges
        return low - ARITHMETIC_SLACK <= self.coefficient <= high + ARITHMETIC_SLACK


def compute_bin_edges(level: int, bin_width: int) -> tuple[float, float]:
    """Return the lower and upper edge of a level's bin, in the unit of `bin_width`."""
    return bin_width * (level - 0.5), bin_width * (level + 0.5)


def count_levels(image: JpegImage, component: int, band: int) -> LevelCounts:
    """Count the levels of one band in a file; of a damaged file, only those of intact blocks.

    Args:
        image: The image with the file's levels.
        component: Index of the component.
        band: Band, 0 to 63 in natural order: 8 times the vertical frequency, plus the horizontal
            frequency.
    """
    levels = image.levels[component][:, :, *divmod(band, 8)].astype(np.int64)
    intact_blocks = find_intact_blocks(image)
    band_levels = (
        levels.ravel() if intact_blocks is None else levels[intact_blocks[component].numpy()]
    )
    bin_width = int(image.quantization_tables[component][band])
    if not band_levels.size:
        return LevelCounts(bin_width, 0, np.zeros(1, np.int64))
    lowest_level = int(band_levels.min())
    return LevelCounts(
        bin_width, lowest_level, np.bincount(band_levels - lowest_level).astype(np.int64)
    )


@torch.no_grad()
def measure_coefficient_histogram(
    image: JpegImage,
    read_pixels: PixelReader,
    region: Rectangle,
    component: int,
    band: int,
    token: CancelToken,
    *,
    max_pixels: int = MAX_EXAMINED_PIXELS,
) -> CoefficientHistogram:
    """Return the histogram of a result's coefficients of one band.

    The file's operator computes the coefficients from the result's pixels.

    Args:
        image: The image with the file's levels.
        read_pixels: Reader of the result's pixels.
        region: Rectangle of the stored image that the result covers; only complete MCUs count.
        component: Index of the component.
        band: Band, see `count_levels`.
        token: Cancel token, polled several times a second.
        max_pixels: Approximate number of pixels examined of a larger image, in evenly spaced
            strips.

    Raises:
        OperationCancelled: If `token` was cancelled.
    """
    operator = create_jpeg_operator(image)
    canvas = Rectangle(0, 0, operator.width, operator.height)
    whole_block_area = find_whole_mcus(region, image, canvas, operator.mcu_size)
    bin_width = int(image.quantization_tables[component][band])
    cell_lists, inside_count, total_blocks = [np.empty(0, np.int64)], 0, 0
    for strip, is_examined in _split_into_examined_strips(
        whole_block_area, operator.mcu_size[1], max_pixels
    ):
        total_blocks += _count_blocks(image, strip, component)
        if not is_examined:
            continue
        token.raise_if_cancelled()
        strip_image = crop_jpeg(image, strip)
        x = _read_network_units(operator, image, read_pixels, region, strip)
        values = _measure_band_coefficients(operator, strip_image, x, component, band)
        levels = levels_to_tensors(strip_image, torch.device("cpu"))[component][0, band]
        intact_blocks = find_intact_blocks(strip_image)
        is_counted = (
            torch.ones_like(levels, dtype=torch.bool)
            if intact_blocks is None
            else intact_blocks[component]
        )
        offsets = (values / bin_width - levels)[is_counted]
        inside_count += int((offsets.abs() <= 0.5 + ARITHMETIC_SLACK / bin_width).sum())
        strip_cells = ((values / bin_width + 0.5) * CELLS_PER_BIN)[is_counted].floor()
        cell_lists.append(strip_cells.numpy().astype(np.int64))
    cells = np.concatenate(cell_lists)
    first_cell = int(cells.min()) if len(cells) else 0
    counts = np.bincount(cells - first_cell, minlength=1).astype(np.int64)
    return CoefficientHistogram(
        bin_width, first_cell, counts, inside_count, len(cells), total_blocks
    )


@torch.no_grad()
def read_coefficient(
    image: JpegImage,
    position: tuple[int, int],
    component: int,
    band: int,
    read_pixels: PixelReader | None = None,
    region: Rectangle | None = None,
) -> CoefficientReading:
    """Return one coefficient of the block at a pixel, as stored in the file and in a result.

    Args:
        image: The image with the file's levels.
        position: Column and row of the pixel in the stored image.
        component: Index of the component.
        band: Band, see `count_levels`.
        read_pixels: Reader of the result's pixels, None without a result.
        region: Rectangle that the result covers, None for the entire image.
    """
    operator = create_jpeg_operator(image)
    plane = operator.planes[component]
    left, top = position[0] + image.grid_left, position[1] + image.grid_top
    block_column = left // (8 * plane.column_axis.factor)
    block_row = top // (8 * plane.row_axis.factor)
    level = int(image.levels[component][block_row, block_column, *divmod(band, 8)])
    bin_width = int(image.quantization_tables[component][band])
    mcu_width, mcu_height = operator.mcu_size
    canvas = Rectangle(0, 0, operator.width, operator.height)
    mcu = Rectangle(
        left // mcu_width * mcu_width, top // mcu_height * mcu_height, mcu_width, mcu_height
    ).intersection(canvas)
    intact_blocks = find_intact_blocks(crop_jpeg(image, mcu)) if image.damage is not None else None
    is_intact = intact_blocks is None or bool(intact_blocks[component].all())
    if read_pixels is None:
        return CoefficientReading(block_column, block_row, bin_width, level, None, is_intact)
    region = Rectangle(0, 0, *image.size) if region is None else region
    whole_block_area = find_whole_mcus(region, image, canvas, operator.mcu_size)
    if mcu.intersection(whole_block_area) != mcu:
        return CoefficientReading(block_column, block_row, bin_width, level, None, is_intact)
    mcu_image = crop_jpeg(image, mcu)
    x = _read_network_units(operator, image, read_pixels, region, mcu)
    values = _measure_band_coefficients(operator, mcu_image, x, component, band)
    block_index = (
        block_row - mcu.top // (8 * plane.row_axis.factor),
        block_column - mcu.left // (8 * plane.column_axis.factor),
    )
    return CoefficientReading(
        block_column, block_row, bin_width, level, float(values[block_index]), is_intact
    )


def _split_into_examined_strips(
    area: Rectangle, mcu_height: int, max_pixels: int
) -> Iterator[tuple[Rectangle, bool]]:
    """Yield all strips of an area, each with whether the strip is to be examined.

    Strips are complete rows of MCUs. Those to be examined are evenly spaced and have about
    `max_pixels` pixels in total.
    """
    height = max(_STRIP_PIXELS // (max(area.width, 1) * mcu_height), 1) * mcu_height
    examined_fraction = min(max_pixels / max(area.pixel_count, 1), 1.0)
    examined_count = 0
    for number, top in enumerate(range(area.top, area.bottom, height), 1):
        # The first strip of each group is examined, so at least one always is.
        due_count = -(-number * examined_fraction // 1)
        yield (
            rectangle_from_edges(area.left, top, area.right, min(top + height, area.bottom)),
            examined_count < due_count,
        )
        examined_count = max(examined_count, int(due_count))


def _count_blocks(image: JpegImage, strip: Rectangle, component: int) -> int:
    return len(crop_jpeg(image, strip).levels[component].reshape(-1, 64))


def _read_network_units(
    operator: JpegOperator,
    image: JpegImage,
    read_pixels: PixelReader,
    region: Rectangle,
    area: Rectangle,
) -> Float[Tensor, "1 c h w"]:
    """Return a result's pixels in an area in network units, padded by repeating their edges.

    Args:
        operator: Operator of the file.
        image: The image with the file's levels.
        read_pixels: Reader of the result's pixels.
        region: Rectangle of the stored image that the result covers.
        area: Rectangle to return, in pixels from the corner of the first block.
    """
    requested_area = area.translated(-image.grid_left, -image.grid_top)
    available_area = requested_area.intersection(region)
    return to_padded_network_units(
        operator, read_pixels(available_area), available_area, requested_area
    )


def _measure_band_coefficients(
    operator: JpegOperator,
    cropped_image: JpegImage,
    x: Float[Tensor, "1 c h w"],
    component: int,
    band: int,
) -> Float[Tensor, "rows columns"]:
    """Return a component's coefficients of one band in gray levels, (block rows, block columns).

    Args:
        operator: Operator of the file.
        cropped_image: The part of the file's image that `x` shows.
        x: Pixels in network units.
        component: Index of the component.
        band: Band, see `count_levels`.
    """
    area_operator = create_jpeg_operator(cropped_image)
    plane = area_operator.planes[component]
    samples = operator.color_model.to_planes(x)[:, component : component + 1]
    subsampled = downsample(samples, plane.row_axis, plane.column_axis)
    return block_dct(subsampled, area_operator.dct_basis[band : band + 1])[0, 0]
