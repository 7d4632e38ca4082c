"""The map of the spread between samples."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from app.imaging.mipmap_image import MAX_SHOWN_SPREAD
from app.imaging.qimage import pixels_from_qimage
from app.jobs.document.open import open_document
from app.jobs.run.restore import restore_job
from app.jobs.run.restore_settings import RestoreSettings
from app.viewmodels.parameters.parameters import ParametersState
from app.viewmodels.run.restore_request import build_restore_request
from ddrm_core.cancel import CancelToken
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.sampler.settings import SamplerSettings
from ddrm_core.step_iterator import StepIterator


def result_of(job):
    return StepIterator(job).drain()


@pytest.mark.parametrize("grey", [False, True])
@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_the_spread_of_a_region_lies_where_the_region_is_shown(
    tmp_path, original, engine, orientation, grey
):
    path, exif = tmp_path / "turned.jpg", Image.Exif()
    exif[0x0112] = orientation
    original.convert("L" if grey else "RGB").save(path, quality=10, exif=exif)
    document, region = open_document(path), Rectangle(21, 10, 50, 33)
    parameters = ParametersState(
        RestoreSettings(SamplerSettings(steps=2, samples=3), seed=0, device="cpu")
    )
    request = build_restore_request(document, parameters, region)
    restored = result_of(restore_job(engine, request, CancelToken()))
    found = restored.spread_map
    assert document.display.to_stored_rectangle(found.rectangle, (97, 64)) == region
    samples = np.stack([kept.load() for kept in restored.samples]).astype(float)
    deviation = np.sqrt(np.square(samples.std(0, ddof=1)).mean(0))
    expected = (
        document.display.to_upright(deviation).clip(0, MAX_SHOWN_SPREAD) * 255 / MAX_SHOWN_SPREAD
    )
    shown = pixels_from_qimage(found.mipmaps[0])[..., 0]
    assert shown.shape == expected.shape == (found.rectangle.height, found.rectangle.width)
    assert expected.max() > 10
    assert np.abs(shown - expected).max() <= 1


def test_one_sample_has_no_spread(photo, engine):
    parameters = ParametersState(
        RestoreSettings(SamplerSettings(steps=1, samples=1), seed=0, device="cpu")
    )
    request = build_restore_request(open_document(photo), parameters)
    assert result_of(restore_job(engine, request, CancelToken())).spread_map is None
