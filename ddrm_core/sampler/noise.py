"""Noise that depends on nothing but where and when it is used."""

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
_TRIPLE = 3  # channels of one block's stream


@dataclass(frozen=True, slots=True, eq=False)
class BlockNoise:
    """Unit normal noise as a function of (seed, sample, draw, 64x64 pixel block).

    Which samples share a batch, in which order they run, and which part of the picture is wanted
    do not change it. Samples 2n and 2n + 1 are an antithetic pair where `antithetic` is set: one
    has the other's noise with the opposite sign.

    Attributes:
        seed: 0 to 2**64 - 1.
        samples: Their numbers, one picture each.
        antithetic: Whether samples come in pairs.
        left: Of the pictures' first column, in the plane of all noise.
        top: Of their first row.
    """

    seed: int
    samples: Sequence[int]
    antithetic: bool
    left: int = 0
    top: int = 0

    def __call__(self, draw: int, x: Float[Tensor, "b c h w"], scale: float) -> None:
        """Add `scale` times the noise of a draw to `x`, in place.

        Args:
            draw: 0 to 2**32 - 1.
            x: One picture per sample; channels are a multiple of three.
            scale: Standard deviation, in the unit of `x`.
        """
        # NumPy's generators let go of the interpreter's lock, so threads draw side by side.
        with ThreadPoolExecutor(torch.get_num_threads()) as pool:
            rows = self._rows(x.shape[2])
            for _ in pool.map(lambda place: self._add_rows(draw, x, scale, *place), rows):
                pass

    def _rows(self, height: int) -> Iterator[tuple[int, slice]]:
        """Rows of blocks: their number, and which rows of the pictures lie in them."""
        for block in range(self.top // BLOCK_PX, -(-(self.top + height) // BLOCK_PX)):
            first = max(block * BLOCK_PX, self.top)
            last = min((block + 1) * BLOCK_PX, self.top + height)
            yield block, slice(first - self.top, last - self.top)

    def _add_rows(self, draw: int, x: Tensor, scale: float, block: int, rows: slice) -> None:
        fields: dict[int, Tensor] = {}
        for picture, sample in zip(x[:, :, rows], self.samples, strict=True):
            stream = sample // 2 if self.antithetic else sample
            if stream not in fields:
                field = self._field(stream, draw, block, rows, (x.shape[1], x.shape[3]))
                fields[stream] = torch.from_numpy(field).to(x.device)
            negative = self.antithetic and sample % 2 == 1
            picture.add_(fields[stream], alpha=-scale if negative else scale)

    def _field(
        self, stream: int, draw: int, block: int, rows: slice, size: tuple[int, int]
    ) -> NDArray[np.float32]:
        """(channels, rows, width) of one row of blocks."""
        channels, width = size
        field = np.empty((channels, rows.stop - rows.start, width), np.float32)
        above = self.top + rows.start - block * BLOCK_PX
        down = slice(above, above + field.shape[1])
        # As arrays: lists take it longer to check than a block's numbers to draw on two threads.
        key = np.array([self.seed, (stream << 32) | draw], np.uint64)
        columns = range(self.left // BLOCK_PX, -(-(self.left + width) // BLOCK_PX))
        for triple, column in product(range(channels // _TRIPLE), columns):
            # Philox is a counter-based generator: (key, counter) is a place in its stream, not a
            # state.
            place = np.array([0, triple, block, column], np.uint64)
            bits = np.random.Philox(key=key, counter=place)
            whole = (_TRIPLE, BLOCK_PX, BLOCK_PX)
            values = np.random.Generator(bits).standard_normal(whole, np.float32)
            first = max(column * BLOCK_PX, self.left)
            last = min((column + 1) * BLOCK_PX, self.left + width)
            across = slice(first - column * BLOCK_PX, last - column * BLOCK_PX)
            target = field[triple * _TRIPLE : (triple + 1) * _TRIPLE]
            target[:, :, first - self.left : last - self.left] = values[:, down, across]
        return field
