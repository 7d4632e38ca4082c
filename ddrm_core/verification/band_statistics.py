"""One band of a picture's coefficients: its levels in a file, and where a result's values lie."""

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
from ddrm_core.jpeg.dct import block_dct
from ddrm_core.jpeg.image import JpegImage
from ddrm_core.jpeg.operator import JpegOperator, create_jpeg_operator, levels_to_tensors
from ddrm_core.jpeg.subsample import downsample
from ddrm_core.verification.consistency import ARITHMETIC_SLACK
from ddrm_core.verification.verify import to_padded_network_units

CELLS_PER_BIN = 8
"""Into which a bin is cut, to see where in it the values of a result lie."""
MAX_EXAMINED_PIXELS = 4_000_000
"""Rows that `measure_coefficient_histogram` reads: of larger images, strips all over them."""
_STRIP_PIXELS = 1 << 18

PixelReader = Callable[[Rectangle], Tensor]
"""Pixels of a rectangle of the picture as stored, (n, h, w) in grey levels."""


@dataclass(frozen=True, slots=True, eq=False)
class LevelCounts:
    """How often each level of one band of one component is in a file.

    Attributes:
        bin_width: Grey levels from one level to the next.
        lowest_level: The lowest level there is.
        counts: Of it and those above it, to the highest there is.
    """

    bin_width: int
    lowest_level: int
    counts: NDArray[np.int64]

    @property
    def highest_level(self) -> int:
        """The highest level there is."""
        return self.lowest_level + len(self.counts) - 1

    @property
    def total_count(self) -> int:
        return int(self.counts.sum())

    def bin_edges(self, level: int) -> tuple[float, float]:
        """The coefficients that a level stands for, in grey levels."""
        return compute_bin_edges(level, self.bin_width)

    def count_of(self, level: int) -> int:
        """How often it is there."""
        return (
            int(self.counts[level - self.lowest_level])
            if self.lowest_level <= level <= self.highest_level
            else 0
        )


@dataclass(frozen=True, slots=True, eq=False)
class CoefficientHistogram:
    """Where a picture's coefficients of one band lie.

    Attributes:
        bin_width: Grey levels from one level to the next.
        first_cell: Number of the first cell; cell 0 begins at the lower edge of level 0's bin, and
            each is a CELLS-th of a bin.
        counts: Of blocks, per cell.
        inside_count: How many are in the bins of the file, give or take what float arithmetic
            needs.
        examined_blocks: That were looked at.
        total_blocks: That there are.
    """

    bin_width: int
    first_cell: int
    counts: NDArray[np.int64]
    inside_count: int
    examined_blocks: int
    total_blocks: int

    def cell_edges(self) -> NDArray[np.float64]:
        """Of the cells, in grey levels: one more than there are cells."""
        cells = np.arange(self.first_cell, self.first_cell + len(self.counts) + 1)
        return (cells / CELLS_PER_BIN - 0.5) * self.bin_width

    def counts_in_bin(self, level: int) -> NDArray[np.int64]:
        """Counts of the CELLS cells of a level's bin."""
        first_cell_index = level * CELLS_PER_BIN - self.first_cell
        cells = np.arange(first_cell_index, first_cell_index + CELLS_PER_BIN)
        is_present = (cells >= 0) & (cells < len(self.counts))
        return np.where(is_present, self.counts[cells.clip(0, len(self.counts) - 1)], 0)


@dataclass(frozen=True, slots=True)
class CoefficientReading:
    """One coefficient of the block at a place.

    Attributes:
        block_column: Of the block among the component's, from 0.
        block_row: Likewise.
        bin_width: Grey levels from one level to the next.
        level: In the file.
        coefficient: Of the result, grey levels; None where there is none, or not all of the block.
        is_intact: False where the file is damaged there: then the level says nothing.
    """

    block_column: int
    block_row: int
    bin_width: int
    level: int
    coefficient: float | None
    is_intact: bool = True

    @property
    def bin_edges(self) -> tuple[float, float]:
        """What the level stands for, in grey levels."""
        return compute_bin_edges(self.level, self.bin_width)

    @property
    def is_inside_bin(self) -> bool | None:
        """Whether the result is in the bin; None where there is none."""
        if self.coefficient is None:
            return None
        low, high = self.bin_edges
        return low - ARITHMETIC_SLACK <= self.coefficient <= high + ARITHMETIC_SLACK


def compute_bin_edges(level: int, bin_width: int) -> tuple[float, float]:
    """From step (level - 1/2) to step (level + 1/2)."""
    return bin_width * (level - 0.5), bin_width * (level + 0.5)


def count_levels(image: JpegImage, component: int, band: int) -> LevelCounts:
    """The levels of a file; of a damaged one, those that could be read.

    Args:
        image: The file.
        component: From 0.
        band: 0 to 63 in natural order: 8 times the vertical frequency, plus the horizontal one.
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
    """Where the coefficients of a picture lie, measured as the file was.

    Args:
        image: The file.
        read_pixels: Of a picture or of a region of it.
        region: What there are pixels of, in the picture as stored; whole blocks in it count.
        component: From 0.
        band: See `count_levels`.
        token: Polled several times a second.
        max_pixels: Of larger pictures, evenly spaced strips of about so many pixels.

    Raises:
        Cancelled: `token` was cancelled.
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
    """The block of a component that covers a pixel, in the file and in a result.

    Args:
        image: The file.
        position: Column and row in the picture as stored.
        component: From 0.
        band: See `count_levels`.
        read_pixels: The result's, None where there is none.
        region: What there are pixels of, None for all of the picture.
    """
    operator = create_jpeg_operator(image)
    plane = operator.planes[component]
    left, top = position[0] + image.grid_left, position[1] + image.grid_top
    block_column, block_row = (
        left // (8 * plane.column_axis.factor),
        top // (8 * plane.row_axis.factor),
    )
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
    """An area in strips of MCU rows, and of each whether it is to be looked at."""
    height = max(_STRIP_PIXELS // (max(area.width, 1) * mcu_height), 1) * mcu_height
    examined_fraction = min(max_pixels / max(area.pixel_count, 1), 1.0)
    examined_count = 0
    for number, top in enumerate(range(area.top, area.bottom, height), 1):
        # The first of each group of strips is taken, so that there is always one.
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
    """An area of the canvas in network units."""
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
    """The coefficients of a part's picture in one band, in grey levels."""
    area_operator = create_jpeg_operator(cropped_image)
    plane = area_operator.planes[component]
    samples = operator.color_model.to_planes(x)[:, component : component + 1]
    subsampled = downsample(samples, plane.row_axis, plane.column_axis)
    return block_dct(subsampled, area_operator.dct_basis[band : band + 1])[0, 0]
