"""Results show nothing of what was cut away, and no preview of the source."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import piexif
import pytest
from PIL import Image

from ddrm_core.cancel import CancelToken
from ddrm_core.export.encode_result import encode_result
from ddrm_core.export.settings import ExportSettings
from ddrm_core.formats.load import load_image
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.metadata.previews.photoshop import remove_previews
from ddrm_core.restoration.restore import Restoration, restore
from ddrm_core.restoration.run import create_jpeg_run
from ddrm_core.restoration.source import open_source_image
from ddrm_core.sampler.settings import SamplerSettings
from tests.support.hidden_previews import (
    CAPTION,
    MARKS,
    find_marks,
    jpeg_with_previews,
    photoshop,
    resource,
)

SUFFIXES = (".jpg", ".png", ".tiff", ".webp")
STALE = {"EXIF thumbnail", "resource 1033", "resource 1036", "IPTC preview", "XMP elements"}
STALE |= {"XMP attribute", "extended XMP", "JFXX"}


@pytest.fixture(scope="module")
def path(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("previews") / "a.jpg"
    path.write_bytes(jpeg_with_previews())
    return path


@pytest.fixture(scope="module", params=[None, Rectangle(8, 0, 16, 16)], ids=["whole", "region"])
def result(request, path, tiny) -> Restoration:
    run = create_jpeg_run(
        open_source_image(path), tiny, SamplerSettings(1, 1), seed=3, region=request.param
    )
    return restore(run, CancelToken()).drain()


def written(result: Restoration, target: Path, **options: object) -> tuple[bytes, list[str]]:
    """Return the bytes of a result's file with its metadata uncompressed, and its notes."""
    encoded = encode_result(result, target, replace(ExportSettings(), **options))
    target.write_bytes(encoded.data)
    metadata = load_image(target).metadata
    blocks = [metadata.exif, metadata.xmp, metadata.iptc, *metadata.xmp_extensions]
    return b"".join([encoded.data, *(block or b"" for block in blocks)]), [
        str(note) for note in encoded.notes
    ]


def test_the_source_has_every_mark(path):
    data = path.read_bytes()
    parts = [part.split(b"\xff\xe1")[0] for part in data.split(b"xmp/extension/\0")[1:]]
    joined = b"".join(part[40:] for part in parts)
    assert find_marks(data) | find_marks(joined) == set(MARKS)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_no_stale_preview_is_in_a_result(result, tmp_path, suffix):
    content, notes = written(result, tmp_path / f"r{suffix}")
    found = find_marks(content)
    assert not found & STALE
    if result.run.region is not None:
        assert found == set()
        assert "EXIF entries with previews were left out" in " ".join(notes)
    assert "Old previews were left out: they show the source." in notes
    assert len(notes) == len(set(notes))


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tiff"])
def test_everything_else_stays(result, tmp_path, suffix):
    target = tmp_path / f"r{suffix}"
    content, _ = written(result, target)
    metadata = load_image(target).metadata
    assert resource(1028, CAPTION + CAPTION) in metadata.iptc
    assert resource(1049, b"\0\0\0\x1e") in metadata.iptc
    assert b'dc:source="kept"' in metadata.xmp
    with Image.open(target) as image:
        exif = image.getexif()
        assert exif[0x110] == "Model 7"
        assert exif.get_ifd(0x8769)[0x9003] == "2019:06:30 12:34:56"
        assert exif.get_ifd(0x8825)[1] == "N"
    if result.run.region is None:
        assert "maker's note" in find_marks(content)
    if suffix == ".jpg":
        (part,) = metadata.xmp_extensions
        assert part[:32] in metadata.xmp
        assert b'dc:source="kept"' in part
        assert ("unknown segment" in find_marks(content)) == (result.run.region is None)


def test_the_new_thumbnail_shows_the_result(result, tmp_path):
    target = tmp_path / "r.jpg"
    written(result, target)
    data = piexif.load(str(target))["thumbnail"]
    with Image.open(io.BytesIO(data)) as thumbnail, Image.open(target) as image:
        assert thumbnail.size == image.size
        shown, pixels = np.asarray(thumbnail, int), np.asarray(image, int)
    assert 2 * np.abs(shown - pixels).mean() < np.abs(shown - pixels[:, ::-1]).mean()


class TestBlocksThatCannotBeChanged:
    """A block of unknown structure is left out if it may show what was cut away."""

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            (lambda m: replace(m, xmp=m.xmp[:-300]), "The XMP packet was left out"),
            (lambda m: replace(m, xmp_extensions=m.xmp_extensions[1:]), "The extended XMP packet"),
            (lambda m: replace(m, exif=m.exif[:4] + b"\xff" * 4 + m.exif[8:]), "The EXIF block"),
            (lambda m: replace(m, iptc=m.iptc[:200]), "The Photoshop resources are damaged"),
        ],
    )
    def test_it_is_left_out_and_named(self, path, tiny, tmp_path, change, words):
        source = open_source_image(path)
        source = replace(source, metadata=change(source.metadata))
        region = Rectangle(0, 0, 16, 16)
        run = create_jpeg_run(source, tiny, SamplerSettings(1, 1), seed=3, region=region)
        content, notes = written(restore(run, CancelToken()).drain(), tmp_path / "r.jpg")
        assert find_marks(content) == set()
        assert any(note.startswith(words) for note in notes)


class TestPhotoshop:
    def test_resources_without_previews_stay_byte_for_byte(self):
        plain = resource(1028, CAPTION) + b"8BIM\x07\xd0\x03abc" + b"\0\0\0\x01x\0" + bytes(3)
        edited = remove_previews(plain, removes_copies=True)
        assert (edited.resources, edited.has_changed, edited.is_damaged) == (plain, False, False)

    def test_pillow_finds_no_thumbnail(self):
        edited = remove_previews(photoshop(), removes_copies=True).resources
        empty = Image.new("L", (8, 8))
        buffer = io.BytesIO()
        empty.save(buffer, "JPEG")
        data = buffer.getvalue()
        payload = b"Photoshop 3.0\0" + edited
        data = data[:2] + b"\xff\xed" + (len(payload) + 2).to_bytes(2, "big") + payload + data[2:]
        with Image.open(io.BytesIO(data)) as image:
            assert image.info["photoshop"] == {0x404: CAPTION + CAPTION, 0x419: b"\0\0\0\x1e"}

    @pytest.mark.parametrize("length", range(0, 900, 37))
    def test_cut_resources_hold_no_thumbnail(self, length):
        edited = remove_previews(photoshop()[:length], removes_copies=False)
        marks = find_marks(edited.resources or b"")
        assert not marks & {"resource 1033", "resource 1036"}
