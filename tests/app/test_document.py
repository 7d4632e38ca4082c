from __future__ import annotations

import pytest
from PIL import Image, ImageOps
from PySide6.QtGui import QImage

from app.convert import Pyramid
from app.jobs.open_job import Document, _decoded, open_document
from app.jobs.worker import Outcome
from app.viewmodels.document import (
    DocumentViewModel,
    NoDocument,
    NotOpened,
    Opened,
    Opening,
    after_open,
    document_of,
)
from ddrm_core.errors import CoreError, DamagedJpeg, NotAJpeg, UnreadableFile


@pytest.fixture
def document(photo) -> Document:
    return open_document(photo)


def test_opening_reads_levels_and_the_decoders_picture(document, photo):
    assert document.image.path == photo
    assert document.picture.full.size().toTuple() == (97, 64)
    decoded = QImage(str(photo))
    here, there = document.picture.full.pixelColor(40, 30), decoded.pixelColor(40, 30)
    assert abs(here.red() - there.red()) <= 4
    assert abs(here.blue() - there.blue()) <= 4


def test_files_past_pillows_limit_of_pixels_open_without_a_warning(photo, monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 97 * 64 - 1)
    assert open_document(photo).picture.full.width() == 97
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)
    assert open_document(photo).picture.full.width() == 97
    assert Image.MAX_IMAGE_PIXELS == 1000


def test_a_damaged_exif_block_does_not_matter_to_the_screen(tmp_path, original):
    path = tmp_path / "odd.jpg"
    original.save(path, exif=b"Exif\0\0MM\0*\0\0\0\x08\0\x07\x01\x12")
    assert open_document(path).picture.full.width() == 97


def test_a_file_of_which_two_readers_see_two_pictures_is_damaged(photo):
    image = open_document(photo).image
    with Image.open(photo) as decoded:
        decoded.resize((96, 64)).save(photo)
    with pytest.raises(DamagedJpeg):
        _decoded(image)


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
@pytest.mark.parametrize("orientation", [1, 8])
def test_every_colour_of_jpeg_opens(tmp_path, original, mode, orientation):
    path = tmp_path / "picture.jpg"
    exif = Image.Exif()
    exif[0x0112] = orientation
    original.convert(mode).save(path, exif=exif)
    with Image.open(path) as decoded:
        expected = ImageOps.exif_transpose(decoded).convert("RGB")
    shown = open_document(path).picture.full
    assert shown.size().toTuple() == expected.size
    for place in ((0, 0), (17, 40), (63, 3)):
        assert shown.pixelColor(*place).getRgb()[:3] == expected.getpixel(place)


def test_grey_files_open(tmp_path, original):
    path = tmp_path / "grey.jpg"
    original.convert("L").save(path, quality=30)
    colour = open_document(path).picture.full.pixelColor(5, 5)
    assert colour.red() == colour.green() == colour.blue()


@pytest.mark.parametrize("before", [NoDocument(), "opened", "refused"])
def test_transitions(before, document):
    other = Document(document.image, document.display, Pyramid(()))
    error = NotAJpeg(document.image.path, "PNG")
    state = {"opened": Opened(other), "refused": NotOpened(error, other)}.get(before, before)
    kept = document_of(state)
    opening = Opening(document.image.path, kept)
    assert after_open(opening, Outcome(document, None)) == Opened(document)
    assert after_open(opening, Outcome(None, error)) == NotOpened(error, kept)


def test_another_result_is_a_bug():
    with pytest.raises(TypeError):
        after_open(NoDocument(), Outcome(3, None))


def test_the_model_opens_and_keeps_what_was_open(qtbot, runner, photo, text_file):
    model = DocumentViewModel(runner)
    assert model.document is None
    model.open(photo)
    assert model.state == Opening(photo, None)
    qtbot.waitUntil(lambda: isinstance(model.state, Opened), timeout=5000)
    opened = model.document
    model.open(text_file)
    qtbot.waitUntil(lambda: isinstance(model.state, NotOpened), timeout=5000)
    assert isinstance(model.state.error, NotAJpeg)
    assert model.document is opened


def test_only_the_file_asked_for_last_is_opened(qtbot, runner, photo, tmp_path):
    model = DocumentViewModel(runner)
    states = []
    model.state_changed.connect(states.append)
    model.open(tmp_path / "missing.jpg")
    model.open(photo)
    qtbot.waitUntil(lambda: isinstance(model.state, Opened), timeout=5000)
    assert not any(isinstance(state, NotOpened) for state in states)


@pytest.mark.parametrize(
    ("damage", "kind"),
    [
        (lambda path: path.unlink(), UnreadableFile),
        (lambda path: path.write_bytes(path.read_bytes()[:700]), DamagedJpeg),
        (lambda path: (path.unlink(), path.mkdir()), UnreadableFile),
    ],
    ids=["missing", "truncated", "folder"],
)
def test_what_cannot_be_opened_is_a_core_error(photo, damage, kind):
    damage(photo)
    with pytest.raises(kind) as caught:
        open_document(photo)
    assert isinstance(caught.value, CoreError)
