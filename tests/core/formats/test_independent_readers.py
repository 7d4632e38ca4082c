"""Files written here, as other programs read them."""

from __future__ import annotations

import io
import re
import struct
import zlib
from dataclasses import replace
from pathlib import Path

import imagecodecs
import numpy as np
import piexif
import pytest
import tifffile
import torch
from PIL import Image

from ddrm_core.formats.load import load_image
from ddrm_core.formats.save import encode_image
from ddrm_core.metadata.model import Metadata, PixelDensity
from tests.support.metadata_samples import (
    EXIFS,
    FULL,
    ICC,
    IPTC,
    JPEG_KINDS,
    KINDS,
    NOTE,
    XMP,
    as_array,
    noise,
    save,
)

MAKER_NOTE = piexif.ExifIFD.MakerNote


def rounded(x: torch.Tensor, bits: int) -> np.ndarray:
    """Return pixels as integers of `bits` bits, as a file should hold them, (h, w[, c])."""
    scale = {8: 1, 16: 257}[bits]
    whole = np.round(as_array(x).clip(0, 255) * np.float32(scale))
    return whole.astype(f"uint{bits}")


def png_chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    """Return types and bodies of all chunks of a PNG.

    Assert that each checksum is correct and that nothing follows the last chunk.
    """
    place, found = 8, []
    while place < len(data):
        (length,) = struct.unpack_from(">I", data, place)
        kind, body = data[place + 4 : place + 8], data[place + 8 : place + 8 + length]
        (checksum,) = struct.unpack_from(">I", data, place + 8 + length)
        assert checksum == zlib.crc32(kind + body)
        found.append((kind, body))
        place += 12 + length
    return found


class TestPng:
    @pytest.mark.parametrize("size", [(31, 37), (1, 1)])
    @pytest.mark.parametrize("bits", [8, 16])
    @pytest.mark.parametrize("channels", [1, 3])
    def test_pixels(self, tmp_path, channels, bits, size):
        path, x = tmp_path / "a.png", noise(channels, *size)
        save(path, x, bits=bits, metadata=FULL)
        assert np.array_equal(imagecodecs.imread(str(path)), rounded(x, bits))
        with Image.open(path) as image:
            if bits == 8 or channels == 1:  # Pillow cannot read RGB of 16 bits
                assert np.array_equal(np.asarray(image), rounded(x, bits))

    def test_pillow_finds_every_block(self, tmp_path):
        path = tmp_path / "a.png"
        save(path, noise(3), metadata=FULL)
        with Image.open(path) as image:
            image.load()
            assert image.info["icc_profile"] == ICC
            assert image.info["exif"].removeprefix(b"Exif\0\0") == FULL.exif
            assert image.info["XML:com.adobe.xmp"].encode() == XMP
            assert image.info["Comment"] == "a comment"
            assert image.info["dpi"] == pytest.approx((300, 200), abs=0.02)
            raw = image.info["Raw profile type iptc"]
            assert image.getexif().get_ifd(piexif.ImageIFD.ExifTag)[MAKER_NOTE] == NOTE
        name, length, digits = re.fullmatch(r"\n(\w+)\n +(\d+)\n([0-9a-f\n]*)\n", raw).groups()
        assert (name, int(length)) == ("iptc", len(IPTC))
        assert bytes.fromhex(digits.replace("\n", "")) == IPTC
        assert max(map(len, digits.split("\n"))) <= 72

    def test_chunks_are_whole_and_in_order(self, tmp_path):
        path = tmp_path / "a.png"
        for bits in (8, 16):
            save(path, noise(3), bits=bits, metadata=FULL)
            chunks = png_chunks(path.read_bytes())
            kinds = [kind for kind, _ in chunks]
            assert kinds[0] == b"IHDR"
            assert kinds[-1] == b"IEND"
            for kind in (b"iCCP", b"pHYs", b"eXIf"):  # PNG 3, table 7
                assert kinds.index(kind) < kinds.index(b"IDAT")
            assert dict(chunks)[b"eXIf"] == FULL.exif
            assert (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP) in chunks


class TestTiff:
    @pytest.mark.parametrize("size", [(31, 37), (1, 1), (301, 1)])
    @pytest.mark.parametrize(
        ("bits", "channels"), [(b, c) for suffix, b, c in KINDS if suffix == ".tif"]
    )
    @pytest.mark.parametrize("exif", [*EXIFS, None])
    def test_pixels_of_the_one_page(self, tmp_path, exif, bits, channels, size):
        path, x = tmp_path / "a.tif", noise(channels, *size)
        save(path, x, bits=bits, metadata=replace(FULL, exif=EXIFS.get(exif)))
        expected = as_array(x) if bits == 32 else rounded(x, bits)
        with tifffile.TiffFile(path) as file:
            assert len(file.pages) == len(file.series) == 1
            assert file.byteorder == {"big": ">"}.get(exif, "<")
            assert np.array_equal(file.asarray().reshape(expected.shape), expected)
        readable = bits == 8 or (bits, channels) in ((16, 1), (32, 1))  # readable by Pillow
        if readable:
            with Image.open(path) as image:
                assert image.n_frames == 1
                # Pillow turns a TIFF by its orientation: 6 is a quarter turn to the right.
                shown = np.rot90(expected, -1) if exif == "big" else expected
                assert np.array_equal(np.asarray(image), shown)
                assert image.mode == {1: image.mode, 3: "RGB", 4: "CMYK"}[channels]

    def test_large_pictures_take_several_strips(self, tmp_path):
        path, x = tmp_path / "a.tif", noise(3, 701, 403)
        save(path, x, bits=16)
        with tifffile.TiffFile(path) as file:
            assert len(file.pages.first.dataoffsets) > 1
            assert file.pages.first.predictor == 2
            assert np.array_equal(file.asarray(), rounded(x, 16))
        assert torch.equal(load_image(path).pixels * 257 % 1 < 1e-3, torch.ones(3, 701, 403) > 0)

    @pytest.mark.parametrize("exif", EXIFS)
    def test_the_file_begins_with_the_exif_block(self, tmp_path, exif):
        """A TIFF begins with the bytes of its EXIF block, except the pointer to the directory.

        Offsets in maker's notes therefore stay valid.
        """
        path, block = tmp_path / "a.tif", EXIFS[exif]
        save(path, noise(3), metadata=replace(FULL, exif=block))
        data = path.read_bytes()
        assert data[:4] == block[:4]
        assert data[8 : len(block)] == block[8:]
        assert data.index(NOTE) == block.index(NOTE)

    @pytest.mark.parametrize("exif", EXIFS)
    def test_pillow_reads_the_same_exif_as_in_the_source(self, tmp_path, exif):
        path, block = tmp_path / "a.tif", EXIFS[exif]
        save(path, noise(3), metadata=replace(FULL, exif=block, density=None))
        source = Image.Exif()
        source.load(b"Exif\0\0" + block)
        with Image.open(path) as image:
            found = image.getexif()
            for pointer in (piexif.ImageIFD.ExifTag, piexif.ImageIFD.GPSTag):
                assert found.get_ifd(pointer) == source.get_ifd(pointer)
            assert found.get_ifd(piexif.ImageIFD.ExifTag)[MAKER_NOTE] == NOTE
            skipped = {piexif.ImageIFD.YCbCrPositioning}  # concerns the JPEG's chroma
            for tag in set(source) - skipped:
                if tag not in (piexif.ImageIFD.ExifTag, piexif.ImageIFD.GPSTag):
                    assert found[tag] == source[tag], tag

    def test_piexif_reads_the_same_exif_as_in_the_source(self, tmp_path):
        path = tmp_path / "a.tif"
        save(path, noise(3), metadata=FULL)
        found, source = piexif.load(str(path)), piexif.load(b"Exif\0\0" + FULL.exif)
        for part in ("Exif", "GPS", "Interop"):
            assert found[part] == source[part]
        assert found["0th"][piexif.ImageIFD.Orientation] == 6
        assert found["0th"][piexif.ImageIFD.Make] == b"A maker of cameras"

    def test_other_blocks(self, tmp_path):
        path = tmp_path / "a.tif"
        save(path, noise(3), metadata=FULL)
        with tifffile.TiffFile(path) as file:
            tags = file.pages.first.tags
            assert file.pages.first.iccprofile == ICC
            assert tags["XMP"].value == XMP
            assert tags[34377].value == IPTC
            assert tags["XResolution"].value == (300, 1)
            assert tags["YResolution"].value == (200, 1)
            assert tags["ResolutionUnit"].value == 2
            assert tags["ImageDescription"].value == "a comment"
            assert [tag.code for tag in tags] == sorted(tag.code for tag in tags)
            own = [tag.valueoffset for tag in tags if tag.valueoffset >= len(FULL.exif)]
            assert len(own) > 10
            assert all(place % 2 == 0 for place in own)
        with Image.open(path) as image:
            assert image.info["icc_profile"] == ICC
            assert image.info["xmp"] == XMP
            assert image.info["dpi"] == (300, 200)

    def test_a_description_in_exif_is_not_replaced_by_a_comment(self, tmp_path):
        path = tmp_path / "a.tif"
        exif = piexif.dump({"0th": {piexif.ImageIFD.ImageDescription: b"by the camera"}})
        metadata = Metadata(exif=exif.removeprefix(b"Exif\0\0"), comments=(b"by someone",))
        (sentence,) = map(str, save(path, noise(1), metadata=metadata).warnings)
        assert sentence == "TIFF holds no comments besides one description in ASCII."
        with Image.open(path) as image:
            assert image.getexif()[piexif.ImageIFD.ImageDescription] == "by the camera"
        assert load_image(path).metadata == replace(metadata, comments=())

    def test_resolution_is_the_exif_block_s_without_another(self, tmp_path):
        path = tmp_path / "a.tif"
        save(path, noise(1), metadata=Metadata(exif=FULL.exif))
        with Image.open(path) as image:
            assert image.info["dpi"] == (72, 72)
        assert load_image(path).metadata.density is None


class TestWebp:
    @pytest.mark.parametrize("channels", [1, 3])
    def test_pixels_and_blocks(self, tmp_path, channels):
        path, x = tmp_path / "a.webp", noise(channels)
        save(path, x, metadata=FULL)
        expected = np.asarray(np.broadcast_to(rounded(x, 8).reshape(31, 37, -1), (31, 37, 3)))
        assert np.array_equal(imagecodecs.imread(str(path)), expected)
        with Image.open(path) as image:
            assert np.array_equal(np.asarray(image), expected)
            assert image.info["icc_profile"] == ICC
            assert image.info["exif"] == FULL.exif
            assert image.info["xmp"] == XMP


class TestJpeg:
    @pytest.mark.parametrize("size", [(31, 37), (1, 1)])
    @pytest.mark.parametrize("channels", [c for _, _, c in JPEG_KINDS])
    def test_pillow_decodes_what_pillow_would_have_encoded(self, tmp_path, channels, size):
        path, x = tmp_path / "a.jpg", noise(channels, *size)
        save(path, x, metadata=FULL)
        mode = {1: "L", 3: "RGB", 4: "CMYK"}[channels]
        buffer, pixels = io.BytesIO(), rounded(x, 8)
        picture = Image.frombytes(mode, (size[1], size[0]), pixels.tobytes())
        picture.save(buffer, "JPEG", quality=95, subsampling=0)
        with Image.open(path) as image, Image.open(buffer) as plain:
            assert image.mode == mode
            assert np.array_equal(np.asarray(image), np.asarray(plain))
            assert np.array_equal(as_array(load_image(path).pixels), np.asarray(plain))
            assert {layer[1:3] for layer in image.layer} == {(1, 1)}

    def test_ink_is_stored_as_adobe_does(self, tmp_path):
        """A CMYK JPEG is written with Adobe's marker and inverted values: 255 means no ink."""
        path = tmp_path / "a.jpg"
        save(path, torch.zeros(4, 16, 16))
        data = path.read_bytes()
        assert b"\xff\xee\x00\x0eAdobe" in data
        stored = imagecodecs.jpeg8_decode(data)
        assert (stored == 255).all()
        assert (load_image(path).pixels == 0).all()

    def test_blocks(self, tmp_path):
        path = tmp_path / "a.jpg"
        save(path, noise(3), metadata=FULL)
        with Image.open(path) as image:
            assert image.info["icc_profile"] == ICC
            assert image.info["exif"] == b"Exif\0\0" + FULL.exif
            assert image.info["xmp"] == XMP
            assert image.info["comment"] == b"a comment"
            assert image.info["dpi"] == (300, 200)
            assert ("APP12", b"Ducky\0") in image.applist
            assert ("APP13", b"Photoshop 3.0\0" + IPTC) in image.applist
        loaded, source = piexif.load(str(path)), piexif.load(b"Exif\0\0" + FULL.exif)
        assert loaded == source

    @pytest.mark.parametrize("channels", [1, 3, 4])
    def test_density_in_centimetres(self, tmp_path, channels):
        path = tmp_path / "a.jpg"
        save(path, noise(channels), metadata=Metadata(density=PixelDensity(40, 50, 2)))
        with Image.open(path) as image:
            assert image.info["jfif_density"] == (40, 50)
            assert image.info["jfif_unit"] == 2

    def test_quality(self):
        def size(**quality: int) -> int:
            return len(encode_image(x, path, bits=8, metadata=Metadata(), **quality).data)

        x, path = noise(3), Path("a.jpg")
        assert size(jpeg_quality=10) < size(jpeg_quality=95) < size(jpeg_quality=100)
        assert size() == size(jpeg_quality=95)
