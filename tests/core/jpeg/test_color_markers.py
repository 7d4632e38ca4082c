"""The color model of contradictory markers is the one in which Pillow's libjpeg decodes."""

from __future__ import annotations

import io
from dataclasses import replace
from functools import cache
from itertools import product
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image

from ddrm_core.formats.jpeg import replace_jpeg_metadata
from ddrm_core.jpeg.header import parse_header
from ddrm_core.jpeg.libjpeg.client import write_levels
from ddrm_core.jpeg.operator import create_jpeg_operator, levels_to_tensors
from ddrm_core.jpeg.read import read_jpeg
from ddrm_core.metadata.model import PixelDensity
from tests.support.irregular_jpegs import with_color_markers
from tests.support.jpeg_variants import (
    exif,
    segment,
    with_identifiers,
    with_segments,
)
from tests.support.pictures import jpeg_bytes, photograph, pixels_of

JFIF = ("absent", "whole", "short")
ADOBE = (None, 0, 1, 2, 3)
IDENTIFIERS = (b"\0\1\2\3", b"\1\2\3\4", b"RGBK", b"rgbk", b"\5\5\5\5")
PATH = Path("picture.jpg")


@cache
def coded(components: int) -> bytes:
    """Return a JPEG of 16x24 pixels, without chroma subsampling, with strong colors."""
    mode = {1: "L", 3: "RGB", 4: "CMYK"}[components]
    pixels = pixels_of("grey" if mode == "L" else mode, 16, 24)
    buffer = io.BytesIO()
    options = {} if components == 1 else {"subsampling": 0}
    Image.fromarray(pixels, mode).save(buffer, "JPEG", quality=90, **options)
    return buffer.getvalue()


def decoded(data: bytes) -> NDArray[np.float64]:
    with Image.open(io.BytesIO(data)) as image:
        return np.atleast_3d(np.asarray(image, float))


@pytest.mark.parametrize("components", [1, 3, 4])
@pytest.mark.parametrize("jfif", JFIF)
def test_every_combination_is_decoded_as_by_pillow(tmp_path, components, jfif):
    """Our pixels and those of a JPEG with the same levels are Pillow's pixels of the file."""
    path = tmp_path / "a.jpg"
    names = set()
    for adobe, identifiers in product(ADOBE, IDENTIFIERS):
        case = adobe, identifiers
        data = with_identifiers(coded(components), identifiers[:components])
        data = with_color_markers(data, jfif=jfif, adobe=adobe)
        path.write_bytes(data)
        image = read_jpeg(path)
        names.add(image.color_model_name)
        operator = create_jpeg_operator(image)
        x = operator.decode(levels_to_tensors(image, torch.device("cpu")))
        ours = operator.color_model.to_pixels(x)[0].round().clamp(0, 255).permute(1, 2, 0).numpy()
        expected = decoded(data)
        # The integer conversions of libjpeg may add a gray level, and those of YCCK two.
        assert np.abs(ours - expected).max() <= 3, case
        written = write_levels(data, image.levels)
        for metadata in (
            image.metadata,
            replace(image.metadata, exif=exif(1), density=PixelDensity(300, 300, 1)),
            replace(image.metadata, exif=exif(1), density=None),
        ):
            again = replace_jpeg_metadata(written, metadata).data
            assert np.array_equal(decoded(again), expected), case
    all_names = {1: {"grey"}, 3: {"RGB", "YCbCr"}, 4: {"CMYK", "YCCK"}}
    assert names == ({"YCbCr"} if (components, jfif) == (3, "whole") else all_names[components])


def test_the_other_color_model_would_be_far_off():
    """The test above distinguishes color models: a wrong one differs by more than 3 gray levels."""
    rgb = with_color_markers(coded(3), jfif="absent", adobe=0)
    ycbcr = with_color_markers(coded(3), jfif="whole", adobe=0)
    cmyk, ycck = (with_color_markers(coded(4), jfif="absent", adobe=n) for n in (0, 2))
    for one, other in ((rgb, ycbcr), (cmyk, ycck)):
        assert np.abs(decoded(one) - decoded(other)).max() > 50


def test_markers_after_the_first_scan_do_not_count():
    """The color model is determined at the first scan, by libjpeg and here."""
    progressive = jpeg_bytes(photograph(16, 24), progressive=True, subsampling=0)
    adobe = segment(0xEE, b"Adobe\0d\0\0\0\0\0")
    scans = [at for at in range(len(progressive)) if progressive.startswith(b"\xff\xda", at)]
    late = with_color_markers(progressive, jfif="absent", adobe=None)
    late = late[: scans[1] - 18] + adobe + late[scans[1] - 18 :]
    assert parse_header(late, PATH).color_model_name == "YCbCr"
    early = with_color_markers(progressive, jfif="absent", adobe=0)
    assert parse_header(early, PATH).color_model_name == "RGB"
    assert np.array_equal(decoded(late), decoded(progressive))
    assert not np.array_equal(decoded(early), decoded(progressive))


def test_the_last_adobe_segment_counts():
    rgb, ycbcr = (segment(0xEE, b"Adobe\0d\0\0\0\0" + bytes([n])) for n in (0, 1))
    plain = with_color_markers(coded(3), jfif="absent", adobe=None)
    for segments, name in (((rgb, ycbcr), "YCbCr"), ((ycbcr, rgb), "RGB")):
        data = with_segments(plain, *segments)
        assert parse_header(data, PATH).color_model_name == name
        assert np.array_equal(decoded(data), decoded(with_segments(plain, segments[-1])))


@pytest.mark.parametrize(
    "odd",
    [
        segment(0xEE, b"Adobe\0d\0\0\0\1"),  # without its transform
        segment(0xEE, b"adobe\0d\0\0\0\0\1"),
        segment(0xED, b"Adobe\0d\0\0\0\0\1"),
        segment(0xEE, b"Adobe\0d\0\0\0\0\1" + bytes(60_000)) + segment(0xEE, b""),
        segment(0xE1, b"JFIF\0\1\1\0\0\1\0\1\0\0"),
        segment(0xE0, b"JFIF\1\1\1\0\0\1\0\1\0\0"),
    ],
)
def test_segments_that_only_resemble_markers_do_not_count(tmp_path, odd):
    """RGB identifiers decide, as in Pillow, unless a complete JFIF or Adobe marker is present."""
    path = tmp_path / "a.jpg"
    plain = with_identifiers(with_color_markers(coded(3), jfif="absent", adobe=None), b"RGB")
    data = plain[:2] + odd + plain[2:]
    path.write_bytes(data)
    image = read_jpeg(path)
    is_complete = b"\1" + bytes(60_000) in odd
    assert image.color_model_name == ("YCbCr" if is_complete else "RGB")
    assert np.array_equal(decoded(data), decoded(plain)) != is_complete
