"""The program's commands, run in the tests' own process."""

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
    """Outcome of a command that has ended.

    Attributes:
        exit_code: 0 on success.
        stdout: Standard output.
        stderr: Standard error.
        output: Bytes of standard output.
    """

    exit_code: int
    stdout: str
    stderr: str
    output: bytes = b""


def run_program(*arguments: object, stdin: bytes = b"") -> Ended:
    """Run a command of the program in this process, with its arguments converted to text.

    `stdin` is what the command reads from standard input.

    An exception other than SystemExit is raised in the test. Typer's own runner would create all
    commands anew in each call, which takes longer than most tests.
    """
    with CliRunner().isolation(input=stdin) as (out, err, *_):
        code = 0
        try:
            _commands().main([str(each) for each in arguments], prog_name=COMMAND)
        except SystemExit as end:
            code = end.code or 0
        sys.stdout.flush()
        sys.stderr.flush()
        output = out.getvalue()
        text = output.decode(errors="backslashreplace")
        return Ended(code, text, err.getvalue().decode(), output)


@cache
def _commands() -> object:
    return get_command(program)
