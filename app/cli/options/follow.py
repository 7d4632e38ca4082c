"""Options for following a run: events for other programs, or nothing but errors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated

import typer

from app.cli.console import format_failure
from app.cli.output_mode import OutputMode, use_output_mode
from app.cli.run_events import name_error_kind, write_error, write_stopped
from ddrm_core.errors import OperationCancelled


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowOptions:
    """The options that decide what a command prints while it runs.

    Attributes:
        quiet: Whether only errors are printed.
        json_lines: Whether events are printed for other programs.
        dry_run: Whether the command only prints what it would do.
    """

    quiet: Annotated[
        bool, typer.Option("--quiet", help="Print errors only: no progress, notes or summary.")
    ] = False
    json_lines: Annotated[
        bool,
        typer.Option(
            "--json-lines",
            help="Print one JSON object per event to standard output, for scripts, instead of the"
            " summary; docs/user/json_lines.md describes them.",
        ),
    ] = False
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run",
            help="Print what would be done with each file, the expected time and disk space;"
            " restore and write nothing.",
        ),
    ] = False

    @contextmanager
    def start(self) -> Iterator[None]:
        """Print in the chosen way inside the `with` block.

        An error that leaves the block is also printed as an event.
        """
        with use_output_mode(OutputMode(is_quiet=self.quiet, has_events=self.json_lines)):
            try:
                yield
            except (KeyboardInterrupt, OperationCancelled):
                write_stopped()
                raise
            except (typer.Exit, BrokenPipeError):
                raise
            except Exception as error:
                write_error(name_error_kind(error), format_failure(error))
                raise
