"""Registry of architectures, and their description in the header of a prior's file."""

from __future__ import annotations

import json
from pathlib import Path

import torch

from ddrm_core.plugins import PluginKind, PluginRegistry
from ddrm_core.prior.architectures.adm.published import ADM
from ddrm_core.prior.architectures.architecture import Architecture, Network, NetworkConfig
from ddrm_core.prior.architectures.compact import COMPACT
from ddrm_core.prior.architectures.drunet import DRUNET
from ddrm_core.prior.architectures.ffdnet import FFDNET

# An extension point: scripts add architectures to it while they start.
ARCHITECTURES: PluginRegistry[Architecture] = PluginRegistry(
    PluginKind.ARCHITECTURE,
    "ddrm_restore.architectures",
    Architecture,
    (COMPACT, ADM, DRUNET, FFDNET),
)


def parse_architecture(text: str, path: Path) -> tuple[Architecture, NetworkConfig]:
    """Return the architecture and the config that the header of a prior's file describes.

    Args:
        text: JSON object with the architecture's name as "kind" and the values of the config.
        path: Prior's file, for errors.

    Raises:
        UnknownPlugin: If the architecture is not registered; reading a file never loads code.
        ValueError: If the text does not describe a valid network.
    """
    try:
        numbers = json.loads(text)
        if not isinstance(numbers["kind"], str):
            raise TypeError("its architecture is not a name")
        architecture = ARCHITECTURES.get(numbers["kind"], path)
        return architecture, architecture.parse_config(numbers)
    except (LookupError, TypeError, ArithmeticError, RecursionError) as error:
        raise ValueError(str(error)) from error


def encode_architecture(architecture: Architecture, config: NetworkConfig) -> str:
    """Return the JSON text about a network for a prior's header; `parse_architecture` reads it."""
    return json.dumps({"kind": architecture.name, **config.encode()})


def create_meta_network(network_class: type[Network], config: NetworkConfig) -> Network:
    """Create a network on the meta device: its tensors have shapes but no values."""
    with torch.device("meta"):
        return network_class(config)
