"""Rows of a report while a batch runs: in memory, or in a temporary file for very many files."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Protocol, runtime_checkable

from ddrm_core.batch.report import (
    ReportRow,
    ReportSummary,
    RowCounter,
    format_json_row,
    parse_json_row,
    summarize_rows,
    write_batch_report,
)
from ddrm_core.os_errors import writing


@runtime_checkable
class RowStore(Protocol):
    """The interface to the rows of a report while a batch runs."""

    def add(self, row: ReportRow) -> None:
        """Add the row of a file."""
        ...

    def summarize(self) -> ReportSummary:
        """Return the number of rows per outcome and the total of their seconds."""
        ...

    def write_report(self, path: Path) -> None:
        """Write all rows as a report; raises the errors of `write_batch_report`."""
        ...

    def close(self) -> None:
        """Delete all rows."""
        ...


class RowsInMemory:
    """Rows in memory, of which a later one replaces an earlier one of the same result."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, str], ReportRow] = {}  # by source and result

    def add(self, row: ReportRow) -> None:
        """Add a row, in place of an earlier row for the same source and result.

        A watched file that changes gets one row for each of its results.
        """
        self._rows.pop((row.file, ""), None)  # the row of an earlier failure
        self._rows[row.file, row.result] = row

    def summarize(self) -> ReportSummary:
        """Return the number of rows per outcome and the total of their seconds."""
        return summarize_rows(self._rows.values())

    def write_report(self, path: Path) -> None:
        """Write all rows as a report; raises the errors of `write_batch_report`."""
        write_batch_report(path, tuple(self._rows.values()))

    def close(self) -> None:
        """Delete all rows."""
        self._rows.clear()


class RowsInFile:
    """Rows in a temporary file beside the report, for a batch that restores each source once."""

    def __init__(self, report_path: Path | None) -> None:
        """Create a store without rows and without a file.

        Args:
            report_path: Path of the report, None to count the rows only.
        """
        self._counter, self._report_path = RowCounter(), report_path
        self._file: IO[str] | None = None

    def add(self, row: ReportRow) -> None:
        """Add the row of a file.

        Raises:
            UnwritableOutput: If the row cannot be written to the folder of the report.
        """
        self._counter.add(row)
        if self._report_path is None:
            return
        with writing(self._report_path):
            if self._file is None:
                # The folder of the report, because the system's folder may be in memory.
                # Not in a with statement: `close` closes the file.
                self._file = tempfile.TemporaryFile(  # noqa: SIM115
                    "w+",
                    dir=self._report_path.parent,
                    encoding="utf-8",
                    errors="surrogateescape",
                )
            self._file.write(f"{format_json_row(row)}\n")

    def summarize(self) -> ReportSummary:
        """Return the number of rows per outcome and the total of their seconds."""
        return self._counter.summarize()

    def write_report(self, path: Path) -> None:
        """Write all rows as a report; raises the errors of `write_batch_report`."""
        write_batch_report(path, self._iter_rows(), self.summarize())

    def close(self) -> None:
        """Delete all rows."""
        if self._file is not None:
            with suppress(OSError):  # a full disk, which `add` or `write_report` has reported
                self._file.close()

    def _iter_rows(self) -> Iterator[ReportRow]:
        if self._file is None:
            return
        assert self._report_path is not None
        with writing(self._report_path):  # the last rows
            self._file.seek(0)
        for line in self._file:
            yield parse_json_row(line)
