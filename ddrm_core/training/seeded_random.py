"""Random numbers determined by seed, purpose and index, without any state.

A continued run, or a run with more workers, therefore draws the same numbers.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np
import torch


class RandomPurpose(IntEnum):
    """The purpose of a stream of random numbers; different purposes have independent streams."""

    PHOTOGRAPH_ORDER = 1
    CROPS = 2
    MIXING = 3
    NOISE = 4
    NOISE_LEVELS = 5


def create_generator(seed: int, purpose: RandomPurpose, index: int) -> np.random.Generator:
    """Create a random generator that depends only on the seed, a purpose and an index.

    Source: Philox, Salmon et al. 2011.

    Args:
        seed: Seed of the training run.
        purpose: Purpose of the random numbers.
        index: Number of the use, such as that of a photograph.
    """
    key = [seed, int(purpose)]
    return np.random.Generator(np.random.Philox(key=key, counter=[0, 0, 0, index]))


def create_torch_generator(seed: int, iteration: int, device: torch.device) -> torch.Generator:
    """Create the generator on `device` for the noise of one training iteration."""
    noise_seed = create_generator(seed, RandomPurpose.NOISE, iteration).integers(2**63)
    return torch.Generator(device).manual_seed(int(noise_seed))
