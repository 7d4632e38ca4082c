"""Settings of the bit depth problem, besides those of the sampler."""

from __future__ import annotations

from enum import StrEnum

from ddrm_core.allowed_values import describe_range
from ddrm_core.errors import InvalidSetting

MAX_BITS = 7


class ReconstructionPoint(StrEnum):
    """The point of a bin that the decoded image shows, and from which a run starts."""

    MIDDLE = "mid-bin"
    LOWER_EDGE = "lower-edge"  # the bin's least integer, as in the authors' published code


def check_bits_per_channel(bits: int) -> None:
    """Raise InvalidSetting unless `bits` is 1 to 7."""
    if not 1 <= bits <= MAX_BITS:
        raise InvalidSetting("bits per channel", bits, describe_range(1, MAX_BITS))
