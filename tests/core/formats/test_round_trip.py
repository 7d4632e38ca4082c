"""Pixels and every block that a format can hold are read as they were written."""

from __future__ import annotations

import io
import struct
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from ddrm_core.formats.capabilities import check_format
from ddrm_core.formats.jpeg import replace_jpeg_metadata
from ddrm_core.formats.load import load_image
from ddrm_core.formats.save import encode_image
from ddrm_core.formats.unsupported_format import UnsupportedFormat
from ddrm_core.metadata.model import NO_METADATA, Metadata, PixelDensity, UnknownSegment
from tests.support.color_profiles import cmyk_profile, grey_profile
from tests.support.metadata_samples import (
    EXIFS,
    FULL,
    HELD,
    ICC,
    JPEG_KINDS,
    KINDS,
    NOTE,
    XMP,
    noise,
    save,
)
from tests.support.pictures import jpeg_bytes, photograph

SIZES = ((31, 37), (1, 1), (1, 9), (300, 5))


def only(name: str) -> Metadata:
    """Return metadata in which only the attribute `name` is set."""
    return replace(NO_METADATA, **{name: getattr(FULL, name)})


def held(suffix: str, metadata: Metadata = FULL) -> Metadata:
    return replace(NO_METADATA, **{name: getattr(metadata, name) for name in HELD[suffix]})


class TestPixels:
    @pytest.mark.parametrize("size", SIZES)
    @pytest.mark.parametrize(("suffix", "bits", "channels"), KINDS)
    def test_they_come_back_as_rounded(self, tmp_path, suffix, bits, channels, size):
        path, x = tmp_path / f"a{suffix}", noise(channels, *size)
        if (suffix, channels, size) == (".webp", 3, (1, 1)):
            x = torch.tensor([0.0, 100.0, 255.0]).reshape(3, 1, 1)
        save(path, x, bits=bits, metadata=held(suffix))
        loaded = load_image(path)
        steps = {8: 1, 16: 257}.get(bits)
        expected = x if steps is None else (x.clamp(0, 255) * steps).round() / steps
        assert torch.equal(loaded.pixels, expected)
        assert loaded.bits_per_channel == bits

    @pytest.mark.parametrize(("suffix", "bits", "channels"), JPEG_KINDS)
    def test_a_jpeg_is_near(self, tmp_path, suffix, bits, channels):
        path = tmp_path / f"a{suffix}"
        y, x = torch.meshgrid(torch.arange(31.0), torch.arange(37.0), indexing="ij")
        smooth = torch.stack([4 * x + 50, 200 - 3 * y, 3 * x + y, 100 - 2 * y])[:channels]
        save(path, smooth, bits=bits)
        loaded = load_image(path)
        assert loaded.pixels.shape == smooth.shape
        assert (loaded.pixels - smooth).abs().mean() < 1.5

    def test_sixteen_bits_are_not_eight_times_257(self, tmp_path):
        x = noise(3)
        for suffix in (".png", ".tif"):
            save(tmp_path / f"a{suffix}", x, bits=16)
            fine = load_image(tmp_path / f"a{suffix}").pixels
            assert (fine - fine.round()).abs().max() > 0.4
            assert (fine - x.clamp(0, 255)).abs().max() <= 0.5 / 257 + 1e-5

    def test_a_webp_without_colour_is_grey(self, tmp_path):
        path = tmp_path / "a.webp"
        save(path, noise(1).expand(3, -1, -1))
        assert load_image(path).pixels.shape == (1, 31, 37)

    def test_the_content_counts_not_the_name(self, tmp_path):
        save(tmp_path / "a.png", noise(3))
        path = (tmp_path / "a.png").rename(tmp_path / "a.tiff")
        assert load_image(path).pixels.shape == (3, 31, 37)


class TestBlocks:
    @pytest.mark.parametrize("exif", EXIFS)
    @pytest.mark.parametrize(("suffix", "bits", "channels"), [*KINDS, *JPEG_KINDS])
    def test_all_at_once_come_back(self, tmp_path, suffix, bits, channels, exif):
        profile = {1: grey_profile(2.2), 3: ICC, 4: cmyk_profile()}[channels]
        if suffix == ".webp":
            profile = ICC  # WebP stores gray as RGB
        metadata = replace(FULL, exif=EXIFS[exif], icc_profile=profile)
        path = tmp_path / f"a{suffix}"
        save(path, noise(channels), bits=bits, metadata=metadata)
        assert load_image(path).metadata == held(suffix, metadata)

    @pytest.mark.parametrize("name", Metadata.__slots__)
    @pytest.mark.parametrize("suffix", HELD)
    def test_each_alone_comes_back_or_is_named_once(self, tmp_path, suffix, name):
        path = tmp_path / f"a{suffix}"
        encoded = save(path, noise(3), metadata=only(name))
        loaded = load_image(path).metadata
        if suffix == ".jpg" and name not in ("density", "exif"):
            loaded = replace(loaded, density=None)  # a JFIF header is always written
        if name in HELD[suffix]:
            assert encoded.warnings == ()
            assert loaded == only(name)
        else:
            (sentence,) = map(str, encoded.warnings)
            assert sentence.endswith(".")
            assert loaded == NO_METADATA

    def test_the_sentences(self):
        def losses(name: str) -> tuple[str, ...]:
            encoded = encode_image(noise(3), Path(name), bits=8, metadata=FULL)
            return tuple(map(str, encoded.warnings))

        beyond_jpeg = (
            "{} holds no extended XMP.",
            "{} holds no other JPEG segments (APP12, APP5).",
        )
        assert losses("a.png") == tuple(line.format("PNG") for line in beyond_jpeg)
        assert losses("a.tiff") == tuple(line.format("TIFF") for line in beyond_jpeg)
        assert losses("a.webp") == (
            "WebP holds no extended XMP.",
            "WebP holds no IPTC.",
            "WebP holds no comments.",
            "WebP holds no density.",
            "WebP holds no other JPEG segments (APP12, APP5).",
        )
        assert losses("a.jpg") == ()

    @pytest.mark.parametrize("suffix", HELD)
    def test_nothing_is_nothing_and_loses_nothing(self, tmp_path, suffix):
        path = tmp_path / f"a{suffix}"
        for density in (None, PixelDensity(1, 1, 0)):
            encoded = save(path, noise(3), metadata=Metadata(density=density))
            assert encoded.warnings == ()
            assert replace(load_image(path).metadata, density=None) == NO_METADATA

    @pytest.mark.parametrize("unit", [0, 1, 2])
    @pytest.mark.parametrize("suffix", [".png", ".tif", ".jpg"])
    def test_densities(self, tmp_path, suffix, unit):
        path = tmp_path / f"a{suffix}"
        for x, y in ((1, 1), (28, 72), (300, 301), (65535, 1)):
            save(path, noise(1), metadata=Metadata(density=PixelDensity(x, y, unit)))
            assert load_image(path).metadata.density == PixelDensity(x, y, unit)

    @pytest.mark.parametrize("suffix", [".png", ".jpg"])
    def test_several_comments_in_any_encoding(self, tmp_path, suffix):
        path = tmp_path / f"a{suffix}"
        comments = (b"one", "größe".encode(), "größe".encode("latin-1"), b"", b"one", b"\xff\xfe")
        encoded = save(path, noise(1), metadata=Metadata(comments=comments))
        assert encoded.warnings == ()
        assert load_image(path).metadata.comments == comments

    def test_comments_that_do_not_fit(self, tmp_path):
        comments = (b"text", b"zero\0byte", "größe".encode())
        png = save(tmp_path / "a.png", noise(1), metadata=Metadata(comments=comments))
        assert list(map(str, png.warnings)) == ["PNG holds no comments with zero bytes."]
        assert load_image(tmp_path / "a.png").metadata.comments == (comments[0], comments[2])
        tiff = save(tmp_path / "a.tif", noise(1), metadata=Metadata(comments=comments))
        (sentence,) = map(str, tiff.warnings)
        assert sentence == "TIFF holds no comments besides one description in ASCII."
        assert load_image(tmp_path / "a.tif").metadata.comments == comments[:1]
        for comment in comments[1:]:
            save(tmp_path / "a.tif", noise(1), metadata=Metadata(comments=(comment,)))
            assert load_image(tmp_path / "a.tif").metadata.comments == ()

    @pytest.mark.parametrize("suffix", HELD)
    def test_random_blocks_come_back(self, tmp_path, suffix):
        """IPTC blocks and the ends of ICC profiles, of random bytes, are loaded unchanged."""
        bits = np.random.default_rng(1)
        path = tmp_path / f"a{suffix}"
        for length in (1, 2, 255, 256, 40_000, 200_001):
            profile = ICC + bits.bytes(length)
            metadata = Metadata(icc_profile=profile, iptc=bits.bytes(length))
            save(path, noise(3), metadata=metadata)
            loaded = load_image(path).metadata
            assert replace(loaded, density=None) == held(suffix, metadata)


class TestExifThatDoesNotBeginAtOnce:
    def test_its_pointer_comes_back(self, tmp_path):
        path, block = tmp_path / "a.tif", EXIFS["big"]
        (count,) = struct.unpack_from(">H", block, 8)
        moved = bytearray(block + bytes(len(block) % 2))
        struct.pack_into(">I", moved, 4, len(moved))
        moved += block[8 : 10 + 12 * count + 4]
        metadata = Metadata(exif=bytes(moved))
        save(path, noise(1), metadata=metadata)
        assert load_image(path).metadata == metadata


class TestTiffWithDamagedExif:
    @pytest.mark.parametrize(
        "exif",
        [
            b"no block",
            b"II*\0",
            b"II*\0\xff\xff\xff\x7f",
            b"MM\0*\0\0\0\x08\0\x01",
            EXIFS["big"][:60],
            EXIFS["little"][:40],
        ],
    )
    def test_it_is_left_out_and_named(self, tmp_path, exif):
        path = tmp_path / "a.tif"
        encoded = save(path, noise(3), metadata=replace(FULL, exif=exif))
        assert str(encoded.warnings[0]) == "TIFF holds no damaged EXIF."
        assert load_image(path).metadata == replace(held(".tif"), exif=None)


class TestFormats:
    @pytest.mark.parametrize(
        ("name", "bits", "channels"),
        [
            ("a.jpg", 16, 3),
            ("a.png", 32, 3),
            ("a.png", 8, 4),
            ("a.webp", 8, 4),
            ("a.webp", 16, 3),
            ("a.tiff", 12, 3),
            ("a.tiff", 8, 2),
            ("a.gif", 8, 3),
            ("a.bmp", 8, 3),
            ("a", 8, 3),
            ("png", 8, 3),
        ],
    )
    def test_what_they_cannot_hold(self, name, bits, channels):
        path = Path(name)
        for act in (
            lambda: check_format(path, bits=bits, channels=channels),
            lambda: encode_image(noise(channels, 2, 2), path, bits=bits, metadata=NO_METADATA),
        ):
            with pytest.raises(UnsupportedFormat) as error:
                act()
            assert (error.value.path, error.value.bits) == (path, bits)

    @pytest.mark.parametrize(("name", "side"), [("a.webp", 16_383), ("a.JPG", 65_500)])
    def test_how_long_sides_can_be(self, name, side):
        path = Path(name)
        check_format(path, bits=8, channels=3, width=side, height=side)
        for width, height in ((side + 1, 1), (1, side + 1)):
            with pytest.raises(UnsupportedFormat):
                check_format(path, bits=8, channels=3, width=width, height=height)
            with pytest.raises(UnsupportedFormat):
                encode_image(torch.zeros(1, height, width), path, bits=8, metadata=NO_METADATA)
        assert encode_image(torch.zeros(1, 1, side), path, bits=8, metadata=NO_METADATA).data

    @pytest.mark.parametrize(("suffix", "bits", "channels"), [*KINDS, *JPEG_KINDS])
    def test_what_they_can_hold(self, suffix, bits, channels):
        """A suffix in capitals selects the same format with the same capabilities."""
        picture, upper = noise(channels, 2, 3), Path(f"A{suffix.upper()}")
        check_format(upper, bits=bits, channels=channels)
        encoded = [
            encode_image(picture, path, bits=bits, metadata=NO_METADATA).data
            for path in (upper, Path(f"a{suffix}"))
        ]
        assert encoded[0] == encoded[1]


def test_a_jpeg_with_other_first_segments_keeps_them(tmp_path):
    metadata = Metadata(
        density=PixelDensity(72, 72, 1), others=(UnknownSegment(0xE0, b"JFXX\0\x10"),)
    )
    save(tmp_path / "a.jpg", noise(3), metadata=metadata)
    assert load_image(tmp_path / "a.jpg").metadata == metadata


class TestSegmentsIntoAnyJpeg:
    def test_an_rgb_jpeg_stays_rgb(self):
        """An RGB JPEG gets no JFIF header, which would make decoders read YCbCr."""
        bare = jpeg_bytes(photograph(31, 37), keep_rgb=True, quality=90)
        encoded = replace_jpeg_metadata(bare, FULL)
        assert encoded.warnings == ("An RGB JPEG holds no density.",)
        with Image.open(io.BytesIO(encoded.data)) as image:
            assert np.array_equal(np.asarray(image), np.asarray(Image.open(io.BytesIO(bare))))
            assert image.info["icc_profile"] == FULL.icc_profile
        assert replace_jpeg_metadata(bare, Metadata(density=PixelDensity(1, 1, 0))).warnings == ()

    def test_what_was_there_before_is_gone(self):
        full = replace_jpeg_metadata(jpeg_bytes(photograph(31, 37)), FULL).data
        bare = jpeg_bytes(photograph(31, 37))
        assert (
            replace_jpeg_metadata(full, NO_METADATA).data
            == replace_jpeg_metadata(bare, NO_METADATA).data
        )
        assert NOTE not in replace_jpeg_metadata(full, Metadata(xmp=XMP)).data

    def test_exif_comes_first_where_the_source_has_no_jfif_header(self):
        data = replace_jpeg_metadata(
            jpeg_bytes(photograph(31, 37)), replace(FULL, density=None)
        ).data
        assert data[2:4] == b"\xff\xe1"
