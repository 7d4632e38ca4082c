"""Fixtures: a window set to short runs, and a second image to open."""

from __future__ import annotations

import pytest


@pytest.fixture
def other(tmp_path, original):
    """Return the path of a second image, in the same folder as the photo."""
    path = tmp_path / "other.jpg"
    original.resize((37, 31)).save(path, quality=15)
    return path


@pytest.fixture
def quick(open_photo):
    """Return the window with the photo open and runs set to two steps and one sample."""
    open_photo.view_models.parameters.set_steps(2)
    open_photo.view_models.parameters.set_samples(1)
    return open_photo
