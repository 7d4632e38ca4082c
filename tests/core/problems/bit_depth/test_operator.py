"""Laws of the bit depth operator for every depth and color, and the authors' formula."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from ddrm_core.problems.bit_depth.detect import levels_from_pixels
from ddrm_core.problems.bit_depth.operator import BitDepthOperator, create_bit_depth_operator
from ddrm_core.problems.bit_depth.settings import ReconstructionPoint
from ddrm_core.sampler.corrections.paper import PaperCorrection
from ddrm_core.sampler.corrections.truncated_normal import BinsCorrection
from ddrm_core.sampler.protocols import MeasurementOperator
from tests.support.pictures import as_x, photograph, pixels_of

KINDS = {"grey": 1, "RGB": 3, "CMYK": 4}
SIZE = (37, 31)


@pytest.fixture(params=range(1, 8))
def bits(request) -> int:
    return request.param


@pytest.fixture(params=KINDS)
def kind(request) -> str:
    return request.param


@pytest.fixture(params=ReconstructionPoint, ids=str)
def shown_as(request) -> ReconstructionPoint:
    return request.param


def pictures(rng: torch.Generator, operator: BitDepthOperator, count: int = 2) -> torch.Tensor:
    return torch.rand(count, operator.color_model.channels, *SIZE, generator=rng) * 2.4 - 1.2


def channels_first(pixels: np.ndarray) -> np.ndarray:
    return pixels[None] if pixels.ndim == 2 else pixels.transpose(2, 0, 1)


class TestLaws:
    def test_it_is_an_operator(self, kind, bits, shown_as):
        assert isinstance(
            create_bit_depth_operator(KINDS[kind], bits, shown_as), MeasurementOperator
        )

    def test_encoding_rounds_the_coefficients(self, kind, bits, shown_as, rng):
        operator = create_bit_depth_operator(KINDS[kind], bits, shown_as)
        x = pictures(rng, operator)
        assert torch.equal(operator.encode(x)[0], operator.coefficients(x)[0].round())

    def test_every_change_is_reached(self, kind, bits, shown_as, rng):
        operator = create_bit_depth_operator(KINDS[kind], bits, shown_as)
        x = pictures(rng, operator)
        (here,) = operator.coefficients(x)
        change = torch.randn(here.shape, generator=rng)
        (there,) = operator.coefficients(operator.shift_coefficients(x, (change,)))
        torch.testing.assert_close(there, here + change, atol=1e-4, rtol=1e-5)

    def test_what_is_shown_has_the_levels_it_is_shown_for(self, kind, bits, shown_as, rng):
        operator = create_bit_depth_operator(KINDS[kind], bits, shown_as)
        shape = (2, KINDS[kind], *SIZE)
        levels = torch.randint(0, 1 << bits, shape, generator=rng).float()
        assert torch.equal(operator.encode(operator.decode((levels,)))[0], levels)

    def test_a_change_with_a_leading_1_is_for_every_picture(self, kind, bits, shown_as, rng):
        operator = create_bit_depth_operator(KINDS[kind], bits, shown_as)
        x = pictures(rng, operator, 3)
        change = torch.randn(1, KINDS[kind], *SIZE, generator=rng)
        repeated = operator.shift_coefficients(x, (change.expand(3, -1, -1, -1),))
        torch.testing.assert_close(operator.shift_coefficients(x, (change,)), repeated)


class TestPixels:
    def test_every_8_bit_picture_has_its_first_bits_as_levels(self, kind, bits, shown_as):
        """The levels of 8-bit pixels are their first bits, even for values at an edge of a bin."""
        pixels = pixels_of(kind, *SIZE)
        pixels.flat[:256] = np.arange(256)
        if kind == "grey":
            pixels = pixels.reshape(SIZE)
        operator = create_bit_depth_operator(KINDS[kind], bits, shown_as)
        (levels,) = operator.encode(as_x(pixels))
        assert np.array_equal(levels[0].numpy(), channels_first(levels_from_pixels(pixels, bits)))

    def test_bins_are_as_wide_as_the_values_they_stand_for(self, bits):
        """A bin contains exactly the real numbers that round to an 8-bit value of the bin."""
        operator = create_bit_depth_operator(1, bits, ReconstructionPoint.MIDDLE)
        greys = torch.arange(256.0).reshape(1, 1, 256)
        for moved in (greys - 0.499, greys + 0.499):
            levels = operator.pixels_to_coefficients(moved).round().flatten().numpy()
            assert np.array_equal(levels, np.arange(256) >> (8 - bits))
        before = operator.pixels_to_coefficients(torch.full((1, 1, 1), -0.501))
        assert float(before.round()) == -1

    def test_the_middle_is_the_mean_of_the_values_of_a_bin(self, bits):
        operator = create_bit_depth_operator(1, bits, ReconstructionPoint.MIDDLE)
        level = (1 << bits) - 1
        shown = operator.decode((torch.full((1, 1, 1, 1), float(level)),))
        values = [v for v in range(256) if v >> (8 - bits) == level]
        assert float(operator.color_model.to_pixels(shown)) == pytest.approx(
            np.mean(values), abs=1e-4
        )

    def test_the_lower_edge_is_what_the_authors_show(self):
        """Decoding to a bin's lower edge gives the pixels of the authors' code.

        A pixel x has the level k = int((x + 1) / 2 * 255) // 32, which is decoded as
        k / (255 / 32) * 2 - 1.
        """
        x = as_x(photograph(*SIZE))
        operator = create_bit_depth_operator(3, 3, ReconstructionPoint.LOWER_EDGE)
        theirs = torch.round((x + 1) / 2 * 255).int() // 32
        assert torch.equal(operator.encode(x)[0], theirs.float())
        expected = theirs / (255 / 32) * 2 - 1
        torch.testing.assert_close(operator.decode(operator.encode(x)), expected)


class TestCorrections:
    def test_bins_puts_every_pixel_into_its_bin(self, kind, bits, rng):
        operator = create_bit_depth_operator(KINDS[kind], bits, ReconstructionPoint.MIDDLE)
        levels = operator.encode(pictures(rng, operator, 1))
        for error in (0.001, 0.3, 4.0):
            correct = BinsCorrection(operator, levels, lambda _, e=error: (torch.tensor(e),))
            (found,) = operator.coefficients(correct(pictures(rng, operator), 0.1))
            assert float((found - levels[0]).abs().max()) <= 0.5 + 1e-4

    def test_paper_wraps_an_estimate_into_the_bin_the_same_for_both_points(self, bits, rng):
        results = []
        x, z = torch.rand(2, 1, 3, *SIZE, generator=rng) * 2 - 1
        for shown_as in ReconstructionPoint:
            operator = create_bit_depth_operator(3, bits, shown_as)
            levels = operator.encode(z)
            correct = PaperCorrection(operator, operator.decode(levels), 1.0)
            results.append(correct(x, 0.1))
            (found,) = operator.coefficients(results[-1])
            assert float((found - levels[0]).abs().max()) <= 0.5 + 1e-4
        torch.testing.assert_close(*results)
