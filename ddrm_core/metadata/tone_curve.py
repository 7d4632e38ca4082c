"""Tone reproduction curves of ICC profiles. Source: ICC.1:2022 clauses 10.6 and 10.18."""

from __future__ import annotations

import struct
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_SAMPLE_COUNT = 4096  # samples of a curve, as many as littlecms takes
_MAX_CURVE_ENTRIES = 1 << 16
_PARAMETER_COUNTS = (1, 3, 4, 5, 7)  # by function type of a parametric curve


def build_luminance_curve(tag: bytes | None, *, is_lightness: bool) -> bytes | None:
    """Return the content of a curve tag that maps device values to linear light.

    Args:
        tag: Content of a curveType or parametricCurveType tag.
        is_lightness: Whether `tag` gives CIE L* instead of linear light, as in a profile whose
            connection space is Lab.

    Returns:
        A new tag, or `tag` itself if it gives linear light; None if `tag` is missing or damaged.
    """
    curve = None if tag is None else _sample_curve(tag)
    if tag is None or curve is None:
        return None
    if not is_lightness:
        return tag
    root = (100 * curve + 16) / 116
    linear = np.where(root > 6 / 29, root**3, 3 * (6 / 29) ** 2 * (root - 4 / 29))
    entries = [round(65535 * value) for value in linear.clip(0, 1).tolist()]
    packed = struct.pack(f">I{len(entries)}H", len(entries), *entries)
    return b"curv" + bytes(4) + packed


def _sample_curve(tag: bytes) -> NDArray[np.float64] | None:
    """Return values of a curve tag, 0 to 1, at equal steps from 0 to 1; None if it is damaged."""
    x = np.linspace(0, 1, _SAMPLE_COUNT)
    if tag[:4] == b"curv" and len(tag) >= 12:
        (count,) = struct.unpack_from(">I", tag, 8)
        if count > _MAX_CURVE_ENTRIES or 12 + 2 * count > len(tag):
            return None
        entries = np.frombuffer(tag, ">u2", count, 12)
        if count < 2:
            return x if count == 0 else x ** (float(entries[0]) / 256)
        return np.interp(x, np.linspace(0, 1, count), entries / 65535)
    if tag[:4] == b"para" and len(tag) >= 12:
        (function_type,) = struct.unpack_from(">H", tag, 8)
        if function_type < len(_PARAMETER_COUNTS) and 12 + 4 * _PARAMETER_COUNTS[
            function_type
        ] <= len(tag):
            parameters = struct.unpack_from(f">{_PARAMETER_COUNTS[function_type]}i", tag, 12)
            return _evaluate_parametric_curve(
                x, function_type, [number / 65536 for number in parameters]
            )
    return None


def _evaluate_parametric_curve(
    x: NDArray[np.float64], function_type: int, parameters: Sequence[float]
) -> NDArray[np.float64] | None:
    """Return the values of a parametricCurveType at `x`, 0 to 1; None if they are undefined.

    The letters in the code are those of the type's table in ICC.1.
    """
    g, a, b, c, d, e, f = [*parameters, *[0.0] * (7 - len(parameters))]
    if function_type == 0:
        a = 1.0
    if function_type < 3:  # from -b/a on; function type 2 adds c everywhere
        if a == 0:
            return None
        c, d, e, f = 0.0, -b / a, c, c
    with np.errstate(all="ignore"):  # numbers of a damaged curve may overflow
        values = np.where(x >= d, np.maximum(a * x + b, 0) ** g + e, c * x + f)
    return None if np.isnan(values).any() else np.clip(values, 0, 1).astype(np.float64)
