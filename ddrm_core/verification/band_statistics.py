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
from ddrm_core.imaging.rectangle import Rectangle, between
from ddrm_core.jpeg.crop import crop_jpeg, find_whole_mcus
from ddrm_core.jpeg.damage.mask import find_intact_blocks
from ddrm_core.jpeg.dct import block_dct
from ddrm_core.jpeg.image import JpegImage
from ddrm_core.jpeg.operator import JpegOperator, create_jpeg_operator, levels_to_tensors
from ddrm_core.jpeg.subsample import downsample
from ddrm_core.verification.consistency import ARITHMETIC_SLACK
from ddrm_core.verification.verify import with_hidden

CELLS = 8
"""Into which a bin is cut, to see where in it the values of a result lie."""
MOST_PIXELS = 4_000_000
"""That are looked at for `spread_in_band`: of larger pictures, strips all over them."""
_STRIP_PIXELS = 1 << 18

PixelsAt = Callable[[Rectangle], Tensor]
"""Pixels of a rectangle of the picture as stored, (n, h, w) in grey levels."""


@dataclass(frozen=True, slots=True, eq=False)
class LevelCounts:
    """How often each level of one band of one component is in a file.

    Attributes:
        step: Grey levels from one level to the next.
        first: The lowest level there is.
        counts: Of it and those above it, to the highest there is.
    """

    step: int
    first: int
    counts: NDArray[np.int64]

    @property
    def last(self) -> int:
        """The highest level there is."""
        return self.first + len(self.counts) - 1

    @property
    def total(self) -> int:
        return int(self.counts.sum())

    def bin(self, level: int) -> tuple[float, float]:
        """The coefficients that a level stands for, in grey levels."""
        return bin_of(level, self.step)

    def count(self, level: int) -> int:
        """How often it is there."""
        return int(self.counts[level - self.first]) if self.first <= level <= self.last else 0


@dataclass(frozen=True, slots=True, eq=False)
class BandSpread:
    """Where a picture's coefficients of one band lie.

    Attributes:
        step: Grey levels from one level to the next.
        first: Number of the first cell; cell 0 begins at the lower edge of level 0's bin, and each
            is a CELLS-th of a bin.
        counts: Of blocks, per cell.
        inside: How many are in the bins of the file, give or take what float arithmetic needs.
        blocks: That were looked at.
        of: That there are.
    """

    step: int
    first: int
    counts: NDArray[np.int64]
    inside: int
    blocks: int
    of: int

    def edges(self) -> NDArray[np.float64]:
        """Of the cells, in grey levels: one more than there are cells."""
        cells = np.arange(self.first, self.first + len(self.counts) + 1)
        return (cells / CELLS - 0.5) * self.step

    def in_bin(self, level: int) -> NDArray[np.int64]:
        """Counts of the CELLS cells of a level's bin."""
        begin = level * CELLS - self.first
        cells = np.arange(begin, begin + CELLS)
        there = (cells >= 0) & (cells < len(self.counts))
        return np.where(there, self.counts[cells.clip(0, len(self.counts) - 1)], 0)


@dataclass(frozen=True, slots=True)
class AtPlace:
    """One coefficient of the block at a place.

    Attributes:
        column: Of the block among the component's, from 0.
        row: Likewise.
        step: Grey levels from one level to the next.
        level: In the file.
        coefficient: Of the result, grey levels; None where there is none, or not all of the block.
        readable: False where the file is damaged there: then the level says nothing.
    """

    column: int
    row: int
    step: int
    level: int
    coefficient: float | None
    readable: bool = True

    @property
    def bin(self) -> tuple[float, float]:
        """What the level stands for, in grey levels."""
        return bin_of(self.level, self.step)

    @property
    def inside(self) -> bool | None:
        """Whether the result is in the bin; None where there is none."""
        if self.coefficient is None:
            return None
        low, high = self.bin
        return low - ARITHMETIC_SLACK <= self.coefficient <= high + ARITHMETIC_SLACK


def bin_of(level: int, step: int) -> tuple[float, float]:
    """From step (level - 1/2) to step (level + 1/2)."""
    return step * (level - 0.5), step * (level + 0.5)


def count_levels(image: JpegImage, component: int, band: int) -> LevelCounts:
    """The levels of a file; of a damaged one, those that could be read.

    Args:
        image: The file.
        component: From 0.
        band: 0 to 63 in natural order: 8 times the vertical frequency, plus the horizontal one.
    """
    levels = image.levels[component][:, :, *divmod(band, 8)].astype(np.int64)
    read = find_intact_blocks(image)
    found = levels.ravel() if read is None else levels[read[component].numpy()]
    step = int(image.quantization_tables[component][band])
    if not found.size:
        return LevelCounts(step, 0, np.zeros(1, np.int64))
    first = int(found.min())
    return LevelCounts(step, first, np.bincount(found - first).astype(np.int64))


@torch.no_grad()
def spread_in_band(
    image: JpegImage,
    pixels: PixelsAt,
    region: Rectangle,
    component: int,
    band: int,
    token: CancelToken,
    *,
    most_pixels: int = MOST_PIXELS,
) -> BandSpread:
    """Where the coefficients of a picture lie, measured as the file was.

    Args:
        image: The file.
        pixels: Of a picture or of a region of it.
        region: What there are pixels of, in the picture as stored; whole blocks in it count.
        component: From 0.
        band: See `count_levels`.
        token: Polled several times a second.
        most_pixels: Of larger pictures, evenly spaced strips of about so many pixels.

    Raises:
        Cancelled: `token` was cancelled.
    """
    operator = create_jpeg_operator(image)
    canvas = Rectangle(0, 0, operator.width, operator.height)
    inner = find_whole_mcus(region, image, canvas, operator.mcu_size)
    step = int(image.quantization_tables[component][band])
    found, inside, total = [np.empty(0, np.int64)], 0, 0
    for strip, looked_at in _strips(inner, operator.mcu_size[1], most_pixels):
        total += _blocks_in(image, strip, component)
        if not looked_at:
            continue
        token.raise_if_cancelled()
        part = crop_jpeg(image, strip)
        x = _seen(operator, image, pixels, region, strip)
        values = _values(operator, part, x, component, band)
        levels = levels_to_tensors(part, torch.device("cpu"))[component][0, band]
        read = find_intact_blocks(part)
        counted = torch.ones_like(levels, dtype=torch.bool) if read is None else read[component]
        offsets = (values / step - levels)[counted]
        inside += int((offsets.abs() <= 0.5 + ARITHMETIC_SLACK / step).sum())
        in_cells = ((values / step + 0.5) * CELLS)[counted].floor()
        found.append(in_cells.numpy().astype(np.int64))
    cells = np.concatenate(found)
    first = int(cells.min()) if len(cells) else 0
    counts = np.bincount(cells - first, minlength=1).astype(np.int64)
    return BandSpread(step, first, counts, inside, len(cells), total)


@torch.no_grad()
def coefficient_at(
    image: JpegImage,
    place: tuple[int, int],
    component: int,
    band: int,
    pixels: PixelsAt | None = None,
    region: Rectangle | None = None,
) -> AtPlace:
    """The block of a component that covers a pixel, in the file and in a result.

    Args:
        image: The file.
        place: Column and row in the picture as stored.
        component: From 0.
        band: See `count_levels`.
        pixels: The result's, None where there is none.
        region: What there are pixels of, None for all of the picture.
    """
    operator = create_jpeg_operator(image)
    plane = operator.planes[component]
    left, top = place[0] + image.grid_left, place[1] + image.grid_top
    column, row = left // (8 * plane.column_axis.factor), top // (8 * plane.row_axis.factor)
    level = int(image.levels[component][row, column, *divmod(band, 8)])
    step = int(image.quantization_tables[component][band])
    across, down_ = operator.mcu_size
    canvas = Rectangle(0, 0, operator.width, operator.height)
    mcu = Rectangle(left // across * across, top // down_ * down_, across, down_).within(canvas)
    read = find_intact_blocks(crop_jpeg(image, mcu)) if image.damage is not None else None
    readable = read is None or bool(read[component].all())
    if pixels is None:
        return AtPlace(column, row, step, level, None, readable)
    region = Rectangle(0, 0, *image.size) if region is None else region
    inner = find_whole_mcus(region, image, canvas, operator.mcu_size)
    if mcu.within(inner) != mcu:
        return AtPlace(column, row, step, level, None, readable)
    part = crop_jpeg(image, mcu)
    x = _seen(operator, image, pixels, region, mcu)
    values = _values(operator, part, x, component, band)
    in_mcu = (
        row - mcu.top // (8 * plane.row_axis.factor),
        column - mcu.left // (8 * plane.column_axis.factor),
    )
    return AtPlace(column, row, step, level, float(values[in_mcu]), readable)


def _strips(area: Rectangle, row: int, most_pixels: int) -> Iterator[tuple[Rectangle, bool]]:
    """An area in strips of MCU rows, and of each whether it is to be looked at."""
    height = max(_STRIP_PIXELS // (max(area.width, 1) * row), 1) * row
    share = min(most_pixels / max(area.pixels, 1), 1.0)
    taken = 0
    for number, top in enumerate(range(area.top, area.bottom, height), 1):
        # The first of each group of strips is taken, so that there is always one.
        wanted = -(-number * share // 1)
        yield (
            between(area.left, top, area.right, min(top + height, area.bottom)),
            taken < wanted,
        )
        taken = max(taken, int(wanted))


def _blocks_in(image: JpegImage, strip: Rectangle, component: int) -> int:
    return len(crop_jpeg(image, strip).levels[component].reshape(-1, 64))


def _seen(
    operator: JpegOperator, image: JpegImage, pixels: PixelsAt, region: Rectangle, area: Rectangle
) -> Float[Tensor, "1 c h w"]:
    """An area of the canvas in network units."""
    wanted = area.moved(-image.grid_left, -image.grid_top)
    there = wanted.within(region)
    return with_hidden(operator, pixels(there), there, wanted)


def _values(
    operator: JpegOperator,
    part: JpegImage,
    x: Float[Tensor, "1 c h w"],
    component: int,
    band: int,
) -> Float[Tensor, "rows columns"]:
    """The coefficients of a part's picture in one band, in grey levels."""
    measured = create_jpeg_operator(part)
    plane = measured.planes[component]
    samples = operator.color_model.to_planes(x)[:, component : component + 1]
    shrunk = downsample(samples, plane.row_axis, plane.column_axis)
    return block_dct(shrunk, measured.dct_basis[band : band + 1])[0, 0]
