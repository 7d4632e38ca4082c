"""Mean and spread over samples, without keeping them."""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
from torch import Tensor


@dataclass(slots=True)
class Tally:
    """Running mean and squared deviations over samples (Welford); the first ones where kept.

    Attributes:
        keep: How many samples are kept.
        spread: Whether deviations are wanted.
        count: Samples so far.
        mean: Of them; what steps hold is not written to again.
        squares: Sum of squared deviations from it.
        kept: The first samples.
    """

    keep: int
    spread: bool
    count: int = 0
    mean: Tensor | None = None
    squares: Tensor | None = None
    kept: list[Tensor] = field(default_factory=list)

    def add(self, pictures: Tensor) -> None:
        for x in pictures.split(1):
            self.count += 1
            if len(self.kept) < self.keep:
                self.kept.append(x)
            if self.mean is None:
                self.mean = x
                continue
            mean = torch.lerp(self.mean, x, 1 / self.count)
            if self.spread:
                if self.squares is None:
                    self.squares = torch.zeros_like(x)
                self.squares.addcmul_(x - self.mean, x - mean)
            self.mean = mean

    def deviation(self) -> Tensor | None:
        """Over the samples, None where it is not wanted or there are fewer than two."""
        return None if self.squares is None else (self.squares / (self.count - 1)).sqrt()

    def move(self, device: torch.device) -> None:
        """Go on there."""
        self.mean = None if self.mean is None else self.mean.to(device)
        self.squares = None if self.squares is None else self.squares.to(device)
        self.kept = [x.to(device) for x in self.kept]
