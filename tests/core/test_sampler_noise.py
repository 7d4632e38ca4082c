"""Noise is a function of its place, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from ddrm_core.sampler.noise import BLOCK_PX, BlockNoise

NOISE = BlockNoise(7, range(1), 31, 37, False, torch.device("cpu"))


def test_batch_and_order_do_not_matter():
    together = replace(NOISE, samples=[0, 1, 2, 3])(5)
    swapped = replace(NOISE, samples=[3, 1])
    swapped(0)  # an earlier draw leaves no state behind
    again = swapped(5)
    assert torch.equal(again[0], together[3])
    assert torch.equal(again[1], together[1])


def test_seeds_samples_and_draws_differ():
    fields = [
        replace(NOISE, seed=seed, samples=[sample])(draw)[0]
        for seed in (0, 1, 2**32, 2**63 - 1)
        for sample in (0, 1)
        for draw in (0, 1)
    ]
    for i, a in enumerate(fields):
        for b in fields[:i]:
            correlation = (a * b).mean() / (a.std() * b.std())
            assert abs(float(correlation)) < 0.1


def test_seed_0_is_a_seed():
    zero = replace(NOISE, seed=0)
    assert torch.equal(zero(0), zero(0))
    assert not torch.equal(zero(0), NOISE(0))


def test_antithetic_pairs_are_opposite():
    noise = replace(NOISE, samples=range(4), antithetic=True)(2)
    assert torch.equal(noise[0], -noise[1])
    assert torch.equal(noise[2], -noise[3])
    assert not torch.equal(noise[0].abs(), noise[2].abs())
    alone = replace(NOISE, samples=[3], antithetic=True)(2)
    assert torch.equal(alone[0], noise[3])


@pytest.mark.parametrize("size", [(1, 1), (31, 37), (BLOCK_PX, BLOCK_PX), (BLOCK_PX + 1, 150)])
def test_a_smaller_picture_is_the_corner_of_a_larger_one(size):
    height, width = size
    large = replace(NOISE, height=150, width=170)(3)
    small = replace(NOISE, height=height, width=width)(3)
    assert torch.equal(small, large[:, :, :height, :width])


def test_it_is_unit_normal_and_white():
    noise = replace(NOISE, samples=range(2), height=200, width=200)(1)
    assert noise.shape == (2, 3, 200, 200)
    assert noise.dtype == torch.float32
    assert float(noise.mean()) == pytest.approx(0, abs=0.01)
    assert float(noise.var()) == pytest.approx(1, abs=0.02)
    assert float((noise**4).mean()) == pytest.approx(3, abs=0.1)
    for shift in (1, BLOCK_PX):  # also no block repeats its neighbour
        assert abs(float((noise[..., shift:] * noise[..., :-shift]).mean())) < 0.02
        assert abs(float((noise[..., shift:, :] * noise[..., :-shift, :]).mean())) < 0.02
    assert abs(float((noise[:, 0] * noise[:, 1]).mean())) < 0.02
