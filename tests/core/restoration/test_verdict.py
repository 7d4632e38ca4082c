"""The verdict on a result names every reason why the result is not faithful to its file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from ddrm_core.cancel import CancelToken
from ddrm_core.export.encode_result import encode_result
from ddrm_core.export.settings import ExportSettings
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.jpeg.assumed_levels import assume_quality
from ddrm_core.jpeg.image import Damage
from ddrm_core.jpeg.reasons import CorruptionReason
from ddrm_core.metadata.model import NO_METADATA
from ddrm_core.problems.bit_depth.image import quantized_image_from_pixels
from ddrm_core.restoration.assumption import NO_ASSUMPTION
from ddrm_core.restoration.restore import Restoration, restoration_from_step, restore
from ddrm_core.restoration.run import create_bit_depth_run, create_jpeg_run
from ddrm_core.restoration.source import jpeg_image_from_source, open_source_image
from ddrm_core.restoration.verdict import VerdictKind, VerdictReason, judge_result
from ddrm_core.sampler.settings import SamplerSettings
from tests.support.pictures import jpeg_of, photograph

SETTINGS = SamplerSettings(steps=2, samples=1)


def restored(image, prior, settings=SETTINGS, **options) -> Restoration:
    run = create_jpeg_run(image, prior, settings, seed=1, **options)
    steps = restore(run, CancelToken())
    list(steps)
    return steps.result


def judged(result: Restoration, name: str = "r.png", **settings):
    return encode_result(result, Path(name), ExportSettings(**settings)).verdict


@pytest.fixture
def image(tmp_path):
    return jpeg_of(tmp_path, 48, 64, quality=30)


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("strength", [1.0, 0.5, 0.0])
def test_a_result_in_the_bins_is_faithful_at_every_strength(image, tiny, bits, strength):
    kept_areas = (Rectangle(20, 20, 4, 4),)
    verdict = judged(restored(image, tiny), bits=bits, strength=strength, kept_areas=kept_areas)
    assert str(verdict) == "Faithful to your file"
    assert verdict.reasons == ()


def test_a_narrow_bin_that_8_bits_leave_does_not_make_a_result_unfaithful(tmp_path, tiny):
    """At a high quality factor, rounding moves some levels, but nothing else has changed."""
    encoded = encode_result(
        restored(jpeg_of(tmp_path, 48, 64, quality=99), tiny), Path("r.png"), ExportSettings()
    )
    assert encoded.consistency < 1
    assert encoded.verdict.kind is VerdictKind.FAITHFUL


def test_an_assumed_quality_is_named(image, tiny):
    verdict = judged(restored(assume_quality(image, 15), tiny))
    assert str(verdict) == "Faithful to your file, for the assumed JPEG quality 15"


def test_a_damaged_file_is_partly_faithful_with_its_share(image, tiny):
    intact = np.ones((3, 4), np.bool_)
    intact[1:] = False
    damaged = replace(image, damage=Damage(CorruptionReason.TRACE, intact))
    verdict = judged(restored(damaged, tiny))
    assert verdict.kind is VerdictKind.PARTLY_FAITHFUL
    assert "33 % of it can be read" in str(verdict)


def test_a_lossy_jpeg_is_not_faithful(image, tiny):
    verdict = judged(restored(image, tiny), "r.jpg")
    assert verdict.kind is VerdictKind.NOT_FAITHFUL
    assert verdict.reasons == (VerdictReason.LOSSY,)


def test_the_papers_correction_is_named_with_what_differs(image, tiny):
    settings = replace(SETTINGS, correction="paper")
    result = restored(image, tiny, settings)
    total = sum(c.coefficients for c in result.consistency.components)
    outside = total - sum(c.inside for c in result.consistency.components)
    assert outside > 0
    verdict = judged(result)
    assert verdict.kind is VerdictKind.NOT_FAITHFUL
    assert f'"paper" does not keep every value of the file ({outside:,} of {total:,}' in str(
        verdict
    )


def test_pixels_without_a_jpeg_are_not_checked(tmp_path, tiny):
    path = tmp_path / "a.png"
    jpeg = tmp_path / "a.jpg"
    Image.fromarray(photograph(64, 80)).save(jpeg, quality=20, subsampling=0)
    Image.open(jpeg).save(path)
    source = jpeg_image_from_source(open_source_image(path), replace(NO_ASSUMPTION, quality=20))
    verdict = judged(restored(source, tiny))
    assert verdict.kind is VerdictKind.NOT_CHECKED
    assert verdict.reasons == (VerdictReason.NO_JPEG,)


def test_a_region_without_a_whole_block_is_not_checked(image, tiny):
    verdict = judged(restored(image, tiny, region=Rectangle(3, 3, 10, 10)))
    assert verdict.kind is VerdictKind.NOT_CHECKED
    assert verdict.reasons == (VerdictReason.NO_WHOLE_BLOCK,)


@pytest.mark.parametrize(("evaluations", "step"), [(1, 1), (4, 1), (8, 2), (9, 2), (16, 4)])
def test_an_unfinished_result_is_intermediate_and_names_its_step(image, tiny, evaluations, step):
    """The step of several samples is their average; results have at least one step."""
    settings = replace(SETTINGS, steps=6, samples=4)
    run = create_jpeg_run(image, tiny, settings, seed=1)
    first = next(iter(restore(run, CancelToken())))
    result = restoration_from_step(run, first, seconds=1.0)
    verdict = judged(replace(result, evaluation_count=evaluations))
    assert str(verdict) == f"Intermediate result: step {step} of 6"


def test_every_reason_is_named(image, tiny):
    intact = np.repeat(np.array([True, False, True]), 4).reshape(3, 4)
    damaged = replace(image, damage=Damage(CorruptionReason.TRACE, intact))
    verdict = judged(restored(damaged, tiny), "r.jpg")
    assert verdict.kind is VerdictKind.NOT_FAITHFUL
    assert str(verdict).endswith("66 % of it can be read; the rest is left as decoded")
    assert "lossy" in str(verdict)


def test_values_outside_without_the_papers_correction_are_counted(image, tiny):
    result = restored(image, tiny)
    moved = result.image + 40 * torch.rand(result.image.shape)
    consistency = result.run.problem.verify(moved).consistency
    verdict = judge_result(result, consistency)
    assert verdict.kind is VerdictKind.NOT_FAITHFUL
    assert "differ before rounding" in str(verdict)


def test_a_bit_depth_result_states_its_bits(tiny):
    pixels = torch.from_numpy(photograph(24, 32)).permute(2, 0, 1).float()
    image = quantized_image_from_pixels(pixels, path=Path("a.png"), metadata=NO_METADATA, bits=4)
    run = create_bit_depth_run(image, tiny, SETTINGS, seed=1)
    steps = restore(run, CancelToken())
    list(steps)
    verdict = judge_result(steps.result, steps.result.consistency)
    assert str(verdict) == "Faithful to your file, for 4 bits per channel"
