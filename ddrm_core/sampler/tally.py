"""Mean and spread over samples, without keeping them."""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
from torch import Tensor


@dataclass(slots=True)
class Tally:
    """Running mean and squared deviations over samples (Welford); the samples where kept."""

    keep: bool
    count: int = 0
    mean: Tensor | None = None
    squares: Tensor | None = None
    kept: list[Tensor] = field(default_factory=list)

    def add(self, pictures: Tensor) -> None:
        for x in pictures.split(1):
            self.count += 1
            if self.mean is None or self.squares is None:
                self.mean, self.squares = x, torch.zeros_like(x)
            else:
                # New tensors each time: steps that were yielded hold the old mean.
                mean = torch.lerp(self.mean, x, 1 / self.count)
                self.squares = torch.addcmul(self.squares, x - self.mean, x - mean)
                self.mean = mean
            if self.keep:
                self.kept.append(x)

    def spread(self) -> Tensor | None:
        if self.squares is None or self.count < 2:
            return None
        return (self.squares / (self.count - 1)).sqrt()
