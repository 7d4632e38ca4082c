"""The paper's network has the published code's values, names and cost, and its inputs."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace

import pytest
import torch
from safetensors.torch import load_file

from ddrm_core.cancel import CancelToken
from ddrm_core.jpeg.image import JpegImage
from ddrm_core.prior.architectures.adm.network import AdmNetwork
from ddrm_core.prior.architectures.adm.published import ADM_256_CONFIG
from ddrm_core.prior.architectures.operation_count import count_macs
from ddrm_core.prior.architectures.preconditioning import variance_preserving_factors
from ddrm_core.prior.checkpoint import load_prior
from ddrm_core.prior.denoiser import Prior
from ddrm_core.restoration.restore import Restoration, restore
from ddrm_core.restoration.run import create_jpeg_run
from ddrm_core.sampler.schedule import fractional_timestep, sigma_at
from ddrm_core.sampler.settings import SamplerSettings
from tests.support.adm_networks import (
    GOLDEN,
    TINY,
    VARIANTS,
    golden_network,
    random_adm,
    shape_of,
    write_adm,
)
from tests.support.paths import ROOT
from tests.support.pictures import jpeg_of

CPU = torch.device("cpu")


def nothing() -> None:
    pass


@pytest.fixture
def without_gradients():
    with torch.no_grad():
        yield


@pytest.fixture(params=VARIANTS)
def golden(request):
    """Return an ADM network, and recorded inputs and outputs of the published code, by name."""
    record = load_file(GOLDEN / f"adm_tiny_{request.param}_io.safetensors")
    return golden_network(request.param), record


@pytest.mark.usefixtures("without_gradients")
class TestPublishedNumbers:
    @pytest.mark.parametrize("size", ["", "_48x64"])
    def test_outputs_are_the_published_codes(self, golden, size):
        network, record = golden
        ours = network(record[f"x{size}"], record[f"t{size}"].float(), nothing)
        torch.testing.assert_close(ours, record[f"out{size}"], atol=1e-4, rtol=0)

    def test_a_picture_alone_is_as_in_its_batch(self, golden):
        network, record = golden
        for n in range(len(record["x"])):
            alone = network(record["x"][n : n + 1], record["t"][n : n + 1].float(), nothing)
            torch.testing.assert_close(alone, record["out"][n : n + 1], atol=1e-4, rtol=0)

    def test_one_timestep_for_all_is_each_ones(self, golden):
        network, record = golden
        time = record["t"][:1].float()
        torch.testing.assert_close(
            network(record["x"], time), network(record["x"], time.expand(2)), atol=1e-5, rtol=0
        )

    @pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
    def test_half_precision_is_near(self, golden, dtype):
        network, record = golden
        network.to_precision(dtype)
        x = record["x"].to(dtype, memory_format=torch.channels_last)
        error = network(x, record["t"].float()).float() - record["out"]
        assert error.square().mean() < (0.04 * record["out"].std()) ** 2

    def test_it_compiles_as_one_graph(self):
        # In another process, because the suite's type checks would break the graph.
        script = "\n".join(
            [
                "import torch",
                "from tests.support import adm_networks as adm",
                "from safetensors.torch import load_file",
                "for variant in adm.VARIANTS:",
                "    network = adm.golden_network(variant)",
                "    record = load_file(adm.GOLDEN / f'adm_tiny_{variant}_io.safetensors')",
                "    compiled = torch.compile(network, backend='eager', fullgraph=True)",
                "    with torch.no_grad():",
                "        ours = compiled(record['x'], record['t'].float())",
                "    torch.testing.assert_close(ours, record['out'], atol=1e-4, rtol=0)",
            ]
        )
        done = subprocess.run(
            [sys.executable, "-c", script],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr


class TestFullSize:
    def test_names_and_shapes_are_the_published_files(self):
        listed = json.loads((GOLDEN / "adm_256x256_uncond_state_dict.json").read_text())
        with torch.device("meta"):
            network = AdmNetwork(ADM_256_CONFIG)
        found = {name: list(t.shape) for name, t in network.state_dict().items()}
        assert found == listed["tensors"]
        assert sum(t.numel() for t in network.parameters()) == listed["parameters"]
        assert shape_of(listed["config"]) == ADM_256_CONFIG

    def test_a_forward_is_1120_gmac(self):
        with torch.device("meta"):
            network = AdmNetwork(ADM_256_CONFIG)
        assert round(count_macs(network, 256, 256) / 1e9) == 1120


class TestNoise:
    @pytest.mark.parametrize("timestep", [0, 1, 90, 500, 999])
    def test_timesteps_are_those_of_the_schedule(self, timestep):
        assert fractional_timestep(sigma_at(timestep)) == timestep

    def test_timesteps_between_rise_with_the_noise(self):
        sigmas = torch.logspace(-3, 3, 500).tolist()
        found = [fractional_timestep(sigma) for sigma in sigmas]
        assert found == sorted(found)
        assert (found[0], found[-1]) == (0, 999)

    @pytest.mark.parametrize("sigma", [0.01, 0.3, 40.0])
    def test_who_finds_the_noise_finds_the_picture(self, sigma):
        picture, noise = torch.rand(2, 3, 8, 8).mul(2).sub(1), torch.randn(2, 3, 8, 8)
        x, factors = picture + sigma * noise, variance_preserving_factors(sigma)
        abar = 1 / (1 + sigma**2)  # sigma^2 = (1 - abar) / abar
        shown = abar**0.5 * picture + (1 - abar) ** 0.5 * noise
        torch.testing.assert_close(x * factors.c_in, shown)
        estimate = x * factors.c_skip + noise * factors.c_out
        torch.testing.assert_close(estimate, picture, atol=1e-5 * sigma + 1e-6, rtol=0)


class TestAsAPrior:
    @pytest.mark.parametrize("size", [(37, 31), (32, 32), (5, 70)])
    def test_any_size(self, tmp_path, size):
        prior = load_prior(write_adm(tmp_path / "a.safetensors"), CPU, precision=torch.float32)
        x = torch.randn(2, 3, *size)
        found = prior.denoise(x, 0.5, nothing)
        assert found.shape == x.shape
        if size == (32, 32):
            factors = variance_preserving_factors(0.5)
            noise = random_adm()(x * factors.c_in, torch.tensor([factors.c_noise]))[:, :3]
            torch.testing.assert_close(found, x - 0.5 * noise, atol=1e-5, rtol=0)

    def test_it_is_seen_in_windows_of_its_own_size(self, tmp_path):
        prior = load_prior(write_adm(tmp_path / "a.safetensors"), CPU)
        assert prior.tiling.is_blended
        assert prior.tiling.fixed_side == 32

    def test_every_block_asks_whether_to_go_on(self):
        asked = 0

        def poll() -> None:
            nonlocal asked
            asked += 1

        random_adm()(torch.zeros(1, 3, 8, 8), torch.zeros(1), poll)
        assert asked >= 2 * (TINY.blocks + 1) * len(TINY.multipliers)

    def test_unlike_numbers_are_refused(self):
        for numbers in (
            {"heads": 2},
            {"head_channels": 0},
            {"channels": 40},
            {"head_channels": 48},
        ):
            with pytest.raises(ValueError, match=r"it has not|its widths"):
                replace(TINY, **numbers).validate()


def restored(image: JpegImage, prior: Prior, views: bool) -> Restoration:
    settings = SamplerSettings(steps=2, samples=2, turned_views=views)
    return restore(create_jpeg_run(image, prior, settings, seed=1), CancelToken()).drain()


class TestRuns:
    @pytest.mark.parametrize("size", [(37, 31), (80, 70)])
    def test_a_picture_is_restored_with_it(self, tmp_path, size):
        """An ADM prior with random weights gives a result in its bins, even with many tiles.

        The setting for dihedral transforms changes nothing, because training images were upright.
        """
        prior = load_prior(write_adm(tmp_path / "a.safetensors"), CPU, precision=torch.float32)
        image = jpeg_of(tmp_path, *size)
        turned, straight = (restored(image, prior, views) for views in (True, False))
        assert turned.consistency.inside_fraction == 1.0
        # Training images were upright: the prior sees no dihedral transforms.
        assert torch.equal(turned.image, straight.image)
