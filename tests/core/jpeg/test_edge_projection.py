"""Odd-sized images agree in every coefficient; other tables; errors on reduced planes."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from PIL import Image

from app.config.resources import EXAMPLE_IMAGE_PATH
from ddrm_core.errors import InvalidSetting
from ddrm_core.jpeg.assumed_levels import assume_quality
from ddrm_core.jpeg.edge_projection import has_repeated_edges, project_edges_to_bins
from ddrm_core.jpeg.expected_error import downsample_band_errors
from ddrm_core.jpeg.operator import (
    create_coded_area_operator,
    create_jpeg_operator,
    levels_to_tensors,
)
from ddrm_core.jpeg.read import read_jpeg
from ddrm_core.verification.consistency import ARITHMETIC_SLACK, measure_consistency
from tests.support.pictures import (
    FACTORS,
    SAMPLINGS,
    crop_without_decoding,
    jpeg_of,
    photograph,
    write_jpeg,
)

CPU = torch.device("cpu")
ORIGINAL = EXAMPLE_IMAGE_PATH.with_name("budgie_branch_original.png")


def projected(operator, levels, x):
    """Return `x` with coefficients moved into their bins once, without repetition.

    Once suffices for complete blocks.
    """
    offsets = [c - k for c, k in zip(operator.coefficients(x), levels, strict=True)]
    return operator.shift_coefficients(x, tuple(o.clamp(-0.4, 0.4) - o for o in offsets))


@pytest.mark.parametrize("size", [(31, 37), (38, 34), (5, 3), (1, 1), (33, 16), (16, 49)])
@pytest.mark.parametrize("sampling", SAMPLINGS)
@pytest.mark.parametrize("quality", [10, 50])
def test_every_coefficient_is_in_its_bin(tmp_path, sampling, size, quality, rng):
    image = jpeg_of(tmp_path, *size, quality=quality, sampling=sampling)
    operator, levels = create_jpeg_operator(image), levels_to_tensors(image, CPU)
    x = operator.decode(levels) + 0.05 * torch.randn(1, 3, *size, generator=rng)
    x = projected(operator, levels, x)
    before = x.clone()
    agreed = project_edges_to_bins(operator, levels, x)
    result = measure_consistency(operator, levels, agreed, slack=ARITHMETIC_SLACK)
    assert result.inside_fraction == 1.0, result.worst
    horizontal, vertical = FACTORS[sampling]
    rows, columns = (
        size[0] // (8 * vertical) * 8 * vertical,
        size[1] // (8 * horizontal) * 8 * horizontal,
    )
    inner = (..., slice(rows), slice(columns))
    assert torch.equal(agreed[inner], before[inner])
    assert torch.equal(x, before)


def test_whole_mcus_are_left_as_they_are(tmp_path, rng):
    image = jpeg_of(tmp_path, 32, 48)
    operator, levels = create_jpeg_operator(image), levels_to_tensors(image, CPU)
    x = torch.randn(1, 3, 32, 48, generator=rng)
    assert torch.equal(project_edges_to_bins(operator, levels, x), x)


class TestEdges:
    @pytest.mark.parametrize("quality", [5, 10, 30, 50, 75, 90, 95, 100])
    @pytest.mark.parametrize("sampling", SAMPLINGS)
    def test_an_encoder_repeats_them(self, tmp_path, sampling, quality):
        image = jpeg_of(tmp_path, 43, 37, quality=quality, sampling=sampling)
        assert has_repeated_edges(create_jpeg_operator(image), levels_to_tensors(image, CPU))

    @pytest.mark.parametrize("quality", [10, 75, 95, 100])
    def test_sharp_colours_elsewhere_do_not_matter(self, tmp_path, quality):
        """The repetition of edge pixels as padding is detected in an image with sharp colors.

        Coefficients at sharp colors are outside their bins already because decoders filter chroma.
        """
        with Image.open(ORIGINAL) as original:
            pixels = np.asarray(original)[20:171, 150:281]
        path = write_jpeg(tmp_path / "a.jpg", pixels, quality=quality, sampling="4:2:0")
        image = read_jpeg(path)
        assert has_repeated_edges(create_jpeg_operator(image), levels_to_tensors(image, CPU))

    @pytest.mark.parametrize("quality", [30, 75, 95])
    @pytest.mark.parametrize("sampling", ["grey", "4:4:4", "4:2:0"])
    def test_a_crop_without_decoding_hides_something_behind_them(self, tmp_path, sampling, quality):
        pixels = photograph(48, 48, grey=sampling == "grey")
        path = write_jpeg(tmp_path / "a.jpg", pixels, quality=quality, sampling=sampling)
        image = read_jpeg(crop_without_decoding(path, 42, 43))
        assert not has_repeated_edges(create_jpeg_operator(image), levels_to_tensors(image, CPU))

    @pytest.mark.parametrize("sampling", SAMPLINGS)
    def test_the_coded_area_can_have_any_levels(self, tmp_path, sampling, rng):
        image = jpeg_of(tmp_path, 43, 37, quality=50, sampling=sampling)
        operator, levels = create_coded_area_operator(image), levels_to_tensors(image, CPU)
        horizontal, vertical = FACTORS[sampling]
        assert operator.height % (8 * vertical) == operator.width % (8 * horizontal) == 0
        wanted = tuple(10 * torch.randn(k.shape, generator=rng) for k in levels)
        x = torch.zeros(1, 3, operator.height, operator.width)
        change = tuple(w - c for w, c in zip(wanted, operator.coefficients(x), strict=True))
        found = operator.coefficients(operator.shift_coefficients(x, change))
        for w, c in zip(wanted, found, strict=True):
            torch.testing.assert_close(c, w, atol=1e-3, rtol=0)

    @pytest.mark.parametrize("sampling", SAMPLINGS)
    def test_the_coded_area_shows_the_same_picture(self, tmp_path, sampling):
        image = jpeg_of(tmp_path, 43, 37, quality=50, sampling=sampling)
        levels = levels_to_tensors(image, CPU)
        larger = create_coded_area_operator(image).decode(levels)[:, :, :42, :36]
        torch.testing.assert_close(
            larger, create_jpeg_operator(image).decode(levels)[:, :, :42, :36]
        )


class TestAssumedQuality:
    @pytest.mark.parametrize("sampling", ["grey", "4:4:4", "4:2:0"])
    def test_levels_are_those_of_compressing_the_shown_picture_again(self, tmp_path, sampling):
        image = jpeg_of(tmp_path, 31, 37, quality=90, sampling=sampling)
        assumed = assume_quality(image, 20)
        assert assumed.quality.factor == 20
        assert assumed.quality.is_exact
        with Image.open(image.path) as shown:
            again = write_jpeg(tmp_path / "b.jpg", np.asarray(shown), quality=20, sampling=sampling)
        expected = read_jpeg(again)
        assert all(map(np.array_equal, assumed.quantization_tables, expected.quantization_tables))
        for ours, libjpegs in zip(assumed.levels, expected.levels, strict=True):
            assert ours.dtype == libjpegs.dtype
            assert (ours != libjpegs).mean() < 0.01  # rounding of decoder and encoder
            assert np.abs(ours - libjpegs).max() <= 1

    def test_the_file_and_the_first_reading_stay(self, tmp_path):
        image = jpeg_of(tmp_path, 16, 24, quality=90)
        levels = [k.copy() for k in image.levels]
        assumed = assume_quality(image, 20)
        assert all(map(np.array_equal, image.levels, levels))
        assert (assumed.header, assumed.size) == (image.header, image.size)

    @pytest.mark.parametrize("quality", [0, 101, -5])
    def test_qualities_off_the_scale_are_refused(self, tmp_path, quality):
        with pytest.raises(InvalidSetting) as error:
            assume_quality(jpeg_of(tmp_path, 8, 8), quality)
        assert (error.value.name, error.value.value) == ("quality", quality)


class TestErrorOnPlane:
    def test_nothing_changes_at_full_resolution(self, rng):
        errors = torch.rand(64, generator=rng)
        torch.testing.assert_close(downsample_band_errors(errors, 1, 1), errors)

    @pytest.mark.parametrize(("rows", "columns", "share"), [(2, 2, 0.5), (1, 2, 0.5**0.5)])
    def test_means_of_white_noise_have_less_of_it(self, rows, columns, share):
        torch.testing.assert_close(
            downsample_band_errors(torch.ones(64), rows, columns), torch.full((64,), share)
        )

    def test_each_axis_has_its_own_factor(self):
        """Band errors after halving the rows are those of the lower half of the row frequencies.

        Halving the columns does not change the row frequencies. Here, errors grow with the row
        frequency.
        """
        ramp = torch.arange(8.0)[:, None].expand(8, 8)
        halved_rows = downsample_band_errors(ramp.flatten(), 2, 1).reshape(8, 8)
        halved_columns = downsample_band_errors(ramp.flatten(), 1, 2).reshape(8, 8)
        torch.testing.assert_close(halved_rows, ramp / 2 * 0.5**0.5)
        torch.testing.assert_close(halved_columns, ramp * 0.5**0.5)
