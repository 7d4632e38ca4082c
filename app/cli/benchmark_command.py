"""`ddrm-restore benchmark`: how fast this machine restores, and where the time goes."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import options
from app.cli.console import failures_reported, note, print_json, run_with_progress
from app.cli.sampler_options import Choices
from app.config.prior_locations import prior_on
from app.i18n.formatting import whole_percent
from ddrm_core.cancel import CancelToken
from ddrm_core.sampler.settings import PRESETS, Preset, SamplerSettings

if TYPE_CHECKING:  # imports torch, which wrong usage should not wait for
    from rich.table import Table

    from ddrm_core.performance.benchmark import Benchmark

DEFAULT_SETTINGS = SamplerSettings(steps=4, samples=1)
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
Megapixels = Annotated[float, typer.Option(help="Of the picture, in millions of pixels.")]
PresetName = Annotated[
    Preset | None, typer.Option(help="Its settings; one sample of 4 steps if left out.")
]


def benchmark(
    megapixels: Megapixels = 1.0,
    preset: PresetName = None,
    steps: options.Steps = None,
    samples: options.Samples = None,
    prior: options.Prior = options.BUNDLED_NAME,
    device: options.Device = "auto",
    as_json: AsJson = False,
) -> None:
    """Restore a made-up picture; say how long each part took, and what the machine could do.

    Nothing else should run meanwhile.
    """
    with failures_reported():
        choices = Choices(preset, steps, samples, None, None, None, None)
        settings = choices.over(DEFAULT_SETTINGS if preset is None else PRESETS[preset])
        result = _measure(megapixels, settings, prior, device)
        if as_json:
            print_json(_document(result))
        else:
            _show(result)


def _measure(megapixels: float, settings: SamplerSettings, prior: str, device: str) -> Benchmark:
    from ddrm_core.performance.benchmark import Measuring, benchmark_run, check_megapixels, warm_up

    check_megapixels(megapixels)
    loaded = prior_on(prior, device, note)
    typer.echo("benchmark: warming up", err=True)
    warm_up(loaded, settings, megapixels)
    run = benchmark_run(loaded, settings, megapixels)
    measuring = Measuring(run)
    run_with_progress("benchmark", measuring.steps(CancelToken()))
    typer.echo("benchmark: measuring the machine's peaks", err=True)
    return measuring.result()


def _document(result: Benchmark) -> dict[str, object]:
    """Every number; shares are of 1."""
    numbers = asdict(result)
    width, height = result.size
    parts = {
        name: {"seconds": seconds, "share": seconds / result.seconds}
        for name, seconds in result.parts.items()
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


def _show(result: Benchmark) -> None:
    from rich.console import Console

    console = Console(highlight=False, markup=False, soft_wrap=True)
    width, height = result.size
    console.print(
        f"{result.device}, {result.threads} threads, {result.precision}, torch {result.torch}\n"
        f"{width}x{height} pixels, evaluations: {result.evaluations}\n"
        f"{result.seconds:.2f} s in all, {result.seconds_per_evaluation:.3f} s per evaluation,"
        f" {result.seconds_per_megapixel:.3f} s per megapixel and evaluation"
    )
    console.print(_parts(result))
    console.print(_speeds(result))
    work = result.work
    console.print(
        f"The network takes {work.macs_per_pixel / 1e6:.3f} million multiply-accumulates per"
        f" pixel; {whole_percent(work.useful_share)} of the {work.pixels:,} pixels it saw were"
        f" asked for, the others lie around them."
    )
    if result.peak_memory_mib is not None:
        console.print(f"Peak memory: {result.peak_memory_mib:.0f} MiB")


def _parts(result: Benchmark) -> Table:
    table = _table("part", "seconds", "share")
    for name, seconds in result.parts.items():
        table.add_row(name, f"{seconds:.3f}", f"{seconds / result.seconds:.1%}")
    return table


def _speeds(result: Benchmark) -> Table:
    """The network's, and what this machine reaches."""
    gflops, peaks = result.work.gflops, result.peaks
    table = _table("arithmetic", "GFLOP/s", "the network reaches")
    table.add_row(f"the network, {result.precision}", f"{gflops:.1f}", "")
    rows = [
        (f"its 3x3 convolutions alone, {result.precision}", peaks.convolutions),
        ("matrix product, float32", peaks.matrix_float32),
        ("matrix product, bfloat16", peaks.matrix_bfloat16),
    ]
    for words, peak in rows:
        if peak is not None:
            table.add_row(words, f"{peak:.1f}", whole_percent(gflops / peak))
    return table


def _table(first: str, *others: str) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column(first, no_wrap=True)
    for head in others:
        table.add_column(head, justify="right", no_wrap=True)
    return table
