"""Command line options of `python -m ddrm_core.training`."""

from __future__ import annotations

import argparse
from pathlib import Path

from ddrm_core.prior.architectures.compact import CompactConfig
from ddrm_core.training.photographs.patches import default_worker_count
from ddrm_core.training.settings import BUNDLED_CONFIG, check_compact_config
from ddrm_core.training.teacher import DEFAULT_TEACHER_SHARE

_TRAINING_DESCRIPTION = """\
Train a compact prior on the photographs in FOLDER and its subfolders. SIGTERM and SIGINT
stop the run after the current iteration and save its state; the same command continues the
run. `python -m ddrm_core.training export` writes the trained prior."""
_EXPORT_DESCRIPTION = (
    "Write the prior of a training run, with errors measured on FOLDER's held-out photographs."
)


def create_training_parser() -> argparse.ArgumentParser:
    """Create the argument parser of the training command."""
    parser = argparse.ArgumentParser(
        "python -m ddrm_core.training", description=_TRAINING_DESCRIPTION
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="folder of photographs")
    parser.add_argument(
        "--out",
        type=Path,
        default=Path("training"),
        metavar="RUN",
        help="folder for state and log; default: training",
    )
    parser.add_argument(
        "--device", default="auto", help="auto, cpu, cuda, cuda:N or mps; default: auto"
    )
    parser.add_argument(
        "--workers",
        type=int,
        default=default_worker_count(),
        help="threads that decode photographs; default: %(default)s",
    )
    _add_new_run_options(parser.add_argument_group("a new run"))
    _add_run_options(parser.add_argument_group("every run"))
    return parser


def _add_new_run_options(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--start",
        type=Path,
        metavar="PRIOR",
        help="compact prior whose weights the run starts with; default: random weights",
    )
    group.add_argument(
        "--channels",
        type=_parse_numbers,
        help=f"channels of each level; default: {_format_numbers(BUNDLED_CONFIG.channels)}",
    )
    group.add_argument(
        "--blocks",
        type=int,
        help=f"blocks per level of encoder and decoder each; default: {BUNDLED_CONFIG.blocks}",
    )
    group.add_argument(
        "--middle", type=int, help=f"blocks at the coarsest level; default: {BUNDLED_CONFIG.middle}"
    )
    group.add_argument(
        "--teacher",
        metavar="PRIOR",
        help="prior whose estimates are mixed into the targets: ffdnet-color, or a file;"
        " default: none",
    )
    group.add_argument(
        "--teacher-share",
        type=float,
        metavar="SHARE",
        help="share of the teacher's estimates in the targets, 0 to 1;"
        f" default: {DEFAULT_TEACHER_SHARE:g}",
    )
    group.add_argument("--patch", type=int, help="side of a patch in pixels; default: 96")
    group.add_argument("--seed", type=int, help="seed of weights, patches and noise; default: 0")


def _add_run_options(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--batch", type=int, help="patches per iteration; default: 16")
    group.add_argument("--rate", type=float, help="learning rate; default: 6e-4")
    group.add_argument(
        "--decay",
        type=int,
        metavar="N",
        help="decrease the learning rate to 0 over the next N iterations",
    )
    group.add_argument("--time", type=float, metavar="MINUTES", help="stop after MINUTES")
    group.add_argument(
        "--iterations", type=int, metavar="N", help="stop after iteration N of the whole run"
    )
    group.add_argument(
        "--save",
        type=float,
        default=3.0,
        metavar="MINUTES",
        help="time between saved states; default: %(default)g",
    )
    group.add_argument(
        "--validate",
        type=float,
        default=15.0,
        metavar="MINUTES",
        help="time between validations; default: %(default)g",
    )


def create_export_parser() -> argparse.ArgumentParser:
    """Create the argument parser of the `export` command, which writes a trained prior."""
    parser = argparse.ArgumentParser(
        "python -m ddrm_core.training export", description=_EXPORT_DESCRIPTION
    )
    parser.add_argument(
        "folder", type=Path, metavar="FOLDER", help="folder of the run's photographs"
    )
    parser.add_argument("prior", type=Path, metavar="PRIOR", help="safetensors file to write")
    parser.add_argument(
        "--run",
        type=Path,
        default=Path("training"),
        help="folder with state and log of the run; default: training",
    )
    parser.add_argument(
        "--average",
        type=float,
        help="decay of the moving average to export; default: the one with the best PSNR",
    )
    parser.add_argument("--name", required=True, help="name of the prior")
    parser.add_argument("--licence", required=True, help="license of the weights")
    parser.add_argument("--training-data", required=True, help="description of the photographs")
    parser.add_argument("--device", default="auto", help="device that measures; default: auto")
    return parser


def config_from_options(options: argparse.Namespace) -> CompactConfig:
    """Return the network's config: that of the bundled prior, as changed by the options.

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
