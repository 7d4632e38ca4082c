"""The gallery loads its images when they are requested."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from app.imaging.mipmap_image import MipmapImage, PixelPatch, composite_patches, create_mipmap_image
from app.jobs.compare.compose_image import ImagePlacement, compose_stored_image
from app.jobs.document.open import open_document
from app.jobs.run.restore_request import RestoreRequest
from app.jobs.run.restore_settings import RestoreSettings
from app.jobs.storage.array_store import StoredArray
from app.viewmodels.compare.compare import AFTER_SLOT, CompareViewModel
from app.viewmodels.compare.gallery import (
    EstimateKey,
    GalleryViewModel,
    LazyImage,
    MeanKey,
    OriginalKey,
    ResultKey,
    SampleKey,
)
from app.viewmodels.compare.image_presenter import ImagePresenter
from app.viewmodels.document.document import DocumentOpened, DocumentViewModel, OpenRequest
from app.viewmodels.results.gallery_feed import GalleryFeed
from app.viewmodels.results.history import RunHistoryViewModel
from app.viewmodels.run.run import ResultReady, RunViewModel
from app.viewmodels.run.timeline import TimelineViewModel
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.sampler.settings import SamplerSettings
from tests.support.window_fixtures import pixels_of


def grey(value, side=5):
    return create_mipmap_image(np.full((side, side), value, np.uint8))


def gallery_of(runner, **options):
    """Return a gallery on a job runner, with one image, the original."""
    gallery = GalleryViewModel(runner, **options)
    gallery.show_original(grey(0), "Before")
    return gallery


@pytest.fixture
def model(runner):
    return gallery_of(runner)


def offers(*values, fetched=None):
    def fetch(value):
        if fetched is not None:
            fetched.append(value)
        return grey(value)

    return [
        LazyImage(SampleKey(n), f"{v}", (v,), lambda v=v: fetch(v)) for n, v in enumerate(values, 1)
    ]


def has(model, key):
    entry = model.state.find(key)
    return entry is not None and entry.image is not None


def test_the_original_and_the_result_are_at_hand_and_come_first(model):
    model.set_lazy_images(SampleKey, offers(1, 2))
    model.show_result(grey(9), "After")
    keys = [entry.key for entry in model.state.items]
    assert keys == [OriginalKey(), ResultKey(), SampleKey(1), SampleKey(2)]
    assert has(model, OriginalKey())
    assert has(model, ResultKey())
    assert not has(model, SampleKey(1))


def test_only_what_is_wanted_is_fetched(qtbot, model):
    fetched = []
    model.set_lazy_images(SampleKey, offers(1, 2, 3, fetched=fetched))
    model.request([OriginalKey(), SampleKey(2)])
    qtbot.waitUntil(lambda: has(model, SampleKey(2)))
    model.request([SampleKey(2)])
    assert fetched == [2]


def test_the_latest_wish_comes_next(qtbot, model):
    gate, fetched = threading.Event(), []
    slow, *others = offers(1, 2, 3, fetched=fetched)
    waiting = LazyImage(
        slow.key, slow.label, slow.source_object, lambda: gate.wait(5) and slow.load()
    )
    model.set_lazy_images(SampleKey, [waiting, *others])
    for number in (1, 2, 3):
        model.request([SampleKey(number)])
    gate.set()
    qtbot.waitUntil(lambda: has(model, SampleKey(3)))
    assert fetched == [1, 3]


def test_the_same_source_stays_fetched_and_another_is_fetched_again(qtbot, model):
    first, second = offers(1, 2)
    model.set_lazy_images(SampleKey, [first, second])
    model.request([SampleKey(1)])
    qtbot.waitUntil(lambda: has(model, SampleKey(1)))
    picture = model.state.find(SampleKey(1)).image
    model.set_lazy_images(
        SampleKey, [LazyImage(first.key, "renamed", first.source_object, first.load)]
    )
    assert model.state.find(SampleKey(1)).image is picture
    assert model.state.find(SampleKey(2)) is None
    model.set_lazy_images(SampleKey, offers(7))
    qtbot.waitUntil(lambda: has(model, SampleKey(1)))
    assert model.state.find(SampleKey(1)).image is not picture


def test_what_cannot_be_fetched_is_not_asked_for_for_ever(qtbot, model):
    tried = []

    def fail():
        tried.append(1)
        raise OSError

    broken, other = LazyImage(SampleKey(1), "1", object(), fail), offers(5, 6)[1]
    model.set_lazy_images(SampleKey, [broken, other])
    model.request([SampleKey(1), SampleKey(2)])
    qtbot.waitUntil(lambda: has(model, SampleKey(2)))
    model.request([SampleKey(1)])
    assert len(tried) == 1
    entry = model.state.find(SampleKey(1))
    assert (entry.label, entry.is_lost) == ("1, which cannot be read any more", True)


def test_a_picture_that_is_lost_is_not_waited_for(qtbot, model):
    """Otherwise, the timeline would stop playing at the first image that cannot be loaded."""
    compare = CompareViewModel()
    looking = ImagePresenter(model, compare)
    model.set_lazy_images(SampleKey, [LazyImage(SampleKey(1), "1", object(), lambda: None)])
    looking.show(SampleKey(1))
    qtbot.waitUntil(lambda: not looking.is_waiting)
    assert compare.state.slot_keys[AFTER_SLOT] == SampleKey(1)


def test_a_wish_ends_with_its_file(qtbot, model):
    compare = CompareViewModel()
    looking = ImagePresenter(model, compare)
    model.set_lazy_images(SampleKey, offers(1))
    looking.show(SampleKey(1))
    model.show_original(grey(8), "Before")  # before the image can be loaded
    model.set_lazy_images(SampleKey, offers(2))
    model.request([SampleKey(1)])
    qtbot.waitUntil(lambda: has(model, SampleKey(1)))
    assert compare.state.slot_keys[AFTER_SLOT] == ResultKey()


def test_pictures_that_nobody_looks_at_are_bounded(qtbot, runner):
    model = gallery_of(runner, max_unused_bytes=2 * grey(0).size_bytes)
    model.set_lazy_images(SampleKey, offers(1, 2, 3, 4))
    for number in (1, 2, 3, 4):
        model.request([SampleKey(number)])
        qtbot.waitUntil(lambda n=number: has(model, SampleKey(n)))
    assert [has(model, SampleKey(n)) for n in (1, 2, 3, 4)] == [False, False, True, True]


def test_every_viewer_keeps_what_it_looks_at(qtbot, runner):
    model = gallery_of(runner, max_unused_bytes=0)
    model.set_lazy_images(SampleKey, offers(1, 2, 3))
    model.request([SampleKey(1)], client="canvas")
    model.request([SampleKey(2), SampleKey(3)], client="crops")
    qtbot.waitUntil(lambda: all(has(model, SampleKey(n)) for n in (1, 2, 3)))
    model.request([], client="crops")
    model.request([SampleKey(2)], client="panel")
    model.set_lazy_images(SampleKey, offers(1))
    assert model.state.find(SampleKey(2)) is None


def test_another_file_begins_anew(qtbot, model):
    model.set_lazy_images(SampleKey, offers(1))
    model.request([SampleKey(1)])
    qtbot.waitUntil(lambda: has(model, SampleKey(1)))
    model.show_original(grey(8), "Before")
    assert [entry.key for entry in model.state.items] == [OriginalKey()]


def test_a_region_is_shown_where_it_belongs(photo):
    document, region = open_document(photo), Rectangle(21, 10, 50, 33)
    kept = StoredArray(np.full((3, 33, 50), 77.4, np.float32))
    shown = pixels_of(compose_stored_image(kept, ImagePlacement(document, region)))
    expected = pixels_of(document.image)
    expected[10:43, 21:71] = 77
    assert np.array_equal(shown, expected)
    whole = StoredArray(np.full((64, 97, 3), 5, np.uint8))
    assert (pixels_of(compose_stored_image(whole, ImagePlacement(document, None))) == 5).all()


def test_pasting_leaves_the_picture_as_it_was():
    around = grey(3, 600)
    other = composite_patches(around, [PixelPatch(np.full((4, 7), 200, np.uint8), 590, 1)])
    assert isinstance(other, MipmapImage)
    assert (pixels_of(around) == 3).all()
    assert np.count_nonzero(pixels_of(other)[..., 0] == 200) == 28
    assert len(other.mipmaps) == len(around.mipmaps)


def test_a_run_offers_each_of_its_samples(qtbot, runner, engine, photo):
    document, run = DocumentViewModel(runner), RunViewModel(runner, engine)
    gallery = GalleryViewModel(runner)
    timeline = TimelineViewModel(run)
    run_history = RunHistoryViewModel(runner, engine.array_store, run, document)
    filler = GalleryFeed(gallery, document, run, run_history, timeline)
    document.open(OpenRequest(photo))
    qtbot.waitUntil(lambda: isinstance(document.state, DocumentOpened))
    assert [e.key for e in gallery.state.items] == [OriginalKey()]
    settings = SamplerSettings(steps=1, samples=3)
    run.start(RestoreRequest(document.document.source, RestoreSettings(settings, 0, "cpu")))
    qtbot.waitUntil(lambda: isinstance(run.state, ResultReady), timeout=20000)
    samples = [SampleKey(n) for n in (1, 2, 3)]
    others = [EstimateKey(frame.number) for frame in timeline.state.estimates]
    assert others
    keys = [OriginalKey(), ResultKey(), MeanKey(), *samples, *others]
    assert [e.key for e in gallery.state.items] == keys
    gallery.request(samples)
    qtbot.waitUntil(lambda: all(has(gallery, key) for key in samples))
    mean = pixels_of(gallery.state.find(ResultKey()).image).astype(float)
    apart = [pixels_of(gallery.state.find(key).image).astype(float) for key in samples]
    unclipped = (np.min(apart, 0) > 0) & (np.max(apart, 0) < 255)
    assert np.abs(np.mean(apart, 0) - mean)[unclipped].max() <= 1
    assert not np.array_equal(apart[0], apart[1])
    assert filler.parent() is gallery
