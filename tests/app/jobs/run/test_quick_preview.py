"""The patches of a quick preview."""

from __future__ import annotations

import numpy as np
import pytest

from app.imaging.mipmap_image import create_mipmap_image
from app.jobs.document.open import open_document
from app.jobs.run.quick_preview import (
    PreviewNotStarted,
    PreviewPatch,
    PreviewPatchDone,
    PreviewRequest,
    preview_patch_job,
)
from app.jobs.run.restore_request import RestoreRequest, create_run_from_request
from app.jobs.run.restore_settings import RestoreSettings
from app.viewmodels.run.quick_preview import draft_settings
from ddrm_core.cancel import CancelToken
from ddrm_core.imaging.quantize_pixels import to_uint8
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.restoration.assumption import CompressionAssumption
from ddrm_core.restoration.restore import restore
from ddrm_core.sampler.settings import PRESETS, Preset
from ddrm_core.step_iterator import StepIterator
from tests.support.window_fixtures import pixels_of

SETTINGS = draft_settings(RestoreSettings(PRESETS[Preset.BEST], seed=3, device="cpu"))


def restored_patch(engine, document, region, settings=SETTINGS, **merging):
    request = PreviewRequest(
        RestoreRequest(document.source, settings, region=region),
        document.display,
        document.source.size,
        **merging,
    )
    steps = StepIterator(preview_patch_job(engine, lambda: False, request, CancelToken()))
    fractions = [progress.fraction_done for progress in steps]
    assert fractions == [0.5, 1.0]
    assert isinstance(steps.result, PreviewPatchDone)
    return steps.result.patch


def whole_draft(engine, document, settings=SETTINGS):
    """Return the pixels of the whole image (h, w, 3), restored without a preview."""
    run = create_run_from_request(engine, RestoreRequest(document.source, settings))
    steps = restore(run, CancelToken())
    for _ in steps:
        pass
    return to_uint8(steps.result.image)


def test_a_patch_is_what_the_whole_image_has_there(engine, photo):
    """Preview the draft itself, not an approximation of it."""
    document, region = open_document(photo), Rectangle(33, 8, 40, 31)
    patch = restored_patch(engine, document, region)
    assert patch.rectangle == region
    expected = whole_draft(engine, document)[8:39, 33:73].astype(int)
    assert np.abs(pixels_of(patch.image) - expected).max() <= 1
    decoded = pixels_of(document.image)[8:39, 33:73]
    assert np.abs(pixels_of(patch.image).astype(int) - decoded).max() > 5


def test_levels_are_computed_around_a_patch_only(engine, screenshot):
    """Preview pixels under an assumption without computing the levels of the whole image."""
    document, region = open_document(screenshot), Rectangle(104, 98, 40, 30)
    assumed = RestoreSettings(
        SETTINGS.sampler,
        seed=3,
        device="cpu",
        assumption=CompressionAssumption(10, (3, 5), "4:2:0"),
    )
    patch = restored_patch(engine, document, region, assumed)
    expected = whole_draft(engine, document, assumed)[98:128, 104:144].astype(int)
    assert np.abs(expected[:, 1:] - expected[:, :-1]).mean() > 2  # a shift is noticed
    assert np.abs(pixels_of(patch.image) - expected).max() <= 1


def test_a_band_is_merged_with_the_rectangle_beside_it(engine, photo):
    document = open_document(photo)
    blue = np.zeros((40, 30, 3), np.uint8) + np.array([0, 0, 255], np.uint8)
    core = PreviewPatch(Rectangle(10, 4, 30, 40), create_mipmap_image(blue))
    both = Rectangle(10, 4, 50, 40)
    patch = restored_patch(
        engine,
        document,
        Rectangle(40, 4, 20, 40),
        merged_patches=(core,),
        merged_rectangle=both,
    )
    alone = restored_patch(engine, document, Rectangle(40, 4, 20, 40))
    assert patch.rectangle == both
    pixels = pixels_of(patch.image)
    assert np.array_equal(pixels[:, :30], blue)
    assert np.array_equal(pixels[:, 30:], pixels_of(alone.image))


@pytest.mark.parametrize(("prior", "on_battery"), [(None, True), ("a large one", False)])
def test_nothing_is_restored_on_battery_or_with_an_unloaded_prior(engine, photo, prior, on_battery):
    document = open_document(photo)
    settings = RestoreSettings(SETTINGS.sampler, seed=3, device="cpu", prior=prior)
    request = PreviewRequest(
        RestoreRequest(document.source, settings, region=Rectangle(0, 0, 16, 16)),
        document.display,
        document.source.size,
    )
    engine.is_loaded = lambda _device, _prior: False  # the prior is not installed at all
    steps = StepIterator(preview_patch_job(engine, lambda: on_battery, request, CancelToken()))
    assert list(steps) == []
    assert steps.result == PreviewNotStarted(is_on_battery=on_battery)
