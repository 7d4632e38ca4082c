"""Exact linear operators: laws, pseudo-inverses by numpy, and photographs."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from PIL import Image

from app.config.resources import EXAMPLE_IMAGE_PATH
from ddrm_core.metrics.psnr import psnr
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from ddrm_core.prior.checkpoint import load_prior
from ddrm_core.sampler.corrections.paper import PaperCorrection
from ddrm_core.sampler.ddrm import sample
from ddrm_core.sampler.noise import BlockNoise
from ddrm_core.sampler.protocols import MeasurementOperator
from ddrm_core.sampler.schedule import sigma_at, uniform_timesteps
from tests.support.linear_operators import (
    ExactCorrection,
    LinearOperator,
    inpainting,
    mean_downsampling,
)
from tests.support.pictures import as_pixels, as_x

CPU = torch.device("cpu")
GAINS_DB = {"means": 0.5, "inpainting": 10}
SIZES = [(37, 31), (8, 6), (1, 1), (5, 2)]


def operator_of(kind: str, height: int, width: int) -> LinearOperator:
    if kind == "means":
        return mean_downsampling(height, width)
    rng = torch.Generator().manual_seed(7)
    return inpainting(torch.rand(height, width, generator=rng) < 0.6)


@pytest.fixture(params=["inpainting", "means"])
def kind(request) -> str:
    return request.param


@pytest.fixture(params=SIZES, ids=lambda s: f"{s[0]}x{s[1]}")
def size(request) -> tuple[int, int]:
    return request.param


class TestLaws:
    def test_it_is_an_operator(self, kind, size):
        assert isinstance(operator_of(kind, *size), MeasurementOperator)

    def test_a_change_between_two_pictures_is_reached(self, kind, size, rng):
        operator = operator_of(kind, *size)
        x, z = torch.randn(2, 2, 3, *size, generator=rng)
        (here,), (there,) = operator.coefficients(x), operator.coefficients(z)
        (reached,) = operator.coefficients(operator.shift_coefficients(x, (there - here,)))
        torch.testing.assert_close(reached, there)

    def test_encoding_keeps_everything_and_decoding_is_its_right_inverse(self, kind, size, rng):
        operator = operator_of(kind, *size)
        x = torch.randn(2, 3, *size, generator=rng)
        (levels,) = operator.encode(x)
        assert torch.equal(levels, operator.coefficients(x)[0])
        torch.testing.assert_close(operator.encode(operator.decode((levels,)))[0], levels)

    def test_a_correction_measures_what_was_measured_and_does_nothing_twice(self, kind, size, rng):
        operator = operator_of(kind, *size)
        x, z = torch.randn(2, 2, 3, *size, generator=rng)
        correct = ExactCorrection(operator, operator.coefficients(z))
        once = correct(x, 0.3)
        torch.testing.assert_close(operator.coefficients(once)[0], correct.levels[0])
        torch.testing.assert_close(correct(once, 0.3), once)

    def test_it_is_the_papers_rule_with_the_whole_of_the_correction(self, kind, size, rng):
        operator = operator_of(kind, *size)
        x, z = torch.randn(2, 2, 3, *size, generator=rng)
        levels = operator.coefficients(z)
        paper = PaperCorrection(operator, operator.decode(levels), 1.0)
        torch.testing.assert_close(paper(x, 0.3), ExactCorrection(operator, levels)(x, 0.3))


@pytest.mark.parametrize("size", [(5, 7), (4, 6), (1, 3)])
def test_lifting_is_the_pseudo_inverse(kind, size):
    operator = operator_of(kind, *size)
    pixels = size[0] * size[1]
    units = torch.eye(pixels).reshape(pixels, 1, *size)
    matrix = operator.measure(units).flatten(1).T.numpy()
    measured = matrix.shape[0]
    shape = operator.measure(units[:1]).shape[1:]
    lifted = operator.lift(torch.eye(measured).reshape(measured, *shape)).flatten(1).T.numpy()
    np.testing.assert_allclose(lifted, np.linalg.pinv(matrix), atol=1e-6)


def test_a_sampled_picture_is_better_than_the_smallest_and_keeps_the_measurement(kind):
    with Image.open(EXAMPLE_IMAGE_PATH.with_name("budgie_branch_original.png")) as image:
        original = np.asarray(image.convert("RGB").crop((180, 30, 253, 91)))
    x, prior = as_x(original), load_prior(BUNDLED_PRIOR_PATH, CPU, precision=torch.float32)
    height, width = original.shape[:2]
    operator = operator_of(kind, height, width)
    levels = operator.coefficients(x)
    correct = ExactCorrection(operator, levels)
    steps = sample(
        lambda noisy, sigma: prior.denoise(noisy, sigma, lambda: None),
        correct,
        operator.decode(levels),
        sigmas=[sigma_at(t) for t in uniform_timesteps(300, 12)],
        eta=1.0,
        add_noise=BlockNoise(3, range(1), False),
    )
    *_, last = steps
    found, expected = operator.coefficients(last.estimates)[0], levels[0]
    torch.testing.assert_close(found, expected, atol=1e-5, rtol=0)
    before, after = (
        psnr(as_pixels(p).round().clip(0, 255).astype(np.uint8), original)
        for p in (operator.decode(levels), last.estimates)
    )
    assert after > before + GAINS_DB[kind]
