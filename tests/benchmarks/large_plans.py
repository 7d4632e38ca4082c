"""Time and memory of a driver for very many files, whose restoration is simulated.

    python tests/benchmarks/large_plans.py [COUNTS] [--folder FOLDER] [--manifest] [--reports]

A scripted restorer takes the place of workers and prior: it gives every file the outcome of a file
that was done before, or in a second run that of a damaged file. Distributor, progress, events,
report rows and report are the real ones. With --folder, files of a real folder tree are planned,
too; with --manifest, a manifest of as many lines is read; with --reports, a report of as many rows
is written in each format.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from app.cli.batch.events import BatchEvents
from app.cli.batch.progress import BatchBar, BatchProgress
from app.cli.batch.status import BatchStatus
from ddrm_core.batch.manifest.entries import ManifestEntry
from ddrm_core.batch.manifest.lines import MANIFEST_NAME
from ddrm_core.batch.manifest.manifest import Manifest
from ddrm_core.batch.outcome import FileOutcome, FileState
from ddrm_core.batch.output_paths import OutputNaming, PlannedFile
from ddrm_core.batch.report import (
    ReportRow,
    ReportSummary,
    build_report_row,
    list_report_suffixes,
    write_batch_report,
)
from ddrm_core.batch.runner import FileRestoreProgress
from ddrm_core.batch.streaming.row_store import RowsInFile
from ddrm_core.batch.streaming.streamed_plan import StreamedPlan
from ddrm_core.batch.workers.file_distributor import FileDistributor
from ddrm_core.errors import DamagedJpeg
from ddrm_core.jpeg.reasons import CorruptionReason

COUNTS = (10_000, 1_000_000)
FILES_PER_FOLDER = 1000


def simulated_files(count: int) -> Iterator[PlannedFile]:
    for number in range(count):
        folder = f"{number // FILES_PER_FOLDER:06}"
        source = Path("in", folder, f"IMG_{number:07}.jpg")
        yield PlannedFile(source, Path("out", folder, f"IMG_{number:07}_restored.png"), True)


def drive(count: int, output: Path, *, has_failures: bool) -> None:
    """Take all files from a distributor, and report each as done before or as failed."""
    report_path = output / "report.jsonl"
    rows = RowsInFile(report_path)
    events = BatchEvents(Path("in"), Path("out"), is_watching=False)
    status = BatchStatus()
    progress = BatchProgress(BatchBar(disable=True), Path("in"), status)
    distributor = FileDistributor(simulated_files(count))
    status.start(None)
    progress.start()
    events.start(None)
    while (assignment := distributor.take()) is not None:
        file = assignment.file
        start = FileRestoreProgress(assignment.number, file, None)
        status.add_event(start)
        progress.show_event(start)
        events.show_event(start)
        outcome = FileOutcome(file, file.target, FileState.SKIPPED, consistency=1.0)
        if has_failures:
            error = DamagedJpeg(file.source, CorruptionReason.NOTHING)
            outcome = FileOutcome(file, file.target, FileState.FAILED, error)
        distributor.finish(assignment)
        status.add_event(outcome)
        progress.show_event(outcome)
        events.show_event(outcome)
        if status.begin_interval_if_due():
            progress.print_status()
        rows.add(build_report_row(outcome, ""))
    events.finish(rows.summarize(), 0.0, status.total_per_hour)
    rows.write_report(report_path)
    rows.close()


def write_reports(count: int, output: Path) -> None:
    """Write a report of many rows in each format, and print its time and the peak memory."""
    for suffix in list_report_suffixes():
        path = output / f"report{suffix}"
        began = time.monotonic()
        write_batch_report(path, simulated_rows(count), ReportSummary(0, count, 0, 0.0))
        seconds, size = time.monotonic() - began, path.stat().st_size
        print(f"  {suffix}: {seconds:.1f} s, {size >> 20} MiB, peak {peak_memory()} MiB")
        path.unlink()


def simulated_rows(count: int) -> Iterator[ReportRow]:
    for file in simulated_files(count):
        yield ReportRow(str(file.source), str(file.target), FileState.SKIPPED, 1.0, 0.0, 0, "")


def peak_memory() -> int:
    """Return the largest resident memory of this process in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


def plan(folder: Path) -> None:
    """Plan all files of a folder tree."""
    streamed = StreamedPlan(folder, folder.with_name("out"), OutputNaming(), recursive=True)
    began = time.monotonic()
    count = sum(1 for _ in streamed.iter_files())
    print(f"  {count} files planned in {time.monotonic() - began:.1f} s")


def write_manifest(folder: Path, count: int) -> None:
    with (folder / MANIFEST_NAME).open("w") as file:
        for number in range(count):
            text = f"{number:064x}"
            entry = ManifestEntry(
                *(text, text, f"{number:07}.png", 1000, number, text),
                *(1.0, 8, 1.5, "2026-01-01T00:00:00+00:00"),
            )
            file.write(f"\n{json.dumps(asdict(entry))}\n")


def run_alone(kind: str, count: int, folder: Path) -> None:
    """Run one measurement in this process, and print its time and peak memory."""
    began = time.monotonic()
    match kind:
        case "skip" | "fail":
            drive(count, folder, has_failures=kind == "fail")
        case "reports":
            write_reports(count, folder)
        case "plan":
            plan(folder)
        case "manifest":
            print(f"  {len(Manifest(folder).list_results())} entries")
        case _:
            raise ValueError(kind)
    seconds = time.monotonic() - began
    print(f"{kind} {count}: {seconds:.1f} s, peak {peak_memory()} MiB", flush=True)


def main() -> None:
    words = sys.argv[1:]
    if words[:1] == ["alone"]:
        run_alone(words[1], int(words[2]), Path(words[3]))
        return
    folder = Path(words[words.index("--folder") + 1]) if "--folder" in words else None
    counts = [int(word) for word in words if word.isdecimal()] or list(COUNTS)
    # A process per measurement, so that each has a peak of its own.
    alone = [sys.executable, __file__, "alone"]
    with tempfile.TemporaryDirectory() as name:
        if folder is not None:
            subprocess.run([*alone, "plan", "0", str(folder)], check=True)
        for count in counts:
            kinds = ["skip", "fail", *(["reports"] if "--reports" in words else [])]
            for kind in kinds:
                # A line per file is printed to standard error.
                subprocess.run(
                    [*alone, kind, str(count), name], check=True, stderr=subprocess.DEVNULL
                )
            if "--manifest" in words:
                write_manifest(Path(name), count)
                subprocess.run([*alone, "manifest", str(count), name], check=True)


if __name__ == "__main__":
    main()
