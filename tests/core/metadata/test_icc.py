"""Profiles made here, compared with littlecms and with closed forms."""

from __future__ import annotations

import io
import random
import struct

import numpy as np
import pytest
from PIL import Image, ImageCms

from ddrm_core.metadata.icc import (
    ADOBE_RGB_NAME,
    create_adobe_rgb_profile,
    gray_profile_from_rgb,
    parse_icc_profile,
    read_profile_name,
    rgb_profile_from_gray,
)
from tests.support.color_profiles import (
    D65,
    P3_PROFILE,
    PROPHOTO_PROFILE,
    grey_profile,
    matrix,
    rgb_profile,
    to_srgb,
)
from tests.support.metadata_samples import ICC
from tests.support.pictures import photograph

ADOBE = ((0.64, 0.33), (0.21, 0.71), (0.15, 0.06))  # Adobe RGB (1998), 2005-05
GAMMA = 563 / 256
LEVELS = np.arange(256, dtype=np.uint8)
SAMPLED = (
    b"curv"
    + bytes(4)
    + struct.pack(">I17H", 17, *(round(65535 * (i / 16) ** 1.9) for i in range(17)))
)
PARAMETRIC = {
    0: (2.1,),
    1: (2.4, 0.9, 0.1),
    2: (2.2, 0.85, 0.1, 0.05),
    3: (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045),
    4: (2.2, 0.9, 0.05, 0.2, 0.1, 0.02, 0.01),
}


def opened(profile: bytes) -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(io.BytesIO(profile))


def shown(pixels: np.ndarray, profile: bytes, mode: str) -> np.ndarray:
    """Return pixels that littlecms has converted from a profile to sRGB, at full precision."""
    transform = ImageCms.buildTransform(
        opened(profile),
        ImageCms.createProfile("sRGB"),
        mode,
        "RGB",
        ImageCms.Intent.RELATIVE_COLORIMETRIC,
        ImageCms.Flags.BLACKPOINTCOMPENSATION | ImageCms.Flags.NOOPTIMIZE,
    )
    return np.asarray(ImageCms.applyTransform(Image.fromarray(pixels), transform))


def grey_of(curve: bytes, *, connection: bytes = b"XYZ ", version: int = 2) -> bytes:
    """Return a gray ICC profile with this curve, profile connection space and version."""
    whole = bytearray(grey_profile(2.2))
    whole[8] = version
    whole[20:24] = connection
    row = whole.index(b"kTRC") + 4
    whole[row : row + 8] = struct.pack(">II", len(whole), len(curve))
    whole += curve
    whole[:4] = struct.pack(">I", len(whole))
    return bytes(whole)


def parametric(kind: int) -> bytes:
    numbers = [round(65536 * number) for number in PARAMETRIC[kind]]
    return b"para" + bytes(4) + struct.pack(f">HH{len(numbers)}i", kind, 0, *numbers)


GREYS = {
    **{f"gamma {gamma}": grey_profile(gamma) for gamma in (1.0, 1.8, 2.2)},
    "the curve of sRGB": grey_profile(None),
    "a curve of 17 points": grey_of(SAMPLED),
    "no curve, which is linear": grey_of(b"curv" + bytes(8)),
    **{f"parametric {kind}": grey_of(parametric(kind), version=4) for kind in PARAMETRIC},
    "lightness": grey_of(SAMPLED, connection=b"Lab "),
    "lightness, parametric": grey_of(parametric(3), connection=b"Lab ", version=4),
}


class TestAdobeRgb:
    def test_littlecms_reads_the_published_numbers(self):
        profile = opened(create_adobe_rgb_profile()).profile
        assert profile.profile_description == ADOBE_RGB_NAME
        assert profile.xcolor_space.strip() == "RGB"
        # Values of Adobe's own profile, to five decimals.
        found = [profile.red_colorant[0], profile.green_colorant[0], profile.blue_colorant[0]]
        published = [
            (0.60974, 0.31111, 0.01947),
            (0.20528, 0.62567, 0.06087),
            (0.14919, 0.06322, 0.74457),
        ]
        assert np.abs(np.array(found) - published).max() < 3e-5

    def test_equal_channels_are_neutral_to_the_last_bit(self):
        profile = parse_icc_profile(create_adobe_rgb_profile())
        columns = [profile.read_tag(name)[8:20] for name in (b"rXYZ", b"gXYZ", b"bXYZ")]
        sums = np.sum([struct.unpack(">3i", column) for column in columns], 0)
        assert sums.tolist() == [round(65536 * v) for v in (0.9642, 1.0, 0.8249)]

    def test_colors_are_those_of_the_closed_form(self):
        pixels = photograph(37, 31)
        expected = to_srgb(pixels, matrix(ADOBE, D65), lambda v: v**GAMMA)
        found = shown(pixels, create_adobe_rgb_profile(), "RGB")
        assert np.abs(found - 255 * expected).max() < 1
        # Assuming sRGB would fail.
        assert np.abs(pixels - 255 * expected).max() > 20


class TestGrayAsRgb:
    @pytest.mark.parametrize("name", GREYS)
    def test_littlecms_sees_the_same_grays(self, name):
        gray = GREYS[name]
        made = rgb_profile_from_gray(parse_icc_profile(gray))
        one = shown(LEVELS[None], gray, "L").astype(int)
        three = shown(np.repeat(LEVELS[None, :, None], 3, 2), made, "RGB").astype(int)
        assert np.abs(one - three).max() <= 1
        assert np.ptp(three, 2).max() <= 1
        assert opened(made).profile.xcolor_space.strip() == "RGB"

    def test_the_curve_itself_is_taken_over(self):
        gray = grey_of(SAMPLED)
        made = parse_icc_profile(rgb_profile_from_gray(parse_icc_profile(gray)))
        assert made.read_tag(b"rTRC") == made.read_tag(b"gTRC") == made.read_tag(b"bTRC") == SAMPLED
        assert made.read_tag(b"wtpt") == parse_icc_profile(gray).read_tag(b"wtpt")
        assert made.read_tag(b"cprt") == parse_icc_profile(gray).read_tag(b"cprt")
        assert "made in code" in read_profile_name(made.data)

    @pytest.mark.parametrize(
        "curve",
        [
            b"",
            b"curv",
            b"curv" + bytes(4) + struct.pack(">IH", 9, 1),
            b"curv" + bytes(4) + b"\xff" * 4,
            b"para" + bytes(4) + struct.pack(">HH", 5, 0) + bytes(28),
            b"para" + bytes(4) + struct.pack(">HHi", 3, 0, 65536),
            b"para" + bytes(4) + struct.pack(">HH3i", 1, 0, 65536, 0, 0),
            b"text" + bytes(40),
        ],
    )
    def test_without_a_curve_there_is_none(self, curve):
        assert rgb_profile_from_gray(parse_icc_profile(grey_of(curve))) is None


class TestRgbAsGray:
    @pytest.mark.parametrize(
        "profile", [ICC, P3_PROFILE, PROPHOTO_PROFILE, create_adobe_rgb_profile()]
    )
    def test_littlecms_sees_the_same_grays(self, profile):
        made = gray_profile_from_rgb(parse_icc_profile(profile))
        three = shown(np.repeat(LEVELS[None, :, None], 3, 2), profile, "RGB").astype(int)
        one = shown(LEVELS[None], made, "L").astype(int)
        assert np.abs(one - three).max() <= 1

    def test_channels_that_differ_have_no_gray(self):
        data = bytearray(rgb_profile(ADOBE, D65, 2.2))
        row = data.index(b"gTRC") + 4
        start, _ = struct.unpack_from(">II", data, row)
        data[start + 12 : start + 14] = struct.pack(">H", 461)
        assert gray_profile_from_rgb(parse_icc_profile(bytes(data))) is None

    def test_nor_have_equal_channels_that_are_no_gray(self):
        data = bytearray(rgb_profile(ADOBE, D65, 2.2))
        start, _ = struct.unpack_from(">II", data, data.index(b"gXYZ") + 4)
        struct.pack_into(">i", data, start + 8, 65536)
        assert gray_profile_from_rgb(parse_icc_profile(bytes(data))) is None


class TestDescriptions:
    def test_of_either_version(self):
        assert read_profile_name(create_adobe_rgb_profile()) == ADOBE_RGB_NAME
        assert read_profile_name(ICC) == "sRGB built-in"
        assert read_profile_name(P3_PROFILE) == "made in code"
        gray = gray_profile_from_rgb(parse_icc_profile(ICC))
        assert read_profile_name(gray) == "sRGB built-in (RGB as gray)"
        assert opened(gray).profile.profile_description == read_profile_name(gray)

    @pytest.mark.parametrize(
        "data",
        [b"", b"profile" * 30, ICC[:128], ICC[:40] + bytes(400)],
        ids=["empty", "text", "header only", "zeros behind the first 40 bytes"],
    )
    def test_of_what_is_none(self, data):
        assert read_profile_name(data) == ""


def test_no_damage_is_believed():
    """Damaged bytes are parsed as an ICC profile or as None; they never raise an exception."""
    rng = random.Random(4)
    for whole in (
        ICC,
        grey_profile(None),
        grey_of(parametric(4), version=4),
        create_adobe_rgb_profile(),
    ):
        for _ in range(300):
            data = bytearray(whole)
            for _ in range(rng.randrange(1, 6)):
                data[rng.randrange(len(data))] = rng.choice((0, 1, 0x7F, 0xFF, rng.randrange(256)))
            data = bytes(data[: rng.choice((len(data), rng.randrange(len(data))))])
            assert isinstance(read_profile_name(data), str)
            profile = parse_icc_profile(data)
            if profile is not None:
                made = [rgb_profile_from_gray(profile), gray_profile_from_rgb(profile)]
                assert all(parse_icc_profile(m) is not None for m in made if m is not None)
