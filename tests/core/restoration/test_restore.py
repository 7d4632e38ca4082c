"""Restored images are better, consistent with the file, and independent of all else."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image

from app.config.resources import EXAMPLE_IMAGE_PATH
from ddrm_core.cancel import CancelToken
from ddrm_core.device.execution_limits import PixelLimits
from ddrm_core.errors import InvalidSetting, OperationCancelled, OutOfMemory
from ddrm_core.imaging.quantize_pixels import to_uint8
from ddrm_core.jpeg.assumed_levels import jpeg_image_from_pixels
from ddrm_core.jpeg.image import Damage, JpegImage, QualitySource
from ddrm_core.jpeg.read import read_jpeg
from ddrm_core.jpeg.reasons import CorruptionReason
from ddrm_core.metadata.model import NO_METADATA
from ddrm_core.metrics.psnr import psnr
from ddrm_core.plugins import UnknownPlugin
from ddrm_core.prior.denoiser import Prior
from ddrm_core.restoration.executor import OutputSelection
from ddrm_core.restoration.restore import (
    Restoration,
    restoration_from_step,
    restore,
)
from ddrm_core.restoration.run import Run, compute_run_sigmas, create_jpeg_run
from ddrm_core.restoration.step import RunStep
from ddrm_core.sampler.corrections.paper import PaperParameters
from ddrm_core.sampler.schedule import sigma_at
from ddrm_core.sampler.settings import (
    PRESETS,
    NoiseSpacing,
    Preset,
    SamplerSettings,
)
from tests.support.pictures import KINDS, crop_without_decoding, jpeg_of, write_jpeg
from tests.support.verification import verify_as_saved

CPU = torch.device("cpu")
FAST = PRESETS[Preset.FAST]
SMALL = SamplerSettings(steps=3, samples=4)
TOGETHER = replace(SMALL, turned_views=False)  # samples share evaluations


@pytest.fixture(scope="module")
def original():
    with Image.open(EXAMPLE_IMAGE_PATH.with_name("budgie_branch_original.png")) as image:
        return np.asarray(image.crop((150, 80, 278, 176)))


def drain(
    run: Run, token: CancelToken | None = None, **options
) -> tuple[list[RunStep], Restoration]:
    steps = restore(run, token or CancelToken(), **options)
    return list(steps), steps.result


def result_of(image: JpegImage, prior: Prior, settings=SMALL, *, seed: int = 1, **options):
    return drain(create_jpeg_run(image, prior, settings, seed=seed), **options)[1]


class TestPictures:
    def test_a_picture_cropped_without_decoding_stays_good_to_its_edge(
        self, tmp_path, bundled, original
    ):
        """A JPEG that was cropped losslessly is restored well up to its edge.

        Pixels past the edge are hidden ones of the uncropped image, not repeated edge pixels.
        """
        path = write_jpeg(tmp_path / "a.jpg", original, quality=50)
        image = read_jpeg(crop_without_decoding(path, 85, 117))
        result = result_of(image, bundled, replace(FAST, samples=2))
        with Image.open(path) as decoded:
            before = np.asarray(decoded)
        assert result.image.shape == (3, 85, 117)
        assert result.spread.shape == (3, 85, 117)
        assert result.consistency.inside_fraction == 1.0
        after, truth = to_uint8(result.image), original[:85, :117]
        for edge in (np.s_[80:], np.s_[:, 112:]):
            assert psnr(after[edge], truth[edge]) > psnr(before[edge], truth[edge])

    @pytest.mark.parametrize(
        ("sampling", "quality"),
        [("4:2:0", 10), ("4:1:1", 10), ("4:4:4", 20), ("grey", 10), ("RGB", 15), ("CMYK", 15)],
    )
    def test_fast_improves_on_the_jpeg(self, tmp_path, bundled, original, sampling, quality):
        pixels, grey = original, np.asarray(Image.fromarray(original).convert("L"))
        if sampling == "grey":
            pixels = grey
        if sampling == "CMYK":
            pixels = np.dstack([255 - original, 255 - grey])
        path = write_jpeg(tmp_path / "a.jpg", pixels, quality=quality, sampling=sampling)
        result = result_of(read_jpeg(path), bundled, FAST)
        with Image.open(path) as decoded:
            before = psnr(np.asarray(decoded), pixels)
        assert psnr(to_uint8(result.image), pixels) - before >= 0.7
        assert result.consistency.inside_fraction == 1.0
        assert result.complete
        assert result.evaluation_count == FAST.evaluation_count

    def test_paper_improves_on_the_jpeg(self, tmp_path, bundled, original):
        path = write_jpeg(tmp_path / "a.jpg", original, quality=10)
        settings = replace(PRESETS[Preset.PAPER], steps=6, samples=2, start=90)
        result = result_of(read_jpeg(path), bundled, settings)
        with Image.open(path) as decoded:
            assert psnr(to_uint8(result.image), original) > psnr(np.asarray(decoded), original)
        assert result.evaluation_count == 12

    @pytest.mark.parametrize("size", [(31, 37), (38, 34), (5, 3), (1, 1)])
    @pytest.mark.parametrize("kind", KINDS)
    def test_every_size_agrees_with_its_file(self, tmp_path, tiny, size, kind):
        image = jpeg_of(tmp_path, *size, quality=30, sampling=kind)
        result = result_of(image, tiny, replace(SMALL, samples=3))
        assert result.consistency.inside_fraction == 1.0, result.consistency.worst
        channels = {"grey": 1, "CMYK": 4, "YCCK": 4}.get(kind, 3)
        assert result.image.shape == (channels, *size)
        assert result.spread is not None
        assert result.spread.shape == result.image.shape
        assert verify_as_saved(result, bits=32).consistency.inside_fraction == 1.0
        assert torch.isfinite(result.image).all()

    def test_grey_files_give_one_channel(self, tmp_path, tiny):
        image = jpeg_of(tmp_path, 16, 24, sampling="grey")
        result = result_of(image, tiny, outputs=OutputSelection(sample_count=4))
        assert [s.shape for s in result.samples] == [(1, 16, 24)] * 4
        assert to_uint8(result.image).shape == (16, 24)

    @pytest.mark.parametrize("kind", KINDS)
    def test_paper_gives_every_kind_its_channels(self, tmp_path, tiny, kind):
        settings = replace(PRESETS[Preset.PAPER], steps=2, samples=2, start=30)
        image = jpeg_of(tmp_path, 13, 21, sampling=kind)
        result = result_of(image, tiny, settings)
        assert result.image.shape[0] == len(image.levels)

    def test_a_shifted_grid_is_restored_in_place(self, tmp_path, bundled, original):
        """Pixels of a JPEG, cropped off the 8x8 grid, are restored in place and get better."""
        path = write_jpeg(tmp_path / "a.jpg", original, quality=10, sampling="4:4:4")
        with Image.open(path) as decoded:
            pixels = np.asarray(decoded)[5:, 3:]
        image = jpeg_image_from_pixels(
            torch.from_numpy(pixels.astype(np.float32)).permute(2, 0, 1),
            path=path,
            metadata=NO_METADATA,
            quality=10,
            chroma_sampling="4:4:4",
            grid_left=3,
            grid_top=5,
            quality_source=QualitySource.ESTIMATED,
        )
        result = result_of(image, bundled, FAST)
        truth = original[5:, 3:]
        assert result.image.shape == (3, *truth.shape[:2])
        assert result.consistency.inside_fraction == 1.0
        assert psnr(to_uint8(result.image), truth) - psnr(pixels, truth) >= 0.7

    def test_what_could_not_be_read_stays_as_decoded(self, tmp_path, tiny):
        image = jpeg_of(tmp_path, 48, 64, quality=20)
        whole = np.ones((3, 4), bool)
        whole[2] = False
        broken = replace(image, damage=Damage(CorruptionReason.NOTHING, whole))
        result = result_of(broken, tiny)
        with Image.open(image.path) as decoded:
            theirs = np.asarray(decoded).astype(int)
        ours = to_uint8(result.image).astype(int)
        assert np.abs(ours - theirs)[32:].max() <= 3
        assert np.abs(ours - theirs)[:32].max() > 3
        counted = sum(c.coefficients for c in result.consistency.components)
        assert counted == sum(k.size for k in image.levels) * 2 // 3


class TestSeeds:
    def test_a_seed_repeats_and_another_differs(self, tmp_path, tiny):
        image = jpeg_of(tmp_path, 31, 37)
        first, again, other = (result_of(image, tiny, seed=s).image for s in (0, 0, 1))
        assert torch.equal(first, again)
        assert (first - other).abs().mean() > 1e-3

    @pytest.mark.parametrize("seed", [-1, 2**63])
    def test_seeds_out_of_range_are_refused(self, tmp_path, tiny, seed):
        with pytest.raises(InvalidSetting):
            create_jpeg_run(jpeg_of(tmp_path, 8, 8), tiny, SMALL, seed=seed)

    @pytest.mark.parametrize("pixels", [1, 31 * 37 * 2, 31 * 37 * 3])
    def test_batches_do_not_change_the_result(self, tmp_path, bundled, pixels):
        image = jpeg_of(tmp_path, 31, 37, quality=20)
        together = result_of(image, bundled)
        limits = PixelLimits(batch_pixels=pixels)
        apart = drain(create_jpeg_run(image, bundled, SMALL, seed=1, limits=limits))[1]
        torch.testing.assert_close(apart.image, together.image, atol=2e-2, rtol=0)
        torch.testing.assert_close(apart.spread, together.spread, atol=2e-2, rtol=0)

    def test_global_random_state_is_not_touched(self, tmp_path, tiny):
        torch.manual_seed(3)
        before = torch.get_rng_state()
        result_of(jpeg_of(tmp_path, 8, 8), tiny)
        assert torch.equal(torch.get_rng_state(), before)


class TestSamples:
    def test_the_picture_is_their_mean_and_the_spread_their_deviation(self, tmp_path, tiny):
        result = result_of(jpeg_of(tmp_path, 16, 32), tiny, outputs=OutputSelection(sample_count=4))
        stack = torch.stack(result.samples)
        torch.testing.assert_close(result.image, stack.mean(0), atol=1e-3, rtol=0)
        torch.testing.assert_close(result.spread, stack.std(0), atol=1e-3, rtol=0)
        assert all((a - b).abs().max() > 0 for a, b in itertools.pairwise(stack))

    def test_one_sample_has_no_spread(self, tmp_path, tiny):
        result = result_of(jpeg_of(tmp_path, 8, 8), tiny, replace(SMALL, samples=1))
        assert result.spread is None
        assert result.samples == ()


class TestSteps:
    @pytest.fixture
    def steps(self, tmp_path, tiny):
        image, settings = jpeg_of(tmp_path, 16, 32), replace(SMALL, samples=5)
        limits = PixelLimits(batch_pixels=16 * 32 * 2)
        run = create_jpeg_run(image, tiny, settings, seed=1, limits=limits)
        return drain(run)[0]

    def test_they_count_every_evaluation(self, steps):
        assert [s.evaluations_done for s in steps] == [2, 4, 6, 8, 10, 12, 13, 14, 15]
        assert {s.total_evaluations for s in steps} == {15}
        assert [s.sample_numbers for s in steps[::3]] == [range(1, 3), range(3, 5), range(5, 6)]
        assert [s.step_number for s in steps] == [1, 2, 3] * 3
        assert [s.finished_count for s in steps] == [0, 0, 0, 2, 2, 2, 4, 4, 4]
        sigmas = [s.sigma for s in steps[:3]]
        assert sigmas == sorted(set(sigmas), reverse=True)

    def test_the_mean_weighs_every_sample_alike(self, steps):
        first, second, third = steps[2].estimates, steps[5].estimates, steps[8].estimates
        expected = torch.cat([first, second, third]).mean(0, keepdim=True)
        torch.testing.assert_close(steps[8].current_mean(), expected, atol=1e-4, rtol=0)

    def test_a_step_does_not_change_after_later_ones(self, tmp_path, tiny):
        image, limits = jpeg_of(tmp_path, 15, 23), PixelLimits(batch_pixels=1)
        run = create_jpeg_run(image, tiny, SMALL, seed=1, limits=limits)
        held = [
            (s, s.current_mean().clone(), s.estimates.clone()) for s in restore(run, CancelToken())
        ]
        for step, mean, estimates in held:
            assert torch.equal(step.current_mean(), mean)
            assert torch.equal(step.estimates, estimates)

    def test_the_start_follows_the_tables(self, tmp_path, tiny):
        firsts = [
            create_jpeg_run(jpeg_of(tmp_path, 8, 8, quality=q), tiny, SMALL, seed=0).start
            for q in (5, 20, 80)
        ]
        assert firsts == sorted(firsts, reverse=True)
        assert firsts[0] > firsts[2]

    def test_a_start_that_was_asked_for_is_taken(self, tmp_path, tiny):
        settings = SamplerSettings(steps=20, samples=1, start=300)
        run = create_jpeg_run(jpeg_of(tmp_path, 8, 8), tiny, settings, seed=0)
        assert run.start == 300
        assert next(restore(run, CancelToken())).sigma == sigma_at(300)
        uniform = replace(settings, spacing=NoiseSpacing.UNIFORM)
        run = create_jpeg_run(jpeg_of(tmp_path, 8, 8), tiny, uniform, seed=0)
        assert next(restore(run, CancelToken())).sigma == sigma_at(285)

    def test_the_end_follows_the_tables(self, tmp_path, tiny):
        ends = {}
        for quality in (5, 20, 80):
            run = create_jpeg_run(jpeg_of(tmp_path, 8, 8, quality=quality), tiny, SMALL, seed=0)
            ends[quality] = drain(run)[0][-1].sigma
            assert ends[quality] == pytest.approx(
                SMALL.end_factor * run.problem.compute_decoded_sigma(), rel=1e-6
            )
        assert ends[5] > ends[20] > ends[80]

    def test_timesteps_never_repeat_at_high_quality(self, tmp_path, tiny):
        for spacing in NoiseSpacing:
            settings = SamplerSettings(steps=50, samples=1, spacing=spacing)
            run = create_jpeg_run(jpeg_of(tmp_path, 8, 8, quality=100), tiny, settings, seed=0)
            assert len(set(compute_run_sigmas(run))) == 50


class TestStopping:
    def test_a_cancelled_run_raises_from_next(self, tmp_path, tiny):
        token = CancelToken()
        steps = restore(create_jpeg_run(jpeg_of(tmp_path, 8, 8), tiny, SMALL, seed=0), token)
        next(steps)
        token.cancel()
        with pytest.raises(OperationCancelled):
            next(steps)

    def test_a_cancelled_token_starts_nothing(self, tmp_path, tiny):
        token = CancelToken()
        token.cancel()
        with pytest.raises(OperationCancelled):
            next(restore(create_jpeg_run(jpeg_of(tmp_path, 8, 8), tiny, SMALL, seed=0), token))

    def test_the_latest_estimate_can_be_kept(self, tmp_path, tiny):
        run = create_jpeg_run(jpeg_of(tmp_path, 31, 37), tiny, SMALL, seed=0)
        step = next(restore(run, CancelToken()))
        kept = restoration_from_step(run, step, seconds=1.5)
        assert (kept.evaluation_count, kept.seconds, kept.complete) == (
            step.evaluations_done,
            1.5,
            False,
        )
        assert kept.consistency.inside_fraction == 1.0
        assert (kept.spread, kept.samples) == (None, ())
        inner = (..., slice(16), slice(32))  # complete MCUs, which need no projection at the edges
        torch.testing.assert_close(kept.image[inner], step.current_image()[inner])


class CrampedPrior(Prior):
    """A prior that raises OutOfMemory for more than `most` images at once."""

    most = 1
    sizes: list[int]

    def denoise(self, x, sigma, poll, view=0):
        self.sizes.append(len(x))
        if len(x) > self.most:
            raise OutOfMemory("cpu", x.shape[3], x.shape[2])
        return Prior.denoise(self, x, sigma, poll, view)


def cramped(prior: Prior, most: int) -> CrampedPrior:
    limited = CrampedPrior(prior.info, prior.device, prior.precision, prior.network)
    limited.__dict__.update(most=most, sizes=[])
    return limited


class TestMemory:
    @pytest.mark.parametrize("most", [1, 2, 3])
    def test_too_large_a_batch_is_halved(self, tmp_path, tiny, most):
        image = jpeg_of(tmp_path, 16, 24)
        settings = replace(TOGETHER, samples=7)
        prior = cramped(tiny, most)
        limited, free = result_of(image, prior, settings), result_of(image, tiny, settings)
        torch.testing.assert_close(limited.image, free.image, atol=2e-2, rtol=0)
        assert max(prior.sizes) > most
        assert prior.sizes.count(max(prior.sizes)) == 1
        assert sum(n for n in prior.sizes if n <= most) == settings.evaluation_count

    def test_not_even_one_fits(self, tmp_path, tiny):
        run = create_jpeg_run(jpeg_of(tmp_path, 8, 8), cramped(tiny, 0), TOGETHER, seed=0)
        with pytest.raises(OutOfMemory) as error:
            drain(run)
        assert run.prior.sizes == [4, 2, 1]
        assert (error.value.device, error.value.width, error.value.height) == ("cpu", 8, 8)

    def test_not_even_the_levels_fit(self, tmp_path, tiny, monkeypatch):
        def full(*_):
            raise MemoryError

        image = jpeg_of(tmp_path, 8, 16)
        monkeypatch.setattr("ddrm_core.problems.jpeg.levels_to_tensors", full)
        with pytest.raises(OutOfMemory) as error:
            result_of(image, tiny)
        assert (error.value.width, error.value.height) == (16, 8)


def test_a_correction_that_nobody_registered_is_refused(tmp_path, tiny):
    settings = replace(SMALL, correction="magic")
    with pytest.raises(UnknownPlugin, match="magic"):
        create_jpeg_run(jpeg_of(tmp_path, 8, 8), tiny, settings, seed=0)


def test_the_paper_correction_is_used_when_asked_for(tmp_path, tiny):
    image = jpeg_of(tmp_path, 16, 24, quality=10)
    settings = replace(SMALL, correction="paper")
    paper, bins = result_of(image, tiny, settings), result_of(image, tiny)
    assert (paper.image - bins.image).abs().mean() > 0.1
    nothing = result_of(image, tiny, settings.with_parameters(PaperParameters(0.0)))
    assert nothing.consistency.inside_fraction < paper.consistency.inside_fraction
