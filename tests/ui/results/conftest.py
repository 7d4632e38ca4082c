"""The window set to short runs, and another picture to open in it."""

from __future__ import annotations

import pytest


@pytest.fixture
def other(tmp_path, original):
    """Another picture, in the folder of the photo."""
    path = tmp_path / "other.jpg"
    original.resize((37, 31)).save(path, quality=15)
    return path


@pytest.fixture
def quick(open_photo):
    """The window with runs of two steps of one sample."""
    open_photo.view_models.parameters.set_steps(2)
    open_photo.view_models.parameters.set_samples(1)
    return open_photo
