"""The DDRM sampler. Source: Kawar et al. 2022, eq. 4, with x divided by sqrt(abar)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import torch
from jaxtyping import Float
from torch import Tensor

from ddrm_core.sampler.protocols import Correction, Denoiser, NoiseAdder


@dataclass(frozen=True, slots=True, eq=False)
class SamplerStep:
    """What the sampler knows after one evaluation of the prior.

    Attributes:
        index: 0-based; the last has index == total - 1.
        step_count: Evaluations in the run.
        sigma: Noise level that was removed, network units.
        estimates: The corrected estimates; the last are the samples. The receiver owns them.
    """

    index: int
    step_count: int
    sigma: float
    estimates: Float[Tensor, "b c h w"]


@torch.no_grad()  # as a decorator: a `with` around `yield` would leak into the caller
def sample(
    denoise: Denoiser,
    correct: Correction,
    initial_images: Float[Tensor, "b c h w"],
    *,
    sigmas: Sequence[float],
    eta: float,
    add_noise: NoiseAdder,
    temperature: float = 1.0,
    momentum: float = 0.0,
) -> Iterator[SamplerStep]:
    """Sample pictures that agree with a measurement, one evaluation a step.

    Args:
        denoise: The prior.
        correct: Makes its estimate agree with the measurement.
        initial_images: Clean pictures to start from, network units; one per sample.
        sigmas: Noise levels of the steps, descending, above 0.
        eta: Share of new noise, 0 to 1; the rest is the predicted noise. As in the paper the shares
            are (eta, 1 - eta), which keeps the variance at 0 and 1 only.
        add_noise: Draw 0 is the start's, draw n + 1 follows step n.
        temperature: New noise is weaker than the prior is told by this factor, 0 to 1: what it is
            to remove from a picture holds the measurement's error besides.
        momentum: By which share of its last change an estimate is moved on before the next step.
    """
    x = initial_images.clone(memory_format=torch.contiguous_format)
    add_noise(0, x, temperature * sigmas[0])
    previous_estimates = initial_images
    for index, (sigma, next_sigma) in enumerate(pairwise((*sigmas, 0.0))):
        raw_estimates = denoise(x, sigma)
        predicted_noise_scale = (1 - eta) * next_sigma / sigma
        if predicted_noise_scale:
            x.sub_(raw_estimates).mul_(
                predicted_noise_scale
            )  # the predicted noise, as strong as it will be needed
        estimates = correct(raw_estimates, sigma)
        del raw_estimates  # the correction may have written over it
        yield SamplerStep(index, len(sigmas), sigma, estimates)
        if next_sigma == 0:
            return
        if predicted_noise_scale:
            x.add_(estimates)
        else:
            x.copy_(estimates)
        if momentum:
            x.add_(estimates, alpha=momentum).sub_(previous_estimates, alpha=momentum)
            previous_estimates = estimates
        del estimates  # where the receiver lets go of it, there is room for the next
        add_noise(index + 1, x, eta * temperature * next_sigma)
