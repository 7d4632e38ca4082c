"""A lack of memory is distinguished from other failures."""

from __future__ import annotations

import pytest
import torch

from ddrm_core.device.out_of_memory import convert_memory_errors
from ddrm_core.errors import OutOfMemory

CPU = torch.device("cpu")


def test_what_does_not_fit_is_lack_of_memory():
    for ask in (lambda: torch.empty(1 << 55), lambda: bytearray(1 << 60)):
        with pytest.raises(OutOfMemory) as error, convert_memory_errors(CPU, 3, 4):
            ask()
        assert (error.value.device, error.value.width, error.value.height) == ("cpu", 3, 4)


def test_other_failures_stay_what_they_are():
    with pytest.raises(RuntimeError, match="mat1 and mat2"), convert_memory_errors(CPU, 3, 4):
        torch.ones(2, 3) @ torch.ones(2, 3)
