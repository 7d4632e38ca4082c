"""The one line that a run ends with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.words import percent

if TYPE_CHECKING:  # import torch, which wrong usage should not wait for
    from ddrm_core.problem import Measured
    from ddrm_core.restore import Restoration


def summary(result: Restoration[Measured], picture: Path, bits: int, *, counted: str) -> str:
    """What was written, how far it agrees with the source, and how it was made.

    Args:
        result: Of the run.
        picture: Its file.
        bits: Per channel of that.
        counted: What is in bins or not, e.g. "levels".
    """
    from ddrm_core.restore import verify_as_saved

    run, before = result.run, result.consistency
    words = f"{percent(before.inside)} of {counted} in their bins"
    if bits != 32:
        after = verify_as_saved(result, bits=bits).consistency
        words += f" before rounding, {percent(after.inside)} as saved"
    return (
        f"{picture}: {words} (slack {before.slack:g} grey levels);"
        f" {result.evaluations} evaluations in {result.seconds:.1f} s, start {run.start},"
        f" seed {run.seed}"
    )
