"""Running mean and spread over samples."""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
from torch import Tensor


@dataclass(slots=True)
class RunningStatistics:
    """The running mean and variance over samples (Welford's algorithm), and the first samples.

    Attributes:
        max_kept_samples: Maximum number of samples to keep.
        tracks_spread: Whether the squared deviations are summed, for the standard deviation.
        count: Number of samples so far.
        mean: Mean of the samples so far, None before the first one. The tensor is never
            overwritten, because steps hold references to it.
        sum_squared_deviations: Sum of squared deviations from the mean, None for fewer than two
            samples or without `tracks_spread`.
        kept_samples: The first samples, at most `max_kept_samples`.
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
        """Return the standard deviation over samples, per pixel.

        Return None for fewer than two samples, or if `tracks_spread` is False.
        """
        return (
            None
            if self.sum_squared_deviations is None
            else (self.sum_squared_deviations / (self.count - 1)).sqrt()
        )

    def move_to(self, device: torch.device) -> None:
        """Move all tensors to a device."""
        self.mean = None if self.mean is None else self.mean.to(device)
        self.sum_squared_deviations = (
            None if self.sum_squared_deviations is None else self.sum_squared_deviations.to(device)
        )
        self.kept_samples = [x.to(device) for x in self.kept_samples]
