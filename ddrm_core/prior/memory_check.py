"""Check of a device's free memory before a network is loaded."""

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

# Number of tensors alive at once in an evaluation, as a multiple of the largest tensor: 4.5 (ADM)
# and 4.1 (compact) were measured, and libraries need workspace. An unfolded input is added.
_LIVE_TENSORS = 6
# Side of the tile of a small image, and additional memory of the process.
_MIN_TILE_SIDE = 256
_PROCESS_OVERHEAD_BYTES = 300 << 20


def check_memory(
    name: str,
    network: Network,
    device: torch.device,
    precision: torch.dtype,
) -> None:
    """Raise InsufficientMemory if a device lacks memory for a prior's weights and one tile.

    Args:
        name: Name of the prior, for the error.
        network: Network of the prior.
        device: Device on which the prior would run.
        precision: Precision of the convolutions.
    """
    weight_bytes = compute_weight_bytes(network, precision)
    tile_bytes = compute_tile_bytes(network, precision, device, _MIN_TILE_SIDE, _MIN_TILE_SIDE)
    needed_bytes = weight_bytes + tile_bytes + _PROCESS_OVERHEAD_BYTES
    available_bytes = find_free_bytes(device)
    if available_bytes is not None and needed_bytes > available_bytes:
        raise InsufficientMemory(name, str(device), needed_bytes, available_bytes)


def compute_weight_bytes(network: Network, precision: torch.dtype) -> int:
    """Return the size of all weights in bytes, as if every tensor had the same precision."""
    return sum(t.numel() for t in network.parameters()) * precision.itemsize


def compute_tile_bytes(
    network: Network, precision: torch.dtype, device: torch.device, height: int, width: int
) -> int:
    """Return the bytes of memory that the evaluation of one tile needs besides the weights."""
    element_count = _LIVE_TENSORS * count_largest_tensor_elements(network, height, width)
    if has_unfolded_convolutions(device, precision):
        element_count += count_largest_unfolded_elements(network, height, width)
    return element_count * precision.itemsize


def find_free_bytes(device: torch.device) -> int | None:
    """Return the free memory of a device in bytes, or None if the system does not report it."""
    match device.type:
        case "cuda":
            return torch.cuda.mem_get_info(device)[0]
        case "cpu":
            return int(psutil.virtual_memory().available)
        case _:
            return None
