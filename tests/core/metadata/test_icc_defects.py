"""Profiles that are cut off, incomplete or mutated, with littlecms as the other reader."""

from __future__ import annotations

import io
import re
import struct

import pytest
from PIL import ImageCms

from ddrm_core.metadata.icc import create_adobe_rgb_profile
from ddrm_core.metadata.icc_defects import (
    ICC_PREFIX,
    ProfileDefect,
    find_content_defect,
    find_profile_defect,
)
from ddrm_core.metadata.model import Metadata
from ddrm_core.metadata.segments import metadata_from_segments, segments_from_metadata
from tests.support.color_profiles import (
    P3_PROFILE,
    PROPHOTO_PROFILE,
    cmyk_profile,
    grey_profile,
    unusable_profile,
)
from tests.support.metadata_samples import ICC

MODES = {b"GRAY": "L", b"RGB ": "RGB", b"CMYK": "CMYK"}
WHOLE = {
    "P3": P3_PROFILE,
    "ProPhoto": PROPHOTO_PROFILE,
    "Adobe RGB": create_adobe_rgb_profile(),
    "sRGB of littlecms": ICC,
    "gray of a gamma": grey_profile(2.2),
    "gray of a table": grey_profile(None),
    "CMYK": cmyk_profile(),
    "zeros behind it": ICC + bytes(100),
    "Lab": ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes(),
}


def littlecms_accepts(profile: bytes) -> bool:
    mode = MODES.get(profile[16:20], "LAB")
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
        intent, flags = ImageCms.Intent.RELATIVE_COLORIMETRIC, ImageCms.Flags.NOOPTIMIZE
        ImageCms.ImageCmsTransform(source, srgb, mode, "RGB", intent, flags=flags)
    except (OSError, ValueError):
        return False
    return True


def without_tag(profile: bytes, name: bytes) -> bytes:
    assert name in profile
    return profile.replace(name, b"none", 1)


def with_table_entry(profile: bytes, index: int, *, start: int, size: int) -> bytes:
    data = bytearray(profile)
    struct.pack_into(">II", data, 128 + 4 + 12 * index + 4, start, size)
    return bytes(data)


def with_type(profile: bytes, old: bytes, new: bytes) -> bytes:
    return profile.replace(old + bytes(4), new + bytes(4))


def with_count_of_curves(profile: bytes, count: int) -> bytes:
    """Return a profile whose curves state another number of entries."""
    return re.sub(
        re.escape(b"curv" + bytes(4)) + rb".{4}",
        lambda _: b"curv" + bytes(4) + struct.pack(">I", count),
        profile,
        flags=re.DOTALL,
    )


DEFECTIVE = {
    "empty": (b"", ProfileDefect.UNREADABLE),
    "text": (b"profile" * 30, ProfileDefect.NO_PROFILE),
    "header cut off": (ICC[:100], ProfileDefect.NO_PROFILE),
    "zeros": (bytes(3000), ProfileDefect.NO_PROFILE),
    "last byte missing": (ICC[:-1], ProfileDefect.CUT_OFF),
    "tags cut off": (P3_PROFILE[:200], ProfileDefect.CUT_OFF),
    "gray without a curve": (unusable_profile(b"GRAY"), ProfileDefect.NO_CONVERSION),
    "RGB without curves": (unusable_profile(b"RGB "), ProfileDefect.NO_CONVERSION),
    "CMYK without tables": (unusable_profile(b"CMYK"), ProfileDefect.NO_CONVERSION),
    "curve of green missing": (without_tag(P3_PROFILE, b"gTRC"), ProfileDefect.NO_CONVERSION),
    "matrix column of blue missing": (
        without_tag(P3_PROFILE, b"bXYZ"),
        ProfileDefect.NO_CONVERSION,
    ),
    "curve of gray missing": (without_tag(grey_profile(1.8), b"kTRC"), ProfileDefect.NO_CONVERSION),
    "table of CMYK missing": (without_tag(cmyk_profile(), b"A2B0"), ProfileDefect.NO_CONVERSION),
    "unknown type of curves": (
        with_type(P3_PROFILE, b"curv", b"junk"),
        ProfileDefect.DAMAGED_CONVERSION,
    ),
    "unknown type of matrix columns": (
        with_type(P3_PROFILE, b"XYZ ", b"junk"),
        ProfileDefect.DAMAGED_CONVERSION,
    ),
    "8-bit table as a 16-bit table": (
        with_type(cmyk_profile(), b"mft1", b"mft2"),
        ProfileDefect.DAMAGED_CONVERSION,
    ),
    "unknown type of tables": (
        with_type(cmyk_profile(), b"mft1", b"junk"),
        ProfileDefect.DAMAGED_CONVERSION,
    ),
    "tag behind the end": (
        with_table_entry(ICC, 1, start=1 << 31, size=12),
        ProfileDefect.DAMAGED_TABLE,
    ),
    "tag that ends at 0 in 32 bits": (
        with_table_entry(ICC, 1, start=0xFFFFFFF0, size=16),
        ProfileDefect.DAMAGED_TABLE,
    ),
    "four gigabytes": (b"\xff" * 4 + ICC[4:], ProfileDefect.CUT_OFF),
    "size of zero": (bytes(4) + ICC[4:], ProfileDefect.DAMAGED_TABLE),
    "curve of four billion entries": (
        with_count_of_curves(P3_PROFILE, 0xFFFFFFFF),
        ProfileDefect.DAMAGED_CONVERSION,
    ),
    "table of 255 points in four dimensions": (
        cmyk_profile().replace(b"mft1" + bytes(4) + b"\4\3\2", b"mft1" + bytes(4) + b"\4\3\xff"),
        ProfileDefect.DAMAGED_CONVERSION,
    ),
    "tag in the header": (with_table_entry(ICC, 1, start=4, size=12), ProfileDefect.DAMAGED_TABLE),
    "too many tags": (ICC[:128] + b"\xff" * 4 + ICC[132:], ProfileDefect.DAMAGED_TABLE),
    "unknown connection space": (ICC[:20] + b"junk" + ICC[24:], ProfileDefect.DAMAGED_TABLE),
    "name of a tag twice": (P3_PROFILE.replace(b"gTRC", b"rTRC", 1), ProfileDefect.DAMAGED_TABLE),
}


@pytest.mark.parametrize("name", WHOLE)
def test_whole_profiles_have_no_defect(name):
    assert find_content_defect(WHOLE[name]) is None
    assert littlecms_accepts(WHOLE[name])


@pytest.mark.parametrize("name", DEFECTIVE)
def test_each_defect_is_found(name):
    profile, defect = DEFECTIVE[name]
    assert find_content_defect(profile) is defect


@pytest.mark.parametrize("name", ["P3", "gray of a table", "CMYK", "sRGB of littlecms"])
@pytest.mark.parametrize("value", [0x00, 0x02, 0xFF])
def test_littlecms_accepts_every_mutated_profile_without_a_defect(name, value):
    """Each byte of header, table and first tags is replaced; class and color space stay."""
    profile, accepted = WHOLE[name], 0
    for place in (*range(12), *range(20, min(len(profile), 500), 3)):
        mutated = profile[:place] + bytes([value]) + profile[place + 1 :]
        if find_content_defect(mutated) is None:
            accepted += 1
            assert littlecms_accepts(mutated), place
    assert accepted > 40


@pytest.mark.parametrize("name", ["P3", "gray of a table", "CMYK"])
def test_no_profile_that_is_cut_off_is_whole(name):
    profile = WHOLE[name]
    assert all(find_content_defect(profile[:n]) is not None for n in range(0, len(profile), 7))


class TestParts:
    """A profile in the segments of a JPEG: ICC.1 annex B.4."""

    @staticmethod
    def segments(*parts: tuple[int, int, bytes]) -> list[tuple[int, bytes]]:
        return [(0xE2, ICC_PREFIX + bytes([n, count]) + content) for n, count, content in parts]

    def test_parts_in_any_order_are_joined(self):
        metadata = metadata_from_segments(self.segments((2, 2, ICC[9:]), (1, 2, ICC[:9])))
        assert metadata == Metadata(icc_profile=ICC)
        assert find_profile_defect(metadata) is None

    @pytest.mark.parametrize(
        ("parts", "defect"),
        [
            (((2, 2, ICC[9:]),), ProfileDefect.PARTS_MISSING),
            (((1, 3, ICC[:9]), (3, 3, ICC[9:])), ProfileDefect.PARTS_MISSING),
            (((1, 2, ICC[:9]), (2, 3, ICC[9:])), ProfileDefect.PARTS_DISAGREE),
            (((1, 1, ICC[:9]), (2, 1, ICC[9:])), ProfileDefect.PARTS_DISAGREE),
            (((0, 2, ICC[:9]), (1, 2, ICC[9:])), ProfileDefect.PARTS_DISAGREE),
            (((0, 0, ICC),), ProfileDefect.PARTS_DISAGREE),
            (((1, 1, b""),), ProfileDefect.UNREADABLE),
            (((1, 1, ICC[:-9]),), ProfileDefect.CUT_OFF),
        ],
    )
    def test_others_are_kept_with_their_defect(self, parts, defect):
        segments = self.segments(*parts)
        metadata = metadata_from_segments(segments)
        assert find_profile_defect(metadata) is defect
        assert segments_from_metadata(metadata)[0] == segments

    @pytest.mark.parametrize("payload", [ICC_PREFIX, ICC_PREFIX + b"\1"])
    def test_segments_without_number_and_count_are_no_parts(self, payload):
        """Pillow refuses a JPEG with such a segment, so results must not have one."""
        whole = self.segments((1, 1, ICC))
        assert metadata_from_segments([(0xE2, payload), *whole]) == Metadata(icc_profile=ICC)
        assert metadata_from_segments([(0xE2, payload)]) == Metadata()
