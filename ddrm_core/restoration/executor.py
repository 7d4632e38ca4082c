"""Execution of a run, tile by tile, within the memory of the device."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from ddrm_core.cancel import CancelToken
from ddrm_core.device.execution_limits import MemoryFallback, choose_initial_limits
from ddrm_core.device.out_of_memory import convert_memory_errors
from ddrm_core.device.profiler import Profiler
from ddrm_core.errors import OutOfMemory
from ddrm_core.prior.dihedral import IDENTITY, choose_transform
from ddrm_core.problems.protocols import MeasuredImage, ProblemTile
from ddrm_core.restoration.mosaic import ResultMosaic
from ddrm_core.restoration.run import (
    Run,
    compute_prior_sigmas,
    compute_run_sigmas,
    compute_tile_region,
    create_correction,
    plan_run_tiles,
    plan_sampled_tiles,
)
from ddrm_core.restoration.step import RunStep
from ddrm_core.sampler.ddrm import SamplerStep, sample
from ddrm_core.sampler.noise import BlockNoise
from ddrm_core.sampler.protocols import Denoiser
from ddrm_core.sampler.running_statistics import RunningStatistics
from ddrm_core.tiling.denoiser import TiledDenoiser
from ddrm_core.tiling.plan import Tile


@dataclass(frozen=True, slots=True)
class OutputSelection:
    """The selection of a run's outputs in addition to the mean of its samples.

    Each output needs the memory of the whole image.

    Attributes:
        includes_spread: Whether to compute the standard deviation over the samples.
        sample_count: Number of samples to keep as images, beginning with the first.
    """

    includes_spread: bool = True
    sample_count: int = 0


class RunExecutor:
    """The implementation of `restore`, which samples the tiles of a run."""

    def __init__(
        self,
        run: Run[MeasuredImage],
        token: CancelToken,
        outputs: OutputSelection,
        profiler: Profiler,
        mosaic: ResultMosaic[MeasuredImage],
    ) -> None:
        self._run, self._token, self._outputs = run, token, outputs
        self._profiler, self._mosaic = profiler, mosaic
        self._tiles = plan_sampled_tiles(run)
        self._other_tiles = plan_run_tiles(run)[len(self._tiles) :]
        self._prior = run.prior
        largest_tile_pixels = max(tile.outer.pixel_count for tile in self._tiles)
        has_fixed_tile_size = run.prior.tiling.fixed_side is not None
        self._execution_limits = choose_initial_limits(
            run.prior.device,
            largest_tile_pixels,
            has_fixed_tile_size=has_fixed_tile_size,
            pixel_limits=run.limits,
        )

    @property
    def fallbacks(self) -> tuple[MemoryFallback, ...]:
        """Memory fallbacks so far."""
        return self._execution_limits.fallbacks

    def execute(self) -> Iterator[RunStep]:
        """Sample the tiles; yield every step and add each finished tile to the mosaic.

        Tiles that are not sampled are added last, with the decoded image.

        Raises the errors of `restore`.
        """
        for tile in self._tiles:
            statistics = RunningStatistics(
                self._outputs.sample_count, self._outputs.includes_spread
            )
            problem_tile: ProblemTile | None = None
            while problem_tile is None or statistics.count < self._run.settings.samples:
                sample_numbers = range(self._run.settings.samples)[statistics.count :][
                    : self._execution_limits.max_samples
                ]
                try:
                    problem_tile = problem_tile or self._create_problem_tile(tile)
                    yield from self._run_batch(problem_tile, tile, sample_numbers, statistics)
                except OutOfMemory:
                    reduced_limits = self._execution_limits.reduce(
                        image_pixels=tile.outer.pixel_count, tried_samples=len(sample_numbers)
                    )
                    if reduced_limits is None:
                        raise
                    if reduced_limits.device != self._execution_limits.device:
                        problem_tile = None
                        self._move_to_device(reduced_limits.device, statistics)
                    self._execution_limits = reduced_limits
            assert statistics.mean is not None  # settings have at least one sample
            memory = convert_memory_errors(
                self._execution_limits.device, tile.outer.width, tile.outer.height
            )
            with memory, self._profiler.measure_section("conversion"):
                self._mosaic.add_tile(
                    problem_tile,
                    compute_tile_region(self._run, tile),
                    statistics.mean,
                    deviation=statistics.standard_deviation(),
                    samples=statistics.kept_samples,
                )
        for tile in self._other_tiles:
            self._token.raise_if_cancelled()
            self._add_decoded_tile(tile)

    def _add_decoded_tile(self, tile: Tile) -> None:
        """Add a tile to the mosaic in which all samples are the decoded image."""
        problem_tile = self._create_problem_tile(tile)
        decoded_image, mosaic = problem_tile.decoded_image, self._mosaic
        memory = convert_memory_errors(
            self._execution_limits.device, tile.outer.width, tile.outer.height
        )
        with memory, self._profiler.measure_section("conversion"):
            mosaic.add_tile(
                problem_tile,
                compute_tile_region(self._run, tile),
                decoded_image,
                deviation=None if mosaic.spread is None else torch.zeros_like(decoded_image),
                samples=[decoded_image] * len(mosaic.samples),
            )

    def _create_problem_tile(self, tile: Tile) -> ProblemTile:
        with self._profiler.measure_section("conversion"):
            return self._run.problem.to(self._execution_limits.device).create_tile(tile.outer)

    def _move_to_device(self, device: torch.device, statistics: RunningStatistics) -> None:
        self._prior = self._prior.to_device(device)
        statistics.move_to(device)

    def _run_batch(
        self,
        problem_tile: ProblemTile,
        tile: Tile,
        sample_numbers: range,
        statistics: RunningStatistics,
    ) -> Iterator[RunStep]:
        """Compute some samples of a tile together; yield their steps.

        Args:
            problem_tile: Tile of the images.
            tile: Core and margins of the tile.
            sample_numbers: Numbers of the samples, from 0.
            statistics: Statistics to which the finished samples are added.
        """
        run, settings = self._run, self._run.settings
        steps = self._start_sampler(problem_tile, sample_numbers)
        evaluations_before = (
            len(self._mosaic.tile_consistencies) * settings.evaluation_count
            + settings.steps * sample_numbers.start
        )
        final_step: SamplerStep | None = None
        while final_step is None:
            self._token.raise_if_cancelled()
            with convert_memory_errors(
                self._execution_limits.device,
                problem_tile.rectangle.width,
                problem_tile.rectangle.height,
            ):
                step = next(steps)
            yield RunStep(
                evaluations_done=evaluations_before + (step.index + 1) * len(sample_numbers),
                total_evaluations=len(self._tiles) * settings.evaluation_count,
                sample_numbers=range(sample_numbers.start + 1, sample_numbers.stop + 1),
                step_number=step.index + 1,
                steps_per_sample=step.step_count,
                sigma=step.sigma,
                problem_tile=problem_tile,
                tile_region=compute_tile_region(run, tile),
                estimates=step.estimates,
                finished_mean=statistics.mean,
                finished_count=statistics.count,
                mosaic=self._mosaic,
                fallbacks=self.fallbacks,
            )
            final_step = step if step.index + 1 == step.step_count else None
            del step  # frees memory for the next step
        with convert_memory_errors(
            self._execution_limits.device,
            problem_tile.rectangle.width,
            problem_tile.rectangle.height,
        ):
            statistics.add_samples(project_samples(run, problem_tile, final_step.estimates))

    def _start_sampler(
        self, problem_tile: ProblemTile, sample_numbers: range
    ) -> Iterator[SamplerStep]:
        run, settings, area = self._run, self._run.settings, problem_tile.rectangle
        noise = BlockNoise(run.seed, sample_numbers, settings.antithetic, area.left, area.top)
        prior_sigmas = compute_prior_sigmas(run)
        return sample(
            self._create_denoiser(prior_sigmas, sample_numbers),
            self._profiler.wrap("correction", create_correction(run, problem_tile)),
            problem_tile.decoded_image.expand(len(sample_numbers), -1, -1, -1),
            sigmas=compute_run_sigmas(run),
            eta=settings.eta,
            add_noise=self._profiler.wrap("noise", noise),
            temperature=settings.temperature,
            momentum=settings.momentum,
            prior_sigmas=prior_sigmas,
        )

    def _create_denoiser(self, prior_sigmas: Sequence[float], sample_numbers: range) -> Denoiser:
        """Return a denoiser that evaluates the prior on the images of some samples.

        If the settings ask for dihedral transforms, each sample gets another one in each step.

        Args:
            prior_sigmas: Noise levels that are passed to the prior, one per step.
            sample_numbers: Numbers of the samples, from 0, one per image.
        """
        step_by_sigma = {sigma: step for step, sigma in enumerate(prior_sigmas)}
        is_turned = uses_dihedral_views(self._run)

        def denoise(x: Tensor, sigma: float) -> Tensor:
            if not is_turned:
                return self._denoise_tiled(x, sigma, IDENTITY)
            estimates = [
                self._denoise_tiled(
                    image, sigma, choose_transform(step_by_sigma[sigma], sample_number)
                )
                for image, sample_number in zip(x.split(1), sample_numbers, strict=True)
            ]
            return estimates[0] if len(estimates) == 1 else torch.cat(estimates)

        return self._profiler.wrap("tiling", denoise)

    def _denoise_tiled(self, x: Tensor, sigma: float, view: int) -> Tensor:
        prior, poll = self._prior, self._token.raise_if_cancelled

        def evaluate(x: Tensor, sigma: float) -> Tensor:
            return prior.denoise(x, sigma, poll, view)

        profiled_denoiser = self._profiler.wrap("prior", evaluate)
        tiled_denoiser = TiledDenoiser(
            profiled_denoiser, prior.tiling, self._execution_limits.max_network_tile_pixels, poll
        )
        # The prior evaluates images with three channels; CMYK's black is a gray image of its own.
        rgb_images = x.unflatten(1, (-1, 3)).flatten(0, 1)
        return tiled_denoiser(rgb_images, sigma).view_as(x)


def uses_dihedral_views(run: Run[MeasuredImage]) -> bool:
    """Return whether the prior evaluates each sample of a run in its own dihedral transform."""
    return run.settings.turned_views and run.prior.is_dihedral_trained


def project_samples(run: Run[MeasuredImage], problem_tile: ProblemTile, samples: Tensor) -> Tensor:
    """Return the samples of a finished tile, projected to the bins or to the color model.

    Samples are projected to the bins if `CorrectionParameters.projects_to_bins` of the run's
    correction is True, otherwise to the images that the file's color model can represent.
    """
    if run.correction_parameters.projects_to_bins:
        return problem_tile.project_to_bins(samples)
    return problem_tile.project_to_color_model(samples)
