"""Files of several pages and animations are refused with their kind, in every format."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from app.i18n.error_messages import message_from_error
from ddrm_core.formats.load import load_image
from ddrm_core.formats.unsupported_format import UnsupportedImage
from ddrm_core.restoration.source import open_source_image
from tests.support.pictures import photograph

FIRST, SECOND, THIRD = (Image.fromarray(photograph(31, 37, seed=seed)) for seed in range(3))


def saved(path: Path, *others: Image.Image, **options: object) -> Path:
    FIRST.save(path, save_all=True, append_images=list(others), **options)
    return path


@pytest.mark.parametrize("read", [load_image, open_source_image])
@pytest.mark.parametrize(
    ("name", "pages", "frames", "words"),
    [
        ("a.tiff", 3, 0, "has 3 pages"),
        ("a.webp", 0, 3, "is an animation of 3 frames"),
        ("a.png", 0, 3, "is an animation of 3 frames"),
    ],
)
def test_their_number_is_said(tmp_path, read, name, pages, frames, words):
    path = saved(tmp_path / name, SECOND, THIRD)
    with pytest.raises(UnsupportedImage) as caught:
        read(path)
    assert (caught.value.page_count, caught.value.frame_count) == (pages, frames)
    message = message_from_error(caught.value)
    assert words in message.title
    assert "as a file of its own" in message.advice


def test_one_page_and_one_frame_are_a_picture(tmp_path):
    expected = np.asarray(FIRST)
    for name in ("a.tiff", "a.png"):
        path = saved(tmp_path / name)
        assert np.array_equal(as_pixels(path), expected)
    still = tmp_path / "still.png"
    FIRST.save(still)
    data = still.read_bytes()
    still.write_bytes(data[:33] + chunk(b"acTL", struct.pack(">II", 1, 0)) + data[33:])
    assert np.array_equal(as_pixels(still), expected)


def test_a_webp_animation_of_one_frame_is_a_picture(tmp_path):
    """A WebP animation with a single frame is loaded; some programs write any image like this."""
    FIRST.save(tmp_path / "a.webp", lossless=True)
    frame = (tmp_path / "a.webp").read_bytes()[12:]
    size = struct.pack("<I", 36)[:3] + struct.pack("<I", 30)[:3]
    animation = riff(b"ANMF", bytes(6) + size + bytes(4) + frame)
    canvas = riff(b"VP8X", b"\x02\0\0\0" + size)
    body = b"WEBP" + canvas + riff(b"ANIM", bytes(6)) + animation
    path = tmp_path / "b.webp"
    path.write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body)
    assert np.array_equal(as_pixels(path), np.asarray(FIRST))


def test_an_animation_that_begins_after_the_pixels_is_none(tmp_path):
    """An animation chunk after the image data of a PNG is ignored (third edition, 11.3.6.1)."""
    path = tmp_path / "a.png"
    FIRST.save(path)
    data = path.read_bytes()
    late = chunk(b"acTL", struct.pack(">II", 5, 0))
    path.write_bytes(data[:-12] + late + data[-12:])
    assert np.array_equal(as_pixels(path), np.asarray(FIRST))


def test_pages_that_lead_back_end_the_count(tmp_path):
    path = saved(tmp_path / "a.tiff", SECOND)
    with tifffile.TiffFile(path) as file:
        first, second = (page.offset for page in file.pages)
    data = bytearray(path.read_bytes())
    (count,) = struct.unpack_from("<H", data, second)
    struct.pack_into("<I", data, second + 2 + 12 * count, second)
    path.write_bytes(data)
    with pytest.raises(UnsupportedImage) as caught:
        load_image(path)
    assert caught.value.page_count == 2
    assert first != second


def as_pixels(path: Path) -> np.ndarray:
    return load_image(path).pixels.permute(1, 2, 0).numpy().astype(np.uint8)


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def riff(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("<I", len(body)) + body + bytes(len(body) % 2)
