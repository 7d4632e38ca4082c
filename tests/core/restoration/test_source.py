"""Any image as a measured image, and runs that are repeated."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from PIL import Image

from app.config.resources import EXAMPLE_IMAGE_PATH
from ddrm_core.errors import CompressionNotDetected, InvalidSetting, NotAJpeg
from ddrm_core.formats.unsupported_format import UnsupportedImage
from ddrm_core.jpeg.image import JpegImage, QualitySource
from ddrm_core.restoration.assumption import NO_ASSUMPTION, CompressionAssumption
from ddrm_core.restoration.source import PixelImage, jpeg_image_from_source, open_source_image
from tests.support.pictures import jpeg_bytes, photograph


@pytest.fixture(scope="module")
def decoded() -> Image.Image:
    with Image.open(EXAMPLE_IMAGE_PATH) as image:
        image.load()
    return image


@pytest.mark.parametrize(
    ("mode", "suffix"),
    [("CMYK", "tiff"), *product(("RGB", "L"), ("png", "tiff", "bmp", "webp"))],
)
def test_saved_without_loss_the_compression_is_found_again(tmp_path, decoded, mode, suffix):
    path = tmp_path / f"a.{suffix}"
    picture = decoded.crop((3, 5, 480, 320))
    if mode == "CMYK":  # without black, which hides the rest of the grid in filtered chroma
        inks = 255 - np.asarray(picture)
        picture = Image.fromarray(np.dstack([inks, 0 * inks[:, :, 0]]), "CMYK")
    picture.convert(mode).save(path, **({"lossless": True} if suffix == "webp" else {}))
    source = open_source_image(path)
    assert isinstance(source, PixelImage)
    assert source.previous_compression is not None
    assert abs(source.previous_compression.quality - 10) <= 1
    assert (source.previous_compression.left % 8, source.previous_compression.top % 8) == (3, 5)
    image = jpeg_image_from_source(source, NO_ASSUMPTION)
    assert image.quality_source is QualitySource.ESTIMATED
    assert image.size == (477, 315)
    assert len(image.levels) == {"L": 1, "RGB": 3, "CMYK": 4}[mode]


def test_grey_pictures_with_three_channels_and_other_samplings_than_estimated(tmp_path, decoded):
    grey, colour = tmp_path / "grey.png", tmp_path / "colour.png"
    decoded.crop((3, 5, 480, 320)).convert("L").convert("RGB").save(grey)
    decoded.crop((12, 13, 480, 320)).save(colour)
    assert jpeg_image_from_source(open_source_image(grey), NO_ASSUMPTION).quality.factor == 10
    source = open_source_image(colour)
    assert isinstance(source, PixelImage)
    assert source.previous_compression is not None
    assert (source.previous_compression.left, source.previous_compression.top) == (12, 13)
    image = jpeg_image_from_source(source, CompressionAssumption(sampling="4:4:4"))
    assert (image.grid_left, image.grid_top, image.quality_source) == (4, 5, QualitySource.ASSUMED)


def test_what_the_user_says_comes_first(tmp_path, decoded):
    path = tmp_path / "a.png"
    decoded.save(path)
    source = open_source_image(path)
    image = jpeg_image_from_source(
        source, CompressionAssumption(quality=40, grid=(1, 2), sampling="4:4:4")
    )
    assert (image.quality.factor, image.grid_left, image.grid_top) == (40, 1, 2)
    assert image.quality_source is QualitySource.ASSUMED


def test_a_picture_that_never_was_a_jpeg_needs_a_quality_factor(tmp_path):
    path = tmp_path / "a.png"
    Image.fromarray(photograph(96, 128)).save(path)
    source = open_source_image(path)
    with pytest.raises(CompressionNotDetected):
        jpeg_image_from_source(source, NO_ASSUMPTION)
    assert jpeg_image_from_source(source, CompressionAssumption(quality=30)).quality.factor == 30
    with pytest.raises(InvalidSetting):
        jpeg_image_from_source(source, CompressionAssumption(quality=30, sampling="9:9:9"))


def test_a_jpegs_own_levels_are_taken_as_they_are(tmp_path):
    path = tmp_path / "a.jpg"
    path.write_bytes(jpeg_bytes(photograph(31, 37), quality=33))
    source = open_source_image(path)
    assert isinstance(source, JpegImage)
    assert jpeg_image_from_source(source, NO_ASSUMPTION) is source
    for wrong in (
        CompressionAssumption(grid=(1, 1)),
        CompressionAssumption(quality=20, sampling="4:4:4"),
    ):
        with pytest.raises(InvalidSetting):
            jpeg_image_from_source(source, wrong)


def test_damage_stays_known_under_an_assumption(tmp_path):
    path = tmp_path / "cut.jpg"
    path.write_bytes(EXAMPLE_IMAGE_PATH.read_bytes()[:4500])
    source = open_source_image(path, tolerate_damage=True)
    assert isinstance(source, JpegImage)
    assert source.damage is not None
    assert jpeg_image_from_source(source, CompressionAssumption(quality=5)).damage is source.damage
    with pytest.raises(InvalidSetting):
        jpeg_image_from_source(source, CompressionAssumption(quality=5, grid=(3, 0)))


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", NotAJpeg),
        (b"text", NotAJpeg),
        (b"GIF89a..", NotAJpeg),
        (b"\x89PNG junk", UnsupportedImage),
    ],
)
def test_what_is_no_picture(tmp_path, content, kind):
    path = tmp_path / "a.png"
    path.write_bytes(content)
    with pytest.raises(kind):
        open_source_image(path)
