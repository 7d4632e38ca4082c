from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageOps
from PySide6.QtGui import QImage

from app.config.resources import EXAMPLE_IMAGE_PATH
from app.imaging.mipmap_image import MipmapImage
from app.jobs.document.open import Document, open_document
from app.jobs.worker import JobOutcome
from app.viewmodels.document.document import (
    DocumentOpened,
    DocumentOpenFailed,
    DocumentOpening,
    DocumentViewModel,
    NoDocument,
    OpenAlternative,
    OpenRequest,
    document_of_state,
    find_open_alternative,
    state_after_open,
)
from ddrm_core.errors import (
    CoreError,
    DamagedJpeg,
    NotAJpeg,
    TooManyPixels,
    UnreadableFile,
)
from ddrm_core.formats.unsupported_format import UnsupportedImage
from ddrm_core.jpeg.image import JpegImage
from ddrm_core.jpeg.read import read_jpeg
from ddrm_core.jpeg.reasons import CutOffReason
from ddrm_core.restoration.source import PixelImage
from tests.support.paths import ROOT


@pytest.fixture
def document(photo) -> Document:
    return open_document(photo)


def test_opening_reads_levels_and_the_decoders_picture(document, photo):
    assert document.source.path == photo
    assert document.image.full_size.size().toTuple() == (97, 64)
    decoded = QImage(str(photo))
    here, there = document.image.full_size.pixelColor(40, 30), decoded.pixelColor(40, 30)
    assert abs(here.red() - there.red()) <= 4
    assert abs(here.blue() - there.blue()) <= 4


def test_files_past_pillows_limit_of_pixels_open_without_a_warning(photo, monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 97 * 64 - 1)
    assert open_document(photo).image.full_size.width() == 97
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)
    assert open_document(photo).image.full_size.width() == 97
    assert Image.MAX_IMAGE_PIXELS == 1000


def test_a_damaged_exif_block_does_not_matter_to_the_screen(tmp_path, original):
    path = tmp_path / "odd.jpg"
    original.save(path, exif=b"Exif\0\0MM\0*\0\0\0\x08\0\x07\x01\x12")
    assert open_document(path).image.full_size.width() == 97


def test_a_file_of_which_two_readers_see_two_pictures_is_damaged(photo, monkeypatch):
    whole = photo.read_bytes()

    def read_first(path, **options):
        """Read a JPEG, then replace the file by another image as another program might do."""
        path.write_bytes(whole)
        image = read_jpeg(path, **options)
        with Image.open(path) as decoded:
            decoded.resize((96, 64)).save(path)
        return image

    monkeypatch.setattr("app.jobs.document.open.read_jpeg", read_first)
    with pytest.raises(DamagedJpeg):
        open_document(photo)
    assert open_document(photo, tolerate_damage=True).image.full_size.size().toTuple() == (97, 64)


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
@pytest.mark.parametrize("orientation", [1, 8])
def test_every_colour_of_jpeg_opens(tmp_path, original, mode, orientation):
    path = tmp_path / "picture.jpg"
    exif = Image.Exif()
    exif[0x0112] = orientation
    original.convert(mode).save(path, exif=exif)
    with Image.open(path) as decoded:
        expected = ImageOps.exif_transpose(decoded).convert("RGB")
    shown = open_document(path).image.full_size
    assert shown.size().toTuple() == expected.size
    for place in ((0, 0), (17, 40), (63, 3)):
        assert shown.pixelColor(*place).getRgb()[:3] == expected.getpixel(place)


def test_grey_files_open(tmp_path, original):
    path = tmp_path / "grey.jpg"
    original.convert("L").save(path, quality=30)
    colour = open_document(path).image.full_size.pixelColor(5, 5)
    assert colour.red() == colour.green() == colour.blue()


@pytest.mark.parametrize("before", [NoDocument(), "opened", "refused"])
def test_transitions(before, document):
    other = replace(document, image=MipmapImage(()))
    request = OpenRequest(document.source.path)
    error = NotAJpeg(request.path, "PNG")
    refused = DocumentOpenFailed(error, request, other)
    state = {"opened": DocumentOpened(other), "refused": refused}.get(before, before)
    kept = document_of_state(state)
    opening = DocumentOpening(request, kept)
    assert state_after_open(opening, JobOutcome(document, None)) == DocumentOpened(document)
    assert state_after_open(opening, JobOutcome(None, error)) == DocumentOpenFailed(
        error, request, kept
    )


def test_another_result_is_a_bug(photo):
    with pytest.raises(TypeError):
        state_after_open(DocumentOpening(OpenRequest(photo), None), JobOutcome(3, None))


def test_what_helps_where_a_file_is_refused(photo):
    plain, tolerant = OpenRequest(photo), OpenRequest(photo, tolerate_damage=True, max_pixels=9)
    damaged = DamagedJpeg(photo, CutOffReason.NOTHING)
    large = TooManyPixels(photo, 30, 20, 9)
    for error, request, remedy in (
        (
            damaged,
            plain,
            OpenAlternative("Open what can be read", replace(plain, tolerate_damage=True)),
        ),
        (damaged, tolerant, None),
        (large, plain, OpenAlternative("Open anyway", replace(plain, max_pixels=600))),
        (large, tolerant, OpenAlternative("Open anyway", replace(tolerant, max_pixels=600))),
        (NotAJpeg(photo, "PNG"), plain, None),
        (UnreadableFile(photo, "no"), plain, None),
    ):
        assert find_open_alternative(DocumentOpenFailed(error, request, None)) == remedy


def test_the_model_opens_and_keeps_what_was_open(qtbot, runner, photo, text_file):
    model = DocumentViewModel(runner)
    assert model.document is None
    model.open(OpenRequest(photo))
    assert model.state == DocumentOpening(OpenRequest(photo), None)
    qtbot.waitUntil(lambda: isinstance(model.state, DocumentOpened), timeout=5000)
    opened = model.document
    model.open(OpenRequest(text_file))
    qtbot.waitUntil(lambda: isinstance(model.state, DocumentOpenFailed), timeout=5000)
    assert isinstance(model.state.error, NotAJpeg)
    assert model.document is opened


def test_only_the_file_asked_for_last_is_opened(qtbot, runner, photo, tmp_path):
    model = DocumentViewModel(runner)
    states = []
    model.state_changed.connect(states.append)
    model.open(OpenRequest(tmp_path / "missing.jpg"))
    model.open(OpenRequest(photo))
    qtbot.waitUntil(lambda: isinstance(model.state, DocumentOpened), timeout=5000)
    assert not any(isinstance(state, DocumentOpenFailed) for state in states)


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


@pytest.mark.parametrize("suffix", ["png", "tif", "webp", "bmp"])
def test_a_picture_that_once_was_a_jpeg_opens_with_its_estimate(screenshot, suffix):
    path = screenshot.with_suffix(f".{suffix}")
    with Image.open(screenshot) as image:
        image.save(path, lossless=True)
        expected = np.asarray(image)
    document = open_document(path)
    assert isinstance(document.source, PixelImage)
    assert document.format.lower().startswith(suffix)
    assert document.source.previous_compression.quality == 10
    shown = document.image.full_size
    for x, y in ((0, 0), (17, 40), (63, 3)):
        assert shown.pixelColor(x, y).getRgb()[:3] == tuple(expected[y, x])


def test_a_picture_is_shown_turned_as_its_exif_says(tmp_path, original):
    path = tmp_path / "turned.png"
    exif = Image.Exif()
    exif[0x0112] = 6
    original.save(path, exif=exif)
    assert open_document(path).image.full_size.size().toTuple() == (64, 97)


def test_a_damaged_picture_that_is_no_jpeg(tmp_path, original):
    path = tmp_path / "cut.png"
    original.save(path)
    path.write_bytes(path.read_bytes()[:900])
    with pytest.raises(UnsupportedImage):
        open_document(path)


def test_what_can_be_read_of_a_damaged_file_looks_as_its_result_will(cut):
    with pytest.raises(DamagedJpeg):
        open_document(cut)
    document = open_document(cut, tolerate_damage=True)
    assert isinstance(document.source, JpegImage)
    assert 0.1 < document.source.damage.intact_mcus.mean() < 0.9
    shown = document.image.full_size
    assert shown.pixelColor(479, 319).getRgb()[:3] == (128, 128, 128)
    with Image.open(EXAMPLE_IMAGE_PATH) as whole:
        expected = whole.convert("RGB").getpixel((40, 20))
    assert shown.pixelColor(40, 20).getRgb()[:3] == pytest.approx(expected, abs=3)


def test_the_users_limit_of_pixels_counts(photo, screenshot):
    for path, pixels in ((photo, 97 * 64), (screenshot, 240 * 192)):
        with pytest.raises(TooManyPixels):
            open_document(path, max_pixels=pixels - 1)
        assert open_document(path, max_pixels=pixels).image.full_size.width() in (97, 240)


def test_a_jpeg_opens_without_waiting_for_torch(photo):
    code = (
        "import sys, pathlib, app.compose, app.jobs.document.open as job\n"
        f"job.open_document(pathlib.Path({str(photo)!r}))\n"
        "assert 'torch' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
