"""Bits of a JPEG XL codestream, the least significant bit of a byte first.

Source: ISO/IEC 18181-1:2024, annex B.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

# Distributions of a U32: a constant, or a number of bits and an offset.
U32Distribution = tuple[tuple[int, int], tuple[int, int], tuple[int, int], tuple[int, int]]
ENUM_DISTRIBUTION: Final[U32Distribution] = ((0, 0), (0, 1), (4, 2), (6, 18))
"""Distribution of enumerated values: bits and offset by selector."""


@dataclass(slots=True)
class BitReader:
    """A reader of bits.

    Attributes:
        data: Bytes that are read.
        position: Number of bits before the next one.
    """

    data: bytes
    position: int = 0

    def read(self, count: int) -> int:
        """Return the next bits as an integer. Raise ValueError at the end of the data."""
        end = self.position + count
        if end > 8 * len(self.data):
            raise ValueError("bits past the end")
        chunk = self.data[self.position // 8 : (end + 7) // 8]
        value = int.from_bytes(chunk, "little") >> self.position % 8 & (1 << count) - 1
        self.position = end
        return value

    def read_flag(self) -> bool:
        return bool(self.read(1))

    def read_u32(self, distribution: U32Distribution) -> int:
        """Return a U32 (annex B.2.2); `distribution` gives bits and offset by selector."""
        count, offset = distribution[self.read(2)]
        return self.read(count) + offset

    def read_u64(self) -> int:
        """Return a U64 (annex B.2.3)."""
        selector = self.read(2)
        if selector < 3:
            count, offset = ((0, 0), (4, 1), (8, 17))[selector]
            return self.read(count) + offset
        value, shift = self.read(12), 12
        while self.read_flag():
            count = 4 if shift == 60 else 8
            value |= self.read(count) << shift
            shift += count
            if shift == 64:
                break
        return value


@dataclass(slots=True)
class BitWriter:
    """A writer of bits.

    Attributes:
        value: All bits as an integer, the first one least significant.
        position: Number of bits.
    """

    value: int = 0
    position: int = 0

    def write(self, value: int, count: int) -> None:
        """Append the lowest `count` bits of `value`."""
        self.value |= (value & (1 << count) - 1) << self.position
        self.position += count

    def write_u64(self, value: int) -> None:
        """Append a U64 (annex B.2.3), 0 to 2**60 - 1, in its long form."""
        self.write(3, 2)
        self.write(value, 12)
        value >>= 12
        while value:
            self.write(1, 1)
            self.write(value, 8)
            value >>= 8
        self.write(0, 1)

    def to_bytes(self) -> bytes:
        """Return the bits, and zeros up to a whole byte."""
        return self.value.to_bytes((self.position + 7) // 8, "little")
