"""Runs: restorations with their captured image, prior, settings and seed."""

from __future__ import annotations

from dataclasses import dataclass
from math import lcm
from typing import Generic

import torch

from ddrm_core.allowed_values import AllowedValues
from ddrm_core.device.execution_limits import DEFAULT_PIXEL_LIMITS, PixelLimits
from ddrm_core.errors import InvalidSetting
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.jpeg.expected_error import compute_noise_errors
from ddrm_core.jpeg.image import JpegImage
from ddrm_core.messages import Message
from ddrm_core.prior.denoiser import Prior
from ddrm_core.problems.bit_depth.image import QuantizedImage
from ddrm_core.problems.bit_depth.problem import BitDepthProblem
from ddrm_core.problems.bit_depth.settings import ReconstructionPoint
from ddrm_core.problems.jpeg import create_jpeg_problem
from ddrm_core.problems.protocols import (
    ImageT,
    ImageT_co,
    InverseProblem,
    MeasuredImage,
    ProblemTile,
)
from ddrm_core.sampler.corrections.parameters import CorrectionParameters
from ddrm_core.sampler.protocols import Coefficients, Correction, TileMeasurement
from ddrm_core.sampler.schedule import (
    TIMESTEP_COUNT,
    geometric_sigmas,
    scale_last_sigmas,
    sigma_at,
    timestep_at,
    uniform_timesteps,
)
from ddrm_core.sampler.settings import NoiseSpacing, SamplerSettings, check_seed
from ddrm_core.tiling.plan import Tile, plan_tiles

# Margin around a tile or region, with which its result equals that of the whole image except for
# rounding; measurements are in docs/SAMPLER.md.
TILE_MARGIN_PX = 48


@dataclass(frozen=True, slots=True, eq=False)
class Run(Generic[ImageT_co]):
    """One restoration with everything that determines its result.

    Attributes:
        problem: Inverse problem of the measured image.
        prior: Denoiser.
        settings: Sampler settings.
        seed: Seed, 0 to 2**63 - 1.
        start: Timestep of the 1000-step schedule at which sampling starts, computed from the
            problem if the settings have no start.
        region: Rectangle to restore in pixels of the stored image, None for the whole image.
        limits: Maximum numbers of pixels that are computed at once.
    """

    problem: InverseProblem[ImageT_co]
    prior: Prior
    settings: SamplerSettings
    seed: int
    start: int
    region: Rectangle | None = None
    limits: PixelLimits = DEFAULT_PIXEL_LIMITS

    @property
    def image(self) -> ImageT_co:
        """Measured image of the file."""
        return self.problem.image

    @property
    def correction_parameters(self) -> CorrectionParameters:
        """The parameters of the chosen correction."""
        return self.settings.parameters_of(self.settings.correction)

    @property
    def output_region(self) -> Rectangle:
        """Rectangle of the result in pixels of the stored image."""
        return Rectangle(0, 0, *self.image.size) if self.region is None else self.region


@torch.no_grad()
def create_jpeg_run(
    image: JpegImage,
    prior: Prior,
    settings: SamplerSettings,
    *,
    seed: int,
    region: Rectangle | None = None,
    limits: PixelLimits = DEFAULT_PIXEL_LIMITS,
) -> Run[JpegImage]:
    """Create the run that restores a JPEG on the prior's device.

    Raises:
        InvalidSetting: If the seed is out of range or the region is not inside the image.
        UnknownPlugin, UnusablePlugin: See `create_run`.
        OutOfMemory: If memory does not suffice to create the inverse problem.
    """
    check_seed(seed)
    check_region(region, image)
    problem = create_jpeg_problem(image, prior.device)
    return create_run(problem, prior, settings, seed=seed, region=region, limits=limits)


def create_bit_depth_run(
    image: QuantizedImage,
    prior: Prior,
    settings: SamplerSettings,
    *,
    seed: int,
    initial_value: ReconstructionPoint = ReconstructionPoint.MIDDLE,
    limits: PixelLimits = DEFAULT_PIXEL_LIMITS,
) -> Run[QuantizedImage]:
    """Create a run on the prior's device that restores the lost lower bits of pixels.

    Sampling starts from the point `initial_value` of each pixel's bin.

    Raises:
        InvalidSetting: If the seed is out of range.
        UnknownPlugin, UnusablePlugin: See `create_run`.
    """
    problem = BitDepthProblem(image, prior.device, initial_value)
    return create_run(problem, prior, settings, seed=seed, limits=limits)


def create_run(
    problem: InverseProblem[ImageT],
    prior: Prior,
    settings: SamplerSettings,
    *,
    seed: int,
    region: Rectangle | None = None,
    limits: PixelLimits = DEFAULT_PIXEL_LIMITS,
) -> Run[ImageT]:
    """Create the run that solves an inverse problem on the prior's device.

    Raises:
        InvalidSetting: If the seed is out of range or the region is not inside the image.
        UnknownPlugin: If the chosen correction is not registered.
        UnusablePlugin: If parameters are those of another version of the correction.
    """
    check_seed(seed)
    check_region(region, problem.image)
    settings = settings.with_loaded_parameters()
    start = settings.start
    if start is None:
        # A start below the number of steps would repeat timesteps. A start above the prior's range
        # would use noise levels on which the prior was not trained.
        min_start = settings.steps if settings.spacing is NoiseSpacing.UNIFORM else 1
        start = timestep_at(settings.start_factor * problem.compute_decoded_sigma())
        max_start = max(timestep_at(prior.info.sigma_range[1]), min_start)
        start = min(max(start, min_start), max_start, TIMESTEP_COUNT - 1)
    return Run(problem, prior, settings, seed, start, region, limits)


def check_region(region: Rectangle | None, image: MeasuredImage, *, name: str = "region") -> None:
    """Raise InvalidSetting unless a region has at least one pixel and is inside the image.

    `name` is the name of the setting in the error.
    """
    if region is None:
        return
    width, height = image.size
    visible_region = region.intersection(Rectangle(0, 0, width, height))
    if not region.pixel_count or visible_region != region:
        region_text = ",".join(map(str, (region.left, region.top, region.width, region.height)))
        allowed = Message(AllowedValues.RECTANGLE, {"width": width, "height": height})
        raise InvalidSetting(name, region_text, allowed)


def plan_run_tiles(run: Run[MeasuredImage]) -> tuple[Tile, ...]:
    """Return the tiles of a run, which cover its output region, in the problem's canvas.

    The sampled tiles come first, in the order of sampling. The other tiles show the decoded image,
    because nothing in them could be read from a damaged file.
    """
    sampled_tiles, other_tiles = _plan_sampled_and_other_tiles(run)
    return sampled_tiles + other_tiles


def plan_sampled_tiles(run: Run[MeasuredImage]) -> tuple[Tile, ...]:
    """Return the tiles of a run that are sampled, in this order; there is at least one.

    Their margins are at least the halo of the prior's network tiles. Of an undamaged file, all
    tiles are sampled.
    """
    return _plan_sampled_and_other_tiles(run)[0]


def compute_sampled_area(run: Run[MeasuredImage]) -> Rectangle:
    """Return the rectangle of the canvas from which a run's sampled tiles are cut.

    The rectangle holds the readable pixels of the output region. It is never empty, so that every
    run has steps: if no pixel is readable, the first MCU is sampled.
    """
    problem, area = run.problem, _compute_output_area(run)
    readable_area = problem.find_readable_area(area)
    if not readable_area.pixel_count:
        readable_area = Rectangle(area.left, area.top, 1, 1)
    # Damage does not make tiles smaller than the size for which a network was trained.
    return (
        readable_area.expanded(run.prior.tiling.fixed_side or 0)
        .aligned_outward(*problem.tile_alignment)
        .intersection(area)
    )


def _compute_output_area(run: Run[MeasuredImage]) -> Rectangle:
    """Return the rectangle of a run's output in the canvas, with the pixels past the image."""
    if run.region is None:
        return run.problem.canvas
    return run.region.translated(*run.problem.image_origin)


def _plan_sampled_and_other_tiles(
    run: Run[MeasuredImage],
) -> tuple[tuple[Tile, ...], tuple[Tile, ...]]:
    problem, area, sampled_area = run.problem, _compute_output_area(run), compute_sampled_area(run)
    tiles = _plan_tiles_of_area(run, sampled_area)
    readable_tiles = tuple(t for t in tiles if problem.find_readable_area(t.core).pixel_count)
    sampled_tiles = readable_tiles or tiles[:1]
    other_tiles = [tile for tile in tiles if tile not in sampled_tiles]
    for rectangle in area.difference(sampled_area):
        other_tiles += _plan_tiles_of_area(run, rectangle)
    return sampled_tiles, tuple(other_tiles)


def _plan_tiles_of_area(run: Run[MeasuredImage], area: Rectangle) -> tuple[Tile, ...]:
    problem, tiling = run.problem, run.prior.tiling
    column_alignment, row_alignment = (
        lcm(side, tiling.alignment) for side in problem.tile_alignment
    )
    return plan_tiles(
        area,
        available_area=problem.canvas,
        max_pixels=run.limits.sampled_pixels * 3 // problem.channels,
        margin=max(TILE_MARGIN_PX, tiling.halo),
        alignment=(column_alignment, row_alignment),
    )


def compute_run_sigmas(run: Run[MeasuredImage]) -> tuple[float, ...]:
    """Return the noise levels of a run's steps, descending, in network units."""
    settings = run.settings
    if settings.spacing is NoiseSpacing.UNIFORM:
        return tuple(
            sigma_at(timestep) for timestep in uniform_timesteps(run.start, settings.steps)
        )
    first = sigma_at(run.start)
    last = settings.end_factor * run.problem.compute_decoded_sigma()
    last = min(max(last, run.prior.info.sigma_range[0]), first)
    return geometric_sigmas(first, last, settings.steps)


def compute_prior_sigmas(run: Run[MeasuredImage]) -> tuple[float, ...]:
    """Return the noise level that is passed to the prior in each step, in network units.

    The levels are those of `compute_run_sigmas`. The last ones are scaled by `sigma_factor` of the
    settings, but not to levels below those of the prior's training.
    """
    settings, sigmas = run.settings, compute_run_sigmas(run)
    scaled = scale_last_sigmas(sigmas, settings.sigma_factor, settings.sigma_factor_below)
    lowest = run.prior.info.sigma_range[0]
    return tuple(max(s, min(lowest, sigma)) for s, sigma in zip(scaled, sigmas, strict=True))


def compute_tile_region(run: Run[MeasuredImage], tile: Tile) -> Rectangle:
    """Return the part of the output region that a tile's core covers.

    The rectangle is in pixels of the stored image.
    """
    left, top = run.problem.image_origin
    return tile.core.translated(-left, -top).intersection(run.output_region)


def create_correction(run: Run[MeasuredImage], problem_tile: ProblemTile) -> Correction:
    """Return the correction that makes a run's estimates of a tile agree with the file."""
    return run.correction_parameters.create_correction(
        TileMeasurement(
            problem_tile.operator,
            problem_tile.levels,
            problem_tile.decoded_image,
            lambda sigma: _compute_expected_errors(run, problem_tile, sigma),
            problem_tile.flat_blocks,
        )
    )


def _compute_expected_errors(
    run: Run[MeasuredImage], problem_tile: ProblemTile, sigma: float
) -> Coefficients:
    """Return the expected error of the prior's estimate of a tile at noise level `sigma`.

    The error is a standard deviation in quantizer steps, (bands, 1, 1) per component.
    """
    prior_error = run.prior.info.band_error_at(sigma)
    if prior_error is None:  # unknown; an upper bound is the error of an estimate with all noise
        prior_error = compute_noise_errors(sigma).expand(-1, 64)
    return problem_tile.compute_expected_errors(prior_error, sigma)
