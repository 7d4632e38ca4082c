"""Color profiles made in code, and an independent conversion of their colors."""

from __future__ import annotations

import struct

import numpy as np

# CIE 1931 xy. Sources: SMPTE RP 431-2 with D65 (Display P3), ISO 22028-2 (ROMM), IEC 61966-2-1.
SRGB = ((0.640, 0.330), (0.300, 0.600), (0.150, 0.060))
P3 = ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060))
PROPHOTO = ((0.734699, 0.265301), (0.159597, 0.840403), (0.036598, 0.000105))
D65, D50 = (0.3127, 0.3290), (0.34567, 0.35850)
_PCS_WHITE = np.array([0.9642, 1.0, 0.8249])  # ICC.1 7.2.16
_BRADFORD = np.array(
    [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]]
)


def _xyz(place):
    x, y = place
    return np.array([x / y, 1, (1 - x - y) / y])


def matrix(primaries, white):
    """Return the 3x3 matrix that converts linear RGB to XYZ under D50.

    Args:
        primaries: Chromaticities (x, y) of red, green and blue.
        white: Chromaticity (x, y) of the white point.
    """
    columns = np.stack([_xyz(p) for p in primaries], 1)
    native = columns * np.linalg.solve(columns, _xyz(white))
    cones = (_BRADFORD @ _PCS_WHITE) / (_BRADFORD @ _xyz(white))
    return np.linalg.inv(_BRADFORD) @ np.diag(cones) @ _BRADFORD @ native


def srgb_linear(v):
    return np.where(v <= 0.04045, v / 12.92, ((v + 0.055) / 1.055) ** 2.4)


def srgb_encoded(v):
    return np.where(
        v <= 0.0031308, v * 12.92, 1.055 * np.maximum(v, 0.0031308) ** (1 / 2.4) - 0.055
    )


def to_srgb(pixels, to_xyz, linear):
    """Convert pixels of another color space to sRGB in 0..1, unrounded.

    Colors outside sRGB are clipped.

    Args:
        pixels: Pixels in 0..255, with the channels last.
        to_xyz: Matrix from linear RGB of the color space to XYZ.
        linear: Function that makes pixels in 0..1 linear.
    """
    found = linear(pixels / 255) @ to_xyz.T @ np.linalg.inv(matrix(SRGB, D65)).T
    return srgb_encoded(found.clip(0, 1))


def _tag(kind, data):
    return kind + bytes(4) + data


def _xyz_tag(values):
    return _tag(b"XYZ ", struct.pack(">3i", *(round(65536 * float(v)) for v in values)))


def _curve(gamma):
    """Return the tone curve of an ICC profile: a power of `gamma`, or sRGB's curve for None."""
    if gamma is not None:
        return _tag(b"curv", struct.pack(">IH", 1, round(256 * gamma)))
    entries = np.rint(65535 * srgb_linear(np.linspace(0, 1, 1024))).astype(">u2")
    return _tag(b"curv", struct.pack(">I", 1024) + entries.tobytes())


def _profile(space, tags):
    name = b"made in code\0"
    description = struct.pack(">I", len(name)) + name + bytes(4 + 4 + 2 + 1 + 67)
    tags = {b"desc": _tag(b"desc", description), b"cprt": _tag(b"text", b"none\0"), **tags}
    place, table, body = 128 + 4 + 12 * len(tags), b"", b""
    for name, data in tags.items():
        table += name + struct.pack(">II", place + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    white = struct.pack(">3i", *(round(65536 * v) for v in _PCS_WHITE))
    header = struct.pack(">I4sI4s4s4s", place + len(body), b"", 0x02100000, b"mntr", space, b"XYZ ")
    header += struct.pack(">6H", 2020, 1, 1, 0, 0, 0) + b"acsp" + bytes(28) + white
    return header.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body


def rgb_profile(primaries, white, gamma):
    """Return an ICC version 2 matrix profile for RGB.

    Args:
        primaries: Chromaticities (x, y) of red, green and blue.
        white: Chromaticity (x, y) of the white point.
        gamma: Exponent of the tone curve, None for sRGB's curve.
    """
    columns = matrix(primaries, white).T
    tags = {b"wtpt": _xyz_tag(_PCS_WHITE)}
    for letter, column in zip(b"rgb", columns, strict=True):
        tags[bytes([letter]) + b"XYZ"] = _xyz_tag(column)
        tags[bytes([letter]) + b"TRC"] = _curve(gamma)
    return _profile(b"RGB ", tags)


def grey_profile(gamma):
    """Return an ICC version 2 gray profile.

    Args:
        gamma: Exponent of the tone curve, None for sRGB's curve.
    """
    return _profile(b"GRAY", {b"wtpt": _xyz_tag(_PCS_WHITE), b"kTRC": _curve(gamma)})


def cmyk_profile():
    """Return an ICC version 2 CMYK profile with a lookup table (lut8Type) of two grid points.

    The table is that of inks that multiply.
    """
    ramp = bytes(range(256))
    inks = np.indices((2, 2, 2, 2)).reshape(4, -1)
    nodes = (255 * (1 - inks[:3]) * (1 - inks[3])).astype(np.uint8).T.tobytes()
    identity = struct.pack(">9i", *(65536 * (i % 4 == 0) for i in range(9)))
    table = bytes([4, 3, 2, 0]) + identity + 4 * ramp + nodes + 3 * ramp
    return _profile(b"CMYK", {b"wtpt": _xyz_tag(_PCS_WHITE), b"A2B0": _tag(b"mft1", table)})


def unusable_profile(space=b"GRAY"):
    """Return an ICC version 2 profile for `space` without any tag that converts its colors."""
    return _profile(space, {b"wtpt": _xyz_tag(_PCS_WHITE)})


P3_PROFILE = rgb_profile(P3, D65, None)
PROPHOTO_PROFILE = rgb_profile(PROPHOTO, D50, 1.8)
