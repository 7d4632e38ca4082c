"""Fixtures: a compare view of two images without the window around it."""

from __future__ import annotations

import pytest

from app.ui.compare.compare_view import CompareView
from app.viewmodels.compare.compare import CompareViewModel
from app.viewmodels.compare.gallery import GalleryViewModel
from app.viewmodels.compare.scene import ResultOverlays
from tests.support.compare_view import BLUE, RED, plain


@pytest.fixture
def compare():
    return CompareViewModel()


@pytest.fixture
def gallery(runner):
    return GalleryViewModel(runner)


@pytest.fixture
def empty_view(qtbot, compare, gallery):
    """Return a compare view of 600 x 400 pixels without images."""
    view = CompareView(compare, gallery)
    qtbot.addWidget(view)
    view.resize(600, 400)
    with qtbot.waitExposed(view):
        view.show()
    return view


@pytest.fixture
def show(empty_view, gallery):
    """Return a function that shows a before and an after image in the compare view."""

    def show(before, after, tints=None):
        gallery.show_original(before, "Before")
        gallery.show_result(after, "After")
        empty_view.show_result_overlays(ResultOverlays(tints))

    return show


@pytest.fixture
def view(empty_view, show):
    """Return a compare view of 600 x 400 pixels; the before image is red, the after image blue."""
    show(plain(RED), plain(BLUE))
    return empty_view
