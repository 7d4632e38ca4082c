"""A training run in a file: safetensors, so that it is data and never code."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from ddrm_core.errors import BadPrior, CoreError, UnreadableFile
from ddrm_core.files.atomic_write import write_atomically
from ddrm_core.prior.networks.compact import CompactConfig, CompactNetwork
from ddrm_core.training.settings import Decay, TrainingSettings, check_shape
from ddrm_core.training.state import TrainingState, new_state

FORMAT = "ddrm-restore training 1"
_MOMENTS = ("exp_avg", "exp_avg_sq")  # what torch's AdamW calls them


def save_state(path: Path, state: TrainingState, settings: TrainingSettings) -> None:
    """Everything that is needed to go on, replacing what was there in one stroke.

    Raises:
        UnwritableOutput: The system refused; the old file is whole.
    """
    header = {
        "format": FORMAT,
        "shape": json.dumps(asdict(state.shape)),
        "settings": json.dumps(asdict(settings)),
        "decay": json.dumps(None if state.decay is None else asdict(state.decay)),
        "iteration": str(state.iteration),
        "patches": str(state.patches),
        "seconds": repr(state.seconds),
    }
    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in _tensors(state).items()}
    write_atomically(path, save(tensors, header))


def load_state(path: Path, device: torch.device) -> tuple[TrainingState, TrainingSettings]:
    """What `save_state` wrote, ready to go on.

    Raises:
        UnreadableFile: The system did not give the bytes.
        BadPrior: It is no such file, or not whole.
    """
    try:
        with path.open("rb"), safe_open(str(path), "pt") as file:
            header = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except OSError as error:
        raise UnreadableFile(path, error.strerror or str(error)) from error
    except SafetensorError as error:
        raise BadPrior(path, "not a whole safetensors file") from error
    if header.get("format") != FORMAT:
        raise BadPrior(path, f"not in the format '{FORMAT}'")
    try:
        settings = _settings(header["settings"])
        state = new_state(CompactNetwork(_shape(header["shape"])), settings, device)
        decay = json.loads(header["decay"])
        state.decay = None if decay is None else Decay(**decay)
        state.iteration, state.patches = int(header["iteration"]), int(header["patches"])
        state.seconds = float(header["seconds"])
        if state.iteration > 0:
            _begin_moments(state)
        _fill(state, tensors)
    except (KeyError, TypeError, ValueError, RuntimeError, CoreError) as error:
        raise BadPrior(path, f"header and tensors cannot be understood: {error}") from error
    return state, settings


def _tensors(state: TrainingState) -> dict[str, Tensor]:
    """Every tensor of a run, by its name in the file."""
    named = dict(state.network.named_parameters())
    tensors = {f"network.{name}": weight.detach() for name, weight in named.items()}
    for decay, average in state.averages.items():
        tensors |= {f"average {decay}.{name}": t for name, t in zip(named, average, strict=True)}
    for name, weight in named.items():
        kept = state.optimiser.state.get(weight, {})
        tensors |= {f"{moment}.{name}": kept[moment] for moment in _MOMENTS if moment in kept}
    return tensors


@torch.no_grad()
def _fill(state: TrainingState, read: dict[str, Tensor]) -> None:
    """Put what was read where it belongs; there the memory is laid out as the optimiser needs."""
    tensors = _tensors(state)
    if tensors.keys() != read.keys():
        raise ValueError(f"{len(tensors.keys() ^ read.keys())} tensors are missing or too many")
    for name, tensor in tensors.items():
        if tensor.shape != read[name].shape:
            raise ValueError(f"the shape of {name}")
        tensor.copy_(read[name])


def _begin_moments(state: TrainingState) -> None:
    for weight in state.network.parameters():
        kept = state.optimiser.state[weight]
        kept["step"] = torch.tensor(float(state.iteration), device=weight.device)
        for moment in _MOMENTS:
            kept[moment] = torch.zeros_like(weight, memory_format=torch.preserve_format)


def _settings(text: str) -> TrainingSettings:
    numbers = json.loads(text)
    if set(numbers) != {field.name for field in fields(TrainingSettings)}:
        raise ValueError("its settings")
    return TrainingSettings(**numbers | {"averages": tuple(numbers["averages"])})


def _shape(text: str) -> CompactConfig:
    numbers = json.loads(text)
    shape = CompactConfig(**numbers | {"channels": tuple(numbers["channels"])})
    check_shape(shape)
    return shape
