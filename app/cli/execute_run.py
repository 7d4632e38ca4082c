"""Execution of one run on the command line, for `restore` and `dequantize`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from app.cli.battery_pause import BatteryPause
from app.cli.console import print_note, run_with_progress
from app.cli.cost_estimate import print_run_estimate, record_run_throughput
from app.cli.inputs.pipes import STANDARD_OUTPUT_NAME
from app.cli.output_files import OutputFiles
from app.i18n.formatting import format_percent
from ddrm_core.cancel import CancelToken

if TYPE_CHECKING:  # loads torch; usage errors are reported without it
    from ddrm_core.export.encode_result import EncodedResult
    from ddrm_core.export.settings import ExportSettings
    from ddrm_core.problems.protocols import MeasuredImage
    from ddrm_core.restoration.restore import Restoration
    from ddrm_core.restoration.run import Run


def execute_run(
    run: Run[MeasuredImage],
    output_files: OutputFiles,
    result_path: Path,
    export_settings: ExportSettings,
    *,
    counted_noun: str,
    pause: BatteryPause | None = None,
) -> None:
    """Execute a run, write all output files, and print a summary.

    Args:
        run: The run.
        output_files: Output files, whose paths were validated.
        result_path: Path of the result.
        export_settings: Export settings of the result and the samples.
        counted_noun: Noun for the values that the summary counts, e.g. "levels".
        pause: Pause between two steps, None without one.
    """
    from ddrm_core.restoration.executor import OutputSelection
    from ddrm_core.restoration.restore import restore

    samples = export_settings.sample if export_settings.sharpness else 0
    if output_files.samples_folder is not None:
        samples = run.settings.samples
    output_selection = OutputSelection(
        includes_spread=output_files.spread_path is not None, sample_count=samples
    )
    steps = restore(run, CancelToken(), output_selection)
    print_run_estimate(run)
    result = run_with_progress(run.image.path.name, steps, pause)
    record_run_throughput(result)
    encoded = output_files.write_results(result, result_path, export_settings)
    for note in encoded.notes:
        print_note(note)
    summary = _format_summary(
        result,
        STANDARD_OUTPUT_NAME if output_files.is_piped else str(result_path),
        encoded,
        is_rounded=export_settings.bits != 32,
        counted_noun=counted_noun,
    )
    typer.echo(summary, err=output_files.is_piped)


def _format_summary(
    result: Restoration[MeasuredImage],
    result_name: str,
    encoded: EncodedResult,
    *,
    is_rounded: bool,
    counted_noun: str,
) -> str:
    """Return one line with the result's path, its verdict, consistency, and facts of the run.

    Args:
        result: Outcome of the run.
        result_name: Path of the result, or "standard output".
        encoded: Encoded result, with the consistency as saved.
        is_rounded: Whether the saved pixels are rounded, so that both consistencies are given.
        counted_noun: Noun for the values that are counted, e.g. "levels".
    """
    run, consistency = result.run, encoded.unrounded_consistency
    text = f"{encoded.verdict}; {format_percent(consistency.inside_fraction)} of {counted_noun} in"
    text += " their bins"
    if is_rounded:
        text += f" before rounding, {format_percent(encoded.consistency)} as saved"
    return (
        f"{result_name}: {text} (slack {consistency.slack:g} gray levels);"
        f" {result.evaluation_count} evaluations in {result.seconds:.1f} s, start {run.start},"
        f" seed {run.seed}, prior {run.prior.info.name}"
    )
