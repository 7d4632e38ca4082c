"""Writing a report for whoever mends the program."""

from __future__ import annotations

from pathlib import Path

from app.diagnostics import LAST_LINES, Facts, report
from app.journal import last_lines
from ddrm_core.output import write_atomically


def write_report(path: Path, facts: Facts, *, log_folder: Path, crash: str) -> Path:
    """Write it; replaces a file of that name.

    Raises:
        UnwritableOutput: See `write_atomically`.
    """
    told = report(facts, log=last_lines(log_folder, LAST_LINES), crash=crash)
    write_atomically(path, told.encode())
    return path
