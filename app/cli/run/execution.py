"""Execution of one run on the command line, for `restore` and `dequantize`."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.battery_pause import BatteryPause
from app.cli.console import print_note, print_progress, print_summary, run_with_progress
from app.cli.inputs.pipes import STANDARD_OUTPUT_NAME
from app.cli.run.cost_estimate import print_run_estimate, record_run_throughput
from app.cli.run.output_files import OutputFiles
from app.cli.run_events import (
    EventFile,
    FileEnd,
    name_state,
    name_verdict_kind,
    write_file_end,
    write_file_start,
    write_progress,
)
from app.i18n.formatting import format_percent
from app.i18n.translation import translate
from ddrm_core.batch.outcome import FileState
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
    event_file: EventFile | None = None,
) -> None:
    """Execute a run, write all output files, and print a summary.

    Args:
        run: The run.
        output_files: Output files, whose paths were validated.
        result_path: Path of the result.
        export_settings: Export settings of the result and the samples.
        counted_noun: Noun for the values that the summary counts, e.g. "levels".
        pause: Pause between two steps, None without one.
        event_file: Number and name of the file in events, None for the only file of a command.
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
    event_file = event_file or EventFile(1, str(run.image.path))
    print_run_estimate(run)
    write_file_start(event_file, result_path)
    report = partial(write_progress, event_file)
    result = run_with_progress(run.image.path.name, steps, pause, report)
    record_run_throughput(result)
    encoded = output_files.write_results(result, result_path, export_settings)
    for note in encoded.notes:
        print_note(note)
    result_name = STANDARD_OUTPUT_NAME if output_files.is_piped else str(result_path)
    write_file_end(_create_file_end(event_file, result, result_name, encoded))
    summary = _format_summary(
        result,
        result_name,
        encoded,
        is_rounded=export_settings.bits != 32,
        counted_noun=counted_noun,
    )
    if output_files.is_piped:
        print_progress(summary)
    else:
        print_summary(summary)


def _create_file_end(
    file: EventFile, result: Restoration[MeasuredImage], result_name: str, encoded: EncodedResult
) -> FileEnd:
    return FileEnd(
        number=file.number,
        file=file.name,
        result=result_name,
        state=name_state(FileState.DONE),
        verdict=name_verdict_kind(encoded.verdict),
        consistency=encoded.consistency,
        seconds=round(result.seconds, 3),
        evaluations=result.evaluation_count,
        notes=tuple(translate(note).rstrip(".") for note in encoded.notes),
    )


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
