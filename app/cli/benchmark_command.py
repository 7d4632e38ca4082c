"""`ddrm-restore benchmark`: measures the time of a run and of its parts."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.console import print_json, print_note, run_with_progress
from app.cli.options import shared
from app.cli.options.compute import NO_COMPUTE_OPTIONS, ComputeLimitOptions
from app.cli.options.declaration import Changes, changes_of
from app.cli.run.cost_estimate import record_run_throughput
from app.config.prior_locations import load_prior_by_name
from app.i18n.formatting import format_whole_percent
from app.support.system_facts import describe_computer, describe_program
from ddrm_core.cancel import CancelToken
from ddrm_core.sampler.settings import PRESETS, Preset, SamplerSettings
from ddrm_core.step_iterator import StepIterator

if TYPE_CHECKING:  # loads torch; usage errors are reported without it
    from rich.table import Table

    from ddrm_core.performance.benchmark import BenchmarkResult

DEFAULT_BENCHMARK_SETTINGS = SamplerSettings(steps=4, samples=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchmarkOptions:
    """The options of `benchmark`, in the order of its help."""

    megapixels: Annotated[float, typer.Option(help="Size of the image, in millions of pixels.")] = (
        1.0
    )
    preset: Annotated[
        Preset | None,
        typer.Option(
            help="Preset of the sampler settings; default: the default settings with one sample of"
            " 4 steps."
        ),
    ] = None
    changes: Annotated[Changes, changes_of(SamplerSettings, "steps", "samples")]
    prior: shared.PriorOption = None
    device: shared.DeviceOption = "auto"
    limits: ComputeLimitOptions = NO_COMPUTE_OPTIONS
    as_json: shared.JsonOption = False


def benchmark(options: BenchmarkOptions) -> None:
    """Measure how fast this machine restores a synthetic image.

    The command prints the computer, the time of each part of the run, and the arithmetic
    throughput of the network and of the machine, as a block that can be pasted into a report. Run
    no other programs at the same time.
    """
    base = DEFAULT_BENCHMARK_SETTINGS if options.preset is None else PRESETS[options.preset]
    settings = replace(base, **options.changes)
    options.limits.apply()
    prior_name = shared.choose_prior_name(options.prior, options.preset)
    result = _run_benchmark(options.megapixels, settings, prior_name, options.device)
    if options.as_json:
        print_json(_build_benchmark_json(result))
    else:
        _print_benchmark(result)


def _run_benchmark(
    megapixels: float, settings: SamplerSettings, prior: str, device: str
) -> BenchmarkResult:
    from ddrm_core.performance.benchmark import (
        BenchmarkRecorder,
        check_megapixels,
        create_benchmark_run,
        warm_up_prior,
    )

    check_megapixels(megapixels)
    loaded_prior = load_prior_by_name(prior, device, print_note)
    typer.echo("benchmark: warming up", err=True)
    warm_up_prior(loaded_prior, settings, megapixels)
    run = create_benchmark_run(loaded_prior, settings, megapixels)
    measuring = BenchmarkRecorder(run)
    restoration = run_with_progress(
        "benchmark", StepIterator(measuring.record_steps(CancelToken()))
    )
    record_run_throughput(restoration)
    typer.echo("benchmark: measuring the machine's peak throughput", err=True)
    return measuring.build_result()


def _build_benchmark_json(result: BenchmarkResult) -> dict[str, object]:
    """Return the whole result of a benchmark as JSON values.

    Shares of the time and of the peak throughput are from 0 to 1.
    """
    numbers = asdict(result)
    width, height = result.image_size
    parts = {
        name: {"seconds": seconds, "share": seconds / result.seconds}
        for name, seconds in result.section_seconds.items()
    }
    return {
        **{name: numbers[name] for name in ("device", "threads", "precision", "torch")},
        "width": width,
        "height": height,
        "evaluations": result.evaluations,
        "seconds": result.seconds,
        "seconds_per_evaluation": result.seconds_per_evaluation,
        "seconds_per_megapixel_and_evaluation": result.seconds_per_megapixel,
        "parts": parts,
        "network": numbers["work"],
        "peaks_gflops": numbers["peaks"],
        "percent_of_peaks": {
            name: None if peak is None else 100 * result.work.gflops / peak
            for name, peak in asdict(result.peaks).items()
        },
        "peak_memory_mib": result.peak_memory_mib,
    }


def _print_benchmark(result: BenchmarkResult) -> None:
    from rich.console import Console

    console = Console(highlight=False, markup=False, soft_wrap=True)
    width, height = result.image_size
    console.print("\n".join([*describe_program(), *describe_computer()]))
    console.print(
        f"Device: {result.device}, {result.threads} threads, {result.precision},"
        f" torch {result.torch}\n"
        f"{width}x{height} pixels, evaluations: {result.evaluations}\n"
        f"{result.seconds:.2f} s in total, {result.seconds_per_evaluation:.3f} s per evaluation,"
        f" {result.seconds_per_megapixel:.3f} s per megapixel and evaluation"
    )
    console.print(_create_parts_table(result))
    console.print(_create_throughput_table(result))
    work = result.work
    console.print(
        f"The network takes {work.macs_per_pixel / 1e6:.3f} million multiply-accumulates per"
        f" pixel; {format_whole_percent(work.useful_share)}"
        f" of the {work.pixels:,} pixels that the network evaluated belong to the image,"
        f" the others to margins of tiles."
    )
    if result.peak_memory_mib is not None:
        console.print(f"Peak memory: {result.peak_memory_mib:.0f} MiB")


def _create_parts_table(result: BenchmarkResult) -> Table:
    table = _create_table("part", "seconds", "share")
    for name, seconds in result.section_seconds.items():
        table.add_row(name, f"{seconds:.3f}", f"{seconds / result.seconds:.1%}")
    return table


def _create_throughput_table(result: BenchmarkResult) -> Table:
    """Return a table of the network's throughput and of the machine's peak throughputs."""
    gflops, peaks = result.work.gflops, result.peaks
    table = _create_table("arithmetic", "GFLOP/s", "network / peak")
    table.add_row(f"network, {result.precision}", f"{gflops:.1f}", "")
    rows = [
        (f"3x3 convolutions alone, {result.precision}", peaks.convolutions),
        ("matrix product, float32", peaks.matrix_float32),
        ("matrix product, bfloat16", peaks.matrix_bfloat16),
    ]
    for row_label, peak in rows:
        if peak is not None:
            table.add_row(row_label, f"{peak:.1f}", format_whole_percent(gflops / peak))
    return table


def _create_table(first_column: str, *other_columns: str) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column(first_column, no_wrap=True)
    for column in other_columns:
        table.add_column(column, justify="right", no_wrap=True)
    return table
