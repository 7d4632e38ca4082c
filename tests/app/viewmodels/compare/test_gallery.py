"""The pictures that can be compared, fetched when they are wanted."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from app.imaging.pyramid import Patch, Pyramid, pasted, pyramid
from app.jobs.compare.compose_image import Place, fetch_picture
from app.jobs.document.open import open_document
from app.jobs.run.restore_request import RestoreRequest
from app.jobs.storage.array_store import Kept
from app.ui.compare.image_presenter import Looking
from app.viewmodels.compare.compare import AFTER, CompareViewModel
from app.viewmodels.compare.gallery import (
    EstimateOf,
    GalleryViewModel,
    Mean,
    Offer,
    Original,
    Result,
    SampleOf,
)
from app.viewmodels.document.document import DocumentViewModel, Opened, OpenRequest
from app.viewmodels.parameters.parameters import ParametersViewModel
from app.viewmodels.results.gallery_feed import GalleryFiller
from app.viewmodels.run.run import Done, RunViewModel
from app.viewmodels.window.result_view_models import explore_models
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.sampler.settings import SamplerSettings
from tests.support.window_fixtures import pixels_of


def grey(value, side=5):
    return pyramid(np.full((side, side), value, np.uint8))


def gallery_of(runner, **options):
    """Return a gallery that shows a file."""
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

    return [Offer(SampleOf(n), f"{v}", (v,), lambda v=v: fetch(v)) for n, v in enumerate(values, 1)]


def has(model, key):
    entry = model.state.find(key)
    return entry is not None and entry.picture is not None


def test_the_original_and_the_result_are_at_hand_and_come_first(model):
    model.offer(SampleOf, offers(1, 2))
    model.show_result(grey(9), "After")
    keys = [entry.key for entry in model.state.entries]
    assert keys == [Original(), Result(), SampleOf(1), SampleOf(2)]
    assert has(model, Original())
    assert has(model, Result())
    assert not has(model, SampleOf(1))


def test_only_what_is_wanted_is_fetched(qtbot, model):
    fetched = []
    model.offer(SampleOf, offers(1, 2, 3, fetched=fetched))
    model.want([Original(), SampleOf(2)])
    qtbot.waitUntil(lambda: has(model, SampleOf(2)))
    model.want([SampleOf(2)])
    assert fetched == [2]


def test_the_latest_wish_comes_next(qtbot, model):
    gate, fetched = threading.Event(), []
    slow, *others = offers(1, 2, 3, fetched=fetched)
    waiting = Offer(slow.key, slow.label, slow.source, lambda: gate.wait(5) and slow.fetch())
    model.offer(SampleOf, [waiting, *others])
    for number in (1, 2, 3):
        model.want([SampleOf(number)])
    gate.set()
    qtbot.waitUntil(lambda: has(model, SampleOf(3)))
    assert fetched == [1, 3]


def test_the_same_source_stays_fetched_and_another_is_fetched_again(qtbot, model):
    first, second = offers(1, 2)
    model.offer(SampleOf, [first, second])
    model.want([SampleOf(1)])
    qtbot.waitUntil(lambda: has(model, SampleOf(1)))
    picture = model.state.find(SampleOf(1)).picture
    model.offer(SampleOf, [Offer(first.key, "renamed", first.source, first.fetch)])
    assert model.state.find(SampleOf(1)).picture is picture
    assert model.state.find(SampleOf(2)) is None
    model.offer(SampleOf, offers(7))
    qtbot.waitUntil(lambda: has(model, SampleOf(1)))
    assert model.state.find(SampleOf(1)).picture is not picture


def test_what_cannot_be_fetched_is_not_asked_for_for_ever(qtbot, model):
    tried = []

    def fail():
        tried.append(1)
        raise OSError

    broken, other = Offer(SampleOf(1), "1", object(), fail), offers(5, 6)[1]
    model.offer(SampleOf, [broken, other])
    model.want([SampleOf(1), SampleOf(2)])
    qtbot.waitUntil(lambda: has(model, SampleOf(2)))
    model.want([SampleOf(1)])
    assert len(tried) == 1
    entry = model.state.find(SampleOf(1))
    assert (entry.label, entry.lost) == ("1, which cannot be read any more", True)


def test_a_picture_that_is_lost_is_not_waited_for(qtbot, model):
    """Or playing the estimates would stop at the first one that cannot be read."""
    compare = CompareViewModel()
    looking = Looking(model, compare)
    model.offer(SampleOf, [Offer(SampleOf(1), "1", object(), lambda: None)])
    looking.look_at(SampleOf(1))
    qtbot.waitUntil(lambda: not looking.waiting)
    assert compare.state.shown[AFTER] == SampleOf(1)


def test_a_wish_ends_with_its_file(qtbot, model):
    compare = CompareViewModel()
    looking = Looking(model, compare)
    model.offer(SampleOf, offers(1))
    looking.look_at(SampleOf(1))
    model.show_original(grey(8), "Before")  # before it can have come
    model.offer(SampleOf, offers(2))
    model.want([SampleOf(1)])
    qtbot.waitUntil(lambda: has(model, SampleOf(1)))
    assert compare.state.shown[AFTER] == Result()


def test_pictures_that_nobody_looks_at_are_bounded(qtbot, runner):
    model = gallery_of(runner, most_bytes=2 * grey(0).bytes)
    model.offer(SampleOf, offers(1, 2, 3, 4))
    for number in (1, 2, 3, 4):
        model.want([SampleOf(number)])
        qtbot.waitUntil(lambda n=number: has(model, SampleOf(n)))
    assert [has(model, SampleOf(n)) for n in (1, 2, 3, 4)] == [False, False, True, True]


def test_every_viewer_keeps_what_it_looks_at(qtbot, runner):
    model = gallery_of(runner, most_bytes=0)
    model.offer(SampleOf, offers(1, 2, 3))
    model.want([SampleOf(1)], viewer="canvas")
    model.want([SampleOf(2), SampleOf(3)], viewer="crops")
    qtbot.waitUntil(lambda: all(has(model, SampleOf(n)) for n in (1, 2, 3)))
    model.want([], viewer="crops")
    model.want([SampleOf(2)], viewer="panel")
    model.offer(SampleOf, offers(1))
    assert model.state.find(SampleOf(2)) is None


def test_another_file_begins_anew(qtbot, model):
    model.offer(SampleOf, offers(1))
    model.want([SampleOf(1)])
    qtbot.waitUntil(lambda: has(model, SampleOf(1)))
    model.show_original(grey(8), "Before")
    assert [entry.key for entry in model.state.entries] == [Original()]


def test_a_region_is_shown_where_it_belongs(photo):
    document, region = open_document(photo), Rectangle(21, 10, 50, 33)
    kept = Kept(np.full((3, 33, 50), 77.4, np.float32))
    shown = pixels_of(fetch_picture(kept, Place(document, region)))
    expected = pixels_of(document.picture)
    expected[10:43, 21:71] = 77
    assert np.array_equal(shown, expected)
    whole = Kept(np.full((64, 97, 3), 5, np.uint8))
    assert (pixels_of(fetch_picture(whole, Place(document, None))) == 5).all()


def test_pasting_leaves_the_picture_as_it_was():
    around = grey(3, 600)
    other = pasted(around, [Patch(np.full((4, 7), 200, np.uint8), 590, 1)])
    assert isinstance(other, Pyramid)
    assert (pixels_of(around) == 3).all()
    assert np.count_nonzero(pixels_of(other)[..., 0] == 200) == 28
    assert len(other.sizes) == len(around.sizes)


def test_a_run_offers_each_of_its_samples(qtbot, runner, engine, photo):
    document, run = DocumentViewModel(runner), RunViewModel(runner, engine)
    gallery = GalleryViewModel(runner)
    parameters = ParametersViewModel(runner, engine)
    explore = explore_models(runner, engine.vault, run, document, parameters)
    filler = GalleryFiller(gallery, document, run, explore.runs, explore.timeline)
    document.open(OpenRequest(photo))
    qtbot.waitUntil(lambda: isinstance(document.state, Opened))
    assert [e.key for e in gallery.state.entries] == [Original()]
    settings = SamplerSettings(steps=1, samples=3)
    run.start(RestoreRequest(document.document.source, settings, None, 0, "cpu"))
    qtbot.waitUntil(lambda: isinstance(run.state, Done), timeout=20000)
    samples = [SampleOf(n) for n in (1, 2, 3)]
    others = [EstimateOf(frame.number) for frame in explore.timeline.state.frames]
    assert others
    keys = [Original(), Result(), Mean(), *samples, *others]
    assert [e.key for e in gallery.state.entries] == keys
    gallery.want(samples)
    qtbot.waitUntil(lambda: all(has(gallery, key) for key in samples))
    mean = pixels_of(gallery.state.find(Result()).picture).astype(float)
    apart = [pixels_of(gallery.state.find(key).picture).astype(float) for key in samples]
    unclipped = (np.min(apart, 0) > 0) & (np.max(apart, 0) < 255)
    assert np.abs(np.mean(apart, 0) - mean)[unclipped].max() <= 1
    assert not np.array_equal(apart[0], apart[1])
    assert filler.parent() is gallery
