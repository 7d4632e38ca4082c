"""The command line program with all its commands."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from app import COMMAND
from app.cli import examples
from app.cli.batch.command import batch
from app.cli.benchmark_command import benchmark
from app.cli.console import ExitStatus, format_failure
from app.cli.dequantize_command import dequantize
from app.cli.desktop_command import desktop_program
from app.cli.evaluate.command import evaluate
from app.cli.inspect.command import inspect
from app.cli.options.declaration import create_command
from app.cli.priors.command import priors_program
from app.cli.restore.command import restore
from app.cli.self_test import run_self_test
from app.cli.verify_command import verify
from ddrm_core import __version__
from ddrm_core.plugins import UnknownPlugin, UnusablePlugin

_DISPLAY_VARIABLES = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")

program = typer.Typer(
    name=COMMAND,
    help="Remove JPEG artifacts with a diffusion prior. Without a command, open the window.",
    epilog=examples.PROGRAM_NOTES,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
program.command(epilog=examples.RESTORE_EXAMPLES)(create_command(restore))
program.command(epilog=examples.BATCH_EXAMPLES)(create_command(batch))
program.command()(create_command(dequantize))
program.command(epilog=examples.INSPECT_EXAMPLES)(create_command(inspect))
program.command(epilog=examples.VERIFY_EXAMPLES)(verify)
program.command(epilog=examples.EVALUATE_EXAMPLES)(create_command(evaluate))
program.command()(create_command(benchmark))
program.add_typer(priors_program)
program.add_typer(desktop_program)


@program.command("open")
def open_images(
    images: Annotated[
        list[Path],
        typer.Argument(
            metavar="IMAGE|FOLDER",
            help="Image to open. Several images, or a folder, become the list of the folder page.",
        ),
    ],
) -> None:
    """Open the window with images or a folder."""
    _open_window(images)


@program.callback(invoke_without_command=True)
def main_callback(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False,
    architectures: Annotated[
        list[str] | None,
        typer.Option(
            "--architecture",
            metavar="NAME",
            help="Use the network architecture NAME of an installed package; repeatable.",
        ),
    ] = None,
    self_test: Annotated[
        bool,
        typer.Option(
            "--self-test",
            help="Test whether this installation can restore, save and verify, and exit.",
        ),
    ] = False,
) -> None:
    if architectures:
        _load_architectures(architectures)
    if version:
        typer.echo(f"{COMMAND} {__version__}")
    elif self_test:
        raise typer.Exit(0 if run_self_test(_run_command) else ExitStatus.FAILED)
    elif context.invoked_subcommand is None:
        _open_window([])


def _run_command(arguments: Sequence[str]) -> int:
    """Run a command of this program in this process and return its exit status."""
    try:
        program(list(arguments), prog_name=COMMAND)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    return 0


def _load_architectures(names: list[str]) -> None:
    from ddrm_core.prior.architectures.registry import ARCHITECTURES  # imports torch

    try:
        for name in names:
            ARCHITECTURES.load_installed(name)
    except (UnknownPlugin, UnusablePlugin) as error:
        typer.echo(f"Error: {format_failure(error)}", err=True)
        is_unknown = isinstance(error, UnknownPlugin)
        raise typer.Exit(ExitStatus.WRONG_USAGE if is_unknown else ExitStatus.FAILED) from None


def _open_window(images: list[Path]) -> None:
    if sys.platform == "linux" and not any(os.environ.get(name) for name in _DISPLAY_VARIABLES):
        # Without a display, Qt would end the process with a core dump.
        typer.echo("Error: There is no screen to open the window on. Use a command.", err=True)
        raise typer.Exit(ExitStatus.FAILED)
    from app.compose import run_window  # loads Qt, which other commands do not need

    raise typer.Exit(run_window(images))
