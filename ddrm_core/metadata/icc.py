"""ICC profiles: parsing of header and tags, and creation of profiles.

Sources: ICC.1:2001-04 (version 2) and ICC.1:2022 (version 4), clauses 7 to 10.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from ddrm_core.metadata.tone_curve import build_luminance_curve

_HEADER_BYTES = 128  # bytes
_MAGIC, _MAGIC_OFFSET = b"acsp", 36
_MAX_TAGS = 200  # far more than any profile has; limits the cost of hostile tables
_VERSION_2 = 0x02100000
_MAX_NAME_LENGTH = 80  # characters
_D50_XYZ = (0.9642, 1.0, 0.8249)  # ICC.1 clause 7.2.16: white of the connection space
_D65_XY = (0.3127, 0.3290)  # CIE xy
# CIE xy of red, green and blue: IEC 61966-2-1; Adobe RGB (1998) Color Image Encoding, 2005-05.
_SRGB_PRIMARIES = ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06))
_ADOBE_RGB_PRIMARIES = ((0.64, 0.33), (0.21, 0.71), (0.15, 0.06))
_ADOBE_GAMMA = 563  # 256ths: 2.19921875
# Source: ICC.1:2022 annex E.
_BRADFORD = ((0.8951, 0.2664, -0.1614), (-0.7502, 1.7135, 0.0367), (0.0389, -0.0685, 1.0296))
MATRIX_COLUMN_TAGS = (b"rXYZ", b"gXYZ", b"bXYZ")
CURVE_TAGS = (b"rTRC", b"gTRC", b"bTRC")
# Largest distance from D50 of the sum of the matrix columns, which is white for real primaries.
_NEUTRAL_TOLERANCE = 0.01

ADOBE_RGB_NAME = "Compatible with Adobe RGB (1998)"


class DataColorSpace(StrEnum):
    """The data color space of an ICC profile, as spelled in the profile's header."""

    GRAY = "GRAY"
    RGB = "RGB"
    CMYK = "CMYK"


@dataclass(frozen=True, slots=True)
class IccProfile:
    """An ICC profile with a valid header.

    Attributes:
        data: Bytes of the complete profile.
        color_space: Data color space as spelled in the header, e.g. "GRAY", "RGB", "CMYK" or "Lab".
        describes_pixels: Whether the profile may be embedded in an image; False for device links,
            abstract profiles and lists of named colors.
    """

    data: bytes
    color_space: str
    describes_pixels: bool

    def read_tag(self, name: bytes) -> bytes | None:
        """Return the content of a tag, or None if the tag is missing or cut off."""
        count = min(int.from_bytes(self.data[_HEADER_BYTES : _HEADER_BYTES + 4], "big"), _MAX_TAGS)
        for row_offset in range(_HEADER_BYTES + 4, _HEADER_BYTES + 4 + 12 * count, 12):
            if self.data[row_offset : row_offset + 4] == name and row_offset + 12 <= len(self.data):
                start, size = struct.unpack_from(">II", self.data, row_offset + 4)
                is_inside = start >= _HEADER_BYTES and start + size <= len(self.data)
                return self.data[start : start + size] if is_inside else None
        return None


def parse_icc_profile(data: bytes) -> IccProfile | None:
    """Parse the header of an ICC profile; return None if the bytes have no profile header."""
    if len(data) < _HEADER_BYTES or data[_MAGIC_OFFSET : _MAGIC_OFFSET + 4] != _MAGIC:
        return None
    device_class, color_space = data[12:16], data[16:20].decode("latin-1").rstrip()
    return IccProfile(data, color_space, device_class not in (b"link", b"abst", b"nmcl"))


def read_profile_name(data: bytes) -> str:
    """Return the name in an ICC profile's description tag, "" if it is missing or unreadable."""
    profile = parse_icc_profile(data)
    tag = None if profile is None else profile.read_tag(b"desc")
    if tag is None or len(tag) < 12:
        return ""
    if tag[:4] == b"mluc":
        text = _decode_localized_text(tag)
    elif tag[:4] == b"desc":
        (length,) = struct.unpack_from(">I", tag, 8)
        text = tag[12 : 12 + length].split(b"\0")[0].decode("utf-8", "replace")
    else:
        text = ""
    return "".join(c if c.isprintable() else " " for c in text).strip()[:_MAX_NAME_LENGTH]


def _decode_localized_text(tag: bytes) -> str:
    """Return the English text of a multiLocalizedUnicodeType tag, else its first text.

    Return "" if the tag has no complete text.
    """
    count, size = struct.unpack_from(">II", tag.ljust(16, b"\0"), 8)
    rows = [
        tag[row_offset : row_offset + 12]
        for row_offset in range(16, 16 + 12 * min(count, _MAX_TAGS), 12)
    ]
    complete_rows = [row for row in rows if len(row) == 12] if size == 12 else []
    chosen_row = next(
        (row for row in complete_rows if row[:2] == b"en"),
        complete_rows[0] if complete_rows else None,
    )
    if chosen_row is None:
        return ""
    length, start = struct.unpack_from(">II", chosen_row, 4)
    return tag[start : start + length].decode("utf-16-be", "replace").split("\0")[0]


def create_adobe_rgb_profile() -> bytes:
    """Create a version 2 matrix profile from the published values of Adobe RGB (1998)."""
    curve = _encode_icc_tag(b"curv", struct.pack(">IH", 1, _ADOBE_GAMMA))
    tags = {
        b"wtpt": _encode_xyz_tag(_xyz_from_xy(_D65_XY)),
        **_build_matrix_curve_tags(_ADOBE_RGB_PRIMARIES, curve),
    }
    header = struct.pack(">I4s4s", _VERSION_2, b"mntr", b"RGB ").rjust(20, b"\0")
    return _encode_profile(header, ADOBE_RGB_NAME, tags)


def rgb_profile_from_gray(profile: IccProfile) -> bytes | None:
    """Return an RGB profile that shows gray pixels, stored as RGB, as a gray profile shows them.

    Returns:
        A profile with the curve of the gray `profile` in all channels and the primaries of sRGB;
        None if `profile` has no readable curve, or has a lookup table (A2B0).
    """
    curve = build_luminance_curve(
        profile.read_tag(b"kTRC"), is_lightness=profile.data[20:24] == b"Lab "
    )
    if curve is None or profile.read_tag(b"A2B0") is not None:
        return None
    header = profile.data[:12] + b"mntrRGB "
    return _derive_profile(
        profile, header, "gray as RGB", _build_matrix_curve_tags(_SRGB_PRIMARIES, curve)
    )


def gray_profile_from_rgb(profile: IccProfile) -> bytes | None:
    """Return a gray profile that shows one channel as an RGB profile shows three equal channels.

    Returns:
        The gray profile; None if the curves of the RGB `profile` differ, if equal channels are not
        neutral, or if `profile` has a lookup table (A2B0).
    """
    curves = {profile.read_tag(name) for name in CURVE_TAGS}
    columns = [decode_xyz_tag(profile.read_tag(name)) for name in MATRIX_COLUMN_TAGS]
    valid_columns = [column for column in columns if column is not None]
    if len(curves) != 1 or len(valid_columns) != 3 or profile.read_tag(b"A2B0") is not None:
        return None
    curve = build_luminance_curve(curves.pop(), is_lightness=False)
    if curve is None or np.abs(np.sum(valid_columns, 0) - _D50_XYZ).max() > _NEUTRAL_TOLERANCE:
        return None
    header = profile.data[:16] + b"GRAY"
    return _derive_profile(profile, header, "RGB as gray", {b"kTRC": curve})


def _derive_profile(
    profile: IccProfile, header: bytes, change: str, tags: Mapping[bytes, bytes]
) -> bytes | None:
    """Return a profile with new tags, and the white point and copyright of `profile`.

    Args:
        profile: Profile from which the new profile is derived.
        header: First 20 bytes of the new profile's header, see `_encode_profile`.
        change: Change to `profile`, which is added to its name.
        tags: New tags, content by tag name.
    """
    inherited_tags = {name: profile.read_tag(name) for name in (b"wtpt", b"chad", b"bkpt", b"cprt")}
    present_tags = {
        name: content for name, content in inherited_tags.items() if content is not None
    }
    name = read_profile_name(profile.data)
    return _encode_profile(
        header, f"{name} ({change})" if name else change, {**present_tags, **tags}
    )


def _encode_profile(header: bytes, name: str, tags: Mapping[bytes, bytes]) -> bytes:
    """Return the bytes of an ICC profile.

    Args:
        header: First 20 bytes of the header; size and program are filled in here.
        name: Description of the profile.
        tags: Content by tag name; equal contents are stored once.
    """
    is_version_4 = header[8] >= 4
    text_tags = {b"desc": _encode_description_tag(name, is_version_4=is_version_4)}
    if b"cprt" not in tags:
        copyright_text = "No copyright, use freely"
        text_tags[b"cprt"] = (
            _encode_mluc_tag(copyright_text)
            if is_version_4
            else _encode_icc_tag(b"text", copyright_text.encode("ascii") + b"\0")
        )
    all_tags = {**text_tags, **tags}
    if b"wtpt" not in all_tags:
        all_tags[b"wtpt"] = _encode_xyz_tag(np.array(_D50_XYZ))
    offsets: dict[bytes, int] = {}
    body, start = b"", _HEADER_BYTES + 4 + 12 * len(all_tags)
    for content in all_tags.values():
        if content not in offsets:
            offsets[content] = start + len(body)
            body += content + bytes(-len(content) % 4)
    table = b"".join(
        tag + struct.pack(">II", offsets[content], len(content))
        for tag, content in all_tags.items()
    )
    encoded_header = struct.pack(">I4s", start + len(body), b"") + header[8:20] + b"XYZ "
    encoded_header += struct.pack(">6H", 2026, 11, 29, 0, 0, 0) + _MAGIC
    encoded_header = encoded_header.ljust(68, b"\0") + _encode_s15fixed16(np.array(_D50_XYZ))
    return (
        encoded_header.ljust(_HEADER_BYTES, b"\0") + struct.pack(">I", len(all_tags)) + table + body
    )


def _build_matrix_curve_tags(
    primaries: tuple[tuple[float, float], ...], curve: bytes
) -> dict[bytes, bytes]:
    """Return the tags of an RGB profile by tag name: its matrix columns and its curves.

    Args:
        primaries: Chromaticities (x, y) of red, green and blue under the white point D65.
        curve: Curve tag of every channel.
    """
    columns = np.stack([_xyz_from_xy(primary) for primary in primaries], 1)
    native = columns * np.linalg.solve(columns, _xyz_from_xy(_D65_XY))
    cone_matrix = np.array(_BRADFORD)
    gains = (cone_matrix @ np.array(_D50_XYZ)) / (cone_matrix @ _xyz_from_xy(_D65_XY))
    matrix = np.linalg.inv(cone_matrix) @ np.diag(gains) @ cone_matrix @ native
    rounded = np.rint(65536 * matrix)
    # Green, the largest part, takes the rounding errors, so equal channels are exactly neutral.
    rounded[:, 1] += np.rint(65536 * np.array(_D50_XYZ)) - rounded.sum(1)
    tags = {
        name: _encode_xyz_tag(rounded[:, i] / 65536) for i, name in enumerate(MATRIX_COLUMN_TAGS)
    }
    return {**tags, **dict.fromkeys(CURVE_TAGS, curve)}


def _xyz_from_xy(xy: tuple[float, float]) -> NDArray[np.float64]:
    """Convert a CIE chromaticity (x, y) to XYZ with Y = 1."""
    x, y = xy
    return np.array([x / y, 1.0, (1 - x - y) / y])


def decode_xyz_tag(tag: bytes | None) -> NDArray[np.float64] | None:
    """Return the three numbers X, Y and Z of an XYZType tag; None if it is missing or damaged."""
    if tag is None or len(tag) < 20 or tag[:4] != b"XYZ ":
        return None
    return np.frombuffer(tag, ">i4", 3, 8) / 65536


def _encode_s15fixed16(xyz: NDArray[np.float64]) -> bytes:
    """Encode XYZ as s15Fixed16Numbers."""
    return np.rint(65536 * xyz).astype(">i4").tobytes()


def _encode_xyz_tag(xyz: NDArray[np.float64]) -> bytes:
    return _encode_icc_tag(b"XYZ ", _encode_s15fixed16(xyz))


def _encode_icc_tag(tag_type: bytes, content: bytes) -> bytes:
    return tag_type + bytes(4) + content


def _encode_mluc_tag(text: str) -> bytes:
    packed = text.encode("utf-16-be")
    return _encode_icc_tag(
        b"mluc", struct.pack(">II4sII", 1, 12, b"enUS", len(packed), 28) + packed
    )


def _encode_description_tag(name: str, *, is_version_4: bool) -> bytes:
    """Return the description tag with a profile's name, in the type of version 2 or 4 of ICC.1.

    In version 2, characters outside ASCII become "?".
    """
    if is_version_4:
        return _encode_mluc_tag(name)
    packed = name.encode("ascii", "replace") + b"\0"
    padding = bytes(4 + 4 + 2 + 1 + 67)  # empty Unicode and ScriptCode texts
    return _encode_icc_tag(b"desc", struct.pack(">I", len(packed)) + packed + padding)
