"""Mean and spread over samples, without keeping them."""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
from torch import Tensor


@dataclass(slots=True)
class RunningStatistics:
    """Running mean and squared deviations over samples (Welford); the first ones where kept.

    Attributes:
        max_kept_samples: How many samples are kept.
        tracks_spread: Whether deviations are wanted.
        count: Samples so far.
        mean: Of them; what steps hold is not written to again.
        sum_squared_deviations: Sum of squared deviations from it.
        kept_samples: The first samples.
    """

    max_kept_samples: int
    tracks_spread: bool
    count: int = 0
    mean: Tensor | None = None
    sum_squared_deviations: Tensor | None = None
    kept_samples: list[Tensor] = field(default_factory=list)

    def add_samples(self, samples: Tensor) -> None:
        for x in samples.split(1):
            self.count += 1
            if len(self.kept_samples) < self.max_kept_samples:
                self.kept_samples.append(x)
            if self.mean is None:
                self.mean = x
                continue
            new_mean = torch.lerp(self.mean, x, 1 / self.count)
            if self.tracks_spread:
                if self.sum_squared_deviations is None:
                    self.sum_squared_deviations = torch.zeros_like(x)
                self.sum_squared_deviations.addcmul_(x - self.mean, x - new_mean)
            self.mean = new_mean

    def standard_deviation(self) -> Tensor | None:
        """Over the samples, None where it is not wanted or there are fewer than two."""
        return (
            None
            if self.sum_squared_deviations is None
            else (self.sum_squared_deviations / (self.count - 1)).sqrt()
        )

    def move_to(self, device: torch.device) -> None:
        """Go on there."""
        self.mean = None if self.mean is None else self.mean.to(device)
        self.sum_squared_deviations = (
            None if self.sum_squared_deviations is None else self.sum_squared_deviations.to(device)
        )
        self.kept_samples = [x.to(device) for x in self.kept_samples]
