"""Random numbers by purpose and number: nothing to keep, nothing that depends on who draws first.

A run that is continued, or has more workers, draws exactly what it would have drawn.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np
import torch


class RandomPurpose(IntEnum):
    """What numbers are drawn for; streams of different purposes are independent."""

    PHOTOGRAPH_ORDER = 1
    CROPS = 2
    MIXING = 3
    NOISE = 4
    NOISE_LEVELS = 5


def create_generator(seed: int, purpose: RandomPurpose, index: int) -> np.random.Generator:
    """For the `index`-th use of this purpose. Source: Philox, Salmon et al. 2011."""
    key = [seed, int(purpose)]
    return np.random.Generator(np.random.Philox(key=key, counter=[0, 0, 0, index]))


def create_torch_generator(seed: int, iteration: int, device: torch.device) -> torch.Generator:
    """For the `iteration`-th iteration's noise, on `device`."""
    noise_seed = create_generator(seed, RandomPurpose.NOISE, iteration).integers(2**63)
    return torch.Generator(device).manual_seed(int(noise_seed))
