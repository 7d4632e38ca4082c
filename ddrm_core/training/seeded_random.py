"""Random numbers by purpose and number: nothing to keep, nothing that depends on who draws first.

A run that is continued, or has more workers, draws exactly what it would have drawn.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np
import torch


class Purpose(IntEnum):
    """What numbers are drawn for; streams of different purposes are independent."""

    ORDER = 1
    CROPS = 2
    MIXING = 3
    NOISE = 4
    LEVELS = 5


def generator(seed: int, purpose: Purpose, number: int) -> np.random.Generator:
    """For the `number`-th use of this purpose. Source: Philox, Salmon et al. 2011."""
    key = [seed, int(purpose)]
    return np.random.Generator(np.random.Philox(key=key, counter=[0, 0, 0, number]))


def torch_generator(seed: int, number: int, device: torch.device) -> torch.Generator:
    """For the `number`-th iteration's noise, on `device`."""
    drawn = generator(seed, Purpose.NOISE, number).integers(2**63)
    return torch.Generator(device).manual_seed(int(drawn))
