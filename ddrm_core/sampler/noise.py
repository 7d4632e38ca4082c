"""Noise that depends on nothing but where and when it is used."""

from __future__ import annotations

from collections.abc import Sequence
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

    Which samples share a batch, and in which order they run, does not change it. Samples 2n and 2n
    + 1 are an antithetic pair where `antithetic` is set: one has the other's noise with the
    opposite sign.

    Attributes:
        seed: 0 to 2**64 - 1.
        samples: Their numbers, one picture each.
        height: In pixels.
        width: In pixels.
        antithetic: Whether samples come in pairs.
        device: Where the noise is wanted.
        channels: A multiple of three.
    """

    seed: int
    samples: Sequence[int]
    height: int
    width: int
    antithetic: bool
    device: torch.device
    channels: int = _TRIPLE

    def __call__(self, draw: int) -> Float[Tensor, "b c h w"]:
        fields: dict[int, Tensor] = {}
        pictures = []
        for sample in self.samples:
            stream = sample // 2 if self.antithetic else sample
            if stream not in fields:
                fields[stream] = torch.from_numpy(self._field(stream, draw)).to(self.device)
            negative = self.antithetic and sample % 2 == 1
            pictures.append(-fields[stream] if negative else fields[stream])
        return torch.stack(pictures)

    def _field(self, stream: int, draw: int) -> NDArray[np.float32]:
        field = np.empty((self.channels, self.height, self.width), np.float32)
        for triple, top, left in product(
            range(self.channels // _TRIPLE),
            range(0, self.height, BLOCK_PX),
            range(0, self.width, BLOCK_PX),
        ):
            # Philox is a counter-based generator: (key, counter) is a place in its stream, not a
            # state.
            place = [0, triple, top // BLOCK_PX, left // BLOCK_PX]
            bits = np.random.Philox(key=[self.seed, (stream << 32) | draw], counter=place)
            whole = (_TRIPLE, BLOCK_PX, BLOCK_PX)
            block = np.random.Generator(bits).standard_normal(whole, np.float32)
            bottom, right = min(top + BLOCK_PX, self.height), min(left + BLOCK_PX, self.width)
            channels = slice(triple * _TRIPLE, (triple + 1) * _TRIPLE)
            field[channels, top:bottom, left:right] = block[:, : bottom - top, : right - left]
        return field
