"""Fixtures: a folder of small files, and a window with these files in its batch."""

from __future__ import annotations

import pytest

from tests.support.batch_stories import added


@pytest.fixture
def folder(tmp_path, original):
    """Return a folder with six small JPEGs and three files that are none.

    Some of the files are in a subfolder.
    """
    folder = tmp_path / "pictures 写真"
    (folder / "inside").mkdir(parents=True)
    for number in range(1, 7):
        place = folder / "inside" if number > 4 else folder
        corner = original.crop((number, 0, number + 16, 16))
        corner.save(place / f"photo {number}.jpg", quality=10)
    (folder / "letter.jpg").write_text("Dear reader,", encoding="utf-8")
    (folder / "notes.txt").write_text("no picture", encoding="utf-8")
    (folder / "inside" / "empty.jpg").write_bytes(b"")
    return folder


@pytest.fixture
def queue(window):
    """Return the view model of the window's batch; runs are set to one step and one sample."""
    window.view_models.parameters.set_steps(1)
    window.view_models.parameters.set_samples(1)
    return window.view_models.batch


@pytest.fixture
def filled(qtbot, window, queue, folder):
    """Return the window after the six JPEGs of the folder were added to its batch."""
    for bad in (folder / "letter.jpg", folder / "inside" / "empty.jpg"):
        bad.unlink()
    window.open_paths([folder])
    added(qtbot, queue, 6)
    qtbot.waitUntil(lambda: window.batch_controller.page.table_view.height() > 60)
    return window
