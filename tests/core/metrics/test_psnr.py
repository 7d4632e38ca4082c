"""PSNR and consistency of cases with known values."""

from __future__ import annotations

from math import inf, log10

import numpy as np
import pytest
import torch

from ddrm_core.jpeg.operator import create_jpeg_operator, levels_to_tensors
from ddrm_core.metrics.psnr import psnr
from ddrm_core.verification.consistency import (
    ARITHMETIC_SLACK,
    measure_bin_distances,
    measure_consistency,
)
from tests.support.pictures import FACTORS, KINDS, jpeg_of, photograph


class TestPsnr:
    @pytest.mark.parametrize("difference", [1, 5, 255])
    def test_a_constant_difference(self, difference):
        black = np.zeros((31, 37, 3), np.uint8)
        expected = 20 * log10(255 / difference)
        assert psnr(black + np.uint8(difference), black) == pytest.approx(expected)
        assert psnr(black, black + np.uint8(difference)) == pytest.approx(expected)

    def test_one_pixel_of_many(self):
        a, b = np.zeros((4, 5), np.uint8), np.zeros((4, 5), np.uint8)
        b[2, 3] = 10
        assert psnr(a, b) == pytest.approx(10 * log10(255**2 / (100 / 20)))

    def test_equal_pictures(self):
        assert psnr(photograph(3, 4), photograph(3, 4)) == inf

    def test_different_shapes_are_no_question(self):
        with pytest.raises(ValueError, match="against"):
            psnr(photograph(3, 4), photograph(4, 3))


@pytest.mark.parametrize("sampling", KINDS)
class TestConsistency:
    @pytest.fixture
    def measured(self, tmp_path, sampling):
        """Return an operator, levels, and an image with all coefficients in mid-bin."""
        image = jpeg_of(tmp_path, 48, 96, quality=20, sampling=sampling)
        operator, levels = (
            create_jpeg_operator(image),
            levels_to_tensors(image, torch.device("cpu")),
        )
        x = torch.zeros(1, operator.color_model.channels, 48, 96)
        change = tuple(k - c for c, k in zip(operator.coefficients(x), levels, strict=True))
        return operator, levels, operator.shift_coefficients(x, change)

    def test_the_middle_of_every_bin(self, measured):
        operator, levels, x = measured
        result = measure_consistency(operator, levels, x, slack=ARITHMETIC_SLACK)
        assert (result.inside_fraction, result.exact_fraction) == (1.0, 1.0)
        assert result.worst.distance == 0
        counts = [(c.name, c.coefficients, c.inside, c.exact) for c in result.components]
        sizes = [k.numel() for k in levels]
        assert counts == [
            (n, s, s, s) for n, s in zip(operator.color_model.component_names, sizes, strict=True)
        ]

    def test_one_coefficient_moved_out_of_its_bin(self, measured, sampling):
        operator, levels, x = measured
        horizontal, vertical = FACTORS[sampling]
        for component, plane in enumerate(operator.planes):
            change = tuple(torch.zeros_like(k) for k in levels)
            band, row, column = 19, 1, 2
            change[component][0, band, row, column] = 0.6
            moved = operator.shift_coefficients(x, change)
            result = measure_consistency(operator, levels, moved, slack=ARITHMETIC_SLACK)
            total = sum(k.numel() for k in levels)
            assert result.inside_fraction == pytest.approx((total - 1) / total, abs=1e-12)
            assert result.exact_fraction == pytest.approx((total - 1) / total, abs=1e-12)
            missing = [c.coefficients - c.inside for c in result.components]
            assert missing == [int(i == component) for i in range(len(levels))]
            across, down = (1, 1) if component == 0 else (horizontal, vertical)
            worst = result.worst
            assert worst.component == operator.color_model.component_names[component]
            assert (worst.left, worst.top) == (8 * column * across, 8 * row * down)
            assert worst.distance == pytest.approx(
                0.1 * float(plane.quantizer_steps[band]), abs=0.005
            )

    def test_slack_is_in_grey_levels(self, measured):
        operator, levels, x = measured
        change = tuple(torch.zeros_like(k) for k in levels)
        change[0][0, 5, 0, 0] = 0.5 + 1 / float(
            operator.planes[0].quantizer_steps[5]
        )  # one gray level outside
        moved = operator.shift_coefficients(x, change)
        assert measure_consistency(operator, levels, moved, slack=1.1).inside_fraction == 1.0
        assert measure_consistency(operator, levels, moved, slack=0.9).inside_fraction < 1.0

    def test_the_worst_of_two_is_named(self, measured):
        operator, levels, x = measured
        change = tuple(torch.zeros_like(k) for k in levels)
        change[0][0, 3, 0, 1] = 0.7
        change[0][0, 3, 4, 7] = -2.0
        moved = operator.shift_coefficients(x, change)
        worst = measure_consistency(operator, levels, moved, slack=ARITHMETIC_SLACK).worst
        assert (worst.left, worst.top) == (56, 32)
        assert worst.distance == pytest.approx(
            1.5 * float(operator.planes[0].quantizer_steps[3]), abs=0.005
        )

    def test_the_map_shows_each_block_that_is_outside(self, measured):
        operator, levels, x = measured
        assert not measure_bin_distances(operator, levels, x).any()
        for component, plane in enumerate(operator.planes):
            change = tuple(torch.zeros_like(k) for k in levels)
            change[component][0, 10, 1, 2] = 0.6
            shown = measure_bin_distances(operator, levels, operator.shift_coefficients(x, change))
            assert shown.shape == (6, 12)
            down, across = plane.row_axis.factor, plane.column_axis.factor
            block = torch.zeros(6, 12)
            block[down : 2 * down, 2 * across : 3 * across] = 0.1 * float(plane.quantizer_steps[10])
            torch.testing.assert_close(shown, block, atol=0.006, rtol=0)

    def test_blocks_that_do_not_count(self, measured):
        operator, levels, x = measured
        change = tuple(torch.zeros_like(k) for k in levels)
        change[0][0, 3, 1, 2] = 5.0
        moved = operator.shift_coefficients(x, change)
        counted = [torch.ones(k.shape[2:], dtype=torch.bool) for k in levels]
        counted[0][1, 2] = False
        result = measure_consistency(
            operator, levels, moved, slack=ARITHMETIC_SLACK, block_masks=tuple(counted)
        )
        assert (result.inside_fraction, result.worst.distance) == (1.0, 0.0)
        assert result.components[0].coefficients == levels[0].numel() - 64
