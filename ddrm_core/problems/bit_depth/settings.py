"""What is chosen of a dequantisation besides the sampler's settings."""

from __future__ import annotations

from enum import StrEnum

from ddrm_core.allowed_values import describe_range
from ddrm_core.errors import InvalidSetting

MAX_BITS = 7


class ReconstructionPoint(StrEnum):
    """What a decoder shows for a level, and so what a run starts from."""

    MIDDLE = "mid-bin"
    LOWER_EDGE = "lower-edge"  # its least whole value, as in the authors' published code


def check_bits_per_channel(bits: int) -> None:
    """Raises InvalidSetting unless so many bits per channel can be left of 8."""
    if not 1 <= bits <= MAX_BITS:
        raise InvalidSetting("bits per channel", bits, describe_range(1, MAX_BITS))
