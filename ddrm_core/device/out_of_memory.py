"""Lack of memory, recognised."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from ddrm_core.errors import OutOfMemory


@contextmanager
def convert_memory_errors(device: torch.device, width: int, height: int) -> Iterator[None]:
    """Raises OutOfMemory where what is done inside fails for lack of memory.

    Args:
        device: Where the memory is.
        width: Of the picture, in pixels.
        height: Of the picture, in pixels.
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
