"""Priors that tests of several packages of the core use."""

from __future__ import annotations

import pytest
import torch

from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from ddrm_core.prior.checkpoint import load_prior
from ddrm_core.prior.denoiser import Prior
from tests.support.small_priors import random_tensors, write_prior


@pytest.fixture(scope="session")
def bundled() -> Prior:
    return load_prior(BUNDLED_PRIOR_PATH, torch.device("cpu"), precision=torch.float32)


@pytest.fixture(scope="session")
def tiny(tmp_path_factory) -> Prior:
    """Return a small prior with random weights, for quick tests of laws that hold for any prior.

    Its receptive field is 55 pixels, which is less than the margin of a tile.
    """
    tensors = random_tensors()
    tensors["tail.weight"] *= 0.1  # otherwise rounding errors would grow from step to step
    path = tmp_path_factory.mktemp("prior") / "tiny.safetensors"
    return load_prior(
        write_prior(path, tensors=tensors), torch.device("cpu"), precision=torch.float32
    )
