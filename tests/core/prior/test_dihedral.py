"""The eight dihedral transforms are different, and each has its inverse."""

from __future__ import annotations

import pytest
import torch

from ddrm_core.prior.checkpoint import load_prior
from ddrm_core.prior.dihedral import apply_transform, choose_transform, invert_transform
from tests.support.small_priors import write_prior

CPU = torch.device("cpu")


@pytest.mark.parametrize("view", range(8))
def test_a_view_is_undone(view, rng):
    x = torch.randn(2, 3, 5, 7, generator=rng)
    assert torch.equal(invert_transform(apply_transform(x, view), view), x)


def test_the_eight_are_the_symmetries_of_a_square():
    square = torch.arange(9.0).reshape(1, 1, 3, 3)
    views = {tuple(apply_transform(square, view).flatten().tolist()) for view in range(8)}
    turned = {
        tuple(torch.rot90(flipped, turns, (2, 3)).flatten().tolist())
        for flipped in (square, square.flip(3))
        for turns in range(4)
    }
    assert views == turned


def test_eight_steps_of_a_sample_see_all_and_pairs_never_the_same():
    for sample in (0, 1, 5):
        assert {choose_transform(step, sample) for step in range(8)} == set(range(8))
    assert all(choose_transform(step, 0) != choose_transform(step, 1) for step in range(8))


@pytest.mark.parametrize("view", [0, 1, 5, 7])
def test_a_prior_sees_it_so_and_answers_straight(tmp_path, view, rng):
    """A prior transforms its input and transforms the estimate back.

    Sides are multiples of the prior's size multiple, because padding would break the symmetry.
    """
    prior = load_prior(write_prior(tmp_path / "tiny.safetensors"), CPU, precision=torch.float32)
    x = torch.randn(1, 3, 24, 40, generator=rng)
    ours = prior.denoise(x, 0.3, lambda: None, view)
    theirs = invert_transform(prior.denoise(apply_transform(x, view), 0.3, lambda: None), view)
    torch.testing.assert_close(ours, theirs, atol=1e-5, rtol=0)
