"""Defects of ICC profiles that no color management can use.

Sources: ICC.1:2022 clauses 7 to 10 and annex B.4 (parts in the segments of a JPEG).
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

from ddrm_core.messages import Reason, tr_noop
from ddrm_core.metadata.icc import (
    CURVE_TAGS,
    MATRIX_COLUMN_TAGS,
    DataColorSpace,
    IccProfile,
    decode_xyz_tag,
    parse_icc_profile,
)
from ddrm_core.metadata.model import Metadata, UnknownSegment
from ddrm_core.metadata.tone_curve import build_luminance_curve

ICC_PREFIX = b"ICC_PROFILE\0"
_APP2 = 0xE2
_COUNTER_BYTES = 2  # number of the part and count of parts, a byte each
_TABLE_OFFSET, _ROW_BYTES = 128, 12
_MAX_VERSION = 5
_MAX_TAGS = 100  # limit of littlecms; profiles have about twenty tags
_MAX_CURVE_ENTRIES = 0x7FFF  # limit of littlecms
_CHANNELS = {DataColorSpace.GRAY: 1, DataColorSpace.RGB: 3, DataColorSpace.CMYK: 4}


class ProfileDefect(Reason):
    """The reason why an ICC profile cannot be used."""

    UNREADABLE = tr_noop("it cannot be read from the file")
    PARTS_MISSING = tr_noop("parts of it are missing")
    PARTS_DISAGREE = tr_noop("its parts disagree about their number")
    NO_PROFILE = tr_noop("its bytes are no ICC profile")
    CUT_OFF = tr_noop("it is cut off")
    DAMAGED_TABLE = tr_noop("its header or table of tags is damaged")
    NO_CONVERSION = tr_noop("it lacks the tags that convert its colors")
    DAMAGED_CONVERSION = tr_noop("the tags that convert its colors are damaged")


def find_profile_defect(metadata: Metadata) -> ProfileDefect | None:
    """Return why the ICC profile of a file cannot be used.

    Return None without a profile, for a usable profile, and for a profile that is whole but is not
    meant for pixels (see `IccProfile.describes_pixels`).
    """
    if metadata.icc_profile is None:
        parts = [part.payload for part in metadata.others if is_icc_part(part)]
        if not parts:
            return None
        joined = join_icc_parts([part.removeprefix(ICC_PREFIX) for part in parts])
        return joined if isinstance(joined, ProfileDefect) else None
    return find_content_defect(metadata.icc_profile)


def find_content_defect(data: bytes) -> ProfileDefect | None:
    """Return why the bytes of an ICC profile cannot be used; None if nothing prevents it.

    `data` is empty if the file has a profile that cannot be read from it.
    """
    if not data:
        return ProfileDefect.UNREADABLE
    profile = parse_icc_profile(data)
    if profile is None:
        return ProfileDefect.NO_PROFILE
    size = int.from_bytes(data[:4], "big")
    if size > len(data):
        return ProfileDefect.CUT_OFF
    has_connection_space = data[20:24] in (b"XYZ ", b"Lab ") or not profile.describes_pixels
    has_valid_header = data[8] <= _MAX_VERSION and has_connection_space
    if not has_valid_header or not _has_valid_table(data[:size]):
        return ProfileDefect.DAMAGED_TABLE
    return _find_conversion_defect(profile) if profile.describes_pixels else None


def is_icc_part(segment: UnknownSegment) -> bool:
    """Return whether a JPEG segment is a part of an ICC profile, with its number and count."""
    has_counters = len(segment.payload) >= len(ICC_PREFIX) + _COUNTER_BYTES
    return segment.marker == _APP2 and segment.payload.startswith(ICC_PREFIX) and has_counters


def join_icc_parts(parts: Sequence[bytes]) -> bytes | ProfileDefect | None:
    """Join the parts of an ICC profile in the order of their numbers.

    Of several parts with the same number, the first one counts.

    Args:
        parts: Contents of the segments after `ICC_PREFIX`: number, count of parts, bytes.

    Returns:
        The profile, the defect that prevents joining, or None without any part.
    """
    numbered: dict[int, bytes] = {}
    for part in parts:
        numbered.setdefault(part[0], part)
    if not numbered:
        return None
    counts = {part[1] for part in numbered.values()}
    count = max(counts)
    if len(counts) > 1 or min(numbered) < 1 or max(numbered) > count:
        return ProfileDefect.PARTS_DISAGREE
    if len(numbered) < count:
        return ProfileDefect.PARTS_MISSING
    joined = b"".join(numbered[n][_COUNTER_BYTES:] for n in sorted(numbered))
    return joined or ProfileDefect.UNREADABLE


def _has_valid_table(data: bytes) -> bool:
    """Return whether the table of tags is complete, without duplicates, and all tags are inside."""
    (count,) = struct.unpack_from(">I", data.ljust(_TABLE_OFFSET + 4, b"\xff"), _TABLE_OFFSET)
    table_end = _TABLE_OFFSET + 4 + _ROW_BYTES * count
    if count > _MAX_TAGS or table_end > len(data):
        return False
    rows = list(struct.iter_unpack(">4sII", data[_TABLE_OFFSET + 4 : table_end]))
    names = {name for name, _, _ in rows}
    return len(names) == count and all(
        start >= _TABLE_OFFSET and start + size <= len(data) for _, start, size in rows
    )


def _find_conversion_defect(profile: IccProfile) -> ProfileDefect | None:
    """Return why the colors of a profile cannot be converted to the connection space.

    The tags are those of ICC.1:2022 clauses 8.3 to 8.5. Nothing is required of color spaces other
    than gray, RGB and CMYK, in which no pixels are.
    """
    try:
        space = DataColorSpace(profile.color_space)
    except ValueError:
        return None
    tables = [profile.read_tag(name) for name in (b"A2B1", b"A2B0")]
    table = next((table for table in tables if table is not None), None)
    if table is not None:
        is_valid = _is_valid_lookup_table(table, _CHANNELS[space])
        return None if is_valid else ProfileDefect.DAMAGED_CONVERSION
    curve_names = {DataColorSpace.GRAY: (b"kTRC",), DataColorSpace.RGB: CURVE_TAGS}.get(space, ())
    column_names = MATRIX_COLUMN_TAGS if space is DataColorSpace.RGB else ()
    curves = [profile.read_tag(name) for name in curve_names]
    columns = [profile.read_tag(name) for name in column_names]
    if not curves or None in curves or None in columns:
        return ProfileDefect.NO_CONVERSION
    is_valid = all(map(_is_valid_curve, curves)) and all(
        decode_xyz_tag(column) is not None for column in columns
    )
    return None if is_valid else ProfileDefect.DAMAGED_CONVERSION


def _is_valid_curve(tag: bytes | None) -> bool:
    if tag is None or build_luminance_curve(tag, is_lightness=False) is None:
        return False
    return tag[:4] != b"curv" or int.from_bytes(tag[8:12], "big") <= _MAX_CURVE_ENTRIES


def _is_valid_lookup_table(tag: bytes, input_channels: int) -> bool:
    """Return whether a lut8Type, lut16Type or lutAToBType tag is complete for its channels."""
    if len(tag) < 32 or (tag[8], tag[9]) != (input_channels, 3):
        return False
    if tag[:4] == b"mAB ":
        offsets = struct.unpack_from(">5I", tag, 12)
        b_curves, _, _, color_table, a_curves = offsets
        has_table = bool(color_table and a_curves) or input_channels == 3
        return bool(b_curves) and has_table and all(32 <= o < len(tag) for o in offsets if o)
    grid_points = tag[10]
    if grid_points < 2:
        return False
    nodes = 3 * int(grid_points**input_channels)
    if tag[:4] == b"mft1":
        return len(tag) >= 48 + 256 * input_channels + nodes + 256 * 3
    if tag[:4] != b"mft2" or len(tag) < 52:
        return False
    input_entries, output_entries = struct.unpack_from(">HH", tag, 48)
    if not 2 <= min(input_entries, output_entries) <= max(input_entries, output_entries) <= 4096:
        return False
    values = input_entries * input_channels + nodes + output_entries * 3
    return bool(len(tag) >= 52 + 2 * values)
