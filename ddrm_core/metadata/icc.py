"""ICC profiles: their header and tags, and profiles that are made here.

Sources: ICC.1:2001-04 (version 2) and ICC.1:2022 (version 4), clauses 7 to 10.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from ddrm_core.metadata.tone_curve import luminance_curve

_HEADER = 128  # bytes
_MAGIC, _MAGIC_AT = b"acsp", 36
_MOST_TAGS = 200  # far more than any profile has; keeps hostile tables cheap
_VERSION_2 = 0x02100000
_MOST_NAME = 80  # characters of a description
_D50 = (0.9642, 1.0, 0.8249)  # ICC.1 clause 7.2.16: the connection space's white
_D65 = (0.3127, 0.3290)  # CIE xy
# CIE xy of red, green and blue: IEC 61966-2-1; Adobe RGB (1998) Color Image Encoding, 2005-05.
_SRGB = ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06))
_ADOBE_RGB = ((0.64, 0.33), (0.21, 0.71), (0.15, 0.06))
_ADOBE_GAMMA = 563  # 256ths: 2.19921875
# Source: ICC.1:2022 annex E.
_BRADFORD = ((0.8951, 0.2664, -0.1614), (-0.7502, 1.7135, 0.0367), (0.0389, -0.0685, 1.0296))
_COLUMNS = (b"rXYZ", b"gXYZ", b"bXYZ")
_CURVES = (b"rTRC", b"gTRC", b"bTRC")
# The neutral axis of an RGB profile ends this near to D50 where it is a matrix of real primaries.
_NEUTRAL = 0.01

ADOBE_RGB_NAME = "Compatible with Adobe RGB (1998)"


class DataSpace(StrEnum):
    """The data color space of a profile, as its header spells it."""

    GRAY = "GRAY"
    RGB = "RGB"
    CMYK = "CMYK"


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile whose header has been recognized.

    Attributes:
        data: The whole profile.
        space: The data color space as the header spells it, e.g. "GRAY", "RGB", "CMYK", "Lab".
        describes_pixels: False for device links, abstract profiles and lists of named colors,
            which no picture may carry.
    """

    data: bytes
    space: str
    describes_pixels: bool

    def tag(self, name: bytes) -> bytes | None:
        """Return the content of a tag, or None where it is missing or not wholly inside."""
        count = min(int.from_bytes(self.data[_HEADER : _HEADER + 4], "big"), _MOST_TAGS)
        for row in range(_HEADER + 4, _HEADER + 4 + 12 * count, 12):
            if self.data[row : row + 4] == name and row + 12 <= len(self.data):
                start, size = struct.unpack_from(">II", self.data, row + 4)
                inside = start >= _HEADER and start + size <= len(self.data)
                return self.data[start : start + size] if inside else None
        return None


def read_profile(data: bytes) -> Profile | None:
    """Return the profile, or None where the bytes do not have the header of one."""
    if len(data) < _HEADER or data[_MAGIC_AT : _MAGIC_AT + 4] != _MAGIC:
        return None
    kind, space = data[12:16], data[16:20].decode("latin-1").rstrip()
    return Profile(data, space, kind not in (b"link", b"abst", b"nmcl"))


def description(data: bytes) -> str:
    """Return the name that a profile gives itself, or "" where it has none that can be read."""
    profile = read_profile(data)
    tag = None if profile is None else profile.tag(b"desc")
    if tag is None or len(tag) < 12:
        return ""
    if tag[:4] == b"mluc":
        text = _localized(tag)
    elif tag[:4] == b"desc":
        (length,) = struct.unpack_from(">I", tag, 8)
        text = tag[12 : 12 + length].split(b"\0")[0].decode("utf-8", "replace")
    else:
        text = ""
    return "".join(c if c.isprintable() else " " for c in text).strip()[:_MOST_NAME]


def _localized(tag: bytes) -> str:
    """Return the English text of a multiLocalizedUnicodeType, or its first one."""
    count, size = struct.unpack_from(">II", tag.ljust(16, b"\0"), 8)
    rows = [tag[at : at + 12] for at in range(16, 16 + 12 * min(count, _MOST_TAGS), 12)]
    whole = [row for row in rows if len(row) == 12] if size == 12 else []
    chosen = next((row for row in whole if row[:2] == b"en"), whole[0] if whole else None)
    if chosen is None:
        return ""
    length, start = struct.unpack_from(">II", chosen, 4)
    return tag[start : start + length].decode("utf-16-be", "replace").split("\0")[0]


def adobe_rgb() -> bytes:
    """Return a version 2 matrix profile of the public numbers of Adobe RGB (1998)."""
    curve = _tag(b"curv", struct.pack(">IH", 1, _ADOBE_GAMMA))
    tags = {b"wtpt": _xyz_tag(_xyz(_D65)), **_colors(_ADOBE_RGB, curve)}
    header = struct.pack(">I4s4s", _VERSION_2, b"mntr", b"RGB ").rjust(20, b"\0")
    return _profile(header, ADOBE_RGB_NAME, tags)


def rgb_from_gray(profile: Profile) -> bytes | None:
    """Return the RGB profile under which three equal channels look as one does under `profile`.

    Returns:
        A profile with the curve of `profile` in all channels and the primaries of sRGB; None
        where `profile` has no curve that can be read.
    """
    curve = luminance_curve(profile.tag(b"kTRC"), lightness=profile.data[20:24] == b"Lab ")
    if curve is None or profile.tag(b"A2B0") is not None:
        return None
    header = profile.data[:12] + b"mntrRGB "
    return _derived(profile, header, "gray as RGB", _colors(_SRGB, curve))


def gray_from_rgb(profile: Profile) -> bytes | None:
    """Return the gray profile under which one channel looks as three equal ones do.

    Returns:
        None where the channels of `profile` differ in their curves, or equal ones are not neutral.
    """
    curves = {profile.tag(name) for name in _CURVES}
    columns = [_numbers(profile.tag(name)) for name in _COLUMNS]
    whole = [column for column in columns if column is not None]
    if len(curves) != 1 or len(whole) != 3 or profile.tag(b"A2B0") is not None:
        return None
    curve = luminance_curve(curves.pop(), lightness=False)
    if curve is None or np.abs(np.sum(whole, 0) - _D50).max() > _NEUTRAL:
        return None
    header = profile.data[:16] + b"GRAY"
    return _derived(profile, header, "RGB as gray", {b"kTRC": curve})


def _derived(
    profile: Profile, header: bytes, change: str, tags: Mapping[bytes, bytes]
) -> bytes | None:
    """Return a profile with other tags, and the white and the copyright of `profile`."""
    kept = {name: profile.tag(name) for name in (b"wtpt", b"chad", b"bkpt", b"cprt")}
    found = {name: content for name, content in kept.items() if content is not None}
    name = description(profile.data)
    return _profile(header, f"{name} ({change})" if name else change, {**found, **tags})


def _profile(header: bytes, name: str, tags: Mapping[bytes, bytes]) -> bytes:
    """Put a profile together.

    Args:
        header: The first 20 bytes; size and program are filled in here.
        name: The description.
        tags: Content by name; equal contents are stored once.
    """
    modern = header[8] >= 4
    text = {b"desc": _description_tag(name, modern=modern)}
    if b"cprt" not in tags:
        words = "No copyright, use freely"
        text[b"cprt"] = _mluc(words) if modern else _tag(b"text", words.encode("ascii") + b"\0")
    every = {**text, **tags}
    if b"wtpt" not in every:
        every[b"wtpt"] = _xyz_tag(np.array(_D50))
    places: dict[bytes, int] = {}
    body, start = b"", _HEADER + 4 + 12 * len(every)
    for content in every.values():
        if content not in places:
            places[content] = start + len(body)
            body += content + bytes(-len(content) % 4)
    table = b"".join(
        tag + struct.pack(">II", places[content], len(content)) for tag, content in every.items()
    )
    head = struct.pack(">I4s", start + len(body), b"") + header[8:20] + b"XYZ "
    head += struct.pack(">6H", 2026, 11, 29, 0, 0, 0) + _MAGIC
    head = head.ljust(68, b"\0") + _fixed(np.array(_D50))
    return head.ljust(_HEADER, b"\0") + struct.pack(">I", len(every)) + table + body


def _colors(primaries: tuple[tuple[float, float], ...], curve: bytes) -> dict[bytes, bytes]:
    """Return the tags of a matrix of these primaries under D65, and one curve for each channel."""
    columns = np.stack([_xyz(place) for place in primaries], 1)
    native = columns * np.linalg.solve(columns, _xyz(_D65))
    cones = np.array(_BRADFORD)
    gains = (cones @ np.array(_D50)) / (cones @ _xyz(_D65))
    matrix = np.linalg.inv(cones) @ np.diag(gains) @ cones @ native
    rounded = np.rint(65536 * matrix)
    # Equal channels are neutral to the last bit: green, the largest part, takes the rounding up.
    rounded[:, 1] += np.rint(65536 * np.array(_D50)) - rounded.sum(1)
    tags = {name: _xyz_tag(rounded[:, i] / 65536) for i, name in enumerate(_COLUMNS)}
    return {**tags, **dict.fromkeys(_CURVES, curve)}


def _xyz(place: tuple[float, float]) -> NDArray[np.float64]:
    """Return XYZ of a chromaticity, with Y 1."""
    x, y = place
    return np.array([x / y, 1.0, (1 - x - y) / y])


def _numbers(tag: bytes | None) -> NDArray[np.float64] | None:
    """Return the XYZ of an XYZType."""
    if tag is None or len(tag) < 20 or tag[:4] != b"XYZ ":
        return None
    return np.frombuffer(tag, ">i4", 3, 8) / 65536


def _fixed(xyz: NDArray[np.float64]) -> bytes:
    """Return XYZ as s15Fixed16Numbers."""
    return np.rint(65536 * xyz).astype(">i4").tobytes()


def _xyz_tag(xyz: NDArray[np.float64]) -> bytes:
    return _tag(b"XYZ ", _fixed(xyz))


def _tag(kind: bytes, content: bytes) -> bytes:
    return kind + bytes(4) + content


def _mluc(text: str) -> bytes:
    packed = text.encode("utf-16-be")
    return _tag(b"mluc", struct.pack(">II4sII", 1, 12, b"enUS", len(packed), 28) + packed)


def _description_tag(name: str, *, modern: bool) -> bytes:
    """Return a profile's name in the type of its version; not ASCII becomes "?" in version 2."""
    if modern:
        return _mluc(name)
    packed = name.encode("ascii", "replace") + b"\0"
    rest = bytes(4 + 4 + 2 + 1 + 67)  # no Unicode and no ScriptCode version of it
    return _tag(b"desc", struct.pack(">I", len(packed)) + packed + rest)
