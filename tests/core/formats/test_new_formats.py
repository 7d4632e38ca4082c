"""JPEG XL and AVIF: written without loss, read by other readers, and refused if damaged."""

from __future__ import annotations

import io
import struct
from dataclasses import replace
from pathlib import Path

import imagecodecs
import numpy as np
import pytest
import torch
from PIL import Image, ImageOps

from ddrm_core.formats.avif.container import parse_container
from ddrm_core.formats.iso_boxes import encode_box, parse_boxes
from ddrm_core.formats.jpegxl.bits import BitReader, BitWriter
from ddrm_core.formats.jpegxl.codestream import find_icc_profile, set_color_space
from ddrm_core.formats.load import load_image
from ddrm_core.formats.save import encode_image
from ddrm_core.formats.unsupported_format import UnsupportedFormat, UnsupportedImage
from ddrm_core.metadata.icc_defects import ProfileDefect, find_profile_defect
from ddrm_core.metadata.model import NO_METADATA, Metadata
from tests.support.color_profiles import P3_PROFILE, PROPHOTO_PROFILE, grey_profile
from tests.support.metadata_blocks import camera_exif, packet
from tests.support.metadata_samples import FULL, as_array, noise

KINDS = [(".jxl", 8), (".jxl", 16), (".avif", 8), (".avif", 10), (".avif", 12)]
DECODERS = {".jxl": imagecodecs.jpegxl_decode, ".avif": imagecodecs.avif_decode}
PROFILES = {1: (None, grey_profile(1.8)), 3: (None, P3_PROFILE, PROPHOTO_PROFILE + bytes(70_000))}
CASES = [(*kind, c, profile) for kind in KINDS for c in (1, 3) for profile in PROFILES[c]]


def written(path: Path, picture: torch.Tensor, bits: int, metadata: Metadata) -> list[str]:
    encoded = encode_image(picture, path, bits=bits, metadata=metadata)
    path.write_bytes(encoded.data)
    return list(map(str, encoded.warnings))


@pytest.mark.parametrize(("suffix", "bits", "channels", "profile"), CASES)
def test_pixels_and_metadata_are_those_of_the_result(tmp_path, suffix, bits, channels, profile):
    path, picture = tmp_path / f"a{suffix}", noise(channels)
    exif = camera_exif(orientation=1)
    metadata = Metadata(icc_profile=profile, exif=exif, xmp=packet())
    assert written(path, picture, bits, metadata) == []
    largest = (1 << bits) - 1
    expected = np.rint(as_array(picture).clip(0, 255).astype(float) * largest / 255)
    decoded = DECODERS[suffix](path.read_bytes()).astype(float)
    assert np.abs(decoded - expected).max() <= (0 if bits == 8 else 1)
    loaded = load_image(path)
    assert loaded.metadata == metadata
    assert np.abs(as_array(loaded.pixels) - decoded * 255 / largest).max() < 0.003


@pytest.mark.parametrize("bits", [8, 10, 12])
@pytest.mark.parametrize("channels", [1, 3])
def test_pillow_reads_every_part_of_an_avif(tmp_path, bits, channels):
    path = tmp_path / "a.avif"
    profile = PROFILES[channels][1]
    metadata = Metadata(icc_profile=profile, exif=camera_exif(orientation=1), xmp=packet())
    written(path, noise(channels), bits, metadata)
    with Image.open(path) as image:
        assert image.info["icc_profile"] == profile
        assert image.info["exif"].removeprefix(b"Exif\0\0") == metadata.exif
        assert image.info["xmp"] == metadata.xmp
        pixels = np.asarray(image)
    assert np.abs(pixels - as_array(load_image(path).pixels)).max() <= 1


@pytest.mark.parametrize("orientation", range(1, 9))
def test_an_avif_of_another_program_is_turned_once(tmp_path, orientation):
    path, exif = tmp_path / "a.avif", Image.Exif()
    exif[0x112] = orientation
    pixels = as_array(noise(3, 12, 20).clamp(0, 255)).astype(np.uint8)
    Image.fromarray(pixels).save(path, quality=100, subsampling="4:4:4", exif=exif)
    with Image.open(path) as image:
        upright = np.asarray(ImageOps.exif_transpose(image))
    loaded = load_image(path)
    assert np.array_equal(as_array(loaded.pixels), upright)
    assert loaded.metadata.exif is None or b"\x12\x01\x03\0\1\0\0\0\1" in loaded.metadata.exif


@pytest.mark.parametrize(("suffix", "bits"), KINDS)
def test_the_losses_of_a_full_file_are_named(tmp_path, suffix, bits):
    path = tmp_path / f"a{suffix}"
    notes = written(path, noise(3), bits, replace(FULL, exif=camera_exif(orientation=1)))
    assert [note.split(" holds no ")[1].split(" (")[0] for note in notes] == [
        "extended XMP.",
        "IPTC.",
        "comments.",
        "density.",
        "other JPEG segments",
    ]


@pytest.mark.parametrize(
    ("name", "bits", "channels", "capable"),
    [
        ("a.jxl", 32, 3, (".tiff",)),
        ("a.jxl", 12, 3, (".avif",)),
        ("a.avif", 16, 3, (".png", ".tiff", ".jxl")),
        ("a.png", 10, 3, (".avif",)),
        ("a.jxl", 8, 4, (".tiff", ".jpg")),
        ("a.avif", 8, 4, (".tiff", ".jpg")),
    ],
)
def test_what_a_format_cannot_hold_is_refused_with_those_that_can(name, bits, channels, capable):
    with pytest.raises(UnsupportedFormat) as refusal:
        encode_image(noise(channels), Path(name), bits=bits, metadata=NO_METADATA)
    assert refusal.value.capable_suffixes == capable


class TestJpegXlHeader:
    def codestream(self, bits: int = 8, channels: int = 3) -> bytes:
        pixels = np.zeros((5, 7, channels), np.uint8 if bits == 8 else np.uint16).squeeze()
        encoded = imagecodecs.jpegxl_encode(pixels, lossless=True, usecontainer=True)
        (box,) = [b for b in parse_boxes(encoded, 0, len(encoded)) if b.kind == b"jxlc"]
        return encoded[box.start : box.end]

    @pytest.mark.parametrize("channels", [1, 3])
    @pytest.mark.parametrize("size", [132, 400, 588, 70_000])
    def test_profiles_of_every_size_come_back(self, channels, size):
        profile = PROFILES[channels][1]
        profile = (profile + bytes(range(256)) * 300)[:size]
        changed = set_color_space(self.codestream(channels=channels), profile)
        assert find_icc_profile(changed) == profile
        assert imagecodecs.jpegxl_decode(changed).max() == 0

    @pytest.mark.parametrize("channels", [1, 3])
    def test_sixteen_bits_without_a_profile_are_srgb(self, channels):
        """The encoder states a linear color space for 16 bits, which is no sRGB."""
        encoded = self.codestream(16, channels)
        assert find_icc_profile(encoded) == b""
        assert find_icc_profile(set_color_space(encoded, None)) is None

    def test_a_color_space_that_is_not_read_is_a_defect_of_the_profile(self, tmp_path):
        path = tmp_path / "a.jxl"
        path.write_bytes(self.codestream(16))
        assert find_profile_defect(load_image(path).metadata) is ProfileDefect.UNREADABLE

    @pytest.mark.parametrize("value", [0, 1, 16, 17, 272, 273, 4095, 4096, 1 << 20, (1 << 40) + 5])
    def test_numbers_come_back(self, value):
        writer = BitWriter()
        writer.write_u64(value)
        assert BitReader(writer.to_bytes()).read_u64() == value


@pytest.mark.parametrize("suffix", DECODERS)
def test_damaged_files_are_refused_or_read(tmp_path, suffix):
    path, rng = tmp_path / f"a{suffix}", np.random.default_rng(20261129)
    metadata = Metadata(icc_profile=P3_PROFILE, exif=camera_exif(orientation=1), xmp=packet())
    written(path, noise(3), 8, metadata)
    whole, refused = path.read_bytes(), 0
    head = len(whole) - 2000
    for _ in range(200):
        data = np.frombuffer(whole, np.uint8).copy()
        data[rng.integers(0, head, 3)] = rng.integers(0, 256, 3)
        cut = data.tobytes()[: rng.integers(len(whole) // 2, len(whole) + 1)]
        path.write_bytes(cut)
        try:
            load_image(path)
        except UnsupportedImage:
            refused += 1
    assert refused > 20


def test_boxes_with_impossible_sizes_are_refused():
    for size in (2, 7, 400):
        data = struct.pack(">I4s", size, b"ftyp") + bytes(30)
        with pytest.raises(ValueError, match="past the end"):
            list(parse_boxes(data, 0, len(data)))
    endless = encode_box(b"free") * 10_001
    with pytest.raises(ValueError, match="too many"):
        list(parse_boxes(endless, 0, len(endless)))


def test_metadata_of_another_program_are_read():
    """Pillow encodes EXIF anew."""
    buffer = io.BytesIO()
    options = {"xmp": packet(), "exif": camera_exif(), "icc_profile": P3_PROFILE}
    Image.new("RGB", (8, 8), "red").save(buffer, "AVIF", **options)
    found = parse_container(buffer.getvalue())
    assert found.xmp == packet()
    assert found.icc_profile == P3_PROFILE
    assert b"Model 7" in found.exif
