"""A prior with random weights for the runs of the evaluation."""

from __future__ import annotations

import pytest
import torch

from ddrm_core.prior.checkpoint import load_prior
from ddrm_core.prior.denoiser import Prior
from tests.support.small_priors import random_tensors, write_prior


@pytest.fixture(scope="module")
def tiny(tmp_path_factory) -> Prior:
    path = tmp_path_factory.mktemp("prior") / "tiny.safetensors"
    tensors = random_tensors()
    tensors["tail.weight"] *= 0.1
    return load_prior(
        write_prior(path, tensors=tensors), torch.device("cpu"), precision=torch.float32
    )
