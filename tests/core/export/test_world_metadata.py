"""Results of files with odd metadata, read by Pillow."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from app.imaging.color_management import create_display_transform
from ddrm_core.cancel import CancelToken
from ddrm_core.export.encode_result import EncodedResult, encode_result
from ddrm_core.export.settings import ExportSettings
from ddrm_core.metadata.icc_defects import find_profile_defect
from ddrm_core.restoration.restore import Restoration, restore
from ddrm_core.restoration.run import create_jpeg_run
from ddrm_core.restoration.source import open_source_image
from ddrm_core.sampler.settings import SamplerSettings
from tests.support.world_metadata import ROWS, Row

SUFFIXES = (".png", ".tiff", ".jpg", ".webp")
XMP_ORIENTATION = re.compile(r"""tiff:Orientation(?:="|>)\s*(\d+)""")
pytestmark = pytest.mark.filterwarnings("ignore:Corrupt EXIF data")


@pytest.fixture(scope="module", params=ROWS, ids=str)
def row(request) -> Row:
    return ROWS[request.param]


@pytest.fixture(scope="module")
def result(row, tiny, tmp_path_factory) -> Restoration:
    path = tmp_path_factory.mktemp("world") / "a.jpg"
    path.write_bytes(row.data)
    run = create_jpeg_run(open_source_image(path), tiny, SamplerSettings(1, 1), seed=3)
    return restore(run, CancelToken()).drain()


def written(result: Restoration, target: Path, **options: object) -> EncodedResult:
    encoded = encode_result(result, target, replace(ExportSettings(), **options))
    target.write_bytes(encoded.data)
    return encoded


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_pillow_turns_a_result_as_the_source_is_shown(row, result, tmp_path, suffix):
    target, upright = tmp_path / f"r{suffix}", tmp_path / f"u{suffix}"
    display = create_display_transform(result.run.image.metadata, 3)
    assert display.orientation == row.orientation
    written(result, target)
    written(result, upright, bake_orientation=True)
    with Image.open(target) as image:
        assert image.getexif().get(0x112, 1) == row.orientation
        turned = np.asarray(ImageOps.exif_transpose(image))
    with Image.open(upright) as image:
        assert image.getexif().get(0x112, 1) == 1
        if suffix != ".jpg":  # whose blocks are other ones
            assert np.array_equal(np.asarray(ImageOps.exif_transpose(image)), turned)
        if row.xmp_orientation is not None:
            found = XMP_ORIENTATION.findall(_read_xmp(upright, image))
            assert set(found) <= {"1"}
            if suffix == ".jpg":
                assert found


def _read_xmp(path: Path, image: Image.Image) -> str:
    """Return the text of an XMP packet as Pillow finds it, and of its extension in a JPEG."""
    packet = image.info.get("xmp", b"")
    packet = packet if isinstance(packet, bytes) else packet.encode()
    extension = path.read_bytes() if path.suffix == ".jpg" else b""
    return packet.decode() + extension.decode("latin-1")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_profile_is_embedded_only_if_it_can_be_used(row, result, tmp_path, suffix):
    metadata, target = result.run.image.metadata, tmp_path / f"r{suffix}"
    shown = create_display_transform(metadata, 3)
    notes = [str(note) for note in written(result, target).notes if "profile" in str(note)]
    defect = find_profile_defect(metadata)
    if row.profile is not None:
        with Image.open(target) as image:
            assert image.info["icc_profile"] == row.profile
        assert (notes, defect) == ([], None)
        assert (shown.icc_profile, shown.has_unusable_profile) == (row.profile, False)
        return
    assert shown.icc_profile is None or shown.has_unusable_profile
    has_profile = b"ICC_PROFILE\0" in row.data
    assert len(notes) == has_profile
    if defect is not None:
        assert str(defect) in notes[0]
    if suffix != ".jpg":
        with Image.open(target) as image:
            assert not image.info.get("icc_profile")
    elif defect is not None:
        assert target.read_bytes().count(b"ICC_PROFILE\0") == row.data.count(b"ICC_PROFILE\0")


def test_comments_are_text_in_a_png(row, result, tmp_path):
    target = tmp_path / "r.png"
    notes = written(result, target).notes
    with Image.open(target) as image:
        assert image.info.get("Comment") == row.comment
    assert not any("comment" in str(note) for note in notes)
