"""GPUs that the installed torch does not know."""

from __future__ import annotations

import pytest

from ddrm_core.device.accelerators import Accelerator, find_accelerator, find_unused_accelerator


@pytest.mark.parametrize(
    ("trace", "expected"),
    [
        ("proc/driver/nvidia/version", Accelerator.NVIDIA),
        ("dev/kfd", Accelerator.AMD),
        ("dev/null", None),
    ],
)
def test_a_gpu_is_known_by_the_traces_of_its_driver(trace, expected, tmp_path):
    (tmp_path / trace).parent.mkdir(parents=True)
    (tmp_path / trace).touch()
    found = find_accelerator(tmp_path, system="linux", find_program=lambda _: None)
    assert found is expected


def test_nvidia_on_windows_and_apple_are_known_without_files(tmp_path):
    programs = {"nvidia-smi": "C:/Windows/System32/nvidia-smi.exe"}.get
    assert find_accelerator(tmp_path, system="win32", find_program=programs) is Accelerator.NVIDIA
    for machine, expected in (("arm64", Accelerator.APPLE), ("x86_64", None)):
        found = find_accelerator(
            tmp_path, system="darwin", machine=machine, find_program=lambda _: None
        )
        assert found is expected


def test_a_gpu_that_torch_uses_needs_no_advice(monkeypatch):
    monkeypatch.setattr("ddrm_core.device.accelerators.find_accelerator", lambda: Accelerator.AMD)
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    monkeypatch.setattr("torch.backends.mps.is_available", lambda: False)
    assert find_unused_accelerator() is Accelerator.AMD
    monkeypatch.setattr("torch.cuda.is_available", lambda: True)
    assert find_unused_accelerator() is None
