"""Detection of the bit depth of an 8-bit image, from the pixel values that occur."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from ddrm_core.problems.bit_depth.settings import MAX_BITS

_FULL_BITS = 8
# Least evidence in bits: by chance, a value fits n bits once in 2**(8 - n) cases, so each value
# that occurs counts 8 minus n bits.
_MIN_EVIDENCE_BITS = 12
_CHUNK_PIXELS = 1 << 22  # limits memory


class BitExpansion(StrEnum):
    """The rule by which n-bit levels were expanded to 8-bit pixel values.

    All expansions keep the level in the first n bits.
    """

    ZEROS = "zeros"  # the lower bits are zero
    REPLICATED = "replicated"  # the lower bits repeat the first ones
    SCALED = "scaled"  # 255 k / (2**n - 1), rounded


@dataclass(frozen=True, slots=True)
class DetectedBitDepth:
    """The bit depth and the expansion of an image.

    Attributes:
        bits: Bits per channel, 1 to 7.
        expansion: Expansion to 8 bits.
    """

    bits: int
    expansion: BitExpansion


def expand_levels(bits: int, expansion: BitExpansion) -> NDArray[np.uint8]:
    """Return the 8-bit values of all levels of `bits` bits, ascending."""
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
    """Return the first `bits` bits of pixels: the levels of every `BitExpansion`."""
    return pixels >> np.uint8(_FULL_BITS - bits)


def detect_expansion(pixels: NDArray[np.uint8], bits: int) -> BitExpansion | None:
    """Return the expansion of `bits` bits that can give all pixel values; None without one."""
    return _find_matching_expansion(_distinct_values(pixels), bits)


def detect_bit_depth(pixels: NDArray[np.uint8]) -> DetectedBitDepth | None:
    """Return the smallest bit depth that can give all values of an image.

    Return None if a value fits no expansion: the image then has its full bit depth or was changed
    afterwards. Return None, too, if so few values occur that they may fit by chance.
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
    """Return the distinct values of pixels, ascending."""
    is_present = np.zeros(2**_FULL_BITS, bool)
    flat = pixels.ravel()
    # In chunks, because numpy converts every index to eight bytes.
    for start in range(0, flat.size, _CHUNK_PIXELS):
        is_present[flat[start : start + _CHUNK_PIXELS]] = True
    return np.flatnonzero(is_present).astype(np.uint8)
