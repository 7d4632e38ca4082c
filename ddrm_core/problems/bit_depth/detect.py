"""How many bits the pixels of an 8-bit picture have left, from the values that occur."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from ddrm_core.problems.bit_depth.settings import MAX_BITS

_FULL_BITS = 8
# Bits that the values say: by chance, one value in 2**(8 - n) is one that n bits can make.
_MIN_EVIDENCE_BITS = 12
_CHUNK_PIXELS = 1 << 22  # pixels


class BitExpansion(StrEnum):
    """How levels of n bits were made 8-bit values. All three keep the level in the first n bits."""

    ZEROS = "zeros"  # the other bits are zero
    REPLICATED = "replicated"  # the other bits repeat the first ones
    SCALED = "scaled"  # 255 k / (2**n - 1), rounded


@dataclass(frozen=True, slots=True)
class DetectedBitDepth:
    """What the values of a picture say.

    Attributes:
        bits: Per channel, 1 to 7.
        expansion: How they were made 8.
    """

    bits: int
    expansion: BitExpansion


def expand_levels(bits: int, expansion: BitExpansion) -> NDArray[np.uint8]:
    """The 8-bit values of all levels of `bits` bits, ascending."""
    levels = np.arange(2**bits)
    match expansion:
        case BitExpansion.ZEROS:
            values = levels << (_FULL_BITS - bits)
        case BitExpansion.SCALED:
            values = np.round(levels * 255 / (2**bits - 1))
        case BitExpansion.REPLICATED:
            repeated = levels
            length = bits
            while length < _FULL_BITS:
                repeated, length = (repeated << bits) | levels, length + bits
            values = repeated >> (length - _FULL_BITS)
    return values.astype(np.uint8)


def levels_from_pixels(pixels: NDArray[np.uint8], bits: int) -> NDArray[np.uint8]:
    """The first `bits` bits: the levels, for every `BitExpansion` alike."""
    return pixels >> np.uint8(_FULL_BITS - bits)


def detect_expansion(pixels: NDArray[np.uint8], bits: int) -> BitExpansion | None:
    """The expansion from which all values can come, None where there is none."""
    return _find_matching_expansion(_distinct_values(pixels), bits)


def detect_bit_depth(pixels: NDArray[np.uint8]) -> DetectedBitDepth | None:
    """The fewest bits that all values of a picture can have been made of.

    None where a value fits none of the expansions: pixels either have only such values or were not
    quantised. Also where so few values occur that they may fit by accident.
    """
    distinct_values = _distinct_values(pixels)
    for bits in range(1, MAX_BITS + 1):
        expansion = _find_matching_expansion(distinct_values, bits)
        if expansion is not None:
            evidence = len(distinct_values) * (_FULL_BITS - bits)
            return DetectedBitDepth(bits, expansion) if evidence >= _MIN_EVIDENCE_BITS else None
    return None


def _find_matching_expansion(values: NDArray[np.uint8], bits: int) -> BitExpansion | None:
    matching = (e for e in BitExpansion if np.isin(values, expand_levels(bits, e)).all())
    return next(matching, None)


def _distinct_values(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Those that occur, ascending."""
    is_present = np.zeros(2**_FULL_BITS, bool)
    flat = pixels.ravel()
    # In parts: numpy makes eight bytes of every index.
    for start in range(0, flat.size, _CHUNK_PIXELS):
        is_present[flat[start : start + _CHUNK_PIXELS]] = True
    return np.flatnonzero(is_present).astype(np.uint8)
