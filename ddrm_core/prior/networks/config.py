"""Architectures as a prior's header writes them: JSON of a kind and its numbers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict

import torch

from ddrm_core.prior.networks.adm import AdmConfig, AdmNetwork
from ddrm_core.prior.networks.compact import CompactConfig, CompactNetwork

NetworkConfig = CompactConfig | AdmConfig
Network = CompactNetwork | AdmNetwork

_MAX_CONFIG_NUMBER = (
    4096  # of anything in an architecture; more is no prior but a way to fill the memory
)
_MAX_LEVELS, _MAX_BLOCKS = 8, 64


def parse_network_config(architecture: str) -> NetworkConfig:
    """Raises ValueError, KeyError or TypeError where it is not one that is known here."""
    numbers = json.loads(architecture)
    match numbers["kind"]:
        case "compact":
            return _parse_compact_config(numbers)
        case "adm":
            return _parse_adm_config(numbers)
    raise ValueError(f"architecture {numbers['kind']!r} is not known here")


def create_meta_network(config: NetworkConfig) -> Network:
    """One with tensors that have shapes only, to be given others."""
    with torch.device("meta"):
        if isinstance(config, CompactConfig):
            return CompactNetwork(config)
        return AdmNetwork(config)


def encode_adm_config(config: AdmConfig) -> str:
    """What `parse_network_config` reads."""
    return json.dumps({"kind": "adm", **asdict(config)})


def _parse_compact_config(numbers: Mapping[str, object]) -> CompactConfig:
    if numbers["unshuffle"] != 2:
        raise ValueError("it does not unshuffle by 2")
    channels = _require_integers(numbers["channels"])
    blocks, middle, embedding = _require_integers(
        [numbers[k] for k in ("blocks", "middle", "embedding")]
    )
    return CompactConfig(channels, blocks, middle, embedding)


def _parse_adm_config(numbers: Mapping[str, object]) -> AdmConfig:
    channels, blocks = _require_integers([numbers[k] for k in ("channels", "blocks")])
    head_channels, heads, labels = _require_integers(
        [numbers[k] for k in ("head_channels", "heads", "labels")], minimum=0
    )
    if blocks > _MAX_BLOCKS:
        raise ValueError(f"it has more than {_MAX_BLOCKS} blocks a level")
    multipliers = numbers["multipliers"]
    if not isinstance(multipliers, list) or not 1 <= len(multipliers) <= _MAX_LEVELS:
        raise ValueError(f"it has not 1 to {_MAX_LEVELS} levels")
    config = AdmConfig(
        channels=channels,
        multipliers=tuple(float(m) for m in multipliers),
        blocks=blocks,
        attention_strides=_require_integers(numbers["attention_strides"]),
        head_channels=head_channels,
        heads=heads,
        scale_shift=_require_bool(numbers["scale_shift"]),
        resampling_blocks=_require_bool(numbers["resampling_blocks"]),
        heads_last=_require_bool(numbers["heads_last"]),
        learned_sigma=_require_bool(numbers["learned_sigma"]),
        labels=labels,
    )
    config.validate()
    return config


def _require_bool(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError("its switches are not all true or false")
    return value


def _require_integers(values: object, minimum: int = 1) -> tuple[int, ...]:
    if not isinstance(values, list) or not all(isinstance(v, int) for v in values):
        raise TypeError("its numbers are not all whole")
    if not all(minimum <= v <= _MAX_CONFIG_NUMBER for v in values):
        raise ValueError(f"its numbers are not all from {minimum} to {_MAX_CONFIG_NUMBER}")
    return tuple(values)
