"""Exponential averages of weights, which are validated and exported."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor


def compute_update_share(decay: float, iteration: int) -> float:
    """Return the share of the new weights in their average after an iteration.

    Iterations count from 1. The share is more than 1 - decay at first, so that the initial weights
    do not dominate an average of few iterations.
    """
    return 1 - min(decay, iteration / (iteration + 9))


@torch.no_grad()
def update_average(
    average: Sequence[Tensor], weights: Sequence[Tensor], *, decay: float, iteration: int
) -> None:
    """Update `average` in place with the weights after an iteration, counted from 1."""
    torch._foreach_lerp_(list(average), list(weights), compute_update_share(decay, iteration))
