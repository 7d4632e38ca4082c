"""How many bits the pixels of an 8-bit picture have left, from the values that occur."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from ddrm_core.problems.bit_depth.settings import MOST_BITS

_DEPTH = 8
# Bits that the values say: by chance, one value in 2**(8 - n) is one that n bits can make.
_LEAST_EVIDENCE = 12
_PART = 1 << 22  # pixels


class Expansion(StrEnum):
    """How levels of n bits were made 8-bit values. All three keep the level in the first n bits."""

    ZEROS = "zeros"  # the other bits are zero
    REPLICATED = "replicated"  # the other bits repeat the first ones
    SCALED = "scaled"  # 255 k / (2**n - 1), rounded


@dataclass(frozen=True, slots=True)
class Depth:
    """What the values of a picture say.

    Attributes:
        bits: Per channel, 1 to 7.
        expansion: How they were made 8.
    """

    bits: int
    expansion: Expansion


def expanded(bits: int, expansion: Expansion) -> NDArray[np.uint8]:
    """The 8-bit values of all levels of `bits` bits, ascending."""
    levels = np.arange(2**bits)
    match expansion:
        case Expansion.ZEROS:
            values = levels << (_DEPTH - bits)
        case Expansion.SCALED:
            values = np.round(levels * 255 / (2**bits - 1))
        case Expansion.REPLICATED:
            repeated = levels
            length = bits
            while length < _DEPTH:
                repeated, length = (repeated << bits) | levels, length + bits
            values = repeated >> (length - _DEPTH)
    return values.astype(np.uint8)


def levels_of(pixels: NDArray[np.uint8], bits: int) -> NDArray[np.uint8]:
    """The first `bits` bits: the levels, for every `Expansion` alike."""
    return pixels >> np.uint8(_DEPTH - bits)


def expansion_of(pixels: NDArray[np.uint8], bits: int) -> Expansion | None:
    """The expansion from which all values can come, None where there is none."""
    return _expansion_of_values(_values(pixels), bits)


def estimate_bits(pixels: NDArray[np.uint8]) -> Depth | None:
    """The fewest bits that all values of a picture can have been made of.

    None where a value fits none of the expansions: pixels either have only such values or were not
    quantised. Also where so few values occur that they may fit by accident.
    """
    found = _values(pixels)
    for bits in range(1, MOST_BITS + 1):
        expansion = _expansion_of_values(found, bits)
        if expansion is not None:
            evidence = len(found) * (_DEPTH - bits)
            return Depth(bits, expansion) if evidence >= _LEAST_EVIDENCE else None
    return None


def _expansion_of_values(values: NDArray[np.uint8], bits: int) -> Expansion | None:
    fitting = (e for e in Expansion if np.isin(values, expanded(bits, e)).all())
    return next(fitting, None)


def _values(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Those that occur, ascending."""
    found = np.zeros(2**_DEPTH, bool)
    flat = pixels.ravel()
    # In parts: numpy makes eight bytes of every index.
    for begin in range(0, flat.size, _PART):
        found[flat[begin : begin + _PART]] = True
    return np.flatnonzero(found).astype(np.uint8)
