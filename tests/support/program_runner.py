"""The program's commands in the tests' own process."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cache

from typer.main import get_command
from typer.testing import CliRunner

from app import COMMAND
from app.cli.program import program


@dataclass(frozen=True, slots=True)
class Ended:
    """End of a command. What it raised besides SystemExit is raised in the test.

    Attributes:
        exit_code: 0 on success.
        stdout: All that it printed.
        stderr: All that it said besides.
    """

    exit_code: int
    stdout: str
    stderr: str


def run_program(*arguments: object) -> Ended:
    """Run a command with these arguments, as texts.

    Typer's own runner puts all commands together anew in each call, which takes longer than most
    of what is tested.
    """
    with CliRunner().isolation() as (out, err, *_):
        code = 0
        try:
            _commands().main([str(each) for each in arguments], prog_name=COMMAND)
        except SystemExit as end:
            code = end.code or 0
        sys.stdout.flush()
        sys.stderr.flush()
        return Ended(code, out.getvalue().decode(), err.getvalue().decode())


@cache
def _commands() -> object:
    return get_command(program)
