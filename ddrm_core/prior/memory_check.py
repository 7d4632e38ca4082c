"""Whether a device has room for a network, found out before it is loaded."""

from __future__ import annotations

from functools import lru_cache

import psutil
import torch

from ddrm_core.device.selection import unfolds
from ddrm_core.errors import NoRoomForPrior
from ddrm_core.prior.networks.config import Network, NetworkShape, network_of
from ddrm_core.prior.networks.operation_count import largest_of, unfolded_of

# What is alive at once in an evaluation, as a multiple of the largest of its tensors: 4.5 (ADM) and
# 4.1 (compact) were measured, and libraries take some to work in. An unfolded input comes on top.
_ALIVE = 6
# The windows of a small picture, and what a process needs besides.
_LEAST_SIDE = 256
_BESIDES = 300 << 20


def check_room(
    name: str,
    network: Network,
    device: torch.device,
    precision: torch.dtype,
) -> None:
    """Raises NoRoomForPrior where the weights and one window's evaluation will not fit."""
    weights = bytes_of_weights(network, precision)
    window = bytes_of_window(network, precision, device, _LEAST_SIDE, _LEAST_SIDE)
    needed = weights + window + _BESIDES
    free = free_bytes(device)
    if free is not None and needed > free:
        raise NoRoomForPrior(name, str(device), needed, free)


def bytes_of_weights(network: Network, precision: torch.dtype) -> int:
    """Once they are in this precision, as nearly all are."""
    return sum(t.numel() for t in network.parameters()) * precision.itemsize


def bytes_of_window(
    network: Network, precision: torch.dtype, device: torch.device, height: int, width: int
) -> int:
    """Return what evaluating a window of one picture takes on `device` besides the weights."""
    numbers = _numbers(network.shape, unfolds(device, precision), height, width)
    return numbers * precision.itemsize


# By shape: a network in the cache would keep its weights.
@lru_cache(32)
def _numbers(shape: NetworkShape, unfolded: bool, height: int, width: int) -> int:
    network = network_of(shape)
    extra = unfolded_of(network, height, width) if unfolded else 0
    return _ALIVE * largest_of(network, height, width) + extra


def free_bytes(device: torch.device) -> int | None:
    """What can still be had there, None where nobody says."""
    match device.type:
        case "cuda":
            return torch.cuda.mem_get_info(device)[0]
        case "cpu":
            return int(psutil.virtual_memory().available)
        case _:
            return None
