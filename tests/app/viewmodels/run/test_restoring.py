"""Restorations as a run performs them: reports, results and overlays of results."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import torch
from PIL import Image
from PySide6.QtGui import QImage
from scipy.fft import dctn

from app.config.resources import EXAMPLE_IMAGE_PATH
from app.imaging.mipmap_image import create_mipmap_image
from app.jobs.document.open import open_document
from app.jobs.run.prior_cache import PriorCache
from app.jobs.run.restore import StepEstimate, restore_job, result_from_estimate
from app.jobs.run.restore_request import ProblemKind, create_run_from_request
from app.jobs.run.restore_settings import RestoreSettings
from app.viewmodels.parameters.parameters import ParametersState
from app.viewmodels.run.restore_request import build_restore_request
from app.viewmodels.run.run import RunInProgress, state_after_progress
from ddrm_core.cancel import CancelToken
from ddrm_core.device.execution_limits import PixelLimits
from ddrm_core.errors import (
    BitDepthNotDetected,
    CompressionNotDetected,
    NotEightBitImage,
    UnknownDevice,
)
from ddrm_core.imaging.quantize_pixels import to_uint8
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.jpeg.damage.mask import find_intact_pixels
from ddrm_core.jpeg.header import format_chroma_sampling
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from ddrm_core.restoration.assumption import CompressionAssumption
from ddrm_core.restoration.restore import restore
from ddrm_core.restoration.run import create_jpeg_run
from ddrm_core.sampler.settings import SamplerSettings
from tests.support.results import with_settings


def test_a_run_reports_every_step_and_gives_a_consistent_result(request_, engine):
    job = restore_job(engine, request_, CancelToken())
    reports = [next(job) for _ in range(3)]
    with pytest.raises(StopIteration) as end:
        next(job)
    restored = end.value.value
    assert [r.estimate.step.evaluations_done for r in reports] == [2, 4, 6]
    assert reports[0].image.full_size.size().toTuple() == (97, 64)
    seconds = [r.estimate.elapsed_seconds for r in reports]
    assert seconds == sorted(seconds)
    assert restored.restoration.consistency.inside_fraction == 1
    assert 0.99 < restored.rounded_consistency.inside_fraction <= 1
    assert restored.image.full_size.size().toTuple() == (97, 64)


@pytest.mark.parametrize("orientation", [1, 6])
def test_a_result_says_where_it_is_outside_its_bins(tmp_path, original, engine, rng, orientation):
    """The expected distances are computed by scipy's DCT of the 8-bit pixels.

    The correction `paper` leaves the estimate unchanged.
    """
    path = tmp_path / "grey.jpg"
    exif = Image.Exif()
    exif[0x0112] = orientation
    # The size is a multiple of 8, so that the oracle need not pad.
    original.convert("L").resize((72, 48)).save(path, quality=30, exif=exif)
    image = open_document(path).source
    settings = SamplerSettings(steps=1, samples=1, correction="paper")
    run = create_jpeg_run(image, engine.load("cpu"), settings, seed=4)
    step = next(restore(run, CancelToken()))
    x = step.problem_tile.decoded_image.clone()
    x[:, :, 20:37, 31:50] += 0.1 * torch.rand(17, 19, generator=rng)
    restored = result_from_estimate(StepEstimate(run, replace(step, estimates=x), 1.0))
    pixels = to_uint8(restored.restoration.image).astype(float) - 128
    blocks = dctn(pixels.reshape(6, 8, 9, 8).swapaxes(1, 2), axes=(2, 3), norm="ortho")
    steps = image.quantization_tables[0].reshape(8, 8).astype(float)
    expected = (np.abs(blocks - image.levels[0] * steps) - steps / 2).max((2, 3)).clip(0)
    assert restored.distance_map == pytest.approx(expected, abs=0.01)
    assert 0 < np.count_nonzero(expected) < expected.size
    tints = restored.overlay.mipmaps[0]
    assert tints.size().toTuple() == ((9, 6) if orientation == 1 else (6, 9))
    row, column = np.unravel_index(restored.distance_map.argmax(), (6, 9))
    place = (int(column), int(row)) if orientation == 1 else (5 - int(row), int(column))
    assert tints.pixelColor(*place).alpha() == max(
        tints.pixelColor(x, y).alpha() for x in range(tints.width()) for y in range(tints.height())
    )


def test_pictures_are_sent_at_most_fifteen_times_a_second(request_, engine, monkeypatch):
    clock = iter(0.01 * i for i in range(1000))
    monkeypatch.setattr("app.jobs.run.restore.time.monotonic", lambda: next(clock))
    many = with_settings(request_, sampler=SamplerSettings(steps=10, samples=1))
    reports = list(restore_job(engine, many, CancelToken()))
    pictured = [r.estimate.elapsed_seconds for r in reports if r.image]
    assert len(reports) == 10
    assert 1 < len(pictured) < len(reports)
    gaps = [b - a for a, b in pairwise(pictured)]
    assert min(gaps) >= 1 / 15


def test_slow_pictures_leave_the_run_most_of_its_time(request_, engine, monkeypatch):
    clock = [0.0]

    def slow(pixels):
        clock[0] += 1
        return create_mipmap_image(pixels)

    monkeypatch.setattr("app.jobs.run.restore.time.monotonic", lambda: clock[0])
    monkeypatch.setattr("app.jobs.run.restore.create_mipmap_image", slow)
    many = with_settings(request_, sampler=SamplerSettings(steps=12, samples=1))
    pictures = 0
    for report in restore_job(engine, many, CancelToken()):
        clock[0] += 1
        pictures += report.image is not None
    assert pictures == 3  # after 0, 5 and 10 seconds


def test_an_assumed_quality_replaces_the_files(request_, engine):
    first = next(
        restore_job(
            engine, with_settings(request_, assumption=CompressionAssumption(5)), CancelToken()
        )
    )
    assert first.estimate.run.image.quality.factor == 5
    first = next(restore_job(engine, request_, CancelToken()))
    assert first.estimate.run.image.quality.factor == 10


def test_a_run_takes_grid_and_sampling_for_granted(request_, engine, screenshot):
    moved = with_settings(request_, assumption=CompressionAssumption(5, (3, 5)))
    image = next(restore_job(engine, moved, CancelToken())).estimate.run.image
    assert (image.grid_left, image.grid_top) == (3, 5)
    pixels = with_settings(
        replace(request_, source=open_document(screenshot).source),
        assumption=CompressionAssumption(sampling="4:2:2"),
    )
    image = next(restore_job(engine, pixels, CancelToken())).estimate.run.image
    assert format_chroma_sampling(image.components) == "4:2:2"
    assert image.quality.factor == 10


def test_a_picture_that_never_was_a_jpeg_needs_a_quality_factor(
    request_, engine, tmp_path, original
):
    path = tmp_path / "clean.png"
    original.resize((60, 44)).save(path)
    clean = replace(request_, source=open_document(path).source)
    with pytest.raises(CompressionNotDetected):
        next(restore_job(engine, clean, CancelToken()))
    first = next(
        restore_job(
            engine, with_settings(clean, assumption=CompressionAssumption(30)), CancelToken()
        )
    )
    assert first.image.full_size.size().toTuple() == (60, 44)


@pytest.fixture
def corrupt(tmp_path):
    """Return the path of a JPEG with 300 zero bytes in its scan data."""
    path = tmp_path / "corrupt.jpg"
    with Image.open(EXAMPLE_IMAGE_PATH) as image:
        image.save(path, quality=30, restart_marker_rows=1)
    data = bytearray(path.read_bytes())
    hole = 3 * len(data) // 10
    data[hole : hole + 300] = bytes(300)
    path.write_bytes(data)
    return path


def pixels_of(picture):
    shown = picture.full_size.convertToFormat(QImage.Format.Format_RGB32)
    flat = np.frombuffer(shown.constBits(), np.uint8)
    # A copy, because the buffer of the image may be freed before the array is used.
    return flat.reshape(shown.height(), shown.width(), 4)[:, :, :3].copy()


@pytest.mark.parametrize("kind", ["cut", "corrupt"])
def test_what_could_not_be_read_stays_as_it_was_shown(request_, engine, request, kind):
    document = open_document(request.getfixturevalue(kind), tolerate_damage=True)
    settings = SamplerSettings(steps=1, samples=1)
    damaged = with_settings(replace(request_, source=document.source), sampler=settings)
    *_, last = restore_job(engine, damaged, CancelToken())
    before, after = pixels_of(document.image), pixels_of(result_from_estimate(last.estimate).image)
    read = find_intact_pixels(document.source).numpy()
    assert 0.2 < read.mean() < 0.8
    assert np.array_equal(before[~read], after[~read])
    assert not np.array_equal(before[read], after[read])


def test_a_kept_estimate_is_a_consistent_incomplete_result(request_, engine):
    estimate = next(restore_job(engine, request_, CancelToken())).estimate
    restoration = result_from_estimate(estimate).restoration
    assert not restoration.complete
    assert restoration.evaluation_count == 2
    assert restoration.seconds == estimate.elapsed_seconds
    assert restoration.consistency.inside_fraction == 1


def test_the_prior_is_loaded_once(engine):
    assert engine.load("cpu") is engine.load("auto" if not torch.cuda.is_available() else "cpu")
    with pytest.raises(UnknownDevice):
        engine.load("cuda:77")


# A row of 13 blocks is 7 pixels wider than the image.
@pytest.mark.parametrize(("orientation", "corner"), [(1, (0, 0)), (6, (0, 0)), (3, (-7, 0))])
def test_the_overlay_of_pixels_lies_on_their_picture(
    tmp_path, original, engine, orientation, corner
):
    path = tmp_path / "banded.png"
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(np.asarray(original) & np.uint8(0xE0)).save(path, exif=exif)
    parameters = ParametersState(
        RestoreSettings(SamplerSettings(steps=1, samples=1), seed=0, device="cpu"),
        problem=ProblemKind.BANDING,
    )
    request = build_restore_request(open_document(path), parameters)
    restored = result_from_estimate(next(restore_job(engine, request, CancelToken())).estimate)
    assert restored.distance_map.shape == (8, 13)
    assert (restored.overlay.left, restored.overlay.top) == corner
    assert restored.rounded_consistency.inside_fraction == 1


@pytest.mark.parametrize(("bits", "inside"), [(2, 1), (None, None)])
def test_a_jpeg_may_have_lost_bits_too(photo, engine, bits, inside):
    settings = SamplerSettings(steps=1, samples=1)
    parameters = ParametersState(
        RestoreSettings(settings, seed=0, device="cpu"), problem=ProblemKind.BANDING, bits=bits
    )
    job = restore_job(
        engine, build_restore_request(open_document(photo), parameters), CancelToken()
    )
    if inside is None:
        with pytest.raises(BitDepthNotDetected):
            next(job)
    else:
        assert (
            result_from_estimate(next(job).estimate).restoration.consistency.inside_fraction
            == inside
        )


@pytest.mark.parametrize(("bits", "used"), [(None, 3), (2, 2), (5, 5)])
def test_the_users_bits_count_more_than_the_estimate(banded, engine, bits, used):
    settings = SamplerSettings(steps=3, samples=2)
    parameters = ParametersState(
        RestoreSettings(settings, seed=0, device="cpu"), problem=ProblemKind.BANDING, bits=bits
    )
    request = build_restore_request(open_document(banded), parameters)
    assert create_run_from_request(engine, request).image.bits == used


def test_pixels_of_sixteen_bits_are_refused(tmp_path, engine):
    path = tmp_path / "deep.png"
    Image.fromarray(np.arange(37 * 31, dtype=np.uint16).reshape(31, 37) * 37).save(path)
    parameters = ParametersState(problem=ProblemKind.BANDING, bits=3)
    with pytest.raises(NotEightBitImage):
        next(
            restore_job(
                engine, build_restore_request(open_document(path), parameters), CancelToken()
            )
        )


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_overlay_of_a_region_lies_on_its_blocks(tmp_path, original, engine, orientation):
    path, exif = tmp_path / "turned.jpg", Image.Exif()
    exif[0x0112] = orientation
    original.convert("L").save(path, quality=30, exif=exif)
    document = open_document(path)
    settings = SamplerSettings(steps=1, samples=1)
    request = build_restore_request(
        document,
        ParametersState(RestoreSettings(settings, seed=0, device="cpu")),
        Rectangle(21, 10, 50, 33),
    )
    restored = result_from_estimate(next(restore_job(engine, request, CancelToken())).estimate)
    # The region contains the blocks from 24 to 64 and from 16 to 40, which are 5 by 3.
    assert restored.distance_map.shape == (3, 5)
    where = np.zeros((64, 97), np.uint8)
    where[16:40, 24:64] = 1
    rows, columns = np.nonzero(document.display.to_upright(where))
    assert (restored.overlay.left, restored.overlay.top) == (columns.min(), rows.min())
    tiny = replace(request, region=Rectangle(17, 17, 6, 5))
    assert (
        result_from_estimate(next(restore_job(engine, tiny, CancelToken())).estimate).overlay
        is None
    )


def test_parts_of_a_large_picture_are_shown_in_their_places(
    scripted, request_, monkeypatch, tmp_path, original
):
    """A preview shows restored tiles in their places, and the decoded image elsewhere.

    Previews do not change the result.
    """
    path = tmp_path / "large.jpg"
    original.resize((388, 256)).save(path, quality=10)
    document = open_document(path)
    engine, clock = (
        PriorCache(BUNDLED_PRIOR_PATH, pixel_limits=PixelLimits(sampled_pixels=40_000)),
        [0.0],
    )
    # A step takes a second and a preview takes no time, so that each step has a preview.
    monkeypatch.setattr("app.jobs.run.restore.time.monotonic", lambda: clock[0])
    settings = SamplerSettings(steps=2, samples=1)
    job = restore_job(
        engine,
        with_settings(replace(request_, source=document.source), sampler=settings),
        CancelToken(),
    )
    decoded, shown, places = pixels_of(document.image).astype(int), None, []
    whole, state = Rectangle(0, 0, 388, 256), RunInProgress(2)
    for report in job:
        clock[0] += 1
        state = state_after_progress(state, report)
        step, before = report.estimate.step, shown
        shown = pixels_of(report.image).astype(int)
        there = step.tile_region.slices_in(whole)
        part = to_uint8(step.current_image())[..., ::-1]
        assert np.array_equal(shown[there], part)
        elsewhere = np.ones((256, 388), bool)
        elsewhere[there] = False
        theirs = decoded if before is None else before
        assert np.abs(shown - theirs)[elsewhere].max() <= (3 if before is None else 0)
        places.append(step.tile_region)
    parts = dict.fromkeys(places)
    assert len(parts) > 1
    assert sum(place.pixel_count for place in parts) == whole.pixel_count
    assert state.total_evaluations == state.evaluations_done == 2 * len(parts)
    assert scripted.evaluations == 2 * len(parts)
