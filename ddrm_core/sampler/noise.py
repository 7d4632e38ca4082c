"""Noise that depends on seed, sample, draw and position only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import product

import numpy as np
import torch
from jaxtyping import Float
from numpy.typing import NDArray
from torch import Tensor

BLOCK_PX = 64
_CHANNELS_PER_STREAM = 3  # channels of a block that share a random stream


@dataclass(frozen=True, slots=True, eq=False)
class BlockNoise:
    """Standard normal noise as a function of (seed, sample, draw, 64x64 pixel block).

    The noise does not depend on the samples computed together, their order, or the tile. If
    `antithetic` is set, samples 2n and 2n + 1 are an antithetic pair, whose noise has opposite
    signs.

    Attributes:
        seed: Seed, 0 to 2**64 - 1.
        sample_numbers: Numbers of the samples, from 0, one per image.
        antithetic: Whether samples form antithetic pairs.
        left: Column of the images' left edge in the noise plane of the canvas, in pixels.
        top: Row of the images' top edge in the noise plane of the canvas, in pixels.
    """

    seed: int
    sample_numbers: Sequence[int]
    antithetic: bool
    left: int = 0
    top: int = 0

    def __call__(self, draw: int, x: Float[Tensor, "b c h w"], scale: float) -> None:
        """Add `scale` times the noise of a draw to `x`, in place.

        Args:
            draw: Number of the draw, 0 to 2**32 - 1.
            x: One image per sample; the number of channels is a multiple of three.
            scale: Standard deviation in the unit of `x`.
        """
        # NumPy's generators release the interpreter's lock, so that threads draw in parallel.
        with ThreadPoolExecutor(torch.get_num_threads()) as pool:
            rows = self._iterate_block_rows(x.shape[2])
            for _ in pool.map(
                lambda block_row: self._add_block_row(draw, x, scale, *block_row), rows
            ):
                pass

    def _iterate_block_rows(self, height: int) -> Iterator[tuple[int, slice]]:
        """Yield the number of each row of noise blocks, and the image rows that it covers."""
        for block in range(self.top // BLOCK_PX, -(-(self.top + height) // BLOCK_PX)):
            first = max(block * BLOCK_PX, self.top)
            last = min((block + 1) * BLOCK_PX, self.top + height)
            yield block, slice(first - self.top, last - self.top)

    def _add_block_row(self, draw: int, x: Tensor, scale: float, block: int, rows: slice) -> None:
        noise_by_stream: dict[int, Tensor] = {}
        for image, sample_number in zip(x[:, :, rows], self.sample_numbers, strict=True):
            stream = sample_number // 2 if self.antithetic else sample_number
            if stream not in noise_by_stream:
                noise = self._draw_block_row(stream, draw, block, rows, (x.shape[1], x.shape[3]))
                noise_by_stream[stream] = torch.from_numpy(noise).to(x.device)
            is_negated = self.antithetic and sample_number % 2 == 1
            image.add_(noise_by_stream[stream], alpha=-scale if is_negated else scale)

    def _draw_block_row(
        self, stream: int, draw: int, block: int, rows: slice, size: tuple[int, int]
    ) -> NDArray[np.float32]:
        """Return standard normal noise for image rows in one row of noise blocks.

        Args:
            stream: Number of the sample or, if antithetic, of the antithetic pair.
            draw: Number of the draw.
            block: Number of the row of blocks in the noise plane.
            rows: Rows of the images, all inside the row of blocks.
            size: Channels and width of the images.

        Returns:
            The noise, (channels, rows, width).
        """
        channels, width = size
        noise = np.empty((channels, rows.stop - rows.start, width), np.float32)
        first_block_row = self.top + rows.start - block * BLOCK_PX
        row_slice = slice(first_block_row, first_block_row + noise.shape[1])
        # Arrays, because NumPy's check of lists takes longer than drawing a block on two threads.
        key = np.array([self.seed, (stream << 32) | draw], np.uint64)
        columns = range(self.left // BLOCK_PX, -(-(self.left + width) // BLOCK_PX))
        for triple, column in product(range(channels // _CHANNELS_PER_STREAM), columns):
            # Philox is a counter-based generator: (key, counter) is a position in its stream.
            counter = np.array([0, triple, block, column], np.uint64)
            bit_generator = np.random.Philox(key=key, counter=counter)
            block_shape = (_CHANNELS_PER_STREAM, BLOCK_PX, BLOCK_PX)
            values = np.random.Generator(bit_generator).standard_normal(block_shape, np.float32)
            first = max(column * BLOCK_PX, self.left)
            last = min((column + 1) * BLOCK_PX, self.left + width)
            column_slice = slice(first - column * BLOCK_PX, last - column * BLOCK_PX)
            target = noise[triple * _CHANNELS_PER_STREAM : (triple + 1) * _CHANNELS_PER_STREAM]
            target[:, :, first - self.left : last - self.left] = values[:, row_slice, column_slice]
        return noise
