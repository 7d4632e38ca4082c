"""Thumbnails of files."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from app.imaging.qimage import pixels_from_qimage
from app.jobs.batch.thumbnails import load_thumbnail


@pytest.fixture
def photo(original) -> Image.Image:
    return original.crop((0, 0, 96, 64)).resize((900, 600))


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.tif", "a.webp", "a.bmp"])
def test_every_format_gives_what_pillow_shows(tmp_path, photo, name):
    photo.save(tmp_path / name, **({"lossless": True} if name == "a.webp" else {}))
    image = load_thumbnail(tmp_path / name, 90)
    assert image is not None
    pixels = pixels_from_qimage(image).astype(int)
    expected = np.asarray(photo.resize((90, 60), Image.Resampling.BOX)).astype(int)
    assert pixels.shape == expected.shape
    assert np.abs(pixels - expected).mean() < 4


def test_a_thumbnail_is_upright(tmp_path, photo):
    exif = Image.Exif()
    exif[0x0112] = 6
    photo.save(tmp_path / "a.jpg", exif=exif)
    image = load_thumbnail(tmp_path / "a.jpg", 90)
    assert image is not None
    turned = photo.transpose(Image.Transpose.ROTATE_270).resize((60, 90), Image.Resampling.BOX)
    difference = pixels_from_qimage(image).astype(int) - np.asarray(turned).astype(int)
    assert np.abs(difference).mean() < 5


def test_cmyk_and_gray_files_have_thumbnails(tmp_path, photo):
    photo.convert("CMYK").save(tmp_path / "inks.jpg")
    photo.convert("L").save(tmp_path / "gray.jpg")
    for name, reference in (("inks.jpg", photo), ("gray.jpg", photo.convert("L").convert("RGB"))):
        image = load_thumbnail(tmp_path / name, 90)
        assert image is not None
        expected = np.asarray(reference.resize((90, 60), Image.Resampling.BOX)).astype(int)
        assert np.abs(pixels_from_qimage(image).astype(int) - expected).mean() < 8


@pytest.mark.parametrize("content", [b"", b"no picture", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n"])
def test_a_file_that_cannot_be_decoded_has_none(tmp_path, content):
    (tmp_path / "a.jpg").write_bytes(content)
    assert load_thumbnail(tmp_path / "a.jpg", 90) is None
    assert load_thumbnail(tmp_path / "missing.jpg", 90) is None
    assert load_thumbnail(tmp_path, 90) is None
