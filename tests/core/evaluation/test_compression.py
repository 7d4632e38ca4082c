"""Originals, their JPEGs, and the operator of the DDRM paper instead of a JPEG."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from ddrm_core.cancel import CancelToken
from ddrm_core.evaluation.compression import compress_with_libjpeg, compress_with_paper_operator
from ddrm_core.evaluation.originals import load_original
from ddrm_core.evaluation.protocol import EvaluationProtocol, OperatorKind
from ddrm_core.formats.unsupported_format import UnsupportedFormat, UnsupportedImage
from ddrm_core.jpeg.libjpeg.client import read_levels
from ddrm_core.jpeg.linear_maps.dct import block_dct, dct_basis_images
from ddrm_core.metrics.psnr import psnr
from ddrm_core.problems.ddrm_paper import create_ddrm_paper_problem, decimate_band_errors
from ddrm_core.problems.protocols import InverseProblem, ProblemTile
from ddrm_core.restoration.restore import restore
from ddrm_core.restoration.run import create_run
from tests.support.evaluation import SMALL, saved
from tests.support.pictures import photograph

CPU = torch.device("cpu")
WHOLE, PAPER = EvaluationProtocol.WHOLE_IMAGE, EvaluationProtocol.PAPER256
LIBJPEG, SURROGATE = OperatorKind.LIBJPEG, OperatorKind.DDRM_PAPER


def triangle_weights(inputs: int, outputs: int) -> np.ndarray:
    """Return the matrix that resizes a line of pixels by a triangle filter.

    Rows are output pixels, columns input pixels. The triangle is as wide as two input pixels or two
    output pixels, whichever is wider.
    """
    reach = max(inputs / outputs, 1)
    centres = (np.arange(outputs)[:, None] + 0.5) * inputs / outputs
    weights = np.maximum(0, 1 - np.abs(np.arange(inputs) + 0.5 - centres) / reach)
    return weights / weights.sum(1, keepdims=True)


class TestOriginals:
    def test_whole_pictures_are_as_stored(self, tmp_path):
        for grey in (False, True):
            pixels = photograph(31, 37, grey=grey)
            path = saved(tmp_path, "a.png", pixels)
            assert np.array_equal(load_original(path, WHOLE, LIBJPEG), pixels)

    @pytest.mark.parametrize("size", [(300, 420), (421, 300), (64, 100)])
    def test_the_papers_squares_against_a_triangle_filter(self, tmp_path, size):
        pixels = photograph(*size)
        side, found = min(size), load_original(saved(tmp_path, "a.png", pixels), PAPER, LIBJPEG)
        top, left = ((length - side) // 2 for length in size)
        square = pixels[top : top + side, left : left + side].astype(float)
        weights = triangle_weights(side, 256)
        expected = np.einsum("yr,rcn,xc->yxn", weights, square, weights, optimize=True)
        # Pillow rounds between rows and columns.
        assert np.abs(found - expected).max() <= 1.05

    def test_the_surrogate_gets_colour_in_multiples_of_16(self, tmp_path):
        pixels = photograph(50, 37, grey=True)
        found = load_original(saved(tmp_path, "a.png", pixels), WHOLE, SURROGATE)
        assert np.array_equal(found, np.dstack([pixels[1:49, 2:34]] * 3))

    def test_ink_and_next_to_nothing_are_refused(self, tmp_path):
        ink = Image.fromarray(np.dstack([photograph(20, 20)] * 2)[:, :, :4].copy(), "CMYK")
        ink.save(tmp_path / "ink.tif")
        with pytest.raises(UnsupportedImage):
            load_original(tmp_path / "ink.tif", WHOLE, LIBJPEG)
        with pytest.raises(UnsupportedImage):
            load_original(saved(tmp_path, "a.png", photograph(15, 40)), WHOLE, SURROGATE)

    def test_a_side_longer_than_a_jpegs_is_refused(self, tmp_path):
        path = saved(tmp_path, "a.png", np.zeros((1, 65_501), np.uint8))
        with pytest.raises(UnsupportedFormat):
            load_original(path, WHOLE, LIBJPEG)
        assert load_original(path, PAPER, LIBJPEG).shape == (256, 256, 3)


class TestCompression:
    @pytest.mark.parametrize("grey", [False, True])
    def test_it_is_the_file_that_pillow_writes(self, tmp_path, grey):
        pixels = photograph(31, 37, grey=grey)
        found = compress_with_libjpeg(pixels, 30, tmp_path / "a.jpg", CPU)
        buffer = io.BytesIO()
        options = {} if grey else {"subsampling": "4:2:0"}
        Image.fromarray(pixels).save(buffer, "JPEG", quality=30, **options)
        assert (tmp_path / "a.jpg").read_bytes() == buffer.getvalue()
        with Image.open(buffer) as image:
            assert np.array_equal(found.decoded_pixels, np.asarray(image))
        assert found.bits_per_pixel == 8 * len(buffer.getvalue()) / (31 * 37)
        assert found.problem.image.size == (37, 31)

    def test_the_surrogate_has_a_rate_at_the_ends_of_the_scale(self, tmp_path):
        noise = np.random.default_rng(1).integers(0, 2, (32, 32, 3), np.uint8) * np.uint8(255)
        rates = [
            compress_with_paper_operator(noise, quality, tmp_path / "a.png", CPU).bits_per_pixel
            for quality in (1, 100)
        ]
        assert rates[1] > 4 * rates[0]

    @pytest.mark.parametrize("quality", [5, 30, 90])
    def test_the_surrogates_rate_is_of_a_file_with_its_levels(self, tmp_path, quality):
        pixels = photograph(48, 64)
        found = compress_with_paper_operator(pixels, quality, tmp_path / "a.png", CPU)
        real = compress_with_libjpeg(pixels, quality, tmp_path / "a.jpg", CPU)
        buffer = io.BytesIO()
        Image.fromarray(pixels).save(buffer, "JPEG", quality=quality, subsampling=2, optimize=True)
        bits = 8 * len(buffer.getvalue()) / (48 * 64)
        assert found.bits_per_pixel == pytest.approx(bits, rel=0.1)
        assert psnr(found.decoded_pixels, pixels) == pytest.approx(
            psnr(real.decoded_pixels, pixels), abs=2
        )
        levels = read_levels((tmp_path / "a.jpg").read_bytes()).levels
        for ours, theirs in zip(found.problem.levels, levels, strict=True):
            blocks = ours[0].permute(1, 2, 0).reshape(theirs.shape).numpy()
            assert np.mean(blocks == theirs) > 0.8


class TestSurrogateProblem:
    @pytest.mark.parametrize("correction", ["bins", "paper"])
    def test_a_run_on_it(self, tiny, correction):
        problem = create_ddrm_paper_problem(Path("a.png"), photograph(32, 48), 20, CPU)
        assert isinstance(problem, InverseProblem)
        assert isinstance(problem.create_tile(problem.canvas), ProblemTile)
        settings = replace(SMALL, correction=correction)
        run = create_run(problem, tiny, settings, seed=1)
        result = restore(run, CancelToken()).drain()
        assert result.image.shape == result.spread.shape == (3, 32, 48)
        assert (result.consistency.inside_fraction == 1.0) == (correction == "bins")
        checked = problem.verify(result.image)
        assert checked.consistency.inside_fraction == pytest.approx(
            result.consistency.inside_fraction, abs=1e-3
        )

    def test_what_is_decoded_agrees_and_what_is_moved_does_not(self):
        problem = create_ddrm_paper_problem(Path("a.png"), photograph(32, 48), 20, CPU)
        part = problem.create_tile(problem.canvas)
        assert part.compute_consistency(part.decoded_image, problem.canvas).exact_fraction == 1.0
        change = tuple(torch.zeros_like(k) for k in problem.levels)
        change[2][0, 9, 1, 2] = 0.6
        moved = part.to_pixels(
            problem.operator.shift_coefficients(part.decoded_image, change), problem.canvas
        )
        found = problem.verify(moved)
        step = float(problem.operator.quantizer_steps[1][9])
        worst = found.consistency.worst
        assert (worst.component, worst.left, worst.top) == ("Cr", 32, 16)
        assert worst.distance == pytest.approx(0.1 * step, abs=0.005)
        total = sum(k.numel() for k in problem.levels)
        assert found.consistency.inside_fraction == pytest.approx((total - 1) / total, abs=1e-12)
        assert found.distance_map.shape == (4, 6)
        outside = {tuple(p) for p in (found.distance_map > 0.01).nonzero().tolist()}
        assert outside == {(2, 4), (2, 5), (3, 4), (3, 5)}

    def test_the_error_of_every_second_sample(self, rng):
        """The band errors that are computed for an image's every second pixel are as measured.

        The measured image is smoothed noise. White noise keeps its band errors.
        """
        field = torch.randn(1, 1, 1026, 1026, generator=rng)
        weights = torch.tensor([0.25, 0.5, 0.25])
        kernel = torch.outer(weights, weights)[None, None]
        plane = torch.nn.functional.conv2d(field, kernel)
        full, half = (
            block_dct(p, dct_basis_images()).square().mean((0, 2, 3)).sqrt()
            for p in (plane, plane[:, :, ::2, ::2])
        )
        expected = decimate_band_errors(full)
        torch.testing.assert_close(expected, half, rtol=0.15, atol=0)
        white = torch.full((64,), 3.0)
        torch.testing.assert_close(decimate_band_errors(white), white)

    def test_errors_are_in_steps_of_each_component(self):
        problem = create_ddrm_paper_problem(Path("a.png"), photograph(32, 48), 20, CPU)
        flat = torch.full((3, 64), 4.0)
        errors = problem.create_tile(problem.canvas).compute_expected_errors(flat, 0.1)
        assert [e.shape for e in errors] == [(64, 1, 1)] * 3
        in_grey = errors[0] * problem.operator.quantizer_steps[0]
        assert in_grey.min() == pytest.approx(float(in_grey.max()))
        assert 4 < float(in_grey[0, 0, 0]) < 12.75
