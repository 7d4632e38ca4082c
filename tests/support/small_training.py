"""Small training runs: a folder of photographs, and a network of a few channels."""

from __future__ import annotations

from pathlib import Path

import torch
from PIL import Image

from ddrm_core.prior.architectures.compact import CompactConfig
from ddrm_core.training.settings import TrainingSettings
from ddrm_core.training.state import TrainingState, create_random_network, create_training_state
from tests.support.pictures import photograph

TINY = CompactConfig(channels=(8, 12, 16), blocks=1, middle=1, embedding=8)
SETTINGS = TrainingSettings(batch=3, patch=16, warm_up=4, averages=(0.5, 0.9), seed=7)


def write_photographs(folder: Path, count: int = 9, *, height: int = 171, width: int = 163) -> Path:
    """Write `count` PNGs to a folder, and return it; the eighth is the validation image."""
    folder.mkdir(exist_ok=True)
    for number in range(count):
        pixels = photograph(height, width, seed=number)
        Image.fromarray(pixels).save(folder / f"{number:02}.png")
    return folder


def tiny_state(settings: TrainingSettings = SETTINGS, *, seed: int = 0) -> TrainingState:
    """Return the state of a training of a tiny network before its first iteration."""
    return create_training_state(
        create_random_network(TINY, seed=seed), settings, torch.device("cpu")
    )


def tensors_of(state: TrainingState) -> dict[str, torch.Tensor]:
    """Return all tensors of a training's state that iterations change, by name."""
    named = dict(state.network.named_parameters())
    found = {f"weight {name}": weight.detach() for name, weight in named.items()}
    for decay, average in state.averages.items():
        found |= {f"average {decay} {n}": t for n, t in zip(named, average, strict=True)}
    for name, weight in named.items():
        for key, value in state.optimizer.state[weight].items():
            found[f"{key} {name}"] = value
    return found
