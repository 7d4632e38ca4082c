"""Progress of a run."""

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
    """Progress of a run after one step of the samples of a tile that are computed together.

    Attributes:
        evaluations_done: Evaluations so far, counted per sample and tile.
        total_evaluations: Evaluations in the whole run, counted per sample and tile.
        sample_numbers: Numbers of the current samples, from 1.
        step_number: Number of the finished step, from 1.
        steps_per_sample: Steps per sample.
        sigma: Noise level at which the prior was evaluated, in network units.
        problem_tile: Current tile.
        tile_region: Region of the result that the tile's core covers, in pixels of the stored
            image.
        estimates: Estimates of the current samples, in network units.
        finished_mean: Mean of the tile's finished samples in network units, None before the first
            one.
        finished_count: Number of the tile's finished samples.
        mosaic: Mosaic of the finished tiles, which the run continues to fill.
        fallbacks: Memory fallbacks so far.
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
        """Return the mean over the tile's finished samples and current estimates.

        Each finished sample and each estimate has the same weight. The mean is in network units.
        """
        batch_mean = self.estimates.mean(0, keepdim=True)
        if self.finished_mean is None:
            return batch_mean
        batch_weight = len(self.estimates) / (self.finished_count + len(self.estimates))
        return torch.lerp(self.finished_mean, batch_mean, batch_weight)

    def current_image(self) -> PixelTensor:
        """Return the pixels of `current_mean` inside `tile_region`, in gray levels."""
        return self.problem_tile.to_pixels(self.current_mean(), self.tile_region)
