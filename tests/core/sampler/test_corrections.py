"""The mean of the truncated normal, compared with quadrature, and laws of both corrections."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ddrm_core.jpeg.ddrm_paper_operator import create_ddrm_paper_operator
from ddrm_core.jpeg.operator import create_jpeg_operator, levels_to_tensors
from ddrm_core.sampler.corrections import truncated_normal
from ddrm_core.sampler.corrections.paper import PaperCorrection
from ddrm_core.sampler.corrections.truncated_normal import BinsCorrection, truncated_normal_mean
from ddrm_core.sampler.protocols import Correction
from tests.support.pictures import SAMPLINGS, jpeg_of

TOLERANCE = 0.004  # stated by `truncated_normal_mean`
DEVIATIONS = np.geomspace(1e-3, 400, 60)


def quadrature(offset: float, deviation: float) -> float:
    """Return the mean of a normal truncated to [-1/2, 1/2], by numerical integration in float64."""
    peak = min(max(offset, -0.5), 0.5)
    scale = min(deviation, deviation**2 / max(abs(offset - peak), 1e-300))
    low, high = max(-0.5, peak - 40 * scale), min(0.5, peak + 40 * scale)
    t = np.linspace(low, high, 20_001)
    density = np.exp(((peak - offset) ** 2 - (t - offset) ** 2) / (2 * deviation**2))
    return float(np.trapezoid(t * density, t) / np.trapezoid(density, t))


def mean_of(offset: float, deviation: float) -> float:
    return float(truncated_normal_mean(torch.tensor([offset]), torch.tensor([deviation]))[0])


@settings(max_examples=400, deadline=None)
@given(
    offset=st.floats(-400, 400) | st.floats(-2, 2),
    magnitude=st.floats(np.log(1e-3), np.log(400)),
)
@example(offset=0.0, magnitude=0.0)
@example(offset=0.5, magnitude=np.log(1e-3))
@example(offset=400.0, magnitude=np.log(400))
@example(offset=-24.5, magnitude=np.log(8))
def test_mean_of_the_cut_normal(offset, magnitude):
    deviation = float(np.exp(magnitude))
    assert mean_of(offset, deviation) == pytest.approx(quadrature(offset, deviation), abs=TOLERANCE)


def test_mean_on_a_dense_grid():
    offsets = np.concatenate([-np.geomspace(1e-3, 400, 60), [0], np.geomspace(1e-3, 400, 60)])
    grid = torch.from_numpy(offsets).float()
    for deviation in DEVIATIONS:
        ours = truncated_normal_mean(grid, torch.tensor(float(deviation))).numpy()
        expected = [quadrature(o, deviation) for o in offsets]
        np.testing.assert_allclose(ours, expected, atol=TOLERANCE)


@pytest.mark.parametrize("deviation", DEVIATIONS[::6])
def test_it_is_odd_and_rising_and_stays_in_the_bin(deviation):
    offsets = torch.arange(-3000, 3001) / 100
    means = truncated_normal_mean(offsets, torch.tensor(float(deviation)))
    torch.testing.assert_close(means, -means.flip(0), atol=1e-6, rtol=0)
    assert means.abs().max() <= 0.5
    assert (means.diff() > -TOLERANCE).all()
    assert (means[100::100] - means[:-100:100] > -1e-5).all()


def test_limits_are_the_clamp_and_the_middle():
    offsets = torch.linspace(-3, 3, 601)
    exact = truncated_normal_mean(offsets, torch.tensor(1e-4))
    torch.testing.assert_close(exact, offsets.clamp(-0.5, 0.5), atol=1e-3, rtol=0)
    assert truncated_normal_mean(offsets, torch.tensor(1e4)).abs().max() < 1e-3


def test_deviations_broadcast_over_bands(rng):
    offsets = torch.randn(2, 64, 3, 5, generator=rng)
    deviations = torch.rand(64, 1, 1, generator=rng) + 0.01
    together = truncated_normal_mean(offsets, deviations)
    for band in (0, 17, 63):
        alone = truncated_normal_mean(offsets[:, band], deviations[band, 0, 0])
        torch.testing.assert_close(together[:, band], alone)


@pytest.mark.parametrize("sampling", SAMPLINGS)
class TestBins:
    @pytest.fixture
    def measured(self, tmp_path, sampling):
        image = jpeg_of(tmp_path, 32, 48, quality=20, sampling=sampling)
        return create_jpeg_operator(image), levels_to_tensors(image, torch.device("cpu"))

    @pytest.mark.parametrize("deviation", [1e-3, 0.3, 3.0, 300.0])
    def test_any_estimate_ends_in_the_bins(self, measured, deviation, rng):
        operator, levels = measured
        errors = tuple(torch.full((64, 1, 1), deviation) for _ in levels)
        correct = BinsCorrection(operator, levels, lambda _: errors)
        assert isinstance(correct, Correction)
        estimate = torch.randn(3, 3, 32, 48, generator=rng)
        corrected = correct(estimate, 0.1)
        found = operator.coefficients(corrected)
        for c, k, plane in zip(found, levels, operator.planes, strict=True):
            outside = ((c - k).abs() - 0.5) * plane.quantizer_steps
            assert outside.max() < 0.005  # gray levels, float32
        assert corrected is estimate  # no second tensor of this size

    def test_strips_do_not_change_it(self, tmp_path, sampling, monkeypatch, rng):
        image = jpeg_of(tmp_path, 75, 53, quality=20, sampling=sampling)
        operator, levels = (
            create_jpeg_operator(image),
            levels_to_tensors(image, torch.device("cpu")),
        )
        errors = tuple(torch.rand(64, 1, 1, generator=rng) + 0.01 for _ in levels)
        estimate = torch.randn(2, 3, 75, 53, generator=rng) * 0.3
        found = []
        for pixels in (1, 53 * 40, 1 << 20):
            monkeypatch.setattr(truncated_normal, "STRIP_PIXELS", pixels)
            found.append(BinsCorrection(operator, levels, lambda _: errors)(estimate.clone(), 0.1))
        torch.testing.assert_close(found[0], found[2], atol=1e-5, rtol=0)
        torch.testing.assert_close(found[1], found[2], atol=1e-5, rtol=0)

    def test_a_trusted_estimate_in_the_bins_is_kept(self, measured):
        operator, levels = measured
        x = operator.shift_coefficients(
            torch.zeros(1, 3, 32, 48),
            tuple(
                k - c
                for c, k in zip(
                    operator.coefficients(torch.zeros(1, 3, 32, 48)), levels, strict=True
                )
            ),
        )
        errors = tuple(torch.full((64, 1, 1), 1e-3) for _ in levels)
        correct = BinsCorrection(operator, levels, lambda _: errors)
        torch.testing.assert_close(correct(x.clone(), 0.1), x, atol=1e-4, rtol=0)

    def test_the_error_is_asked_for_at_the_sigma(self, measured):
        operator, levels = measured
        asked = []

        def errors(sigma: float) -> tuple[torch.Tensor, ...]:
            asked.append(sigma)
            return tuple(torch.ones(64, 1, 1) for _ in levels)

        BinsCorrection(operator, levels, errors)(torch.zeros(1, 3, 32, 48), 0.7)
        assert asked == [0.7]


class TestPaper:
    @pytest.mark.parametrize("eta_b", [0.0, 0.4, 1.0])
    def test_it_is_equation_5(self, eta_b, rng):
        operator = create_ddrm_paper_operator(10)
        y = operator.encode(torch.rand(2, 3, 32, 48, generator=rng) * 2 - 1)
        f = torch.rand(2, 3, 32, 48, generator=rng) * 2 - 1
        wrapped = f - operator.decode(operator.encode(f)) + operator.decode(y)
        expected = eta_b * wrapped + (1 - eta_b) * f
        ours = PaperCorrection(operator, operator.decode(y), eta_b)(f, 0.5)
        torch.testing.assert_close(ours, expected, atol=1e-5, rtol=0)

    def test_in_full_it_agrees_with_the_levels(self, rng):
        operator = create_ddrm_paper_operator(10)
        y = operator.encode(torch.rand(1, 3, 32, 48, generator=rng) * 2 - 1)
        f = torch.rand(1, 3, 32, 48, generator=rng) * 2 - 1
        ours = operator.encode(PaperCorrection(operator, operator.decode(y), 1.0)(f, 0.5))
        different = sum(int((a != b).sum()) for a, b in zip(ours, y, strict=True))
        assert different <= 2  # values half-way between two levels may be rounded to either
