"""Conversion of torch's and Python's out-of-memory errors to `OutOfMemory`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from ddrm_core.errors import OutOfMemory


@contextmanager
def convert_memory_errors(device: torch.device, width: int, height: int) -> Iterator[None]:
    """Raise OutOfMemory if the body of the with statement runs out of memory.

    All other errors are passed on unchanged.

    Args:
        device: Device whose memory is used.
        width: Width of the image in pixels.
        height: Height of the image in pixels.
    """
    try:
        yield
    except MemoryError as error:
        raise OutOfMemory(str(device), width, height) from error
    # torch reports a CPU's lack of memory as a plain RuntimeError.
    except RuntimeError as error:
        if isinstance(error, torch.OutOfMemoryError) or "can't allocate memory" in str(error):
            raise OutOfMemory(str(device), width, height) from error
        raise
