"""Where a run is."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from ddrm_core.device.execution_limits import Fallback
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.problems.protocols import MeasuredImage, PixelTensor, ProblemTile
from ddrm_core.restoration.mosaic import Assembly


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """Where a run is after one evaluation of the prior on one batch of samples of one part.

    Attributes:
        done: Evaluations so far, counted per sample and part.
        total: Evaluations in the whole run.
        samples: Numbers of the samples in work, from 1.
        step: The step they have finished, from 1.
        steps: Steps per sample.
        sigma: Noise level just removed, network units.
        part: What is sampled.
        place: What is wanted of it, in pixels of the picture as stored.
        estimates: Of the samples in work, network units.
        finished: Mean of the samples that are done, network units, None before the first.
        finished_count: How many those are.
        assembly: The parts that are done. The run goes on filling it.
        fallbacks: What was done so far because memory did not suffice.
    """

    done: int
    total: int
    samples: range
    step: int
    steps: int
    sigma: float
    part: ProblemTile
    place: Rectangle
    estimates: Float[Tensor, "b c h w"]
    finished: Float[Tensor, "1 c h w"] | None
    finished_count: int
    assembly: Assembly[MeasuredImage]
    fallbacks: tuple[Fallback, ...]

    def mean(self) -> Float[Tensor, "1 c h w"]:
        """The best picture of the part so far: of the finished samples and those in work."""
        mean = self.estimates.mean(0, keepdim=True)
        if self.finished is None:
            return mean
        share = len(self.estimates) / (self.finished_count + len(self.estimates))
        return torch.lerp(self.finished, mean, share)

    def picture(self) -> PixelTensor:
        """The same as pixels of `place`."""
        return self.part.to_pixels(self.mean(), self.place)
