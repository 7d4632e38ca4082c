"""Conversion of published checkpoints: PyTorch files without a header.

Checkpoints are read without running code in them, and recognized by the names and shapes of their
tensors alone.
"""

from __future__ import annotations

import pickle
import struct
import warnings
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile, is_zipfile

import torch
from torch import Tensor

from ddrm_core.errors import InvalidPrior
from ddrm_core.messages import Message
from ddrm_core.os_errors import reading
from ddrm_core.prior.architectures.architecture import Architecture, Network, PublishedNetwork
from ddrm_core.prior.architectures.registry import ARCHITECTURES, create_meta_network
from ddrm_core.prior.checkpoint import build_prior_header, check_tensors
from ddrm_core.prior.reasons import PriorDefect

CHECKPOINT_SUFFIXES = (".pt", ".pth")
# First bytes of files that PyTorch before 1.6 wrote: torch.serialization.MAGIC_NUMBER as a pickle.
_LEGACY_MAGIC = bytes.fromhex("80028a0a6cfc9c46f9206aa85019")
# Exceptions of torch.load for files that are truncated or damaged.
_DAMAGE_ERRORS = (
    RuntimeError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    EOFError,
    struct.error,
    BadZipFile,
)
_PRECISIONS = (torch.float16, torch.bfloat16, torch.float32, torch.float64)


@dataclass(frozen=True, slots=True, eq=False)
class ConvertedCheckpoint:
    """Header and tensors of a prior's file, converted from a published checkpoint.

    Attributes:
        header: Header of the prior's file.
        tensors: Tensors by name.
    """

    header: dict[str, str]
    tensors: dict[str, Tensor]


def convert_checkpoint(
    path: Path, *, name: str, weights_license: str, training_data: str
) -> ConvertedCheckpoint:
    """Recognize a published checkpoint of any registered architecture and convert it to a prior.

    Raises:
        UnreadableFile: If the system cannot read the file.
        InvalidPrior: If the file is not a checkpoint, contains other objects than tensors, or does
            not have the tensors of a published network.
    """
    tensors = _load_checkpoint_tensors(path)
    architecture, published = _recognize_network(path, tensors)
    header = build_prior_header(
        architecture,
        published.prior_config,
        name=name,
        sigma_range=published.sigma_range,
        weights_license=weights_license,
        training_data=training_data + published.note,
        training_resolution=published.training_resolution,
    )
    return ConvertedCheckpoint(header, _copy_where_shared(published.convert_tensors(tensors)))


def read_published_tensors(
    path: Path, architecture: Architecture, published: PublishedNetwork
) -> dict[str, Tensor]:
    """Return the tensors of a prior from the checkpoint of a known published network.

    Raises the errors of `convert_checkpoint`.
    """
    tensors = _load_checkpoint_tensors(path)
    _check_checkpoint(
        path, create_meta_network(architecture.network_class, published.config), tensors
    )
    return published.convert_tensors(tensors)


def list_published_networks() -> list[tuple[Architecture, PublishedNetwork]]:
    """Return all published networks whose checkpoints can be converted, with architectures."""
    return [
        (architecture, network)
        for architecture in map(ARCHITECTURES.get, ARCHITECTURES.names())
        for network in architecture.published_networks
    ]


def _load_checkpoint_tensors(path: Path) -> dict[str, Tensor]:
    try:
        with reading(path):
            with path.open("rb") as file:
                is_legacy = file.read(len(_LEGACY_MAGIC)) == _LEGACY_MAGIC
            if not is_legacy and not is_zipfile(path):
                raise InvalidPrior(path, PriorDefect.NOT_PYTORCH)
            with warnings.catch_warnings():
                # A damaged file seems to have an unusual pickle protocol.
                warnings.filterwarnings("ignore", "Detected pickle protocol", UserWarning)
                content = torch.load(
                    path, map_location="cpu", weights_only=True, mmap=not is_legacy
                )
    except pickle.UnpicklingError as error:
        raise InvalidPrior(path, PriorDefect.MORE_THAN_TENSORS) from error
    except _DAMAGE_ERRORS as error:
        raise InvalidPrior(path, PriorDefect.NOT_PYTORCH) from error
    if not isinstance(content, dict) or not all(map(_is_dense_tensor, content.values())):
        raise InvalidPrior(path, PriorDefect.NO_DICTIONARY)
    return {str(name): t for name, t in content.items()}


def _recognize_network(
    path: Path, tensors: dict[str, Tensor]
) -> tuple[Architecture, PublishedNetwork]:
    """Return the published network that a checkpoint's tensors belong to.

    Raise InvalidPrior unless names and shapes of all tensors are those of the network.
    """
    shapes = {name: tuple(t.shape) for name, t in tensors.items()}
    candidates = [
        (create_meta_network(architecture.network_class, published.config), architecture, published)
        for architecture, published in list_published_networks()
    ]

    def count_matches(candidate: tuple[Network, Architecture, PublishedNetwork]) -> int:
        expected = candidate[0].state_dict()
        matches = sum(shapes.get(name) == tuple(t.shape) for name, t in expected.items())
        return matches - len(expected.keys() ^ shapes.keys())

    network, architecture, published = max(candidates, key=count_matches)
    if not any(name in shapes for name in network.state_dict()):
        titles = "; ".join(published.title for _, _, published in candidates)
        raise InvalidPrior(path, Message(PriorDefect.UNKNOWN_NETWORK, {"networks": titles}))
    _check_checkpoint(path, network, tensors)
    return architecture, published


def _check_checkpoint(path: Path, network: Network, tensors: dict[str, Tensor]) -> None:
    """Raise InvalidPrior unless the tensors are floating-point numbers of a network's shapes."""
    check_tensors(path, network, {name: tuple(t.shape) for name, t in tensors.items()})
    if not all(t.dtype in _PRECISIONS for t in tensors.values()):
        raise InvalidPrior(path, PriorDefect.NOT_FLOATING_POINT)


def _is_dense_tensor(value: object) -> bool:
    """Return whether `value` is a tensor with one number in memory for each element."""
    return (
        isinstance(value, Tensor)
        and value.layout == torch.strided
        and not value.is_nested
        and value.device.type == "cpu"
    )


def _copy_where_shared(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """Return contiguous tensors that share no memory, as safetensors files require.

    All other tensors are not copied, because they may be mapped from the file.
    """
    addresses: set[int] = set()
    separate = {}
    for name, tensor in tensors.items():
        address = tensor.untyped_storage().data_ptr()
        is_separate = tensor.is_contiguous() and address not in addresses
        addresses.add(address)
        separate[name] = (
            tensor if is_separate else tensor.clone(memory_format=torch.contiguous_format)
        )
    return separate
