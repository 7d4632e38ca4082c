"""Runs that restore lower bits: better images in their bins, with the laws of all runs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from app.config.resources import EXAMPLE_IMAGE_PATH
from ddrm_core.cancel import CancelToken
from ddrm_core.errors import InvalidSetting, OperationCancelled, OutOfMemory
from ddrm_core.export.encode_result import check_export, encode_result
from ddrm_core.export.replay import record_from_metadata
from ddrm_core.export.settings import ExportSettings
from ddrm_core.formats.load import load_image
from ddrm_core.imaging.quantize_pixels import to_uint8
from ddrm_core.jpeg.linear_maps.color import ycbcr_to_rgb_matrix
from ddrm_core.jpeg.linear_maps.dct import dct_basis_images, inverse_block_dct
from ddrm_core.metadata.model import NO_METADATA
from ddrm_core.metadata.xmp import read_run_record_properties
from ddrm_core.metrics.psnr import psnr
from ddrm_core.problems.bit_depth.image import (
    QuantizedImage,
    load_quantized_image,
    quantized_image_from_pixels,
)
from ddrm_core.problems.bit_depth.problem import BitDepthProblem
from ddrm_core.problems.bit_depth.settings import ReconstructionPoint
from ddrm_core.problems.protocols import InverseProblem, ProblemTile
from ddrm_core.restoration.executor import OutputSelection
from ddrm_core.restoration.restore import (
    Restoration,
    restoration_from_step,
    restore,
)
from ddrm_core.restoration.run import Run, create_bit_depth_run
from ddrm_core.restoration.step import RunStep
from ddrm_core.sampler.protocols import GRAY_LEVELS_PER_UNIT
from ddrm_core.sampler.schedule import TIMESTEP_COUNT, sigma_at
from ddrm_core.sampler.settings import (
    PRESETS,
    NoiseSpacing,
    Preset,
    SamplerSettings,
)
from tests.support.pictures import photograph, pixels_of
from tests.support.verification import verify_as_saved

CPU = torch.device("cpu")
FAST = PRESETS[Preset.FAST]
PAIR = replace(FAST, samples=2, temperature=0.7, momentum=0.5, end_factor=0.8)
SMALL = SamplerSettings(steps=3, samples=4)
KINDS = ("grey", "RGB", "CMYK")


@pytest.fixture(scope="module")
def original() -> np.ndarray:
    with Image.open(EXAMPLE_IMAGE_PATH.with_name("budgie_branch_original.png")) as image:
        return np.asarray(image.convert("RGB").crop((150, 80, 251, 171)))


def image_of(pixels: np.ndarray, bits: int) -> QuantizedImage:
    planes = pixels[None] if pixels.ndim == 2 else pixels.transpose(2, 0, 1)
    picture = torch.from_numpy(np.ascontiguousarray(planes, np.float32))
    return quantized_image_from_pixels(picture, path=Path("a.png"), metadata=NO_METADATA, bits=bits)


def problem_of(pixels: np.ndarray) -> BitDepthProblem:
    return BitDepthProblem(image_of(pixels, 3), CPU, ReconstructionPoint.MIDDLE)


def drain(run: Run[QuantizedImage], **options) -> tuple[list[RunStep], Restoration[QuantizedImage]]:
    steps = restore(run, CancelToken(), **options)
    return list(steps), steps.result


def result_of(pixels, bits, prior, settings=SMALL, **options) -> Restoration[QuantizedImage]:
    run = create_bit_depth_run(image_of(pixels, bits), prior, settings, seed=1, **options)
    return drain(run, outputs=OutputSelection(sample_count=settings.samples))[1]


class TestPictures:
    @pytest.mark.parametrize("correction", ["bins", "paper"])
    @pytest.mark.parametrize(("bits", "gain"), [(2, 1.5), (3, 1.5), (4, 1.0)])
    def test_a_picture_comes_closer_to_the_original(
        self, bundled, original, bits, gain, correction
    ):
        settings = replace(PAIR, correction=correction)
        result = result_of(original, bits, bundled, settings)
        problem = result.run.problem
        part = problem.create_tile(problem.canvas)
        before = psnr(to_uint8(part.to_pixels(part.decoded_image, problem.canvas)), original)
        assert psnr(to_uint8(result.image), original) > before + gain

    def test_bins_is_better_than_the_papers_correction(self, bundled, original):
        found = []
        for correction in ("bins", "paper"):
            result = result_of(original, 3, bundled, replace(FAST, correction=correction))
            found.append(psnr(to_uint8(result.image), original))
        assert found[0] > found[1]

    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize("bits", [1, 3, 7])
    def test_every_pixel_is_in_its_bin_also_as_saved(self, tiny, kind, bits):
        """Every pixel of a result is in its bin, even with a prior of random weights.

        Nearly all pixels are in their bins after rounding to 8 bits, too.
        """
        pixels = pixels_of(kind, 37, 31)
        result = result_of(pixels, bits, tiny)
        assert result.consistency.inside_fraction == 1
        assert verify_as_saved(result, bits=8).consistency.inside_fraction > 0.9999
        saved = to_uint8(result.image)
        assert saved.shape == pixels.shape
        assert np.mean(saved >> (8 - bits) == pixels >> (8 - bits)) > 0.999

    def test_disagreement_is_counted_and_placed(self):
        pixels = photograph(37, 31)
        problem = problem_of(pixels)
        picture = torch.from_numpy(pixels.astype(np.float32)).permute(2, 0, 1).contiguous()
        exact = problem.verify(picture)
        assert (exact.consistency.inside_fraction, exact.consistency.exact_fraction) == (1, 1)
        assert float(exact.distance_map.max()) == 0
        assert exact.distance_map.shape == (5, 4)
        picture[1, 20, 9] += 100
        found = problem.verify(picture)
        assert [c.inside for c in found.consistency.components] == [37 * 31, 37 * 31 - 1, 37 * 31]
        worst = found.consistency.worst
        assert (worst.component, worst.left, worst.top) == ("G", 9, 20)
        edge = (int(pixels[20, 9, 1]) >> 5) * 32 + 31.5
        assert worst.distance == pytest.approx(float(picture[1, 20, 9]) - edge, abs=1e-3)
        assert torch.nonzero(found.distance_map).tolist() == [[2, 1]]


class TestRuns:
    def test_it_is_a_problem(self):
        problem = problem_of(photograph(9, 7))
        assert isinstance(problem, InverseProblem)
        assert isinstance(problem.create_tile(problem.canvas), ProblemTile)

    def test_steps_can_be_shown_and_kept(self, tiny):
        run = create_bit_depth_run(image_of(photograph(37, 31), 3), tiny, SMALL, seed=1)
        steps, result = drain(run)
        assert [s.evaluations_done for s in steps] == [4, 8, 12]
        assert steps[0].current_image().shape == (3, 37, 31)
        kept = restoration_from_step(run, steps[1], seconds=1.0)
        assert (kept.complete, result.complete) == (False, True)
        assert kept.consistency.inside_fraction == 1

    def test_mean_and_spread_are_those_of_the_samples(self, tiny):
        for kind in KINDS:
            result = result_of(pixels_of(kind, 37, 31), 3, tiny)
            samples = torch.stack(result.samples)
            torch.testing.assert_close(samples.mean(0), result.image, atol=1e-3, rtol=0)
            torch.testing.assert_close(samples.std(0), result.spread, atol=1e-3, rtol=0)

    def test_it_stops_when_cancelled(self, tiny):
        run = create_bit_depth_run(image_of(photograph(9, 7), 3), tiny, SMALL, seed=1)
        token = CancelToken()
        token.cancel()
        with pytest.raises(OperationCancelled):
            next(restore(run, token))

    def test_pixels_that_do_not_fit_are_lack_of_memory(self, monkeypatch):
        def full(*_):
            raise MemoryError

        image = image_of(photograph(9, 7), 3)
        monkeypatch.setattr("ddrm_core.problems.bit_depth.operator.BitDepthOperator.to", full)
        monkeypatch.setattr("ddrm_core.problems.bit_depth.image.levels_from_pixels", full)
        problem = BitDepthProblem(image, CPU, ReconstructionPoint.MIDDLE)
        for ask in (
            lambda: problem.create_tile(problem.canvas),
            lambda: image_of(photograph(9, 7), 3),
        ):
            with pytest.raises(OutOfMemory) as error:
                ask()
            assert (error.value.width, error.value.height) == (7, 9)

    def test_fewer_bits_start_higher_but_never_above_the_priors_range(self, tiny):
        uniform = replace(FAST, spacing=NoiseSpacing.UNIFORM)
        starts = {
            point: [
                create_bit_depth_run(
                    image_of(photograph(9, 7), bits), tiny, uniform, seed=1, initial_value=point
                ).start
                for bits in range(1, 8)
            ]
            for point in ReconstructionPoint
        }
        for found in starts.values():
            assert found == sorted(found, reverse=True)
            assert all(FAST.steps <= s < TIMESTEP_COUNT for s in found)
            assert sigma_at(found[0] - 1) <= tiny.info.sigma_range[1]
        assert starts[ReconstructionPoint.LOWER_EDGE][2] > starts[ReconstructionPoint.MIDDLE][2]

    def test_expected_error_of_a_pixel_is_the_priors_measured_in_pixels(self, tiny):
        """The expected error of a pixel follows from a prior's band errors by Parseval's theorem.

        The law is measured on pixels with independent errors in all bands of Y, Cb and Cr,
        converted to RGB.
        """
        measured = tiny.info.band_error_at(0.1)
        rng = torch.Generator().manual_seed(5)
        bands = torch.randn(3, 64, 60, 60, generator=rng) * measured[:, :, None, None]
        planes = inverse_block_dct(bands, dct_basis_images())
        pixels = torch.einsum("rp,phw->rhw", ycbcr_to_rgb_matrix(), planes[:, 0])
        problem = problem_of(photograph(9, 7))
        (errors,) = problem.create_tile(problem.canvas).compute_expected_errors(measured, 0.1)
        ratio = errors.flatten() * 32 / pixels.flatten(1).std(1)
        torch.testing.assert_close(ratio, ratio.mean().expand(3), atol=0.02, rtol=0)
        assert float(ratio.mean()) == pytest.approx(1, abs=0.02)

    def test_what_is_shown_differs_by_half_a_bin(self):
        image = image_of(photograph(9, 7), 3)
        problems = (BitDepthProblem(image, CPU, shown_as) for shown_as in ReconstructionPoint)
        middle, edge = (problem.create_tile(problem.canvas).decoded_image for problem in problems)
        off = (middle - edge) * GRAY_LEVELS_PER_UNIT
        torch.testing.assert_close(off, torch.full_like(off, 15.5))


class TestDelivery:
    def test_metadata_is_kept_and_the_record_says_what_was_done(self, tmp_path, tiny):
        source, target = tmp_path / "a.png", tmp_path / "b.png"
        exif = Image.Exif()
        exif[0x010F] = "a camera"
        Image.fromarray(photograph(37, 31) & 0xE0).save(source, dpi=(300, 300), exif=exif)
        run = create_bit_depth_run(load_quantized_image(source), tiny, SMALL, seed=9)
        _, result = drain(run)
        target.write_bytes(encode_result(result, target, ExportSettings()).data)
        metadata = load_image(target).metadata
        with Image.open(target) as saved:
            assert saved.getexif()[0x010F] == "a camera"
            assert np.array_equal(np.asarray(saved), to_uint8(result.image))
            assert round(saved.info["dpi"][0]) == 300
        assert metadata.xmp is not None
        record = read_run_record_properties(metadata.xmp)
        assert record is not None
        named = ("bits_per_channel", "shown_as", "seed", "start", "inside")
        assert [record[n] for n in named] == ["3", "mid-bin", "9", str(run.start), "1.0"]
        assert record_from_metadata(metadata) is None  # the record is not that of a JPEG

    def test_pixels_have_no_tables_to_give(self):
        wanted = ExportSettings(same_levels=True)
        with pytest.raises(InvalidSetting):
            check_export(Path("r.jpg"), image_of(photograph(9, 7), 3), wanted)
