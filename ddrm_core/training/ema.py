"""Exponential averages of weights, which are validated and exported."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor


def compute_update_share(decay: float, iteration: int) -> float:
    """Return the share of the current weights in the exponential average after an iteration.

    Args:
        decay: Decay of the average, 0 to 1. The share is 1 - decay, but more in the first
            iterations, so that the initial weights do not dominate the average.
        iteration: Number of the iteration, from 1.
    """
    return 1 - min(decay, iteration / (iteration + 9))


@torch.no_grad()
def update_average(
    average: Sequence[Tensor], weights: Sequence[Tensor], *, decay: float, iteration: int
) -> None:
    """Update an exponential average of weights in place after an iteration.

    Args:
        average: Tensors of the average.
        weights: Tensors of the current weights, in the same order.
        decay: Decay of the average.
        iteration: Number of the iteration, from 1.
    """
    torch._foreach_lerp_(list(average), list(weights), compute_update_share(decay, iteration))
