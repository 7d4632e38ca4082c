"""`ddrm-restore evaluate`: the paper's Table 1 and Figure 3 on lossless pictures."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from app.cli import options
from app.cli.console import ExitStatus, failures_reported, note
from app.cli.evaluate import options as own
from app.cli.sampler_options import Choices
from ddrm_core import __version__
from ddrm_core.cancel import CancelToken
from ddrm_core.errors import OutputExists, UnreadableFile, UnwritableOutput
from ddrm_core.evaluation.protocol import OperatorKind, Protocol
from ddrm_core.files.atomic_write import check_output, write_atomically

if TYPE_CHECKING:  # import torch, which wrong usage should not wait for
    from ddrm_core.evaluation.plan import Entry, Plan
    from ddrm_core.evaluation.rows import Row

ROWS = "rows.jsonl"
REPORTS = ("results.csv", "means.csv", "results.json", "table.md", "table.tex", "plot.svg")
TRIPTYCHS = "triptychs"
DEFAULT_DECODER_SECONDS = 300.0


def evaluate(
    folder: own.Folder,
    output: own.Output,
    quality: own.Qualities = "5,10,30",
    presets: own.Presets = "balanced",
    steps: options.Steps = None,
    samples: options.Samples = None,
    start: options.Start = None,
    correction: options.Correction = None,
    eta: options.Eta = None,
    eta_b: options.EtaB = None,
    seed: options.Seed = None,
    prior: own.Priors = None,
    device: options.Device = "auto",
    operator: own.Operator = OperatorKind.LIBJPEG,
    protocol: own.Pixels = Protocol.WHOLE,
    decoder: own.Decoders = None,
    decoder_seconds: own.DecoderSeconds = DEFAULT_DECODER_SECONDS,
    lpips: own.LpipsSource = None,
    triptychs: own.Triptychs = 0,
    overwrite: own.Overwrite = False,
) -> None:
    """Compress lossless pictures, restore them, and measure how close they come."""
    with failures_reported():
        qualities, chosen = own.parse_qualities(quality), own.parse_presets(presets)
        choices = Choices(None, steps, samples, start, correction, eta, eta_b)
        from ddrm_core.evaluation.decoders import parse_decoder
        from ddrm_core.evaluation.plan import Plan, lossless_images

        plan = Plan(
            images=lossless_images(folder),
            qualities=qualities,
            restorings=own.restorings(chosen, choices, prior or [options.BUNDLED_NAME], device),
            decoders=tuple(parse_decoder(d, seconds=decoder_seconds) for d in decoder or ()),
            protocol=protocol,
            operator=operator,
            seed=seed or 0,
            lpips=own.lpips_from(lpips),
        )
        _prepare(output, overwrite=overwrite, pictures=triptychs > 0)
        shown = frozenset(plan.images[:triptychs])
        rows, failures = _measure(plan, output, shown)
        if rows:
            _report(plan, output, rows)
        if failures:
            note(f"{failures} failed; the same command tries what is missing again")
            raise typer.Exit(ExitStatus.FAILED)


def _prepare(output: Path, *, overwrite: bool, pictures: bool) -> None:
    """Raises UnwritableOutput, and OutputExists for files that no evaluation wrote."""
    try:
        (output / TRIPTYCHS if pictures else output).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnwritableOutput.after(output, error) from error
    for name in (ROWS, *REPORTS):
        check_output(output / name, source=output, overwrite=True)
        if (output / name).exists() and not (output / ROWS).exists() and not overwrite:
            raise OutputExists(output / name)


def _measure(plan: Plan, output: Path, shown: frozenset[Path]) -> tuple[list[Row], int]:
    """The plan's rows in its order, those known before among them, and how much failed."""
    from app.cli.evaluate.progress import evaluation_progress
    from app.cli.evaluate.reports.triptych import triptych, triptych_file
    from ddrm_core.evaluation.evaluate import Failed, Scored
    from ddrm_core.evaluation.evaluate import evaluate as evaluate_plan
    from ddrm_core.evaluation.plan import entries
    from ddrm_core.evaluation.rows import append, mend, read_rows

    every: list[Entry] = []
    for image in plan.images:
        with suppress(UnreadableFile):  # is said where it is tried again
            every += entries(plan, image)
    means = {restoring.mean for restoring in plan.restorings}

    def has_pictures(entry: Entry) -> bool:
        return entry.image in shown and entry.method in means

    def wanted(entry: Entry) -> bool:
        lacks = has_pictures(entry) and not triptych_file(output / TRIPTYCHS, entry).exists()
        return entry.key not in rows or lacks

    mend(output / ROWS)
    rows = {row.key: row for row in read_rows(output / ROWS)}
    missing, failures = sum(map(wanted, every)), 0
    if missing < len(every):
        note(f"{len(every) - missing} of {len(every)} results are there already")
    with evaluation_progress(missing) as progress:
        for event in evaluate_plan(plan, wanted, CancelToken()):
            if isinstance(event, Scored):
                if has_pictures(event.entry):
                    file = triptych_file(output / TRIPTYCHS, event.entry)
                    write_atomically(file, triptych(event))
                if event.row.key not in rows:  # else it was made for its pictures
                    append(output / ROWS, [event.row])
                    rows[event.row.key] = event.row
            failures += isinstance(event, Failed)
            progress.show(event)
    return [rows[entry.key] for entry in every if entry.key in rows], failures


def _report(plan: Plan, output: Path, rows: list[Row]) -> None:
    """Tables and plot into the folder, the paper's table on standard output."""
    from app.cli.evaluate.reports.paper_table import latex, markdown, paper_markdown
    from app.cli.evaluate.reports.plot import rate_distortion_svg
    from app.cli.evaluate.reports.tables import means_csv, results_json, rows_csv
    from ddrm_core.evaluation.statistics import summaries

    found = summaries(rows)
    texts = (
        rows_csv(rows),
        means_csv(found),
        results_json(_about(plan), rows, found),
        markdown(found),
        latex(found),
        rate_distortion_svg(found),
    )
    for name, text in zip(REPORTS, texts, strict=True):
        write_atomically(output / name, text.encode())
    typer.echo(paper_markdown(found))
    typer.echo(f"Written: {output} ({', '.join(REPORTS)})", err=True)


def _about(plan: Plan) -> dict[str, object]:
    """What was asked, for the record."""
    return {
        "program": f"ddrm-restore {__version__}",
        "protocol": plan.protocol,
        "operator": plan.operator,
        "seed": plan.seed,
        "lpips": None if plan.lpips is None else plan.lpips.identity,
        "restorings": {
            r.name: {
                "prior": r.prior.info.name,
                "prior_sha256": r.prior.info.sha256,
                "device": str(r.prior.device),
                "precision": str(r.prior.precision),
                **asdict(r.settings),
            }
            for r in plan.restorings
        },
        "decoders": {d.name: list(d.command) for d in plan.decoders},
    }
