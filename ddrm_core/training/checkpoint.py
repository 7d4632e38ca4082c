"""Saving and loading of a training run, as safetensors: a format without executable code."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from ddrm_core.errors import CoreError, InvalidPrior
from ddrm_core.files.atomic_write import write_atomically
from ddrm_core.messages import Message
from ddrm_core.os_errors import reading
from ddrm_core.prior.architectures.compact import CompactConfig, CompactNetwork
from ddrm_core.prior.reasons import PriorDefect
from ddrm_core.training.settings import LearningRateDecay, TrainingSettings, check_compact_config
from ddrm_core.training.state import TrainingState, create_training_state
from ddrm_core.training.teacher import TeacherSettings

TRAINING_FORMAT = "ddrm-restore training 1"
_MOMENT_KEYS = ("exp_avg", "exp_avg_sq")  # names in torch's AdamW


def save_state(path: Path, state: TrainingState, settings: TrainingSettings) -> None:
    """Save a training run to a file atomically, with all that is needed to continue the run.

    Raises:
        UnwritableOutput: If the file cannot be written; an existing file is unchanged.
    """
    header = {
        "format": TRAINING_FORMAT,
        "shape": json.dumps(asdict(state.config)),
        "settings": json.dumps(asdict(settings)),
        "decay": json.dumps(None if state.rate_decay is None else asdict(state.rate_decay)),
        "iteration": str(state.iteration),
        "patches": str(state.patch_count),
        "seconds": repr(state.training_seconds),
    }
    tensors = {
        name: tensor.detach().cpu().contiguous() for name, tensor in _collect_tensors(state).items()
    }
    write_atomically(path, save(tensors, header))


def load_state(path: Path, device: torch.device) -> tuple[TrainingState, TrainingSettings]:
    """Load a training run that `save_state` wrote, ready to continue on `device`.

    Raises:
        UnreadableFile: If the system cannot read the file.
        InvalidPrior: If the file is incomplete or does not contain a training run.
    """
    try:
        with reading(path), path.open("rb"), safe_open(str(path), "pt") as file:
            header = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except SafetensorError as error:
        raise InvalidPrior(path, PriorDefect.NOT_SAFETENSORS) from error
    if header.get("format") != TRAINING_FORMAT:
        raise InvalidPrior(path, Message(PriorDefect.OTHER_FORMAT, {"format": TRAINING_FORMAT}))
    try:
        settings = _parse_settings(header["settings"])
        state = create_training_state(
            CompactNetwork(_parse_stored_config(header["shape"])), settings, device
        )
        decay = json.loads(header["decay"])
        state.rate_decay = None if decay is None else LearningRateDecay(**decay)
        state.iteration, state.patch_count = int(header["iteration"]), int(header["patches"])
        state.training_seconds = float(header["seconds"])
        if state.iteration > 0:
            _create_moments(state)
        _copy_tensors_into(state, tensors)
    except (KeyError, TypeError, ValueError, RuntimeError, CoreError) as error:
        raise InvalidPrior(path, Message(PriorDefect.STATE, {"problem": str(error)})) from error
    return state, settings


def _collect_tensors(state: TrainingState) -> dict[str, Tensor]:
    """Return all tensors of a training run by their names in the file of the run."""
    parameters = dict(state.network.named_parameters())
    tensors = {f"network.{name}": weight.detach() for name, weight in parameters.items()}
    for decay, average in state.averages.items():
        tensors |= {
            f"average {decay}.{name}": t for name, t in zip(parameters, average, strict=True)
        }
    for name, weight in parameters.items():
        optimizer_state = state.optimizer.state.get(weight, {})
        tensors |= {
            f"{moment}.{name}": optimizer_state[moment]
            for moment in _MOMENT_KEYS
            if moment in optimizer_state
        }
    return tensors


@torch.no_grad()
def _copy_tensors_into(state: TrainingState, saved_tensors: dict[str, Tensor]) -> None:
    """Overwrite the tensors of a training run with the values of saved tensors.

    The run's tensors keep the memory layout that the optimizer needs. Raise ValueError if the names
    or shapes of the saved tensors are not those of the run.
    """
    tensors = _collect_tensors(state)
    if tensors.keys() != saved_tensors.keys():
        raise ValueError(
            f"{len(tensors.keys() ^ saved_tensors.keys())} tensors are missing or too many"
        )
    for name, tensor in tensors.items():
        if tensor.shape != saved_tensors[name].shape:
            raise ValueError(f"the shape of {name}")
        tensor.copy_(saved_tensors[name])


def _create_moments(state: TrainingState) -> None:
    for weight in state.network.parameters():
        optimizer_state = state.optimizer.state[weight]
        optimizer_state["step"] = torch.tensor(float(state.iteration), device=weight.device)
        for moment in _MOMENT_KEYS:
            optimizer_state[moment] = torch.zeros_like(weight, memory_format=torch.preserve_format)


def _parse_settings(text: str) -> TrainingSettings:
    values = dict(json.loads(text))
    values.setdefault("teacher", None)  # 0.1.0 had no teachers
    if set(values) != {field.name for field in fields(TrainingSettings)}:
        raise ValueError("its settings")
    teacher = None if values["teacher"] is None else TeacherSettings(**values["teacher"])
    averages = tuple(values["averages"])
    return TrainingSettings(**values | {"averages": averages, "teacher": teacher})


def _parse_stored_config(text: str) -> CompactConfig:
    values = json.loads(text)
    config = CompactConfig(**values | {"channels": tuple(values["channels"])})
    check_compact_config(config)
    return config
