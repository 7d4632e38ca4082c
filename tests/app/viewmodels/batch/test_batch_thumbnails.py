"""Thumbnails of batch items."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from app.jobs.batch.batch_items import FoundFile, ItemStatus
from app.jobs.batch.batch_worker import BatchItemProgress
from app.jobs.batch.live_preview import BatchPreview
from app.jobs.batch.thumbnails import THUMBNAIL_SIDE_PX
from app.viewmodels.batch import batch_transitions as transitions
from app.viewmodels.batch.batch_state import BatchState
from app.viewmodels.batch.batch_thumbnails import MAX_CACHED_ITEMS, BatchThumbnailsViewModel
from app.viewmodels.state_view_model import StateViewModel


class Batch(StateViewModel[BatchState]):
    """A batch whose state a test sets."""

    def become(self, state: BatchState) -> None:
        self._set_state(state)


@pytest.fixture
def batch(qapp) -> Batch:
    assert isinstance(qapp, QObject)
    return Batch(BatchState())


@pytest.fixture
def thumbnails(runner, batch) -> BatchThumbnailsViewModel:
    return BatchThumbnailsViewModel(runner, batch)


@pytest.fixture
def files(tmp_path, original):
    """Return three JPEGs of different shapes and a text with the suffix of a JPEG."""
    paths = []
    for number, size in enumerate(((640, 400), (20, 30), (40, 16)), start=1):
        paths.append(tmp_path / f"{number}.jpg")
        original.crop((0, 0, 40, 40)).resize(size).save(paths[-1])
    (tmp_path / "4.jpg").write_text("no picture")
    return [*paths, tmp_path / "4.jpg"]


def state_of(paths) -> BatchState:
    return transitions.add_files(BatchState(), [FoundFile(path) for path in paths])


def with_item(state: BatchState, item_id: int, **changes) -> BatchState:
    items = [replace(item, **changes) if item.item_id == item_id else item for item in state.items]
    return transitions.replace_items(state, items)


def size_of(image: QImage | None) -> tuple[int, int] | None:
    return None if image is None else (image.width(), image.height())


def test_only_visible_items_get_thumbnails(qtbot, batch, thumbnails, files):
    batch.become(state_of(files))
    thumbnails.show_items([1, 2, 4])
    qtbot.waitUntil(lambda: len(thumbnails.state.by_item) == 3, timeout=5000)
    by_item = thumbnails.state.by_item
    assert size_of(by_item[1].before) == (THUMBNAIL_SIDE_PX, 160)
    assert size_of(by_item[2].before) == (20, 30)
    assert by_item[4].before is None  # the list says why when the file is restored
    assert by_item[1].after is None
    thumbnails.show_items([3])
    qtbot.waitUntil(lambda: 3 in thumbnails.state.by_item, timeout=5000)


def test_a_result_gets_a_thumbnail_until_its_file_is_to_be_restored_again(
    qtbot, batch, thumbnails, files
):
    done = with_item(state_of(files), 2, status=ItemStatus.DONE, target=files[2])
    batch.become(done)
    thumbnails.show_items([2])
    qtbot.waitUntil(lambda: bool(thumbnails.state.by_item), timeout=5000)
    qtbot.waitUntil(lambda: size_of(thumbnails.state.by_item[2].after) == (40, 16), timeout=5000)
    batch.become(with_item(done, 2, status=ItemStatus.WAITING, target=None))
    assert thumbnails.state.by_item[2].after is None
    assert size_of(thumbnails.state.by_item[2].before) == (20, 30)
    batch.become(transitions.remove_items(batch.state, [2]))
    assert 2 not in thumbnails.state.by_item


def test_the_item_in_progress_shows_its_preview(batch, thumbnails, files):
    state = transitions.start_item(state_of(files), 3)
    batch.become(state)
    before, after = (
        QImage(600, 300, QImage.Format.Format_RGB888),
        QImage(600, 300, QImage.Format.Format_RGB888),
    )
    preview = BatchPreview(before, after)
    batch.become(transitions.update_progress(state, BatchItemProgress(1, 4, 0.5, preview)))
    assert thumbnails.state.large is not None
    assert thumbnails.state.large.after is after
    assert size_of(thumbnails.state.by_item[3].after) == (THUMBNAIL_SIDE_PX, 128)


def test_the_larger_images_are_those_of_the_chosen_item(qtbot, batch, thumbnails, files):
    batch.become(state_of(files))
    qtbot.waitUntil(
        lambda: size_of(thumbnails.state.large.before) == (640, 400), timeout=5000
    )  # nothing is chosen, so those of the first item are shown
    thumbnails.choose_item(2)
    qtbot.waitUntil(lambda: size_of(thumbnails.state.large.before) == (20, 30), timeout=5000)
    assert not thumbnails.state.by_item  # no row is visible


def test_the_number_of_thumbnails_is_limited(qtbot, batch, thumbnails, files):
    count = MAX_CACHED_ITEMS + 5
    linked = []
    for number in range(count):
        linked.append(files[2].with_name(f"link {number}.jpg"))
        linked[-1].symlink_to(files[2])
    batch.become(state_of(linked))
    thumbnails.show_items(range(1, count + 1))
    qtbot.waitUntil(lambda: count in thumbnails.state.by_item, timeout=20000)
    assert len(thumbnails.state.by_item) == MAX_CACHED_ITEMS
