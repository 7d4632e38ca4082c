"""Noise depends on its position, sample and draw alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from ddrm_core.sampler.noise import BLOCK_PX, BlockNoise

NOISE = BlockNoise(7, range(1), False)


def drawn(noise: BlockNoise, draw: int, size: tuple[int, int] = (31, 37)) -> torch.Tensor:
    """Return the standard normal noise of one draw for all samples, (samples, 3, h, w)."""
    x = torch.zeros(len(noise.sample_numbers), 3, *size)
    noise(draw, x, 1.0)
    return x


def test_batch_and_order_do_not_matter():
    together = drawn(replace(NOISE, sample_numbers=[0, 1, 2, 3]), 5)
    swapped = replace(NOISE, sample_numbers=[3, 1])
    drawn(swapped, 0)  # an earlier draw has no effect
    again = drawn(swapped, 5)
    assert torch.equal(again[0], together[3])
    assert torch.equal(again[1], together[1])


def test_seeds_samples_and_draws_differ():
    fields = [
        drawn(replace(NOISE, seed=seed, sample_numbers=[sample]), draw)[0]
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
    assert torch.equal(drawn(zero, 0), drawn(zero, 0))
    assert not torch.equal(drawn(zero, 0), drawn(NOISE, 0))


def test_antithetic_pairs_are_opposite():
    noise = drawn(replace(NOISE, sample_numbers=range(4), antithetic=True), 2)
    assert torch.equal(noise[0], -noise[1])
    assert torch.equal(noise[2], -noise[3])
    assert not torch.equal(noise[0].abs(), noise[2].abs())
    alone = drawn(replace(NOISE, sample_numbers=[3], antithetic=True), 2)
    assert torch.equal(alone[0], noise[3])


@pytest.mark.parametrize("size", [(1, 1), (31, 37), (BLOCK_PX, BLOCK_PX), (BLOCK_PX + 1, 150)])
def test_a_smaller_picture_is_the_corner_of_a_larger_one(size):
    height, width = size
    large, small = drawn(NOISE, 3, (150, 170)), drawn(NOISE, 3, size)
    assert torch.equal(small, large[:, :, :height, :width])


@pytest.mark.parametrize(("left", "top"), [(8, 16), (56, 64), (64, 8), (72, 136)])
def test_a_part_of_a_picture_has_the_noise_of_its_place(left, top):
    large = drawn(NOISE, 3, (200, 170))
    part = drawn(replace(NOISE, left=left, top=top), 3, (31, 97))
    assert torch.equal(part, large[:, :, top : top + 31, left : left + 97])


def test_it_is_added_as_often_as_asked_for():
    x = torch.full((2, 6, 70, 9), 0.5)
    noise = replace(NOISE, sample_numbers=[4, 5], antithetic=True)
    noise(1, x, 0.25)
    unit = torch.zeros_like(x)
    noise(1, unit, 1.0)
    torch.testing.assert_close(x, 0.5 + 0.25 * unit)
    assert torch.equal(unit[0], -unit[1])
    assert not torch.equal(unit[0, :3], unit[0, 3:])  # black has noise of its own


def test_it_is_unit_normal_and_white():
    noise = drawn(replace(NOISE, sample_numbers=range(2)), 1, (200, 200))
    assert noise.shape == (2, 3, 200, 200)
    assert noise.dtype == torch.float32
    assert float(noise.mean()) == pytest.approx(0, abs=0.01)
    assert float(noise.var()) == pytest.approx(1, abs=0.02)
    assert float((noise**4).mean()) == pytest.approx(3, abs=0.1)
    for shift in (1, BLOCK_PX):  # no block repeats its neighbor either
        assert abs(float((noise[..., shift:] * noise[..., :-shift]).mean())) < 0.02
        assert abs(float((noise[..., shift:, :] * noise[..., :-shift, :]).mean())) < 0.02
    assert abs(float((noise[:, 0] * noise[:, 1]).mean())) < 0.02
