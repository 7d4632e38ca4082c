"""Exponential averages of weights: what is validated and exported."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor


def compute_update_share(decay: float, iteration: int) -> float:
    """Of the weights after `iteration`, counted from 1, in their average.

    More than 1 - decay at first, so that an average of few iterations is not one of the initial
    weights.
    """
    return 1 - min(decay, iteration / (iteration + 9))


@torch.no_grad()
def update_average(
    average: Sequence[Tensor], weights: Sequence[Tensor], *, decay: float, iteration: int
) -> None:
    """Move `average` in place towards the weights that `iteration`, counted from 1, gave."""
    torch._foreach_lerp_(list(average), list(weights), compute_update_share(decay, iteration))
