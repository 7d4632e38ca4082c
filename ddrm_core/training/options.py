"""Command line options of `python -m ddrm_core.training`."""

from __future__ import annotations

import argparse
from pathlib import Path

from ddrm_core.prior.architectures.compact import CompactConfig
from ddrm_core.training.patches import default_worker_count
from ddrm_core.training.settings import BUNDLED_CONFIG, check_compact_config

_TRAINING_DESCRIPTION = """\
Photographs in FOLDER (and below) become a compact prior. The same command continues a
run that was stopped: SIGTERM and SIGINT finish the iteration and keep the state. Then
`python -m ddrm_core.training export` makes a prior of it."""
_EXPORT_DESCRIPTION = (
    "Write the prior of a training run, measured on FOLDER's held-out photographs."
)


def create_training_parser() -> argparse.ArgumentParser:
    """Create the parser of the training command."""
    parser = argparse.ArgumentParser(
        "python -m ddrm_core.training", description=_TRAINING_DESCRIPTION
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="photographs")
    parser.add_argument(
        "--out", type=Path, default=Path("training"), metavar="RUN", help="state and log"
    )
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda, cuda:N or mps")
    parser.add_argument("--workers", type=int, default=default_worker_count(), help="that decode")
    new_run_group = parser.add_argument_group("a new run")
    new_run_group.add_argument(
        "--start", type=Path, metavar="PRIOR", help="begin with a prior's weights"
    )
    new_run_group.add_argument(
        "--channels",
        type=_parse_numbers,
        help=f"per level, {_format_numbers(BUNDLED_CONFIG.channels)}",
    )
    new_run_group.add_argument(
        "--blocks", type=int, help=f"per level and way, {BUNDLED_CONFIG.blocks}"
    )
    new_run_group.add_argument(
        "--middle", type=int, help=f"blocks at the coarsest, {BUNDLED_CONFIG.middle}"
    )
    new_run_group.add_argument("--patch", type=int, help="side of a patch in pixels, 96")
    new_run_group.add_argument("--seed", type=int, help="0")
    every_run_group = parser.add_argument_group("every run")
    every_run_group.add_argument("--batch", type=int, help="patches per iteration, 16")
    every_run_group.add_argument("--rate", type=float, help="learning rate, 6e-4")
    every_run_group.add_argument(
        "--decay", type=int, metavar="N", help="let it fall to 0 over N iterations"
    )
    every_run_group.add_argument("--time", type=float, metavar="MINUTES", help="then stop")
    every_run_group.add_argument("--iterations", type=int, metavar="N", help="stop at iteration N")
    every_run_group.add_argument(
        "--save", type=float, default=3.0, metavar="MINUTES", help="between states"
    )
    every_run_group.add_argument(
        "--validate", type=float, default=15.0, metavar="MINUTES", help="between"
    )
    return parser


def create_export_parser() -> argparse.ArgumentParser:
    """Create the parser of the `export` command."""
    parser = argparse.ArgumentParser(
        "python -m ddrm_core.training export", description=_EXPORT_DESCRIPTION
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="the photographs of the run")
    parser.add_argument("prior", type=Path, metavar="PRIOR", help="a safetensors file to write")
    parser.add_argument("--run", type=Path, default=Path("training"), help="state and log")
    parser.add_argument("--average", type=float, help="its decay; otherwise the better one")
    parser.add_argument("--name", required=True, help="of the prior")
    parser.add_argument("--licence", required=True, help="of the weights")
    parser.add_argument("--training-data", required=True, help="in words")
    parser.add_argument("--device", default="auto", help="where to measure")
    return parser


def config_from_options(options: argparse.Namespace) -> CompactConfig:
    """Return the bundled prior's network configuration with the options' changes.

    Raises:
        InvalidSetting: If a number is out of range.
    """
    bundled = BUNDLED_CONFIG
    config = CompactConfig(
        channels=options.channels or bundled.channels,
        blocks=bundled.blocks if options.blocks is None else options.blocks,
        middle=bundled.middle if options.middle is None else options.middle,
        embedding=bundled.embedding,
    )
    check_compact_config(config)
    return config


def _parse_numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(","))


def _format_numbers(numbers: tuple[int, ...]) -> str:
    return ",".join(map(str, numbers))
