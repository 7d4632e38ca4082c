"""Previews of the file that a batch restores."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from app.imaging.qimage import pixels_from_qimage
from app.jobs.batch.live_preview import PREVIEW_SIDE_PX, LivePreviewPainter
from ddrm_core.cancel import CancelToken
from ddrm_core.device.execution_limits import PixelLimits
from ddrm_core.imaging.quantize_pixels import to_uint8
from ddrm_core.jpeg.read import read_jpeg
from ddrm_core.restoration.restore import restore
from ddrm_core.restoration.run import create_jpeg_run
from ddrm_core.sampler.settings import SamplerSettings


@pytest.fixture
def previews_of(tmp_path, original, engine):
    """Return a function that restores an image tile by tile, and the previews of its steps."""

    def run(size, mode="RGB", exif=None):
        path = tmp_path / "a.jpg"
        options = {} if exif is None else {"exif": exif}
        original.convert(mode).resize(size).save(path, quality=10, **options)
        run = create_jpeg_run(
            read_jpeg(path), engine.load("cpu", None), SamplerSettings(steps=1, samples=1), seed=0
        )
        run = replace(run, limits=PixelLimits(sampled_pixels=40_000))
        painter = LivePreviewPainter()
        steps = restore(run, CancelToken())
        previews = [(step.tile_region, painter.paint(step)) for step in steps]
        with Image.open(path) as image:
            return previews, to_uint8(steps.result.image), image.copy()

    return run


def test_each_tile_shows_its_estimate_and_the_last_preview_the_result(previews_of):
    previews, result, source = previews_of((300, 256))
    assert len({region for region, _preview in previews}) > 1
    first_region, first = previews[0]
    unknown = np.full(result.shape, 128, np.uint8)
    rows, columns = (
        slice(first_region.top, first_region.top + first_region.height),
        slice(first_region.left, first_region.left + first_region.width),
    )
    outside = pixels_from_qimage(first.after)
    outside[rows, columns] = 128
    assert np.array_equal(outside, unknown)
    last = previews[-1][1]
    error = pixels_from_qimage(last.after).astype(int) - result
    # The last estimates are projected once more, at the edges of the image.
    assert np.abs(error).mean() < 0.05
    decoded = pixels_from_qimage(last.before).astype(int) - np.asarray(source).astype(int)
    assert np.abs(decoded).mean() < 1


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_gray_and_cmyk_files_have_previews(previews_of, mode):
    previews, _result, source = previews_of((64, 40), mode)
    shown = pixels_from_qimage(previews[-1][1].before).astype(int)
    assert np.abs(shown - np.asarray(source.convert("RGB")).astype(int)).mean() < 6


def test_a_large_image_is_reduced_and_turned_upright(previews_of):
    exif = Image.Exif()
    exif[0x0112] = 6
    previews, result, _source = previews_of((1300, 24), exif=exif)
    after = previews[-1][1].after
    assert (after.width(), after.height()) == (18, PREVIEW_SIDE_PX)
    upright = Image.fromarray(result).transpose(Image.Transpose.ROTATE_270)
    expected = np.asarray(upright.resize((18, PREVIEW_SIDE_PX), Image.Resampling.BOX)).astype(int)
    assert np.abs(pixels_from_qimage(after).astype(int) - expected).mean() < 3
