"""What is chosen of a dequantisation besides the sampler's settings."""

from __future__ import annotations

from enum import StrEnum

from ddrm_core.errors import InvalidSetting

MOST_BITS = 7


class BinPoint(StrEnum):
    """What a decoder shows for a level, and so what a run starts from."""

    MIDDLE = "mid-bin"
    LOWER_EDGE = "lower-edge"  # its least whole value, as in the authors' published code


def check_bits(bits: int) -> None:
    """Raises InvalidSetting unless so many bits per channel can be left of 8."""
    if not 1 <= bits <= MOST_BITS:
        raise InvalidSetting("bits per channel", bits, f"1 to {MOST_BITS}")
