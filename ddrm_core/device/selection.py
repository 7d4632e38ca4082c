"""Selection of the device and of the precision that a device supports natively."""

from __future__ import annotations

from collections.abc import Mapping

import torch

from ddrm_core.errors import UnknownDevice


def choose_device(name: str) -> torch.device:
    """Return the torch device with a name: auto, cpu, cuda, cuda:N or mps.

    auto stands for CUDA if available, else MPS if available, else the CPU.

    Raises:
        UnknownDevice: If this machine has no such device.
    """
    if name == "auto":
        if torch.cuda.is_available():
            return torch.device("cuda")
        return torch.device("mps" if torch.backends.mps.is_available() else "cpu")
    try:
        device = torch.device(name)
    except RuntimeError as error:
        raise UnknownDevice(name) from error
    available = {
        "cpu": True,
        "cuda": (device.index or 0) < torch.cuda.device_count(),
        "mps": torch.backends.mps.is_available(),
    }
    if not available.get(device.type, False):
        raise UnknownDevice(name)
    return device


def choose_precision(device: torch.device) -> torch.dtype:
    """Return the dtype for a network's convolutions on a device.

    The dtype is bfloat16 if the device computes bfloat16 in hardware, else float32. A CPU without
    bfloat16 instructions emulates bfloat16, many times slower than float32.
    """
    match device.type:
        case "cuda":
            has_bfloat16 = torch.cuda.is_bf16_supported(including_emulation=False)
        case "cpu":
            has_bfloat16 = has_native_bfloat16(
                torch.cpu.get_capabilities()
            ) and not has_unfolded_convolutions(device, torch.bfloat16)
        case _:
            has_bfloat16 = False
    return torch.bfloat16 if has_bfloat16 else torch.float32


def has_native_bfloat16(capabilities: Mapping[str, object]) -> bool:
    """Return whether a CPU multiplies bfloat16 in hardware.

    `capabilities` are those of `torch.cpu.get_capabilities`.
    """
    return bool(capabilities.get("avx512_bf16") or capabilities.get("amx_bf16"))


def has_unfolded_convolutions(device: torch.device, precision: torch.dtype) -> bool:
    """Return whether torch computes convolutions on a device by unfolding their input (im2col).

    Unfolding takes many times the memory of the input. It happens on a CPU if oneDNN, torch's
    library for convolutions, does not support the precision: bfloat16 on a CPU with AVX2 alone,
    float16 on nearly all CPUs.
    """
    if device.type != "cpu":
        return False
    if not torch.backends.mkldnn.is_available():
        return True
    match precision:
        case torch.bfloat16:
            return not torch.ops.mkldnn._is_mkldnn_bf16_supported()
        case torch.float16:
            return not torch.ops.mkldnn._is_mkldnn_fp16_supported()
        case _:
            return False
