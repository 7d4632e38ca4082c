"""A run under way: its parts one after another, each with what memory allows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from ddrm_core.cancel import CancelToken
from ddrm_core.device.execution_limits import Fallback, means_on
from ddrm_core.device.out_of_memory import memory_for
from ddrm_core.device.profiler import Stopwatch
from ddrm_core.errors import OutOfMemory
from ddrm_core.prior.dihedral import IDENTITY, choose_transform
from ddrm_core.problems.protocols import MeasuredImage, ProblemTile
from ddrm_core.restoration.mosaic import Assembly
from ddrm_core.restoration.run import Run, correction_for, parts_of, place_of, sigmas_of
from ddrm_core.restoration.step import Step
from ddrm_core.sampler.ddrm import SamplerStep, sample
from ddrm_core.sampler.noise import BlockNoise
from ddrm_core.sampler.protocols import Denoiser
from ddrm_core.sampler.running_statistics import Tally
from ddrm_core.sampler.settings import CorrectionKind
from ddrm_core.tiling.denoiser import TiledDenoiser
from ddrm_core.tiling.plan import Tile


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of a run is kept, besides the mean of its samples; each takes the picture's memory.

    Attributes:
        spread: The standard deviation over the samples.
        samples: How many of the first.
    """

    spread: bool = True
    samples: int = 0


class Sampling:
    """What samples a run. Use `restore`."""

    def __init__(
        self,
        run: Run[MeasuredImage],
        token: CancelToken,
        wanted: Wanted,
        stopwatch: Stopwatch,
        assembly: Assembly[MeasuredImage],
    ) -> None:
        self._run, self._token, self._wanted = run, token, wanted
        self._watch, self._assembly = stopwatch, assembly
        self._tiles = parts_of(run)
        self._prior = run.prior
        largest = max(tile.outer.pixels for tile in self._tiles)
        fixed = run.prior.tiling.side is not None
        self._means = means_on(run.prior.device, largest, fixed_windows=fixed, limits=run.limits)

    @property
    def fallbacks(self) -> tuple[Fallback, ...]:
        """What was done so far because memory did not suffice."""
        return self._means.fallbacks

    def steps(self) -> Iterator[Step]:
        """Every step; fills the assembly. Raises as `restore`."""
        for tile in self._tiles:
            tally = Tally(self._wanted.samples, self._wanted.spread)
            part: ProblemTile | None = None
            while part is None or tally.count < self._run.settings.samples:
                batch = range(self._run.settings.samples)[tally.count :][: self._means.samples]
                try:
                    part = part or self._part(tile)
                    yield from self._batch(part, tile, batch, tally)
                except OutOfMemory:
                    less = self._means.less(pixels=tile.outer.pixels, samples=len(batch))
                    if less is None:
                        raise
                    if less.device != self._means.device:
                        part = None
                        self._move(less.device, tally)
                    self._means = less
            assert tally.mean is not None  # settings have at least one sample
            memory = memory_for(self._means.device, tile.outer.width, tile.outer.height)
            with memory, self._watch.timing("conversion"):
                self._assembly.add(
                    part,
                    place_of(self._run, tile),
                    tally.mean,
                    deviation=tally.deviation(),
                    samples=tally.kept,
                )

    def _part(self, tile: Tile) -> ProblemTile:
        with self._watch.timing("conversion"):
            return self._run.problem.to(self._means.device).create_tile(tile.outer)

    def _move(self, device: torch.device, tally: Tally) -> None:
        self._prior = self._prior.to_device(device)
        tally.move(device)

    def _batch(self, part: ProblemTile, tile: Tile, batch: range, tally: Tally) -> Iterator[Step]:
        """Some samples of a part, and each of their steps."""
        run, settings = self._run, self._run.settings
        steps = self._sampler_steps(part, batch)
        before = len(self._assembly.found) * settings.evaluations + settings.steps * batch.start
        final: SamplerStep | None = None
        while final is None:
            self._token.raise_if_cancelled()
            with memory_for(self._means.device, part.rectangle.width, part.rectangle.height):
                step = next(steps)
            yield Step(
                done=before + (step.index + 1) * len(batch),
                total=len(self._tiles) * settings.evaluations,
                samples=range(batch.start + 1, batch.stop + 1),
                step=step.index + 1,
                steps=step.total,
                sigma=step.sigma,
                part=part,
                place=place_of(run, tile),
                estimates=step.estimate,
                finished=tally.mean,
                finished_count=tally.count,
                assembly=self._assembly,
                fallbacks=self.fallbacks,
            )
            final = step if step.index + 1 == step.total else None
            del step  # there is to be room for the next
        with memory_for(self._means.device, part.rectangle.width, part.rectangle.height):
            tally.add(agreed(run, part, final.estimate))

    def _sampler_steps(self, part: ProblemTile, batch: range) -> Iterator[SamplerStep]:
        run, settings, area = self._run, self._run.settings, part.rectangle
        noise = BlockNoise(run.seed, batch, settings.antithetic, area.left, area.top)
        sigmas = sigmas_of(run)
        return sample(
            self._denoiser(sigmas, batch),
            self._watch.around("correction", correction_for(run, part)),
            part.decoded_image.expand(len(batch), -1, -1, -1),
            sigmas=sigmas,
            eta=settings.eta,
            noise=self._watch.around("noise", noise),
            temperature=settings.temperature,
            momentum=settings.momentum,
        )

    def _denoiser(self, sigmas: Sequence[float], batch: range) -> Denoiser:
        """The prior on a batch of samples, each in the view of its step."""
        step_at = {sigma: step for step, sigma in enumerate(sigmas)}
        turned = turns_views(self._run)

        def denoise(x: Tensor, sigma: float) -> Tensor:
            if not turned:
                return self._seen(x, sigma, IDENTITY)
            estimates = [
                self._seen(picture, sigma, choose_transform(step_at[sigma], sample))
                for picture, sample in zip(x.split(1), batch, strict=True)
            ]
            return estimates[0] if len(estimates) == 1 else torch.cat(estimates)

        return self._watch.around("tiling", denoise)

    def _seen(self, x: Tensor, sigma: float, view: int) -> Tensor:
        prior, poll = self._prior, self._token.raise_if_cancelled

        def evaluate(x: Tensor, sigma: float) -> Tensor:
            return prior.denoise(x, sigma, poll, view)

        timed = self._watch.around("prior", evaluate)
        tiled = TiledDenoiser(timed, prior.tiling, self._means.window_pixels, poll)
        # The prior knows pictures of three channels; black is a grey one by itself.
        triples = x.unflatten(1, (-1, 3)).flatten(0, 1)
        return tiled(triples, sigma).view_as(x)


def turns_views(run: Run[MeasuredImage]) -> bool:
    """Whether every step of every sample is seen in a position of its own, and alone."""
    return run.settings.turned_views and run.prior.is_dihedral_trained


def agreed(run: Run[MeasuredImage], part: ProblemTile, pictures: Tensor) -> Tensor:
    """Samples as they are averaged: grey where the file is, their padded blocks in agreement."""
    if run.settings.correction is CorrectionKind.BINS:
        return part.project_to_bins(pictures)
    # `paper` promises no agreement, nor that its colours cancel.
    return part.project_to_color_model(pictures)
