"""Where a run is."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from ddrm_core.device.execution_limits import MemoryFallback
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.problems.protocols import MeasuredImage, PixelTensor, ProblemTile
from ddrm_core.restoration.mosaic import ResultMosaic


@dataclass(frozen=True, slots=True, eq=False)
class RunStep:
    """Where a run is after one evaluation of the prior on one batch of samples of one part.

    Attributes:
        evaluations_done: Evaluations so far, counted per sample and part.
        total_evaluations: Evaluations in the whole run.
        sample_numbers: Numbers of the samples in work, from 1.
        step_number: The step they have finished, from 1.
        steps_per_sample: Steps per sample.
        sigma: Noise level just removed, network units.
        problem_tile: What is sampled.
        tile_region: What is wanted of it, in pixels of the picture as stored.
        estimates: Of the samples in work, network units.
        finished_mean: Mean of the samples that are done, network units, None before the first.
        finished_count: How many those are.
        mosaic: The parts that are done. The run goes on filling it.
        fallbacks: What was done so far because memory did not suffice.
    """

    evaluations_done: int
    total_evaluations: int
    sample_numbers: range
    step_number: int
    steps_per_sample: int
    sigma: float
    problem_tile: ProblemTile
    tile_region: Rectangle
    estimates: Float[Tensor, "b c h w"]
    finished_mean: Float[Tensor, "1 c h w"] | None
    finished_count: int
    mosaic: ResultMosaic[MeasuredImage]
    fallbacks: tuple[MemoryFallback, ...]

    def current_mean(self) -> Float[Tensor, "1 c h w"]:
        """The best picture of the part so far: of the finished samples and those in work."""
        batch_mean = self.estimates.mean(0, keepdim=True)
        if self.finished_mean is None:
            return batch_mean
        batch_weight = len(self.estimates) / (self.finished_count + len(self.estimates))
        return torch.lerp(self.finished_mean, batch_mean, batch_weight)

    def current_image(self) -> PixelTensor:
        """The same as pixels of `tile_region`."""
        return self.problem_tile.to_pixels(self.current_mean(), self.tile_region)
