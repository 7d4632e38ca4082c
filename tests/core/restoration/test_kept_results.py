"""Results that are made after their run, or archived."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image

from ddrm_core.cancel import CancelToken
from ddrm_core.device.execution_limits import PixelLimits
from ddrm_core.errors import InvalidSetting
from ddrm_core.export.encode_result import encode_result
from ddrm_core.export.replay import read_run_record
from ddrm_core.export.settings import ExportSettings
from ddrm_core.imaging.quantize_pixels import to_uint8
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.restoration.executor import OutputSelection
from ddrm_core.restoration.restore import (
    RunSnapshot,
    restoration_from_snapshot,
    restoration_from_step,
    restore,
)
from ddrm_core.restoration.run import create_jpeg_run, plan_run_tiles
from ddrm_core.sampler.settings import SamplerSettings
from tests.support.pictures import jpeg_of

SETTINGS = SamplerSettings(steps=3, samples=3)


def drained(run, wanted):
    """Run to the end; return all steps, each with its snapshot, and the result."""
    steps = restore(run, CancelToken(), wanted)
    return [(step, RunSnapshot.from_step(step)) for step in steps], steps.result


@pytest.mark.parametrize(
    ("region", "part_pixels"), [(None, 0), (Rectangle(5, 3, 20, 17), 0), (None, 7_000)]
)
def test_a_stand_makes_what_stopping_there_would_have_made(tmp_path, tiny, region, part_pixels):
    image = jpeg_of(tmp_path, 31, 37)
    if part_pixels:
        image = jpeg_of(tmp_path, 40, 230)
    run = create_jpeg_run(image, tiny, SETTINGS, seed=0, region=region)
    if part_pixels:
        run = replace(run, limits=PixelLimits(sampled_pixels=part_pixels))
    stands = [(stand, step.evaluations_done) for step, stand in drained(run, OutputSelection())[0]]
    assert len(stands) > 2
    assert (len(plan_run_tiles(run)) > 1) is bool(part_pixels)
    stopped = restore(run, CancelToken())
    for stand, done in stands[:: 1 if not part_pixels else 4]:
        then = None
        while then is None or then.evaluations_done < done:
            then = next(stopped)
        picture = then.mosaic.image
        as_it_was = replace(
            then.mosaic,
            image=None if picture is None else picture.clone(),
            tile_consistencies=list(then.mosaic.tile_consistencies),
        )
        expected = restoration_from_step(run, replace(then, mosaic=as_it_was), seconds=1.5)
        kept = restoration_from_snapshot(run, stand, seconds=1.5)
        assert torch.equal(kept.image, expected.image)
        assert (kept.complete, kept.evaluation_count) == (False, expected.evaluation_count)
        assert kept.consistency == expected.consistency
        assert part_pixels or kept.consistency.inside_fraction == 1


def test_every_sample_can_be_the_sharp_end_and_the_record_says_which(tmp_path, tiny):
    run = create_jpeg_run(jpeg_of(tmp_path, 31, 37), tiny, SETTINGS, seed=0)
    _, result = drained(run, OutputSelection(sample_count=3))
    for number, sample in enumerate(result.samples, 1):
        assert torch.equal(result.image_at_sharpness(1.0, number), sample)
        half = torch.lerp(result.image, sample, 0.5)
        assert torch.equal(result.image_at_sharpness(0.5, number), half)
    with pytest.raises(InvalidSetting):
        result.image_at_sharpness(0.5, 4)
    delivery = ExportSettings(sharpness=1.0, sample=3)
    path = tmp_path / "third.png"
    path.write_bytes(encode_result(result, path, delivery).data)
    with Image.open(path) as saved:
        assert np.array_equal(np.asarray(saved), to_uint8(result.samples[2]))
    record = read_run_record(path)
    assert (record.sample, record.sharpness, record.complete) == (3, 1.0, True)


def test_the_record_of_an_estimate_says_that_it_is_one(tmp_path, tiny):
    run = create_jpeg_run(jpeg_of(tmp_path, 31, 37), tiny, SETTINGS, seed=0)
    step = next(restore(run, CancelToken()))
    kept = restoration_from_snapshot(run, RunSnapshot.from_step(step), seconds=1.0)
    path = tmp_path / "estimate.png"
    path.write_bytes(encode_result(kept, path, ExportSettings()).data)
    assert not read_run_record(path).complete


def test_a_described_prior_has_no_weights_and_the_same_description(tiny):
    described = tiny.copy_without_weights()
    assert (described.info, described.device) == (tiny.info, tiny.device)
    assert described.precision == tiny.precision
    assert described.tiling == tiny.tiling
    assert described.network.is_dihedral_trained == tiny.network.is_dihedral_trained
    assert {p.device.type for p in described.network.parameters()} == {"meta"}
    assert {p.device.type for p in tiny.network.parameters()} == {"cpu"}
