"""Profiles in files whose pixels they fit or do not fit, and the resulting colors."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image, ImageCms

from ddrm_core.formats.load import load_image
from ddrm_core.formats.save import encode_image
from ddrm_core.metadata.color_space import (
    ColorSpaceSource,
    ExifColorSpace,
    find_color_space,
    read_exif_color_space,
)
from ddrm_core.metadata.exif import create_exif
from ddrm_core.metadata.icc import create_adobe_rgb_profile, parse_icc_profile
from ddrm_core.metadata.model import Metadata, MetadataPolicy
from ddrm_core.metadata.policy import filter_metadata
from tests.support.color_profiles import (
    D65,
    SRGB,
    cmyk_profile,
    grey_profile,
    rgb_profile,
    unusable_profile,
)
from tests.support.metadata_samples import FULL, ICC

FORMATS = (".png", ".tiff", ".webp", ".jpg")


def of_space(space: bytes, kind: bytes = b"mntr") -> bytes:
    """Return an ICC profile whose header states this data color space and this class."""
    data = bytearray(unusable_profile())
    data[12:16], data[16:20] = kind, space
    return bytes(data)


def rgb_of_other_curves() -> bytes:
    """Return an RGB profile in which the curve of green has the gamma 2.5 instead of 2.2."""
    data = bytearray(rgb_profile(SRGB, D65, 2.2))
    row = data.index(b"gTRC")
    start = int.from_bytes(data[row + 4 : row + 8], "big")
    data[start + 12 : start + 14] = (640).to_bytes(2, "big")
    return bytes(data)


PROFILES = {
    "gray": grey_profile(1.8),
    "gray without a curve": of_space(b"GRAY"),
    "RGB": ICC,
    "RGB of other curves": rgb_of_other_curves(),
    "RGB without a curve": rgb_profile(SRGB, D65, 2.2).replace(b"gTRC", b"gXXX"),
    "CMYK": cmyk_profile(),
    "Lab": of_space(b"Lab "),
    "device link": of_space(b"RGB ", b"link"),
    "no profile": b"profile" * 30,
    "cut off": ICC[:100],
}
KEPT, OUT, UNUSABLE = "kept", "out", "unusable"
# For gray, RGB and CMYK pixels; a name is the data space of the profile after conversion.
ANYWHERE = {
    "gray": (KEPT, OUT, OUT),
    "gray without a curve": (UNUSABLE, UNUSABLE, UNUSABLE),
    "RGB": (KEPT, KEPT, OUT),
    "RGB of other curves": (KEPT, KEPT, OUT),
    "RGB without a curve": (UNUSABLE, UNUSABLE, UNUSABLE),
    "CMYK": (OUT, OUT, KEPT),
    "Lab": (OUT, OUT, OUT),
    "device link": (OUT, OUT, OUT),
    "no profile": (UNUSABLE, UNUSABLE, UNUSABLE),
    "cut off": (UNUSABLE, UNUSABLE, UNUSABLE),
}
ELSEWHERE = {
    (".png", "RGB", 1): "GRAY",
    (".png", "RGB of other curves", 1): OUT,
    (".webp", "gray", 1): "RGB",
}
CASES = [
    (suffix, name, channels)
    for suffix in FORMATS
    for name in PROFILES
    for channels in (1, 3, 4)
    if not (channels == 4 and suffix in (".png", ".webp"))
]


def picture(channels: int) -> torch.Tensor:
    """Return an image of 31 rows and 37 columns with another ramp in each channel."""
    ramp = torch.linspace(0, 255, 31 * 37).reshape(1, 31, 37)
    return torch.cat([ramp, ramp.flip(1), ramp.flip(2), ramp / 2])[:channels]


@pytest.mark.parametrize(("suffix", "name", "channels"), CASES)
def test_what_fits_stays_and_what_does_not_is_said(tmp_path, suffix, name, channels):
    path, profile = tmp_path / f"a{suffix}", PROFILES[name]
    metadata = Metadata(icc_profile=profile)
    encoded = encode_image(picture(channels), path, bits=8, metadata=metadata)
    path.write_bytes(encoded.data)
    found = load_image(path).metadata.icc_profile
    usual = ANYWHERE[name][(1, 3, 4).index(channels)]
    wanted = ELSEWHERE.get((suffix, name, channels), usual)
    if wanted == KEPT:
        assert found == profile
        assert encoded.warnings == ()
        return
    (line,) = map(str, encoded.warnings)
    assert line.endswith(".")
    if wanted == UNUSABLE:
        # A JPEG keeps the profile of its source, which readers ignore as in the source.
        assert found == (profile if suffix == ".jpg" else None)
        assert ("kept" if suffix == ".jpg" else "left out") in line
        return
    if wanted == OUT:
        assert found is None
        assert "left out" in line
    else:
        assert parse_icc_profile(found).color_space == wanted
        assert "became" in line


@pytest.mark.parametrize("gamma", [1.0, 1.8, 2.2, None])
@pytest.mark.parametrize("suffix", FORMATS)
def test_a_gray_picture_looks_as_it_did(tmp_path, suffix, gamma):
    """A written gray image has the same colors as under the gray profile of its source.

    littlecms converts both to sRGB, the file by its own profile.
    """
    profile, gray = grey_profile(gamma), picture(1).round()
    path = tmp_path / f"a{suffix}"
    metadata = Metadata(icc_profile=profile)
    path.write_bytes(encode_image(gray, path, bits=8, metadata=metadata).data)
    with Image.open(path) as image:
        pixels = np.asarray(image)
        found = as_shown(image, image.info["icc_profile"])
    source = Image.fromarray(pixels if pixels.ndim == 2 else np.ascontiguousarray(pixels[..., 0]))
    assert np.abs(found - as_shown(source, profile)).max() <= 1


def as_shown(image: Image.Image, profile: bytes) -> np.ndarray:
    opened = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    srgb = ImageCms.createProfile("sRGB")
    flags = ImageCms.Flags.BLACKPOINTCOMPENSATION | ImageCms.Flags.NOOPTIMIZE
    intent = ImageCms.Intent.RELATIVE_COLORIMETRIC
    shown = ImageCms.profileToProfile(image, opened, srgb, intent, "RGB", flags=flags)
    return np.asarray(shown, int)


class TestAdobeRgbByExifAlone:
    @pytest.mark.parametrize("policy", MetadataPolicy)
    @pytest.mark.parametrize("channels", [1, 3])
    @pytest.mark.parametrize("suffix", FORMATS)
    def test_it_is_told_where_readers_look(self, tmp_path, suffix, channels, policy):
        source = replace(FULL, icc_profile=None, exif=create_exif(6, "", is_adobe_rgb=True))
        metadata, _ = filter_metadata(source, policy)
        path = tmp_path / f"a{suffix}"
        encoded = encode_image(picture(channels), path, bits=8, metadata=metadata)
        path.write_bytes(encoded.data)
        found = load_image(path).metadata
        assert read_exif_color_space(found.exif) is ExifColorSpace.ADOBE_RGB
        with Image.open(path) as image:
            exif = image.getexif()
            assert exif[0x112] == 6
            assert exif.get_ifd(0x8769)[0xA001] == 0xFFFF
            assert exif.get_ifd(0xA005)[1] == "R03"
            profile = image.info.get("icc_profile")
        if suffix in (".tiff", ".jpg"):
            assert profile is None
        elif (suffix, channels) == (".png", 1):
            assert parse_icc_profile(profile).color_space == "GRAY"
        else:
            assert profile == create_adobe_rgb_profile()
        assert not any("profile" in str(line) for line in encoded.warnings)

    def test_a_profile_counts_before_exif(self, tmp_path):
        path = tmp_path / "a.png"
        metadata = Metadata(icc_profile=ICC, exif=create_exif(1, "", is_adobe_rgb=True))
        path.write_bytes(encode_image(picture(3), path, bits=8, metadata=metadata).data)
        assert load_image(path).metadata.icc_profile == ICC
        assert find_color_space(metadata).source is ColorSpaceSource.PROFILE

    def test_inks_have_no_such_color_space(self, tmp_path):
        metadata = Metadata(exif=create_exif(1, "", is_adobe_rgb=True))
        path = tmp_path / "a.tiff"
        path.write_bytes(encode_image(picture(4), path, bits=8, metadata=metadata).data)
        assert load_image(path).metadata == metadata
