"""FFDNet as a denoiser: its arithmetic, its edges, its tiles and its precision."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
import torch

from ddrm_core.cancel import CancelToken
from ddrm_core.errors import OperationCancelled
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.prior.architectures.ffdnet import FFDNET, compute_reach
from ddrm_core.prior.architectures.mirrored_border import mirror_border
from ddrm_core.prior.architectures.operation_count import count_macs
from ddrm_core.prior.architectures.registry import encode_architecture, parse_architecture
from ddrm_core.prior.dihedral import apply_transform
from ddrm_core.tiling.denoiser import TiledDenoiser
from tests.support.ffdnet_networks import (
    SMALL,
    create_ffdnet,
    create_ffdnet_prior,
    denoise_by_authors_network,
)


def nothing() -> None:
    """Let the evaluation continue."""


@pytest.mark.parametrize("size", [(37, 31), (2, 2), (1, 5), (64, 48), (4, 60)])
def test_the_estimate_is_that_of_the_authors_far_from_all_edges(size, rng):
    network = create_ffdnet()
    x = torch.randn(2, 3, *size, generator=rng)
    estimate = create_ffdnet_prior(network).denoise(x, 0.2, nothing)
    padding = [(0, 0), (0, 0), (0, size[0] % 2), (0, size[1] % 2)]
    even = np.pad(x.numpy(), padding, mode="edge" if min(size) == 1 else "reflect")
    expected = denoise_by_authors_network(network, torch.from_numpy(even), 0.2)
    torch.testing.assert_close(estimate, expected[:, :, : size[0], : size[1]], atol=2e-5, rtol=0)


@pytest.mark.parametrize("size", [(40, 40), (37, 31)])
def test_a_flat_color_has_no_edges(size):
    prior = create_ffdnet_prior(create_ffdnet())
    magenta = torch.tensor([1.0, -1.0, 1.0]).view(1, 3, 1, 1).expand(1, 3, *size)
    estimate = prior.denoise(magenta, 0.1, nothing)
    # Unshuffled pixels have four phases, each of which has its own value.
    for phase in (estimate[:, :, i::2, j::2] for i in (0, 1) for j in (0, 1)):
        assert float((phase - phase[:, :, :1, :1]).abs().max()) < 1e-5


def test_pixels_affect_the_estimate_as_far_as_the_reach_and_no_farther(rng):
    prior = create_ffdnet_prior(create_ffdnet())
    x = torch.randn(1, 3, 60, 60, generator=rng)
    changed = x.clone()
    changed[:, :, 30, 30] += 5
    moved = (prior.denoise(x, 0.3, nothing) - prior.denoise(changed, 0.3, nothing)).abs()
    rows, columns = moved.amax((0, 1)).nonzero().T
    reach = compute_reach(SMALL)
    assert int(rows.min()) == int(columns.min()) == 30 - reach
    # The pixel is the first of its 2x2 block, whose second row and column are affected, too.
    assert int(rows.max()) == int(columns.max()) == 31 + reach


def test_tiles_are_exact(rng):
    prior = create_ffdnet_prior(create_ffdnet())
    x = torch.randn(1, 3, 131, 90, generator=rng)
    tiled = TiledDenoiser(
        lambda tile, sigma: prior.denoise(tile, sigma, nothing), prior.tiling, 50**2, nothing
    )
    assert len(prior.tiling.plan(Rectangle(0, 0, 90, 131), 50**2)) > 4
    torch.testing.assert_close(tiled(x, 0.3), prior.denoise(x, 0.3, nothing), atol=1e-5, rtol=0)


def test_a_thin_image_costs_less_than_its_mirrored_pixels(rng):
    """The periods of a thin image are exact, also in tiles and turned, and are counted."""
    prior = create_ffdnet_prior(create_ffdnet())
    thin, thick = 4, 6  # SMALL adds 6 pixels, as a mean over its layers
    x = torch.randn(1, 3, thin, 300, generator=rng)
    estimate = prior.denoise(x, 0.3, nothing)
    tiled = TiledDenoiser(
        lambda tile, sigma: prior.denoise(tile, sigma, nothing), prior.tiling, 400, nothing
    )
    assert len(prior.tiling.plan(Rectangle(0, 0, 300, thin), 400)) > 2
    torch.testing.assert_close(tiled(x, 0.3), estimate, atol=1e-5, rtol=0)
    turned = prior.denoise(x.mT.contiguous(), 0.3, nothing, 1)
    assert turned.shape == x.mT.shape
    macs = {rows: count_macs(prior.network, rows, 300) for rows in (thin, thick, thick + 2)}
    # The step from thick to thick + 2 is the cost of two rows.
    assert macs[thin] == 2 * thin * (macs[thick + 2] - macs[thick]) // 2
    assert macs[thin] < macs[thick]


def test_a_dihedral_transform_is_undone(rng):
    prior = create_ffdnet_prior(create_ffdnet())
    x = torch.randn(1, 3, 36, 30, generator=rng)
    plain = prior.denoise(x, 0.2, nothing)
    for transform in range(1, 8):
        turned = prior.denoise(apply_transform(x, transform), 0.2, nothing)
        estimate = prior.denoise(x, 0.2, nothing, transform)
        assert not torch.allclose(estimate, plain, atol=1e-3)
        torch.testing.assert_close(apply_transform(estimate, transform), turned)


def test_pixels_are_not_rounded_by_bfloat16(rng):
    network = create_ffdnet()
    x = torch.rand(1, 3, 32, 32, generator=rng) * 2 - 1
    exact = create_ffdnet_prior(network).denoise(x, 0.1, nothing)
    rounded_prior = replace(create_ffdnet_prior(create_ffdnet()), precision=torch.bfloat16)
    rounded_prior.network.to_precision(torch.bfloat16)
    weights = list(rounded_prior.network.parameters())[::2]
    inner = [torch.bfloat16] * (len(weights) - 2)
    assert [weight.dtype for weight in weights] == [torch.float32, *inner, torch.float32]
    estimate = rounded_prior.denoise(x, 0.1, nothing)
    assert estimate.dtype == torch.float32
    assert 0 < float((estimate - exact).abs().max()) < 0.05
    # bfloat16 has 8 significant bits; values of the estimate have more.
    assert not torch.equal(estimate, estimate.to(torch.bfloat16).float())


def test_an_evaluation_stops_between_layers(rng):
    token = CancelToken()
    token.cancel()
    with pytest.raises(OperationCancelled):
        create_ffdnet_prior(create_ffdnet()).denoise(
            torch.randn(1, 3, 8, 8, generator=rng), 0.2, token.raise_if_cancelled
        )


def test_a_header_names_the_network_completely(tmp_path):
    text = encode_architecture(FFDNET, SMALL)
    assert parse_architecture(text, tmp_path) == (FFDNET, SMALL)


@pytest.mark.parametrize("convolutions", [1, 0, "12", 2.5])
def test_a_config_that_describes_no_network_is_refused(convolutions, tmp_path):
    text = json.dumps({"kind": "ffdnet", "channels": 8, "convolutions": convolutions})
    with pytest.raises(ValueError, match="numbers"):
        parse_architecture(text, tmp_path)


@pytest.mark.parametrize(("size", "margin"), [((3, 4), 2), ((1, 2), 7), ((5, 3), 30)])
def test_mirrored_borders_are_numpys_symmetric_ones(size, margin, rng):
    x = torch.randn(1, 2, *size, generator=rng)
    pairs = [(0, 0), (0, 0), (margin, margin), (margin, margin)]
    expected = np.pad(x.numpy(), pairs, mode="symmetric")
    np.testing.assert_array_equal(mirror_border(x, margin).numpy(), expected)
