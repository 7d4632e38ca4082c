"""A run, from its first step to the line that it ends with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from app.cli.console import note, run_with_progress
from app.cli.output_files import Outputs
from app.i18n.formatting import percent
from ddrm_core.cancel import CancelToken

if TYPE_CHECKING:  # import torch, which wrong usage should not wait for
    from ddrm_core.export.deliver import Delivered, DeliverySettings
    from ddrm_core.problems.protocols import Measured
    from ddrm_core.restoration.restore import Restoration
    from ddrm_core.restoration.run import Run


def carry_out(
    run: Run[Measured], outputs: Outputs, picture: Path, delivery: DeliverySettings, *, counted: str
) -> None:
    """Restore, write every file, and say what was written.

    Args:
        run: What to do.
        outputs: Checked before.
        picture: The result's file.
        delivery: How it is written.
        counted: What is in bins or not, e.g. "levels".
    """
    from ddrm_core.restoration.executor import Wanted
    from ddrm_core.restoration.restore import restore

    samples = delivery.sample if delivery.sharpness else 0
    if outputs.samples is not None:
        samples = run.settings.samples
    wanted = Wanted(spread=outputs.spread is not None, samples=samples)
    steps = restore(run, CancelToken(), wanted)
    result = run_with_progress(run.image.path.name, steps)
    delivered = outputs.write(result, picture, delivery)
    for line in delivered.notes:
        note(line)
    typer.echo(_summary(result, picture, delivered, rounded=delivery.bits != 32, counted=counted))


def _summary(
    result: Restoration[Measured],
    picture: Path,
    delivered: Delivered,
    *,
    rounded: bool,
    counted: str,
) -> str:
    """What was written, how far it agrees with the source, and how it was made."""
    run, before = result.run, result.consistency
    words = f"{percent(before.inside)} of {counted} in their bins"
    if rounded:
        words += f" before rounding, {percent(delivered.inside)} as saved"
    return (
        f"{picture}: {words} (slack {before.slack:g} grey levels);"
        f" {result.evaluations} evaluations in {result.seconds:.1f} s, start {run.start},"
        f" seed {run.seed}"
    )
