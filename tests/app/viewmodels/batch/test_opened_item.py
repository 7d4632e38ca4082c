"""The batch item whose file is open, and its result in the gallery, tested without a window."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Signal

from app.imaging.mipmap_image import MipmapImage
from app.jobs.batch.batch_items import BatchItem, FoundFile, ItemStatus
from app.jobs.batch.batch_worker import BatchResultImage
from app.jobs.document.open import open_document
from app.viewmodels.batch import batch_transitions as transitions
from app.viewmodels.batch.batch_state import BatchState
from app.viewmodels.batch.opened_item import OpenedBatchItem
from app.viewmodels.document.document import DocumentOpened, OpenRequest


class Batch(QObject):
    """A test double of the batch's view model: two files, of which the second has a result."""

    event_occurred = Signal(object)

    def __init__(self, folder: Path) -> None:
        super().__init__()
        found = [FoundFile(folder / f"{number}.jpg", folder) for number in (1, 2)]
        state = transitions.add_files(BatchState(), found)
        done = BatchItem(2, found[1].source, folder, status=ItemStatus.DONE)
        self.state = transitions.replace_items(state, (state.items[0], done))
        self.loaded: list[int] = []

    def load_result(self, item, _display) -> None:
        self.loaded.append(item.item_id)


class Document(QObject):
    """A test double of the document's view model."""

    state_changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.document = None

    def open(self, path: Path) -> None:
        self.document = open_document(path)
        self.state_changed.emit(DocumentOpened(self.document))


class Gallery:
    """A test double of the gallery that records the results it shows."""

    def __init__(self) -> None:
        self.results: list[tuple[MipmapImage, str]] = []

    def show_result(self, image, label) -> None:
        self.results.append((image, label))


@pytest.fixture
def batch(tmp_path, original):
    for number in (1, 2, 3):
        original.crop((number, 0, number + 9, 11)).save(tmp_path / f"{number}.jpg")
    return Batch(tmp_path)


@pytest.fixture
def document():
    return Document()


@pytest.fixture
def gallery():
    return Gallery()


@pytest.fixture
def opened(batch, document, gallery):
    return OpenedBatchItem(batch, document, gallery)


def test_a_result_follows_its_file(batch, document, gallery, opened, tmp_path):
    request = opened.select(2)
    assert request == OpenRequest(tmp_path / "2.jpg", tolerate_damage=True)
    document.open(request.path)
    assert batch.loaded == [2]
    image = MipmapImage(())
    batch.event_occurred.emit(BatchResultImage(2, image))
    assert [shown for shown, _label in gallery.results] == [image]


def test_a_file_without_a_result_is_opened_as_any_other(batch, document, opened, tmp_path):
    assert opened.select(1) == OpenRequest(tmp_path / "1.jpg")
    document.open(tmp_path / "1.jpg")
    assert batch.loaded == []


def test_a_result_that_comes_too_late_is_not_shown_for_another_file(
    batch, document, gallery, opened, tmp_path
):
    document.open(opened.select(2).path)
    document.open(tmp_path / "3.jpg")
    batch.event_occurred.emit(BatchResultImage(2, MipmapImage(())))
    assert gallery.results == []


def test_an_item_that_is_gone_is_not_opened(opened):
    assert opened.select(7) is None


def test_neighbours_are_those_of_the_selected_item(opened):
    opened.select(1)
    assert (opened.find_neighbor(-1), opened.find_neighbor(1)) == (None, 2)


def test_a_file_of_the_batch_that_was_opened_otherwise_has_neighbours(document, opened, tmp_path):
    document.open(tmp_path / "2.jpg")
    assert (opened.find_neighbor(-1), opened.find_neighbor(1)) == (1, None)


def test_from_a_file_beside_the_batch_the_first_or_the_last_follows(document, opened, tmp_path):
    document.open(tmp_path / "3.jpg")
    assert (opened.find_neighbor(1), opened.find_neighbor(-1)) == (1, 2)
