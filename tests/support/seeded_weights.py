"""Random weights that follow from the names and shapes of tensors, on every machine and version."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from math import prod

import numpy as np
import torch
from torch import Tensor

# Small enough for activations that neither vanish nor grow in 60 layers with residual connections.
GAIN = 0.7


def seeded_tensor(name: str, shape: tuple[int, ...]) -> Tensor:
    """Return the weights of a convolution without a bias, or of a transposed one of stride 2.

    They are uniform with the variance GAIN**2 / n for n inputs per output. NumPy promises to keep
    the raw stream of Philox, which is keyed by the CRC-32 of the name, the same in all versions.
    """
    count = prod(shape)
    stream = np.random.Philox(key=zlib.crc32(name.encode())).random_raw((count + 1) // 2)
    integers = stream.astype("<u8", copy=False).view("<i4")[:count]
    outputs, inputs, height, width = shape
    if height == 2 and outputs > inputs:  # a transposed convolution: each output has one tap
        inputs, height, width = outputs, 1, 1
    bound = GAIN * (3 / (inputs * height * width)) ** 0.5
    weights = integers.astype(np.float32)
    weights *= np.float32(bound / 2**31)
    return torch.from_numpy(weights.reshape(shape))


def seeded_weights(shapes: Mapping[str, tuple[int, ...]]) -> dict[str, Tensor]:
    return {name: seeded_tensor(name, tuple(shape)) for name, shape in shapes.items()}
