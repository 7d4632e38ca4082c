"""Whether a device has room for a network, found out before it is loaded."""

from __future__ import annotations

import psutil
import torch

from ddrm_core.device.selection import has_unfolded_convolutions
from ddrm_core.errors import InsufficientMemory
from ddrm_core.prior.architectures.architecture import Network
from ddrm_core.prior.architectures.operation_count import (
    count_largest_tensor_elements,
    count_largest_unfolded_elements,
)

# What is alive at once in an evaluation, as a multiple of the largest of its tensors: 4.5 (ADM) and
# 4.1 (compact) were measured, and libraries take some to work in. An unfolded input comes on top.
_LIVE_TENSORS = 6
# The windows of a small picture, and what a process needs besides.
_MIN_TILE_SIDE = 256
_PROCESS_OVERHEAD_BYTES = 300 << 20


def check_memory(
    name: str,
    network: Network,
    device: torch.device,
    precision: torch.dtype,
) -> None:
    """Raises NoRoomForPrior where the weights and one window's evaluation will not fit."""
    weight_bytes = compute_weight_bytes(network, precision)
    tile_bytes = compute_tile_bytes(network, precision, device, _MIN_TILE_SIDE, _MIN_TILE_SIDE)
    needed_bytes = weight_bytes + tile_bytes + _PROCESS_OVERHEAD_BYTES
    available_bytes = find_free_bytes(device)
    if available_bytes is not None and needed_bytes > available_bytes:
        raise InsufficientMemory(name, str(device), needed_bytes, available_bytes)


def compute_weight_bytes(network: Network, precision: torch.dtype) -> int:
    """Once they are in this precision, as nearly all are."""
    return sum(t.numel() for t in network.parameters()) * precision.itemsize


def compute_tile_bytes(
    network: Network, precision: torch.dtype, device: torch.device, height: int, width: int
) -> int:
    """Return what evaluating a window of one picture takes on `device` besides the weights."""
    element_count = _LIVE_TENSORS * count_largest_tensor_elements(network, height, width)
    if has_unfolded_convolutions(device, precision):
        element_count += count_largest_unfolded_elements(network, height, width)
    return element_count * precision.itemsize


def find_free_bytes(device: torch.device) -> int | None:
    """What can still be had there, None where nobody says."""
    match device.type:
        case "cuda":
            return torch.cuda.mem_get_info(device)[0]
        case "cpu":
            return int(psutil.virtual_memory().available)
        case _:
            return None
