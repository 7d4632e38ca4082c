"""The DDRM sampler. Source: Kawar et al. 2022, eq. 4, with x divided by sqrt(abar)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import torch
from jaxtyping import Float
from torch import Tensor

from ddrm_core.sampler.protocols import Correction, Denoiser, Noise


@dataclass(frozen=True, slots=True, eq=False)
class SamplerStep:
    """What the sampler knows after one evaluation of the prior.

    Attributes:
        index: 0-based; the last has index == total - 1.
        total: Evaluations in the run.
        sigma: Noise level that was removed, network units.
        estimate: The corrected estimates; the last are the samples. The receiver owns them.
    """

    index: int
    total: int
    sigma: float
    estimate: Float[Tensor, "b c h w"]


@torch.no_grad()  # as a decorator: a `with` around `yield` would leak into the caller
def sample(
    denoise: Denoiser,
    correct: Correction,
    start: Float[Tensor, "b c h w"],
    *,
    sigmas: Sequence[float],
    eta: float,
    noise: Noise,
    temperature: float = 1.0,
    momentum: float = 0.0,
) -> Iterator[SamplerStep]:
    """Sample pictures that agree with a measurement, one evaluation a step.

    Args:
        denoise: The prior.
        correct: Makes its estimate agree with the measurement.
        start: Clean pictures to start from, network units; one per sample.
        sigmas: Noise levels of the steps, descending, above 0.
        eta: Share of new noise, 0 to 1; the rest is the predicted noise. As in the paper the shares
            are (eta, 1 - eta), which keeps the variance at 0 and 1 only.
        noise: Draw 0 is the start's, draw n + 1 follows step n.
        temperature: New noise is weaker than the prior is told by this factor, 0 to 1: what it is
            to remove from a picture holds the measurement's error besides.
        momentum: By which share of its last change an estimate is moved on before the next step.
    """
    x = start.clone(memory_format=torch.contiguous_format)
    noise(0, x, temperature * sigmas[0])
    before = start
    for index, (sigma, following) in enumerate(pairwise((*sigmas, 0.0))):
        guess = denoise(x, sigma)
        predicted = (1 - eta) * following / sigma
        if predicted:
            x.sub_(guess).mul_(predicted)  # the predicted noise, as strong as it will be needed
        estimate = correct(guess, sigma)
        del guess  # the correction may have written over it
        yield SamplerStep(index, len(sigmas), sigma, estimate)
        if following == 0:
            return
        if predicted:
            x.add_(estimate)
        else:
            x.copy_(estimate)
        if momentum:
            x.add_(estimate, alpha=momentum).sub_(before, alpha=momentum)
            before = estimate
        del estimate  # where the receiver lets go of it, there is room for the next
        noise(index + 1, x, eta * temperature * following)
