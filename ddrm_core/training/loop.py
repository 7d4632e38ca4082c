"""The training loop. Logging, saving and validation are left to the caller."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from ddrm_core.sampler.protocols import GRAY_LEVELS_PER_UNIT
from ddrm_core.training.ema import update_average
from ddrm_core.training.loss import preconditioned_loss
from ddrm_core.training.noise_levels import draw_sigmas
from ddrm_core.training.photographs.patches import Patches
from ddrm_core.training.seeded_random import RandomPurpose, create_generator, create_torch_generator
from ddrm_core.training.settings import TrainingSettings, compute_learning_rate
from ddrm_core.training.state import TrainingState
from ddrm_core.training.teacher import Teacher


@dataclass(frozen=True, slots=True, eq=False)
class TrainingStep:
    """The measurements of a completed training iteration.

    Attributes:
        iteration: Number of the iteration, counted from 1 over all sessions.
        loss: Loss of the batch before the update of the weights. The tensor is on the device, where
            its value may still be under computation.
        learning_rate: Learning rate of the iteration.
        patch_count: Number of patches in the batch.
        wait_seconds: Seconds spent waiting for the patches.
    """

    iteration: int
    loss: Float[Tensor, ""]
    learning_rate: float
    patch_count: int
    wait_seconds: float


def train(
    state: TrainingState,
    batches: Iterator[Patches],
    settings: TrainingSettings,
    *,
    precision: torch.dtype,
    teacher: Teacher | None = None,
) -> Iterator[TrainingStep]:
    """Train a network and yield each completed iteration.

    Training ends where the decay of the learning rate ends; without a decay, it is endless. At
    every yield, `state` can be saved, and the iterator can be abandoned.

    Args:
        state: State of the run, changed in place.
        batches: Batches of patches, beginning with patch number `state.patch_count` of the stream.
        settings: Settings of the run.
        precision: Precision of the convolutions.
        teacher: Teacher of the run, None for a run without one.
    """
    while state.rate_decay is None or state.iteration < state.rate_decay.end_iteration:
        start_time = time.perf_counter()
        patches = next(batches)
        wait_seconds = time.perf_counter() - start_time
        rate = compute_learning_rate(settings, state.rate_decay, state.iteration)
        loss = _run_iteration(state, patches, settings, teacher, rate=rate, precision=precision)
        state.iteration += 1
        state.patch_count += len(patches)
        for decay, average in state.averages.items():
            weights = list(state.network.parameters())
            update_average(average, weights, decay=decay, iteration=state.iteration)
        yield TrainingStep(state.iteration, loss, rate, len(patches), wait_seconds)


def _run_iteration(
    state: TrainingState,
    patches: Patches,
    settings: TrainingSettings,
    teacher: Teacher | None,
    *,
    rate: float,
    precision: torch.dtype,
) -> Float[Tensor, ""]:
    device = next(state.network.parameters()).device
    clean = torch.from_numpy(patches).to(device).permute(0, 3, 1, 2)
    clean = clean.float() / GRAY_LEVELS_PER_UNIT - 1
    iteration = state.iteration
    noise_rng = create_torch_generator(settings.seed, iteration, device)
    noise = torch.randn(clean.shape, generator=noise_rng, device=device)
    sigmas = draw_sigmas(
        create_generator(settings.seed, RandomPurpose.NOISE_LEVELS, iteration), len(patches)
    )
    sigma = torch.from_numpy(sigmas).float().to(device)
    noisy = clean + sigma[:, None, None, None] * noise
    target = clean if teacher is None else teacher.mix_targets(clean, noisy, sigma)
    loss = preconditioned_loss(state.network, noisy, target, sigma, precision=precision)
    state.optimizer.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(state.network.parameters(), settings.clip)
    for group in state.optimizer.param_groups:
        group["lr"] = rate
    state.optimizer.step()
    return loss.detach()
