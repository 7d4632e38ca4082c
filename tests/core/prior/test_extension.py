"""A prior extended by another one: which network is evaluated, its description, and its border."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from ddrm_core.prior.architectures.mirrored_border import mirror_border
from ddrm_core.prior.extension import extend_info, extend_prior
from tests.support.ffdnet_networks import create_ffdnet, create_ffdnet_prior

LOW, HIGH = 0.05, 0.5
SMALLEST = 1e-9


def nothing() -> None:
    """Let the evaluation continue."""


@pytest.fixture
def inner():
    return create_ffdnet_prior(create_ffdnet())


@pytest.fixture
def extended(inner, tiny):
    return extend_prior(inner, tiny, (LOW, HIGH))


@pytest.mark.parametrize("sigma", [0.01, LOW - SMALLEST, LOW, 0.2, HIGH, HIGH + SMALLEST, 1.2])
def test_each_noise_level_is_that_of_one_prior(sigma, inner, tiny, extended, rng):
    x = torch.randn(1, 3, 37, 31, generator=rng)
    if LOW <= sigma <= HIGH:
        expected = inner.denoise(x, sigma, nothing, 5)
    else:  # far from the edges of a larger, mirrored image
        expected = tiny.denoise(mirror_border(x, 32), sigma, nothing, 5)[:, :, 32:-32, 32:-32]
    torch.testing.assert_close(extended.denoise(x, sigma, nothing, 5), expected)


@pytest.mark.parametrize("sigma", [0.02, 0.2, 0.8])
def test_a_flat_color_keeps_its_edges(sigma, bundled):
    extended = extend_prior(create_ffdnet_prior(create_ffdnet()), bundled, (LOW, HIGH))
    magenta = torch.tensor([1.0, -1.0, 1.0]).view(1, 3, 1, 1).expand(1, 3, 150, 150)
    estimate = extended.denoise(magenta, sigma, nothing)
    middle = estimate[:, :, 70:72, 70:72]
    corners = torch.stack(
        [estimate[:, :, i : i + 2, j : j + 2] for i in (0, 148) for j in (0, 148)]
    )
    assert float((corners - middle).abs().max()) * 127.5 < 6


def test_its_noise_levels_are_those_of_both(extended, tiny):
    assert extended.info.sigma_range == tiny.info.sigma_range
    assert (extended.info.inner_sigma_range, extended.info.outer) == ((LOW, HIGH), tiny.info)
    assert extended.info.size_multiple == 8


def test_its_tiles_suit_both_networks(inner, tiny, extended):
    rules = extended.tiling
    assert rules.halo == max(inner.tiling.halo, tiny.tiling.halo)
    assert rules.alignment % inner.tiling.alignment == rules.alignment % tiny.tiling.alignment == 0
    assert not rules.is_blended


def test_its_identity_depends_on_both_priors_and_the_range(inner, tiny):
    changed = replace(inner.info, sha256="1" * 64)
    identities = [
        extend_info(info, outer, levels).identity
        for info, outer, levels in (
            (inner.info, tiny.info, (LOW, HIGH)),
            (changed, tiny.info, (LOW, HIGH)),
            (inner.info, replace(tiny.info, sha256="2" * 64), (LOW, HIGH)),
            (inner.info, tiny.info, (LOW, 0.51)),
            (inner.info, tiny.info, (0.06, HIGH)),
        )
    ]
    assert len(set(identities)) == len(identities)
    assert all(len(identity) == 64 for identity in identities)
    assert identities[0] == extend_info(inner.info, tiny.info, (LOW, HIGH)).identity


def test_band_errors_are_those_of_the_prior_that_is_evaluated(inner, tiny):
    sigmas = torch.tensor([0.01, 0.1, 0.5])
    info = replace(inner.info, band_error=torch.rand(3, 3, 64) + 7, band_error_sigma=sigmas)
    extended = extend_info(info, tiny.info, (LOW, HIGH))
    for sigma in (0.005, 0.02, 0.049, 0.05, 0.07, 0.1, 0.3, 0.5, 0.51, 0.8, 1.3):
        owner = info if LOW <= sigma <= HIGH else tiny.info
        torch.testing.assert_close(
            extended.band_error_at(sigma), owner.band_error_at(sigma), rtol=1e-4, atol=1e-4
        )


def test_without_measured_band_errors_it_has_none(inner, tiny):
    assert extend_info(inner.info, tiny.info, (LOW, HIGH)).band_error is None


def test_copies_have_both_networks(extended, rng):
    x = torch.randn(1, 3, 16, 16, generator=rng)
    copied = extended.to_device(torch.device("cpu"))
    assert [type(n) for n in copied.networks] == [type(n) for n in extended.networks]
    copied.network.to_precision(torch.float32)
    assert copied.outer_network is not extended.outer_network
    described = extended.copy_without_weights()
    assert {p.device.type for n in described.networks for p in n.parameters()} == {"meta"}
    assert described.is_dihedral_trained
    assert torch.isfinite(extended.denoise(x, 0.7, nothing)).all()


def test_priors_that_do_not_fit_are_refused(inner, tiny, extended):
    with pytest.raises(ValueError, match="precisions"):
        extend_prior(replace(inner, precision=torch.bfloat16), tiny, (LOW, HIGH))
    with pytest.raises(ValueError, match="again"):
        extend_prior(extended, tiny, (LOW, HIGH))
    fixed = replace(tiny, info=replace(tiny.info, training_resolution=64))
    with pytest.raises(ValueError, match="one size"):
        extend_prior(inner, fixed, (LOW, HIGH))
