"""Checkpoints as their authors published them: PyTorch files without a header.

Read without running anything in them, and recognised by their tensors' names and shapes alone.
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from zipfile import BadZipFile

import torch
from torch import Tensor

from ddrm_core.errors import InvalidPrior
from ddrm_core.os_errors import reading
from ddrm_core.prior.checkpoint import PRIOR_FORMAT, VALUE_RANGE, check_tensors
from ddrm_core.prior.networks.adm import AdmConfig
from ddrm_core.prior.networks.config import create_meta_network, encode_adm_config
from ddrm_core.sampler.schedule import TIMESTEP_COUNT, sigma_at

CHECKPOINT_SUFFIXES = (".pt", ".pth")

ADM_256_CONFIG = AdmConfig(
    channels=256,
    multipliers=(1.0, 1.0, 2.0, 2.0, 4.0, 4.0),
    blocks=2,
    attention_strides=(8, 16, 32),
    head_channels=64,
    heads=0,
    scale_shift=True,
    resampling_blocks=True,
    heads_last=False,
    learned_sigma=True,
)
# Dhariwal and Nichol 2021: 1000 classes of ImageNet; at 512 a finer level of half the width.
_CLASS_COUNT = 1000
_ADM_512_CONFIG = replace(
    ADM_256_CONFIG, multipliers=(0.5, 1.0, 1.0, 2.0, 2.0, 4.0, 4.0), attention_strides=(16, 32, 64)
)
_CLASS_MEAN_NOTE = "; told the mean of all classes"
KNOWN_NETWORKS = MappingProxyType(
    {
        "unconditional, 256x256": (ADM_256_CONFIG, 256),
        "class-conditional, 256x256": (replace(ADM_256_CONFIG, labels=_CLASS_COUNT), 256),
        "unconditional, 512x512": (_ADM_512_CONFIG, 512),
        "class-conditional, 512x512": (replace(_ADM_512_CONFIG, labels=_CLASS_COUNT), 512),
    }
)


@dataclass(frozen=True, slots=True, eq=False)
class ConvertedCheckpoint:
    """A published checkpoint as a prior's file has it.

    Attributes:
        header: That describes it.
        tensors: By name.
    """

    header: dict[str, str]
    tensors: dict[str, Tensor]


def convert_adm_checkpoint(
    path: Path, *, name: str, weights_license: str, training_data: str
) -> ConvertedCheckpoint:
    """Recognise a published checkpoint.

    Class-conditional networks are told the mean of all their classes, which makes them networks
    without classes.

    Raises:
        UnreadableFile: The system did not give the bytes.
        BadPrior: It is no checkpoint, holds more than tensors, or has those of no known network.
    """
    tensors = _load_checkpoint_tensors(path)
    config, resolution = _recognize_network(path, tensors)
    if config.labels:
        labels = tensors.pop("label_emb.weight")
        bias = tensors["time_embed.2.bias"]
        tensors["time_embed.2.bias"] = (bias.float() + labels.float().mean(0)).to(bias.dtype)
        config, training_data = replace(config, labels=0), training_data + _CLASS_MEAN_NOTE
    header = {
        "format": PRIOR_FORMAT,
        "name": name,
        "architecture": encode_adm_config(config),
        "range": VALUE_RANGE,
        "sigma": f"{sigma_at(0):.6g} to {sigma_at(TIMESTEP_COUNT - 1):.6g}",
        "size_multiple": str(config.size_multiple),
        "resolution": str(resolution),
        "licence": weights_license,
        "training_data": training_data,
    }
    return ConvertedCheckpoint(header, tensors)


def _load_checkpoint_tensors(path: Path) -> dict[str, Tensor]:
    try:
        with reading(path):
            with path.open("rb"):
                pass
            content = torch.load(path, map_location="cpu", weights_only=True, mmap=True)
    except pickle.UnpicklingError as error:
        raise InvalidPrior(path, "it holds more than tensors, which could do anything") from error
    except (RuntimeError, ValueError, KeyError, EOFError, BadZipFile) as error:
        raise InvalidPrior(path, "not a whole PyTorch checkpoint") from error
    if not isinstance(content, dict) or not all(isinstance(t, Tensor) for t in content.values()):
        raise InvalidPrior(path, "it is not a dictionary of tensors")
    return {str(name): t for name, t in content.items()}


def _recognize_network(path: Path, tensors: dict[str, Tensor]) -> tuple[AdmConfig, int]:
    """The known network that has most of these tensors, if it has them all."""
    shapes = {name: tuple(t.shape) for name, t in tensors.items()}
    networks = {
        network_name: create_meta_network(config)
        for network_name, (config, _) in KNOWN_NETWORKS.items()
    }

    def count_matches(network_name: str) -> int:
        return sum(
            shapes.get(name) == tuple(t.shape)
            for name, t in networks[network_name].state_dict().items()
        ) - len(networks[network_name].state_dict().keys() ^ shapes.keys())

    best_match = max(networks, key=count_matches)
    if not any(name in shapes for name in networks[best_match].state_dict()):
        raise InvalidPrior(path, f"none of the networks known here: {'; '.join(KNOWN_NETWORKS)}")
    check_tensors(path, networks[best_match], shapes)
    if not all(t.is_floating_point() for t in tensors.values()):
        raise InvalidPrior(path, "its tensors are not all of floating-point numbers")
    return KNOWN_NETWORKS[best_match]
