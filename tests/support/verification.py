"""Verification of results as they are saved."""

from __future__ import annotations

from ddrm_core.problems.protocols import MeasuredImage
from ddrm_core.restoration.restore import Restoration
from ddrm_core.verification.verify import Verification


def verify_as_saved(result: Restoration[MeasuredImage], *, bits: int) -> Verification:
    """Compare a result, rounded to `bits` per channel, with the levels of its file."""
    return result.run.problem.verify(result.image, result.run.region, bits=bits)
