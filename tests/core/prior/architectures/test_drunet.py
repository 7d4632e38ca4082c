"""DRUNet: its tensors, its output as the published network's, and its edges."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from ddrm_core.cancel import CancelToken
from ddrm_core.errors import OperationCancelled
from ddrm_core.prior.architectures.drunet import (
    BORDER_PX,
    DRUNET_COLOR_CONFIG,
    HALO_PX,
    DrunetBlock,
    DrunetConfig,
    DrunetNetwork,
)
from ddrm_core.prior.architectures.operation_count import count_macs
from ddrm_core.prior.architectures.registry import create_meta_network, parse_architecture
from ddrm_core.prior.checkpoint import load_prior
from ddrm_core.restoration.restore import restore
from ddrm_core.restoration.run import create_jpeg_run
from ddrm_core.sampler.settings import SamplerSettings
from ddrm_core.tiling.denoiser import TiledDenoiser
from tests.support.drunet_networks import CPU, TINY, seeded_drunet, seeded_prior, write_drunet
from tests.support.paths import GOLDEN
from tests.support.pictures import jpeg_of


def nothing() -> None:
    """Do nothing: the poll function of an evaluation that is not cancelled."""


@pytest.fixture(scope="module")
def full_prior():
    return seeded_prior(DRUNET_COLOR_CONFIG)


def published_shapes() -> dict[str, tuple[int, ...]]:
    """Return names and shapes of the published checkpoint's tensors, written from the paper."""
    channels = (64, 128, 256, 512)
    shapes = {"m_head.weight": (64, 4, 3, 3), "m_tail.weight": (3, 64, 3, 3)}
    for level in range(4):
        c = channels[level]
        places = [f"m_body.{block}" for block in range(4)]
        if level < 3:
            places = [f"m_down{level + 1}.{block}" for block in range(4)]
            places += [f"m_up{level + 1}.{block}" for block in range(1, 5)]
            coarse = channels[level + 1]
            shapes[f"m_down{level + 1}.4.weight"] = (coarse, c, 2, 2)
            shapes[f"m_up{level + 1}.0.weight"] = (coarse, c, 2, 2)
        for place in places:
            for layer in (0, 2):
                shapes[f"{place}.res.{layer}.weight"] = (c, c, 3, 3)
    return shapes


class TestTheNetwork:
    def test_its_tensors_are_those_of_the_published_checkpoint(self):
        network = create_meta_network(DrunetNetwork, DRUNET_COLOR_CONFIG)
        shapes = {name: tuple(t.shape) for name, t in network.state_dict().items()}
        assert shapes == published_shapes()
        assert len(shapes) == 64
        assert sum(t.numel() for t in network.parameters()) == 32_640_960

    def test_its_output_is_that_of_spandrels_network(self, full_prior):
        golden = load_file(GOLDEN / "drunet_color.safetensors")
        output = full_prior.network.evaluate(golden["image"] - 0.5, golden["sigma"], nothing) + 0.5
        torch.testing.assert_close(output, golden["output"], rtol=0, atol=1e-5)

    def test_the_prior_is_that_network_in_units_of_the_program(self):
        """The image is x / 2 + 1/2, the map is sigma / 2, and mirrored pixels are cut off."""
        prior = seeded_prior()
        x = torch.randn(2, 3, 38, 42, generator=torch.manual_seed(0))
        border = [(0, 0), (0, 0), (BORDER_PX, BORDER_PX), (BORDER_PX, BORDER_PX)]
        padded = torch.from_numpy(np.pad(x.numpy(), border, mode="symmetric"))
        image = padded / 2 + 0.5
        noise_map = torch.full((2, 1, *image.shape[2:]), 0.3 / 2)
        network = prior.network
        h1 = network.m_head(torch.cat([image, noise_map], 1))
        h2 = network.m_down1(h1)
        h3 = network.m_up1(network.m_body(h2) + h2)
        expected = 2 * network.m_tail(h3 + h1) - 1
        expected = expected[:, :, BORDER_PX:-BORDER_PX, BORDER_PX:-BORDER_PX]
        torch.testing.assert_close(prior.denoise(x, 0.3, nothing), expected, rtol=1e-4, atol=1e-5)

    def test_every_image_has_a_noise_level_of_its_own(self):
        network = seeded_drunet()
        x = torch.randn(2, 3, 16, 16, generator=torch.manual_seed(0))
        together = network(x, torch.tensor([0.05, 0.2]), nothing)
        for i, level in enumerate((0.05, 0.2)):
            alone = network(x[i : i + 1], torch.tensor([level]), nothing)
            torch.testing.assert_close(together[i : i + 1], alone, rtol=1e-5, atol=1e-6)
        assert not torch.allclose(together, network(x, torch.tensor([0.05]), nothing), atol=1e-3)

    def test_the_outermost_convolutions_keep_float32(self):
        network = seeded_drunet()
        x = torch.randn(1, 3, 16, 16, generator=torch.manual_seed(0))
        exact = network(x, torch.tensor([0.1]), nothing)
        network.to_precision(torch.bfloat16)
        assert network.m_head.weight.dtype == network.m_tail.weight.dtype == torch.float32
        assert network.m_body[0].res[0].weight.dtype == torch.bfloat16
        rounded = network(x, torch.tensor([0.1]), nothing)
        torch.testing.assert_close(rounded, exact, rtol=0, atol=0.05)
        for block in network.modules():
            if isinstance(block, DrunetBlock):
                block.res[2].weight.zero_()
        network.m_up1[0].weight.zero_()  # only the path past all blocks is left
        in_bfloat16 = network(x, torch.tensor([0.1]), nothing)
        network.to_precision(torch.float32)
        assert torch.equal(network(x, torch.tensor([0.1]), nothing), in_bfloat16)

    def test_an_evaluation_can_be_cancelled_between_blocks(self):
        token, calls = CancelToken(), []

        def cancel_at_the_third() -> None:
            calls.append(1)
            if len(calls) == 3:
                token.cancel()
            token.raise_if_cancelled()

        with pytest.raises(OperationCancelled):
            seeded_drunet()(torch.zeros(1, 3, 8, 8), torch.tensor([0.1]), cancel_at_the_third)
        assert len(calls) == 3


class TestEdges:
    def test_a_flat_color_has_no_other_color_at_the_edges(self):
        """Estimates of flat colors repeat with the stride, up to the edges of the image."""
        prior = seeded_prior()
        color = torch.tensor([1.0, -1.0, 1.0])[None, :, None, None]
        estimate = prior.denoise(color.expand(1, 3, 24, 32), 0.1, nothing)
        period = TINY.size_multiple
        middle = estimate[:, :, 8 : 8 + period, 8 : 8 + period]
        torch.testing.assert_close(estimate, middle.repeat(1, 1, 12, 16), rtol=0, atol=1e-5)

    @pytest.mark.parametrize(("height", "width"), [(1, 1), (37, 31), (8, 8)])
    def test_any_size(self, height, width):
        x = torch.randn(1, 3, height, width, generator=torch.manual_seed(0))
        estimate = seeded_prior().denoise(x, 0.1, nothing)
        assert estimate.shape == x.shape
        assert bool(estimate.isfinite().all())

    def test_tiles_give_the_estimate_of_the_whole_image(self):
        """The receptive field of the tiny network is smaller than the halo."""
        prior = seeded_prior()
        assert (prior.tiling.halo, prior.tiling.alignment) == (HALO_PX, 2)
        x = torch.randn(1, 3, 40, 331, generator=torch.manual_seed(0))

        def denoise(tile: torch.Tensor, sigma: float) -> torch.Tensor:
            return prior.denoise(tile, sigma, nothing)

        tiled = TiledDenoiser(denoise, prior.tiling, 40 * 200, nothing)
        torch.testing.assert_close(tiled(x, 0.2), denoise(x, 0.2), rtol=0, atol=1e-5)


def test_every_level_is_in_its_bin_whatever_the_network_says(tmp_path, full_prior):
    settings = SamplerSettings(steps=2, samples=1)
    run = create_jpeg_run(jpeg_of(tmp_path, 16, 24, quality=30), full_prior, settings, seed=0)
    assert restore(run, CancelToken()).drain().consistency.inside_fraction == 1


def test_it_costs_eleven_times_what_ffdnet_costs():
    """Both without mirrored pixels; FFDNet has 0.21 MMAC per pixel."""
    network = create_meta_network(DrunetNetwork, DRUNET_COLOR_CONFIG)
    macs = count_macs(network, 1024 - 2 * BORDER_PX, 1024 - 2 * BORDER_PX)
    assert 2.0e6 < macs / 1024**2 < 2.2e6


class TestHeaders:
    def test_a_prior_of_it_is_read(self, tmp_path):
        prior = load_prior(write_drunet(tmp_path / "a.safetensors"), CPU)
        assert (prior.info.architecture, prior.info.size_multiple) == ("drunet", 2)
        assert prior.info.band_error is None

    @pytest.mark.parametrize(
        ("numbers", "words"),
        [
            ("", "'channels'"),
            (', "channels": [], "blocks": 1', "levels are not 1 to 6"),
            (', "channels": [8, 8, 8, 8, 8, 8, 8], "blocks": 1', "levels are not 1 to 6"),
            (', "channels": [8, 0], "blocks": 1', "not all from 1 to 4096"),
            (', "channels": [8], "blocks": 0', "not all from 1 to 4096"),
            (', "channels": [8], "blocks": 100000', "not all from 1 to 4096"),
            (', "channels": [8], "blocks": 65', "more than 64 blocks a level"),
            (', "channels": [8.5], "blocks": 1', "not all whole"),
            (', "channels": 8, "blocks": 1', "not all whole"),
        ],
    )
    def test_numbers_of_no_network_are_refused(self, tmp_path, numbers, words):
        with pytest.raises(ValueError, match=words):
            parse_architecture(f'{{"kind": "drunet"{numbers}}}', tmp_path / "a")

    def test_a_config_is_read_as_it_was_written(self, tmp_path):
        config = DrunetConfig((8, 16, 32), 2)
        file = write_drunet(tmp_path / "a.safetensors", config)
        assert load_prior(file, CPU).network.config == config
