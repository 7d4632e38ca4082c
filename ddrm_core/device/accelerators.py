"""Search for GPUs that the installed build of torch cannot use."""

from __future__ import annotations

import platform
import shutil
import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path


class Accelerator(StrEnum):
    """A kind of GPU for which builds of torch exist; the value is the name of its maker."""

    NVIDIA = "NVIDIA"
    AMD = "AMD"
    APPLE = "Apple"


def find_accelerator(
    root: Path = Path("/"),
    *,
    system: str = sys.platform,
    machine: str | None = None,
    find_program: Callable[[str], str | None] = shutil.which,
) -> Accelerator | None:
    """Return the kind of this machine's GPU by the traces of its driver, None without such traces.

    torch is not asked, because a build for the CPU does not know any GPU.

    Args:
        root: Root folder of the system.
        system: Name of the system as in `sys.platform`.
        machine: Name of the processor's architecture as `platform.machine` returns it; None for
            that of this machine.
        find_program: Function that returns the path of a program; None if it is not installed.
    """
    if (root / "proc/driver/nvidia/version").exists() or find_program("nvidia-smi") is not None:
        return Accelerator.NVIDIA
    if (root / "dev/kfd").exists():  # the driver of ROCm
        return Accelerator.AMD
    if system == "darwin" and (machine or platform.machine()) == "arm64":
        return Accelerator.APPLE
    return None


def find_unused_accelerator() -> Accelerator | None:
    """Return the kind of a GPU that this machine has and that torch cannot use, else None."""
    import torch

    if torch.cuda.is_available() or torch.backends.mps.is_available():
        return None
    return find_accelerator()
