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
    """The state of the sampler after one evaluation of the prior.

    Attributes:
        index: Index of the step, 0 to `step_count` - 1.
        step_count: Number of steps.
        sigma: Noise level at which the prior was evaluated, in network units.
        estimates: Corrected estimates, one per sample, which the receiver may change. The estimates
            of the last step are the samples.
    """

    index: int
    step_count: int
    sigma: float
    estimates: Float[Tensor, "b c h w"]


@torch.no_grad()  # a `with` around `yield` would leak into the caller
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
    prior_sigmas: Sequence[float] | None = None,
) -> Iterator[SamplerStep]:
    """Sample images that agree with a measurement, yielding a step per evaluation of the prior.

    Args:
        denoise: Prior.
        correct: Correction that makes an estimate agree with the measurement.
        initial_images: Clean images to start from, in network units, one per sample.
        sigmas: Noise levels of the steps, descending, above 0.
        eta: Share of new noise in the noise of the next step, 0 to 1; the rest is the predicted
            noise. The shares are (eta, 1 - eta) as in the paper, which preserves the variance for 0
            and 1 only.
        add_noise: Function that adds noise; draw 0 is that of the start, draw n + 1 follows step n.
        temperature: Factor on new noise, 0 to 1, by which the noise level given to the prior is not
            changed. A factor below 1 allows for the error of the decoded image, which the prior
            removes like noise.
        momentum: Factor on the last change of an estimate that is added to the estimate before the
            next step, 0 to 1.
        prior_sigmas: Noise level passed to the prior in each step, above 0; None for `sigmas`.
            Noise, correction and the yielded steps depend on `sigmas` only.
    """
    x = initial_images.clone(memory_format=torch.contiguous_format)
    add_noise(0, x, temperature * sigmas[0])
    previous_estimates = initial_images
    levels = zip(pairwise((*sigmas, 0.0)), prior_sigmas or sigmas, strict=True)
    for index, ((sigma, next_sigma), prior_sigma) in enumerate(levels):
        raw_estimates = denoise(x, prior_sigma)
        predicted_noise_scale = (1 - eta) * next_sigma / sigma
        if predicted_noise_scale:
            # The predicted noise is computed first because `correct` may overwrite the estimates.
            x.sub_(raw_estimates).mul_(predicted_noise_scale)
        estimates = correct(raw_estimates, sigma)
        del raw_estimates
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
        del estimates  # frees memory for the next estimate once the receiver has dropped this one
        add_noise(index + 1, x, eta * temperature * next_sigma)
