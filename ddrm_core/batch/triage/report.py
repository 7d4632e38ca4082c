"""Reports of a triage as CSV or JSON, written row by row."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, astuple, fields
from pathlib import Path
from typing import Protocol, TextIO

from ddrm_core.batch.report import (
    BYTE_ORDER_MARK,
    check_report_suffix,
    escape_formula,
    has_report_prefix,
)
from ddrm_core.batch.triage.triage_row import TriageRow, TriageSummary
from ddrm_core.files.atomic_write import atomic_writer, check_output_path

_COLUMNS = tuple(field.name for field in fields(TriageRow))
_JSON_START = '{\n  "files": ['
_FIRST_COLUMNS = _COLUMNS[:3]
# First bytes by which an existing file is recognized as a report of a triage.
_PREFIXES = {
    ".csv": f"{BYTE_ORDER_MARK}{','.join(_FIRST_COLUMNS)},".encode(),
    ".json": _JSON_START.encode(),
}


class TriageWriter(Protocol):
    """A writer of a report, to which each row is written at once."""

    def write_row(self, row: TriageRow) -> None:
        """Write the next row."""

    def finish(self, summary: TriageSummary) -> None:
        """Write the end of the report, after the last row."""


class CsvTriageWriter:
    """A writer of CSV, which has no summary."""

    def __init__(self, file: TextIO) -> None:
        """Write the head of the report to a file that is open for writing."""
        self._writer = csv.writer(file, lineterminator="\n")
        file.write(BYTE_ORDER_MARK)
        self._writer.writerow(_COLUMNS)

    def write_row(self, row: TriageRow) -> None:
        """Write the next row."""
        self._writer.writerow([escape_formula(value) for value in astuple(row)])

    def finish(self, summary: TriageSummary) -> None:
        """Write nothing: CSV ends with its last row."""


class JsonTriageWriter:
    """A writer of one JSON document with the list of all rows and the summary."""

    def __init__(self, file: TextIO) -> None:
        """Write the head of the document to a file that is open for writing."""
        self._file, self._separator = file, "\n"
        file.write(_JSON_START)

    def write_row(self, row: TriageRow) -> None:
        """Write the next row on a line of its own."""
        self._file.write(f"{self._separator}    {json.dumps(asdict(row), ensure_ascii=False)}")
        self._separator = ",\n"

    def finish(self, summary: TriageSummary) -> None:
        """Write the summary and the end of the document."""
        text = json.dumps(asdict(summary), ensure_ascii=False)
        self._file.write(f'\n  ],\n  "summary": {text}\n}}\n')


def check_triage_report_path(path: Path, *, overwrite: bool) -> None:
    """Check before a triage whether its report can be written.

    Args:
        path: Path of the report.
        overwrite: Whether a file that is no report of a triage may be replaced; a report of a
            triage is always replaced.

    Raises:
        InvalidSetting: If the suffix is neither .csv nor .json.
        OutputExists: If `path` is another file and `overwrite` is not set.
        UnwritableOutput: If the report cannot be written.
    """
    check_report_suffix(path)
    is_report = has_report_prefix(path, _PREFIXES)
    check_output_path(path, source=path.parent, overwrite=overwrite or is_report)


@contextmanager
def open_triage_report(path: Path) -> Iterator[TriageWriter]:
    """Yield a writer of a report, as CSV or JSON by the suffix of `path`.

    The rows go to a temporary file, which replaces `path` at the end of the `with` block.

    Raises:
        UnwritableOutput: If the system refuses.
    """
    with (
        atomic_writer(path) as temporary_path,
        # File names that are not valid Unicode are written with escaped bytes.
        temporary_path.open("w", encoding="utf-8", errors="backslashreplace", newline="") as file,
    ):
        yield CsvTriageWriter(file) if path.suffix.lower() == ".csv" else JsonTriageWriter(file)
