"""Check of free memory before a prior is loaded."""

from __future__ import annotations

import gc
import weakref
from collections import namedtuple
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
import torch
from safetensors import safe_open

from ddrm_core.errors import InsufficientMemory
from ddrm_core.prior import checkpoint
from ddrm_core.prior import memory_check as room
from ddrm_core.prior.architectures.adm.network import AdmNetwork
from ddrm_core.prior.architectures.adm.published import ADM_256_CONFIG
from ddrm_core.prior.architectures.drunet import DrunetConfig
from ddrm_core.prior.architectures.registry import create_meta_network
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from ddrm_core.prior.checkpoint import load_prior, load_prior_with_fallback
from tests.support.adm_networks import random_adm, write_adm
from tests.support.drunet_networks import seeded_drunet
from tests.support.small_priors import write_prior

CPU = torch.device("cpu")
Memory = namedtuple("Memory", "available")


def with_free(monkeypatch, bytes_free: int) -> None:
    monkeypatch.setattr(room.psutil, "virtual_memory", lambda: Memory(bytes_free))


def test_the_published_network_needs_a_gigabyte_in_half_precision():
    network = create_meta_network(AdmNetwork, ADM_256_CONFIG)
    assert isinstance(network, AdmNetwork)
    assert room.compute_weight_bytes(network, torch.float16) == 2 * 552_814_086
    # The largest tensor has 512 channels at full size.
    there = torch.device("cuda")
    assert (
        room.compute_tile_bytes(network, torch.float16, there, 256, 256) == 6 * 512 * 256 * 256 * 2
    )


def small_drunet():
    return seeded_drunet(DrunetConfig((64, 96), 2))  # the channels of the published network


def bundled():
    return load_prior(BUNDLED_PRIOR_PATH, CPU, precision=torch.float32).network


@pytest.mark.parametrize(("make", "side"), [(random_adm, 64), (bundled, 256), (small_drunet, 32)])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
def test_a_window_takes_no_more_than_is_said(dtype, make, side):
    network = make()
    network.to_precision(dtype)
    x = torch.randn(1, 3, side, side).to(dtype)
    activities = [torch.profiler.ProfilerActivity.CPU]
    with torch.no_grad(), torch.profiler.profile(activities=activities, profile_memory=True) as p:
        network(x.to(network.input_precision or dtype), torch.tensor([300.0]), lambda: None)
    held = most = 0
    for event in p.profiler.kineto_results.events():
        if event.name() == "[memory]":
            held += event.nbytes()
            most = max(most, held)
    said = room.compute_tile_bytes(network, dtype, CPU, side, side)
    assert said / 3 < most < said


@dataclass
class NotedFile:
    """An open safetensors file that records the names of the tensors that are read."""

    file: safe_open
    read: set[str]

    def keys(self):
        return self.file.keys()

    def metadata(self):
        return self.file.metadata()

    def get_slice(self, name):
        return self.file.get_slice(name)

    def get_tensor(self, name):
        self.read.add(name)
        return self.file.get_tensor(name)


@pytest.mark.parametrize("write", [write_adm, write_prior])
def test_too_little_memory_is_said_before_anything_is_loaded(tmp_path, monkeypatch, write):
    file, read = write(tmp_path / "a.safetensors"), set()

    @contextmanager
    def noting(*arguments):
        with safe_open(*arguments) as opened:
            yield NotedFile(opened, read)

    monkeypatch.setattr(checkpoint, "safe_open", noting)
    with monkeypatch.context() as limited:
        with_free(limited, 1 << 20)
        with pytest.raises(InsufficientMemory) as error:
            load_prior(file, CPU)
        with pytest.raises(InsufficientMemory):
            load_prior_with_fallback(file, "auto")
    assert (error.value.device, error.value.free_bytes) == ("cpu", 1 << 20)
    assert error.value.needed_bytes > 300 << 20
    described = {"band_error", "band_error_sigma"}  # these tensors are no weights
    assert read <= described
    weights = load_prior(file, CPU).network.state_dict().keys()
    assert read - described == weights


def test_what_is_free_is_asked_of_the_device_itself(monkeypatch):
    free_bytes = {torch.device("cuda:0"): 3 << 30, torch.device("cuda:1"): 5 << 30}
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda device: (free_bytes[device], 9 << 30))
    with_free(monkeypatch, 1 << 30)
    assert {device: room.find_free_bytes(device) for device in free_bytes} == free_bytes
    assert room.find_free_bytes(CPU) == 1 << 30


def test_a_device_that_does_not_tell_what_is_free_is_tried(tmp_path):
    elsewhere = torch.device("meta")
    assert room.find_free_bytes(elsewhere) is None
    assert load_prior(write_prior(tmp_path / "a.safetensors"), elsewhere).device == elsewhere


def test_what_auto_finds_too_small_is_left_for_the_cpu(tmp_path, monkeypatch):
    """A prior that is too large for the device of `auto` is loaded on the CPU.

    torch's meta device stands for the device here.
    """
    file = write_prior(tmp_path / "a.safetensors")
    meta = torch.device("meta")
    monkeypatch.setattr(checkpoint, "choose_device", lambda name: CPU if name == "cpu" else meta)
    monkeypatch.setattr(room, "find_free_bytes", lambda device: 0 if device == meta else 1 << 40)
    prior, reason = load_prior_with_fallback(file, "auto")
    assert prior.device == CPU
    assert reason is not None
    assert (reason.device, reason.free_bytes) == ("meta", 0)
    assert load_prior_with_fallback(file, "cpu")[1] is None
    with pytest.raises(InsufficientMemory):
        load_prior_with_fallback(file, "cuda:7")


def test_a_network_is_not_kept_for_what_its_windows_take():
    network = random_adm()
    kept = weakref.ref(network)
    room.compute_tile_bytes(network, torch.float32, CPU, 64, 64)
    del network
    gc.collect()
    assert kept() is None


def test_an_unfolded_input_is_said_where_torch_makes_one(monkeypatch):
    network = create_meta_network(AdmNetwork, ADM_256_CONFIG)
    before = room.compute_tile_bytes(network, torch.bfloat16, torch.device("cuda"), 64, 96)
    monkeypatch.setattr(room, "has_unfolded_convolutions", lambda *_: True)
    # The input of a 3x3 kernel at the last level: 512 channels at full size.
    unfolded = 9 * 512 * 64 * 96 * 2
    assert room.compute_tile_bytes(network, torch.bfloat16, CPU, 64, 96) == before + unfolded
