"""Output of the commands: error lines with exit statuses, notes, JSON and progress bars."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from enum import IntEnum
from typing import TYPE_CHECKING, NoReturn

import typer

from app.cli.battery_pause import BatteryPause, pause_between
from app.cli.output_mode import current_output_mode
from app.i18n.error_messages import message_from_error
from app.i18n.formatting import fallback_text
from ddrm_core.batch.stores.reasons import InvalidStoreAddress
from ddrm_core.errors import (
    BitDepthNotDetected,
    CompressionNotDetected,
    CoreError,
    DamagedJpeg,
    InvalidSetting,
    OperationCancelled,
    OutputExists,
    PriorMismatch,
    TooManyPixels,
)
from ddrm_core.files.limited_copy import InputTooLarge
from ddrm_core.jpeg.reasons import has_readable_part
from ddrm_core.messages import Text
from ddrm_core.plugins import UnknownPlugin
from ddrm_core.step_iterator import StepIterator

if TYPE_CHECKING:  # loads rich and torch, which `inspect` does not need
    from rich.progress import Progress, ProgressColumn

    from ddrm_core.problems.protocols import ImageT
    from ddrm_core.restoration.restore import Restoration
    from ddrm_core.restoration.step import RunStep


# Options with which the user can follow the advice of an error.
_OPTION_BY_ERROR = {
    DamagedJpeg: "--tolerate-damage",
    CompressionNotDetected: "--quality",
    BitDepthNotDetected: "--bits-per-channel",
    PriorMismatch: "--prior",
    OutputExists: "--overwrite",
    TooManyPixels: "--max-megapixels",
    InputTooLarge: "--max-bytes",
}


class ExitStatus(IntEnum):
    """Exit status of the program, documented in the README."""

    FAILED = 1
    WRONG_USAGE = 2
    STOPPED = 130


@contextmanager
def report_failures() -> Iterator[None]:
    """Catch every exception in the context, print one line, and exit with a status.

    The line is "Stopped." for Ctrl+C or SIGTERM, else the error with advice.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    except (InvalidSetting, InvalidStoreAddress) as error:
        _exit_with_error(error, ExitStatus.WRONG_USAGE)
    except UnknownPlugin as error:
        status = ExitStatus.WRONG_USAGE if error.path is None else ExitStatus.FAILED
        _exit_with_error(error, status)
    except CoreError as error:
        _exit_with_error(error, ExitStatus.FAILED)
    except (OperationCancelled, KeyboardInterrupt):
        typer.echo("Stopped.", err=True)
        raise typer.Exit(ExitStatus.STOPPED) from None
    except (typer.Exit, BrokenPipeError):  # the reader of a pipe has ended: click exits with 1
        raise
    # The process boundary: the user reads one line and no traceback.
    except Exception as error:  # noqa: BLE001
        _exit_with_error(error, ExitStatus.FAILED)


def _exit_with_error(error: Exception, status: ExitStatus) -> NoReturn:
    print_failure(error)
    raise typer.Exit(status) from None


def print_failure(error: Exception) -> None:
    """Print an error and its advice as one line to standard error."""
    typer.echo(f"Error: {format_failure(error)}", err=True)


def format_failure(error: Exception) -> str:
    """Return an error and its advice as one line.

    If an option of the command line follows the advice, the line ends with the option.
    """
    line = message_from_error(error).as_line()
    option = _OPTION_BY_ERROR.get(type(error))
    if isinstance(error, DamagedJpeg) and not has_readable_part(error.damage):
        option = None
    return line if option is None else f"{line[:-1]} ({option})."


def print_note(note: Text) -> None:
    """Print a note, a line that reports no failure, to standard error; nothing if quiet."""
    print_progress(f"Note: {str(note).rstrip('.')}.")


def print_progress(line: str) -> None:
    """Print a line about the progress of a command to standard error; nothing if quiet."""
    if not current_output_mode().is_quiet:
        typer.echo(line, err=True)


def print_summary(text: str) -> None:
    """Print the outcome of a command to standard output; nothing if quiet or with events."""
    if current_output_mode().has_summary:
        typer.echo(text)


def print_json(content: Mapping[str, object]) -> None:
    """Print one JSON document to standard output."""
    typer.echo(json.dumps(content, indent=2, ensure_ascii=False))


@contextmanager
def open_progress_bar(*columns: ProgressColumn) -> Iterator[Progress]:
    """Show a progress bar on standard error, disabled if that is no terminal, or if quiet.

    Args:
        columns: Columns between the bar and the remaining time.
    """
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    description = TextColumn("{task.description}", markup=False)
    with Progress(
        *(description, BarColumn(), *columns, TimeRemainingColumn()),
        console=Console(stderr=True, soft_wrap=True, markup=False),
        transient=True,
        disable=current_output_mode().is_quiet or not sys.stderr.isatty(),
    ) as bar:
        yield bar


def run_with_progress(
    name: str,
    steps: StepIterator[RunStep, Restoration[ImageT]],
    pause: BatteryPause | None = None,
    report: Callable[[float], None] | None = None,
) -> Restoration[ImageT]:
    """Execute all steps of a run and return the restoration.

    If standard error is a terminal, a progress bar is shown, otherwise one line with `name` is
    printed. Memory fallbacks are printed as notes.

    Args:
        name: Name of the file, or of what is run.
        steps: The run.
        pause: Pause between two steps, None without one.
        report: Function that is called after each step with the restored share, 0 to 1.
    """
    reported_fallbacks: set[str] = set()
    with open_progress_bar() as bar:
        if bar.disable:
            print_progress(f"{name}: restoring")
        task = bar.add_task(f"{name}: starting", total=None)
        for step in pause_between(steps, pause):
            for fallback in step.fallbacks:
                if fallback not in reported_fallbacks:
                    reported_fallbacks.add(fallback)
                    print_note(fallback_text(fallback))
            first, last = step.sample_numbers[0], step.sample_numbers[-1]
            description = (
                f"{name}: samples {first}-{last}, step {step.step_number}/{step.steps_per_sample}"
            )
            bar.update(
                task,
                description=description,
                completed=step.evaluations_done,
                total=step.total_evaluations,
            )
            if report is not None:
                report(step.evaluations_done / step.total_evaluations)
    return steps.result
