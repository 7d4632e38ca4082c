"""What the command line of `python -m ddrm_core.training` takes."""

from __future__ import annotations

import argparse
from pathlib import Path

from ddrm_core.prior.networks.compact import CompactConfig
from ddrm_core.training.patches import default_workers
from ddrm_core.training.settings import BUNDLED_SHAPE, check_shape

_TRAIN = """Photographs in FOLDER (and below) become a compact prior. The same command continues a
run that was stopped: SIGTERM and SIGINT finish the iteration and keep the state. Then
`python -m ddrm_core.training export` makes a prior of it."""
_EXPORT = "Write the prior of a training run, measured on FOLDER's held-out photographs."


def training_parser() -> argparse.ArgumentParser:
    """Of FOLDER and its options."""
    parser = argparse.ArgumentParser("python -m ddrm_core.training", description=_TRAIN)
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="photographs")
    parser.add_argument(
        "--out", type=Path, default=Path("training"), metavar="RUN", help="state and log"
    )
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda, cuda:N or mps")
    parser.add_argument("--workers", type=int, default=default_workers(), help="that decode")
    new = parser.add_argument_group("a new run")
    new.add_argument("--start", type=Path, metavar="PRIOR", help="begin with a prior's weights")
    new.add_argument(
        "--channels", type=_numbers, help=f"per level, {_words(BUNDLED_SHAPE.channels)}"
    )
    new.add_argument("--blocks", type=int, help=f"per level and way, {BUNDLED_SHAPE.blocks}")
    new.add_argument("--middle", type=int, help=f"blocks at the coarsest, {BUNDLED_SHAPE.middle}")
    new.add_argument("--patch", type=int, help="side of a patch in pixels, 96")
    new.add_argument("--seed", type=int, help="0")
    every = parser.add_argument_group("every run")
    every.add_argument("--batch", type=int, help="patches per iteration, 16")
    every.add_argument("--rate", type=float, help="learning rate, 6e-4")
    every.add_argument("--decay", type=int, metavar="N", help="let it fall to 0 over N iterations")
    every.add_argument("--time", type=float, metavar="MINUTES", help="then stop")
    every.add_argument("--iterations", type=int, metavar="N", help="stop at iteration N")
    every.add_argument("--save", type=float, default=3.0, metavar="MINUTES", help="between states")
    every.add_argument("--validate", type=float, default=15.0, metavar="MINUTES", help="between")
    return parser


def export_parser() -> argparse.ArgumentParser:
    """Of `export` and its options."""
    parser = argparse.ArgumentParser("python -m ddrm_core.training export", description=_EXPORT)
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="the photographs of the run")
    parser.add_argument("prior", type=Path, metavar="PRIOR", help="a safetensors file to write")
    parser.add_argument("--run", type=Path, default=Path("training"), help="state and log")
    parser.add_argument("--average", type=float, help="its decay; otherwise the better one")
    parser.add_argument("--name", required=True, help="of the prior")
    parser.add_argument("--licence", required=True, help="of the weights")
    parser.add_argument("--training-data", required=True, help="in words")
    parser.add_argument("--device", default="auto", help="where to measure")
    return parser


def shape_from(options: argparse.Namespace) -> CompactConfig:
    """The bundled prior's with what was asked for.

    Raises:
        InvalidSetting: A number is below 1.
    """
    bundled = BUNDLED_SHAPE
    shape = CompactConfig(
        channels=options.channels or bundled.channels,
        blocks=bundled.blocks if options.blocks is None else options.blocks,
        middle=bundled.middle if options.middle is None else options.middle,
        embedding=bundled.embedding,
    )
    check_shape(shape)
    return shape


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(","))


def _words(numbers: tuple[int, ...]) -> str:
    return ",".join(map(str, numbers))
