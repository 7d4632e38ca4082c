"""Architectures as a prior's header writes them: JSON of a kind and its numbers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict

import torch

from ddrm_core.prior.networks.adm import AdmNetwork, AdmShape
from ddrm_core.prior.networks.compact import CompactNetwork, CompactShape

NetworkShape = CompactShape | AdmShape
Network = CompactNetwork | AdmNetwork

_MOST = 4096  # of anything in an architecture; more is no prior but a way to fill the memory
_MOST_LEVELS, _MOST_BLOCKS = 8, 64


def shape_from(architecture: str) -> NetworkShape:
    """Raises ValueError, KeyError or TypeError where it is not one that is known here."""
    numbers = json.loads(architecture)
    match numbers["kind"]:
        case "compact":
            return _compact(numbers)
        case "adm":
            return _adm(numbers)
    raise ValueError(f"architecture {numbers['kind']!r} is not known here")


def network_of(shape: NetworkShape) -> Network:
    """One with tensors that have shapes only, to be given others."""
    with torch.device("meta"):
        if isinstance(shape, CompactShape):
            return CompactNetwork(shape)
        return AdmNetwork(shape)


def adm_architecture(shape: AdmShape) -> str:
    """What `shape_from` reads."""
    return json.dumps({"kind": "adm", **asdict(shape)})


def _compact(numbers: Mapping[str, object]) -> CompactShape:
    if numbers["unshuffle"] != 2:
        raise ValueError("it does not unshuffle by 2")
    channels = _whole(numbers["channels"])
    blocks, middle, embedding = _whole([numbers[k] for k in ("blocks", "middle", "embedding")])
    return CompactShape(channels, blocks, middle, embedding)


def _adm(numbers: Mapping[str, object]) -> AdmShape:
    channels, blocks = _whole([numbers[k] for k in ("channels", "blocks")])
    head_channels, heads, labels = _whole(
        [numbers[k] for k in ("head_channels", "heads", "labels")], least=0
    )
    if blocks > _MOST_BLOCKS:
        raise ValueError(f"it has more than {_MOST_BLOCKS} blocks a level")
    multipliers = numbers["multipliers"]
    if not isinstance(multipliers, list) or not 1 <= len(multipliers) <= _MOST_LEVELS:
        raise ValueError(f"it has not 1 to {_MOST_LEVELS} levels")
    shape = AdmShape(
        channels=channels,
        multipliers=tuple(float(m) for m in multipliers),
        blocks=blocks,
        attention_strides=_whole(numbers["attention_strides"]),
        head_channels=head_channels,
        heads=heads,
        scale_shift=_switch(numbers["scale_shift"]),
        resampling_blocks=_switch(numbers["resampling_blocks"]),
        heads_last=_switch(numbers["heads_last"]),
        learned_sigma=_switch(numbers["learned_sigma"]),
        labels=labels,
    )
    shape.check()
    return shape


def _switch(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError("its switches are not all true or false")
    return value


def _whole(values: object, least: int = 1) -> tuple[int, ...]:
    if not isinstance(values, list) or not all(isinstance(v, int) for v in values):
        raise TypeError("its numbers are not all whole")
    if not all(least <= v <= _MOST for v in values):
        raise ValueError(f"its numbers are not all from {least} to {_MOST}")
    return tuple(values)
