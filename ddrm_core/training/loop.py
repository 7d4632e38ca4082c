"""The iterations. What is logged, kept and validated between them is the caller's."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from ddrm_core.sampler.protocols import GREY_LEVELS_PER_UNIT
from ddrm_core.training.ema import update_average
from ddrm_core.training.loss import preconditioned_loss
from ddrm_core.training.noise_levels import draw_sigmas
from ddrm_core.training.patches import Patches
from ddrm_core.training.seeded_random import Purpose, generator, torch_generator
from ddrm_core.training.settings import TrainingSettings, learning_rate
from ddrm_core.training.state import TrainingState


@dataclass(frozen=True, slots=True, eq=False)
class TrainStep:
    """One iteration that is done.

    Attributes:
        iteration: Counted from 1, over all sessions.
        loss: Of its batch before the weights moved; on the device, which is not waited for.
        rate: The learning rate it was done with.
        patches: In its batch.
        waited: Seconds spent waiting for the patches.
    """

    iteration: int
    loss: Float[Tensor, ""]
    rate: float
    patches: int
    waited: float


def train(
    state: TrainingState,
    batches: Iterator[Patches],
    settings: TrainingSettings,
    *,
    precision: torch.dtype,
) -> Iterator[TrainStep]:
    """Iterate without end, or to the end of the learning rate's fall.

    `state` is whole at every yield: it can be kept, and the iterator left, at any of them.

    Args:
        state: Changed in place.
        batches: From patch `state.patches` of the stream on.
        settings: Those the run began with.
        precision: Of the convolutions.
    """
    while state.decay is None or state.iteration < state.decay.end:
        began = time.perf_counter()
        patches = next(batches)
        waited = time.perf_counter() - began
        rate = learning_rate(settings, state.decay, state.iteration)
        loss = _iterate(state, patches, settings, rate=rate, precision=precision)
        state.iteration += 1
        state.patches += len(patches)
        for decay, average in state.averages.items():
            weights = list(state.network.parameters())
            update_average(average, weights, decay=decay, iteration=state.iteration)
        yield TrainStep(state.iteration, loss, rate, len(patches), waited)


def _iterate(
    state: TrainingState,
    patches: Patches,
    settings: TrainingSettings,
    *,
    rate: float,
    precision: torch.dtype,
) -> Float[Tensor, ""]:
    device = next(state.network.parameters()).device
    clean = torch.from_numpy(patches).to(device).permute(0, 3, 1, 2)
    clean = clean.float() / GREY_LEVELS_PER_UNIT - 1
    number = state.iteration
    noise_rng = torch_generator(settings.seed, number, device)
    noise = torch.randn(clean.shape, generator=noise_rng, device=device)
    sigmas = draw_sigmas(generator(settings.seed, Purpose.LEVELS, number), len(patches))
    sigma = torch.from_numpy(sigmas).float().to(device)
    loss = preconditioned_loss(state.network, clean, noise, sigma, precision=precision)
    state.optimiser.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(state.network.parameters(), settings.clip)
    for group in state.optimiser.param_groups:
        group["lr"] = rate
    state.optimiser.step()
    return loss.detach()
