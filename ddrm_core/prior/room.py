"""Whether a device has room for a network, found out before it is loaded."""

from __future__ import annotations

import psutil
import torch

from ddrm_core.errors import NoRoomForPrior
from ddrm_core.prior.architecture import Network
from ddrm_core.prior.arithmetic import largest_of

# What is alive at once in an evaluation, as a multiple of the largest of its tensors: 4.5 (ADM) and
# 4.1 (compact) were measured, and libraries take some to work in.
ALIVE = 6
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
    needed = bytes_of_weights(network, precision) + bytes_of_window(network, precision) + _BESIDES
    free = free_bytes(device)
    if free is not None and needed > free:
        raise NoRoomForPrior(name, str(device), needed, free)


def bytes_of_weights(network: Network, precision: torch.dtype) -> int:
    """Once they are in this precision, as nearly all are."""
    return sum(t.numel() for t in network.parameters()) * precision.itemsize


def bytes_of_window(network: Network, precision: torch.dtype, side: int = _LEAST_SIDE) -> int:
    """That evaluating a window of one picture takes besides the weights."""
    return ALIVE * largest_of(network, side, side) * precision.itemsize


def free_bytes(device: torch.device) -> int | None:
    """What can still be had there, None where nobody says."""
    match device.type:
        case "cuda":
            return torch.cuda.mem_get_info(device)[0]
        case "cpu":
            return int(psutil.virtual_memory().available)
        case _:
            return None
