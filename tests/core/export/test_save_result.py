"""Saving of a result: what it replaces, and agreement of its file with the source."""

from __future__ import annotations

import pytest
from PIL import Image

from ddrm_core.cancel import CancelToken
from ddrm_core.errors import OutputExists, OutputIsInput, SizeMismatch
from ddrm_core.export.save_result import save_result
from ddrm_core.export.settings import ExportSettings
from ddrm_core.export.verify import verify
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.jpeg.read import read_jpeg
from ddrm_core.restoration.restore import restore
from ddrm_core.restoration.run import create_jpeg_run
from ddrm_core.sampler.settings import SamplerSettings

REGION = Rectangle(8, 0, 28, 20)  # contains a complete MCU
ROTATED = 6  # EXIF orientation: stored rows are shown as columns


@pytest.fixture
def photo(tmp_path):
    """Return a JPEG of 37 x 31 pixels with an orientation."""
    path, exif = tmp_path / "photo.jpg", Image.Exif()
    exif[0x0112] = ROTATED
    Image.radial_gradient("L").resize((37, 31)).convert("RGB").save(path, quality=20, exif=exif)
    return path


@pytest.fixture
def restore_photo(photo, tiny):
    """Return a function that restores the photo or a region of it."""

    def run(region=None):
        settings = SamplerSettings(steps=2, samples=1)
        jpeg_run = create_jpeg_run(read_jpeg(photo), tiny, settings, seed=0, region=region)
        return restore(jpeg_run, CancelToken()).drain()

    return run


def test_an_existing_file_is_replaced_on_request_and_the_source_never(
    restore_photo, photo, tmp_path
):
    result, target, source = restore_photo(), tmp_path / "out.png", photo.read_bytes()
    target.write_bytes(b"old")
    with pytest.raises(OutputExists):
        save_result(result, target)
    assert target.read_bytes() == b"old"
    encoded = save_result(result, target, overwrite=True)
    assert target.read_bytes() == encoded.data
    with pytest.raises(OutputIsInput):
        save_result(result, photo, overwrite=True)
    assert photo.read_bytes() == source


@pytest.mark.parametrize("region", [None, REGION], ids=["whole image", "region"])
@pytest.mark.parametrize("turned", [False, True])
def test_a_saved_file_is_verified_as_what_its_record_says(
    restore_photo, photo, tmp_path, region, turned
):
    settings = ExportSettings(bits=32, bake_orientation=turned)
    path = tmp_path / "out.tiff"
    encoded = save_result(restore_photo(region), path, settings)
    consistency = verify(path, photo).consistency
    assert consistency.inside_fraction == encoded.consistency == 1
    assert sum(c.coefficients for c in consistency.components) > 0


def test_an_image_of_another_size_is_refused(photo, tmp_path):
    other = tmp_path / "other.png"
    Image.new("RGB", (36, 31)).save(other)
    with pytest.raises(SizeMismatch):
        verify(other, photo)


def test_a_refused_image_is_described_by_the_kind_of_its_channels(photo, tmp_path):
    other = tmp_path / "other.tiff"
    Image.new("CMYK", (37, 31)).save(other)
    with pytest.raises(SizeMismatch, match=r"is 37x31 CMYK, the JPEG is 37x31 RGB$"):
        verify(other, photo)
