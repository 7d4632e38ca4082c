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

from ddrm_core.errors import BadPrior, UnreadableFile
from ddrm_core.prior.checkpoint import FORMAT, RANGE, check_tensors
from ddrm_core.prior.networks.adm import AdmShape
from ddrm_core.prior.networks.config import adm_architecture, network_of
from ddrm_core.sampler.schedule import TIMESTEPS, sigma_at

SUFFIXES = (".pt", ".pth")

ADM_256 = AdmShape(
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
_CLASSES = 1000
_ADM_512 = replace(
    ADM_256, multipliers=(0.5, 1.0, 1.0, 2.0, 2.0, 4.0, 4.0), attention_strides=(16, 32, 64)
)
_TOLD = "; told the mean of all classes"
KNOWN = MappingProxyType(
    {
        "unconditional, 256x256": (ADM_256, 256),
        "class-conditional, 256x256": (replace(ADM_256, labels=_CLASSES), 256),
        "unconditional, 512x512": (_ADM_512, 512),
        "class-conditional, 512x512": (replace(_ADM_512, labels=_CLASSES), 512),
    }
)


@dataclass(frozen=True, slots=True, eq=False)
class Converted:
    """A published checkpoint as a prior's file has it.

    Attributes:
        header: That describes it.
        tensors: By name.
    """

    header: dict[str, str]
    tensors: dict[str, Tensor]


def convert(path: Path, *, name: str, licence: str, training_data: str) -> Converted:
    """Recognise a published checkpoint.

    Class-conditional networks are told the mean of all their classes, which makes them networks
    without classes.

    Raises:
        UnreadableFile: The system did not give the bytes.
        BadPrior: It is no checkpoint, holds more than tensors, or has those of no known network.
    """
    tensors = _tensors(path)
    shape, resolution = _recognised(path, tensors)
    if shape.labels:
        labels = tensors.pop("label_emb.weight")
        bias = tensors["time_embed.2.bias"]
        tensors["time_embed.2.bias"] = (bias.float() + labels.float().mean(0)).to(bias.dtype)
        shape, training_data = replace(shape, labels=0), training_data + _TOLD
    header = {
        "format": FORMAT,
        "name": name,
        "architecture": adm_architecture(shape),
        "range": RANGE,
        "sigma": f"{sigma_at(0):.6g} to {sigma_at(TIMESTEPS - 1):.6g}",
        "size_multiple": str(shape.size_multiple),
        "resolution": str(resolution),
        "licence": licence,
        "training_data": training_data,
    }
    return Converted(header, tensors)


def _tensors(path: Path) -> dict[str, Tensor]:
    try:
        with path.open("rb"):
            pass
        found = torch.load(path, map_location="cpu", weights_only=True, mmap=True)
    except OSError as error:
        raise UnreadableFile(path, error.strerror or str(error)) from error
    except pickle.UnpicklingError as error:
        raise BadPrior(path, "it holds more than tensors, which could do anything") from error
    except (RuntimeError, ValueError, KeyError, EOFError, BadZipFile) as error:
        raise BadPrior(path, "not a whole PyTorch checkpoint") from error
    if not isinstance(found, dict) or not all(isinstance(t, Tensor) for t in found.values()):
        raise BadPrior(path, "it is not a dictionary of tensors")
    return {str(name): t for name, t in found.items()}


def _recognised(path: Path, tensors: dict[str, Tensor]) -> tuple[AdmShape, int]:
    """The known network that has most of these tensors, if it has them all."""
    shapes = {name: tuple(t.shape) for name, t in tensors.items()}
    networks = {known: network_of(shape) for known, (shape, _) in KNOWN.items()}

    def alike(known: str) -> int:
        return sum(
            shapes.get(name) == tuple(t.shape) for name, t in networks[known].state_dict().items()
        ) - len(networks[known].state_dict().keys() ^ shapes.keys())

    nearest = max(networks, key=alike)
    if not any(name in shapes for name in networks[nearest].state_dict()):
        raise BadPrior(path, f"none of the networks known here: {'; '.join(KNOWN)}")
    check_tensors(path, networks[nearest], shapes)
    if not all(t.is_floating_point() for t in tensors.values()):
        raise BadPrior(path, "its tensors are not all of floating-point numbers")
    return KNOWN[nearest]
