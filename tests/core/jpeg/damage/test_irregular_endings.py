"""Files with irregular endings hold complete images, which libjpeg and this program decode."""

from __future__ import annotations

import io
from itertools import product

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageFile
from PySide6.QtGui import QImage

from app.jobs.document.open import open_document
from ddrm_core.errors import DamagedJpeg
from ddrm_core.jpeg.read import read_jpeg
from ddrm_core.restoration.restorability import check_restorability
from tests.support.irregular_jpegs import scan_per_component
from tests.support.odd_files import WHOLE, intact, random_bytes
from tests.support.pictures import jpeg_bytes, photograph

INTACT = intact()


def pixels_by_libjpeg(data: bytes, monkeypatch: pytest.MonkeyPatch) -> NDArray[np.uint8]:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image)


def pixels_in(image: QImage) -> NDArray[np.uint8]:
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    lines = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return lines[:, : 3 * image.width()].copy()


@pytest.mark.parametrize("odd", WHOLE)
@pytest.mark.parametrize("kind", INTACT)
def test_the_levels_are_those_of_the_intact_file(tmp_path, monkeypatch, kind, odd):
    data, path = INTACT[kind], tmp_path / "a.jpg"
    path.write_bytes(data)
    original, pixels = read_jpeg(path), pixels_by_libjpeg(data, monkeypatch)
    made = WHOLE[odd](data)
    # The oracle: libjpeg decodes the whole image, with warnings that Pillow does not pass on.
    # Pillow itself refuses bytes between segments of a header, and libjpeg looks for more scans
    # after the last scan of a progressive file.
    header = made[: made.index(b"\xff\xda")] != data[: data.index(b"\xff\xda")]
    if not header and not (kind == "progressive" and "another JPEG" in odd):
        assert np.array_equal(pixels_by_libjpeg(made, monkeypatch), pixels)
    path.write_bytes(made)
    image = read_jpeg(path)
    assert image.damage is None
    assert all(map(np.array_equal, image.levels, original.levels))
    assert check_restorability(path).refusal is None


@pytest.mark.parametrize("odd", [name for name in WHOLE if "no end" in name or "stray" in name])
def test_the_window_shows_the_same_picture(tmp_path, odd):
    path = tmp_path / "a.jpg"
    path.write_bytes(INTACT["37x31"])
    whole = open_document(path)
    path.write_bytes(WHOLE[odd](INTACT["37x31"]))
    found = open_document(path)
    assert found.source.damage is None
    shown = [pixels_in(document.image.full_size).astype(int) for document in (whole, found)]
    assert np.abs(shown[0] - shown[1]).max() <= 2  # decoded from levels if Pillow refuses


@pytest.mark.parametrize("kind", ["4:2:0", "4:4:4", "gray", "restart markers"])
def test_random_bytes_behind_the_picture(tmp_path, kind):
    """Random bytes after the end of the image change no level, although they resemble scan data."""
    path = tmp_path / "a.jpg"
    path.write_bytes(INTACT[kind])
    original = read_jpeg(path)
    for seed in range(6):
        path.write_bytes(INTACT[kind][:-2] + random_bytes(1500, seed))
        image = read_jpeg(path)
        assert image.damage is None
        assert all(map(np.array_equal, image.levels, original.levels))


def test_what_another_jpeg_behind_the_picture_says_is_not_taken_over(tmp_path):
    """If another JPEG follows an image without an end marker, the other JPEG is ignored."""
    path, other = tmp_path / "a.jpg", jpeg_bytes(photograph(9, 9), quality=3, comment=b"another's")
    for data in INTACT.values():
        path.write_bytes(data)
        alone = read_jpeg(path)
        path.write_bytes(data[:-2] + other)
        found = read_jpeg(path)
        assert found.header is not None
        assert alone.header is not None
        assert [s.name for s in found.header.segments] == [s.name for s in alone.header.segments]
        assert found.metadata == alone.metadata
        assert all(
            np.array_equal(found.header.quantization_tables[n], t)
            for n, t in alone.header.quantization_tables.items()
        )


def test_scans_with_more_data_than_the_image_needs_are_damage(tmp_path):
    """A frame header with a wrong size leaves bytes over, in one scan perhaps all of them."""
    data, path = scan_per_component(20, 60, 90, subsampled=True), tmp_path / "a.jpg"
    place = data.index(b"\xff\xc0") + 5
    for height, width in product((1, 7, 16, 64), repeat=2):
        size = height.to_bytes(2) + width.to_bytes(2)
        path.write_bytes(data[:place] + size + data[place + 4 :])
        with pytest.raises(DamagedJpeg):
            read_jpeg(path)
