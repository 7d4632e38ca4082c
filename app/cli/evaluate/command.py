"""`ddrm-restore evaluate`: Table 1 and Figure 3 of the paper, computed on lossless images."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from app.cli.battery_pause import BatteryPause, pause_between
from app.cli.console import ExitStatus, open_progress_bar, print_note
from app.cli.evaluate.options import (
    EvaluateOptions,
    create_restoration_methods,
    load_lpips_from_option,
    parse_presets,
    parse_qualities,
)
from ddrm_core import __version__
from ddrm_core.cancel import CancelToken
from ddrm_core.errors import OutputExists, UnreadableFile
from ddrm_core.files.atomic_write import check_output_path, write_atomically
from ddrm_core.os_errors import writing
from ddrm_core.sampler.serialization import settings_to_values

if TYPE_CHECKING:  # loads torch; usage errors are reported without it
    from ddrm_core.evaluation.plan import EvaluationPlan, PlannedMeasurement
    from ddrm_core.evaluation.rows import EvaluationRow

ROWS_FILE_NAME = "rows.jsonl"
REPORT_FILE_NAMES = (
    "results.csv",
    "means.csv",
    "results.json",
    "table.md",
    "table.tex",
    "plot.svg",
)
TRIPTYCHS_FOLDER_NAME = "triptychs"


def evaluate(options: EvaluateOptions) -> None:
    """Measure how close restored images are to their originals.

    Lossless images are compressed, restored, and compared with the results. The command writes
    tables and a plot of PSNR, SSIM and other measures per quality factor.
    """
    qualities, presets = parse_qualities(options.quality), parse_presets(options.presets)
    options.compute.apply()
    from ddrm_core.evaluation.decoders import parse_decoder
    from ddrm_core.evaluation.plan import EvaluationPlan, find_lossless_images

    plan = EvaluationPlan(
        image_paths=find_lossless_images(options.folder),
        qualities=qualities,
        restoration_methods=create_restoration_methods(
            presets, options.changes, options.prior or (), options.device
        ),
        decoders=tuple(
            parse_decoder(d, timeout_seconds=options.decoder_seconds) for d in options.decoder or ()
        ),
        protocol=options.protocol,
        operator=options.operator,
        seed=options.seed or 0,
        lpips=load_lpips_from_option(options.lpips),
    )
    output = options.output
    _prepare_output(output, overwrite=options.overwrite, with_triptychs=options.triptychs > 0)
    triptych_images = frozenset(plan.image_paths[: options.triptychs])
    rows, failure_count = _run_evaluation(
        plan, output, triptych_images, options.compute.create_pause()
    )
    if rows:
        _write_reports(plan, output, rows)
    if failure_count:
        print_note(f"{failure_count} failed; start the same command again to retry")
        raise typer.Exit(ExitStatus.FAILED)


def _prepare_output(output: Path, *, overwrite: bool, with_triptychs: bool) -> None:
    """Create the output folder and check its files.

    Raises:
        UnwritableOutput: If the folder or a file in it is not writable.
        OutputExists: If a file exists that no evaluation wrote and `overwrite` is False.
    """
    with writing(output):
        (output / TRIPTYCHS_FOLDER_NAME if with_triptychs else output).mkdir(
            parents=True, exist_ok=True
        )
    for name in (ROWS_FILE_NAME, *REPORT_FILE_NAMES):
        check_output_path(output / name, source=output, overwrite=True)
        if (output / name).exists() and not (output / ROWS_FILE_NAME).exists() and not overwrite:
            raise OutputExists(output / name)


def _run_evaluation(
    plan: EvaluationPlan,
    output: Path,
    triptych_images: frozenset[Path],
    pause: BatteryPause | None,
) -> tuple[list[EvaluationRow], int]:
    """Make the measurements of a plan that the output folder lacks, and append their rows.

    `pause` is waited in between two steps, None for no pause.

    Returns:
        Rows of the plan in its order, including those of an earlier evaluation, and the number of
        failures.
    """
    from rich.progress import MofNCompleteColumn

    from app.cli.evaluate.progress import EvaluationProgress
    from app.cli.evaluate.reports.triptych import encode_triptych, triptych_path
    from ddrm_core.evaluation.evaluate import MeasurementFinished, MeasurementsFailed
    from ddrm_core.evaluation.evaluate import evaluate_plan as evaluate_plan
    from ddrm_core.evaluation.rows import (
        append_evaluation_rows,
        read_evaluation_rows,
        remove_partial_line,
    )

    all_entries = _list_measurements(plan)
    mean_methods = {restoring.mean_name for restoring in plan.restoration_methods}

    def has_triptych(entry: PlannedMeasurement) -> bool:
        return entry.image_path in triptych_images and entry.method_name in mean_methods

    def is_wanted(entry: PlannedMeasurement) -> bool:
        lacks_triptych = (
            has_triptych(entry)
            and not triptych_path(output / TRIPTYCHS_FOLDER_NAME, entry).exists()
        )
        return entry.key not in rows or lacks_triptych

    remove_partial_line(output / ROWS_FILE_NAME)
    rows = {row.key: row for row in read_evaluation_rows(output / ROWS_FILE_NAME)}
    missing_count, failure_count = sum(map(is_wanted, all_entries)), 0
    if missing_count < len(all_entries):
        print_note(
            f"{len(all_entries) - missing_count} of {len(all_entries)} results are there already"
        )
    with open_progress_bar(MofNCompleteColumn()) as bar:
        progress = EvaluationProgress(bar, bar.add_task("starting", total=missing_count))
        for event in pause_between(evaluate_plan(plan, is_wanted, CancelToken()), pause):
            if isinstance(event, MeasurementFinished):
                if has_triptych(event.measurement):
                    file = triptych_path(output / TRIPTYCHS_FOLDER_NAME, event.measurement)
                    write_atomically(file, encode_triptych(event))
                if event.row.key not in rows:  # else only the triptych was missing
                    append_evaluation_rows(output / ROWS_FILE_NAME, [event.row])
                    rows[event.row.key] = event.row
            failure_count += isinstance(event, MeasurementsFailed)
            progress.show_event(event)
    return [rows[entry.key] for entry in all_entries if entry.key in rows], failure_count


def _list_measurements(plan: EvaluationPlan) -> list[PlannedMeasurement]:
    """Return the measurements of all readable images of a plan."""
    from ddrm_core.evaluation.plan import plan_measurements

    entries: list[PlannedMeasurement] = []
    for image in plan.image_paths:
        with suppress(UnreadableFile):  # `evaluate_plan` reports the file
            entries += plan_measurements(plan, image)
    return entries


def _write_reports(plan: EvaluationPlan, output: Path, rows: list[EvaluationRow]) -> None:
    """Write tables and a plot of the rows to the output folder; print the paper's table."""
    from app.cli.evaluate.reports.paper_table import (
        format_latex_table,
        format_markdown_report,
        format_markdown_table,
    )
    from app.cli.evaluate.reports.plot import render_rate_distortion_svg
    from app.cli.evaluate.reports.tables import (
        format_means_csv,
        format_results_json,
        format_rows_csv,
    )
    from ddrm_core.evaluation.statistics import summarize_methods

    method_summaries = summarize_methods(rows)
    texts = (
        format_rows_csv(rows),
        format_means_csv(method_summaries),
        format_results_json(_build_plan_json(plan), rows, method_summaries),
        format_markdown_report(method_summaries),
        format_latex_table(method_summaries),
        render_rate_distortion_svg(method_summaries),
    )
    for name, text in zip(REPORT_FILE_NAMES, texts, strict=True):
        write_atomically(output / name, text.encode())
    typer.echo(format_markdown_table(method_summaries))
    typer.echo(f"Written: {output} ({', '.join(REPORT_FILE_NAMES)})", err=True)


def _build_plan_json(plan: EvaluationPlan) -> dict[str, object]:
    """Return the settings, priors and methods of an evaluation as JSON values."""
    return {
        "program": f"ddrm-restore {__version__}",
        "protocol": plan.protocol,
        "operator": plan.operator,
        "seed": plan.seed,
        "lpips": None if plan.lpips is None else plan.lpips.weights_id,
        "restorings": {
            r.name: {
                "prior": r.prior.info.name,
                "prior_sha256": r.prior.info.sha256,
                "device": str(r.prior.device),
                "precision": str(r.prior.precision),
                **settings_to_values(r.sampler_settings),
            }
            for r in plan.restoration_methods
        },
        "decoders": {d.name: list(d.command) for d in plan.decoders},
    }
