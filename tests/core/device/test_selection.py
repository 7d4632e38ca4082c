"""The choice of a device, and of the precision on it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
import torch

from ddrm_core.device import selection as precision
from ddrm_core.device.selection import choose_device, choose_precision, has_native_bfloat16
from ddrm_core.errors import (
    UnknownDevice,
)
from tests.support.adm_networks import random_adm

CPU = torch.device("cpu")


class TestDevices:
    def test_auto_and_cpu(self):
        assert choose_device("cpu") == CPU
        if not torch.cuda.is_available() and not torch.backends.mps.is_available():
            assert choose_device("auto") == CPU

    @pytest.mark.parametrize("name", ["", "gpu", "cuda:99", "cpu:", "xpu", "meta", "CPU?"])
    def test_unknown_names(self, name):
        with pytest.raises(UnknownDevice) as error:
            choose_device(name)
        assert error.value.name == name

    @pytest.mark.parametrize(
        ("flags", "native"),
        [
            ({}, False),
            ({"avx512_f": True, "avx2": True}, False),
            ({"avx512_bf16": True}, True),
            ({"avx512_bf16": False, "amx_bf16": True}, True),
            ({"avx512_bf16": False, "amx_bf16": False}, False),
        ],
    )
    def test_native_bfloat16(self, flags, native):
        assert has_native_bfloat16(flags) is native

    @pytest.mark.parametrize("native", [True, False])
    @pytest.mark.parametrize("unfolded", [True, False])
    def test_bfloat16_is_chosen_where_cpu_and_library_have_it(self, monkeypatch, native, unfolded):
        monkeypatch.setattr(precision, "has_native_bfloat16", lambda _flags: native)
        monkeypatch.setattr(precision, "has_unfolded_convolutions", lambda *_: unfolded)
        chosen = torch.bfloat16 if native and not unfolded else torch.float32
        assert choose_precision(CPU) == chosen

    def test_cuda_computes_attention_in_the_published_half_precision(self, tiny, monkeypatch):
        """CUDA uses the published float16 for networks with attention.

        Other devices and networks use the best precision of the device.
        """
        cuda = torch.device("cuda")
        for native in (True, False):
            monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda native=native, **_: native)
            chosen = torch.bfloat16 if native else torch.float32
            assert random_adm().choose_precision(cuda) == torch.float16
            assert tiny.network.choose_precision(cuda) == choose_precision(cuda) == chosen
        assert random_adm().choose_precision(CPU) == choose_precision(CPU)

    def test_a_limit_to_avx2_is_one_for_the_choice_too(self):
        """If an environment variable limits oneDNN to AVX2, float32 is chosen on the CPU.

        CPU flags do not show this limit.
        """
        asked = "from ddrm_core.device.selection import choose_precision\n"
        asked += "import torch; print(choose_precision(torch.device('cpu')))"
        limited = os.environ | {"ONEDNN_MAX_CPU_ISA": "AVX2"}
        done = subprocess.run(
            [sys.executable, "-c", asked], env=limited, capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == "torch.float32"
