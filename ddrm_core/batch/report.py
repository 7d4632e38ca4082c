"""Reports of batches as CSV or JSON: the outcome of every file."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, astuple, dataclass, fields
from pathlib import Path

from ddrm_core.allowed_values import AllowedValues
from ddrm_core.batch.outcome import FileOutcome, FileState
from ddrm_core.errors import InvalidSetting
from ddrm_core.files.atomic_write import check_output_path, write_atomically
from ddrm_core.messages import Message

REPORT_SUFFIXES = (".csv", ".json")
# Spreadsheets evaluate a cell as a formula if it begins with one of these characters.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class ReportRow:
    """The row of one file in a report.

    Attributes:
        file: Path of the source.
        result: Path of the result or of the copy; empty if the file failed or was left as it is.
        state: Value of `FileState`.
        consistency: Share of levels in their bins in the saved result, 0 to 1; None if the file
            failed.
        seconds: Wall time in seconds.
        evaluations: Evaluations of the prior.
        message: Error and notes, as shown to the user; empty without any.
        earlier_quality: Quality factor of an earlier, harsher compression of which the file shows
            signs; None without signs and where they were not searched for.
    """

    file: str
    result: str
    state: str
    consistency: float | None
    seconds: float
    evaluations: int
    message: str
    earlier_quality: int | None = None


_REPORT_COLUMNS = tuple(field.name for field in fields(ReportRow))
BYTE_ORDER_MARK = "\ufeff"
"""First character of a CSV file, by which spreadsheets detect UTF-8."""
_COLUMNS_OF_0_1_0 = _REPORT_COLUMNS[:7]
# First bytes by which an existing file is recognized as a report, also one of version 0.1.0.
_REPORT_PREFIXES = {
    ".csv": f"{BYTE_ORDER_MARK}{','.join(_COLUMNS_OF_0_1_0)}".encode(),
    ".json": b'{\n  "summary": {',
}


@dataclass(frozen=True, slots=True)
class ReportSummary:
    """The number of files per outcome in a batch, and the total wall time in seconds."""

    done: int
    skipped: int
    failed: int
    seconds: float
    kept: int = 0
    others: int = 0
    copied: int = 0
    retained: int = 0


def build_report_row(outcome: FileOutcome, message: str) -> ReportRow:
    """Return the report's row for the outcome of a file.

    Args:
        outcome: Outcome of the file.
        message: Error and notes, as shown to the user; empty without any.
    """
    selection = outcome.selection
    sign = None if selection is None else selection.sign
    return ReportRow(
        file=str(outcome.file.source),
        result=str(outcome.target) if outcome.state.has_target else "",
        state=outcome.state.value,
        consistency=outcome.consistency,
        seconds=round(outcome.seconds, 3),
        evaluations=outcome.evaluations,
        message=message,
        earlier_quality=None if sign is None else sign.quality,
    )


def summarize_rows(rows: Iterable[ReportRow]) -> ReportSummary:
    """Return the number of rows per outcome and the total of their seconds."""
    counts: Counter[str] = Counter()
    seconds = 0.0
    for row in rows:
        counts[row.state] += 1
        seconds += row.seconds
    return ReportSummary(
        done=counts[FileState.DONE],
        skipped=counts[FileState.SKIPPED],
        failed=counts[FileState.FAILED],
        seconds=seconds,
        kept=counts[FileState.KEPT_OTHER_SETTINGS],
        others=counts[FileState.OTHER],
        copied=counts[FileState.COPIED],
        retained=counts[FileState.NOT_REPLACED],
    )


def check_report_suffix(path: Path) -> None:
    """Raise InvalidSetting unless the suffix is that of a report, `.csv` or `.json`."""
    if path.suffix.lower() not in REPORT_SUFFIXES:
        allowed = Message(AllowedValues.ENDING, {"endings": " or ".join(REPORT_SUFFIXES)})
        raise InvalidSetting("report", path.name, allowed)


def check_report_path(path: Path, *, overwrite: bool) -> None:
    """Check before a long batch whether its report can be written after the batch.

    Args:
        path: Path of the report.
        overwrite: Whether a file that is no report may be replaced; a report is always replaced.

    Raises:
        InvalidSetting: See `check_report_suffix`.
        OutputExists: If `path` is a file that is no report and `overwrite` is not set.
        UnwritableOutput: If the report cannot be written.
    """
    check_report_suffix(path)
    check_output_path(
        path, source=path.parent, overwrite=overwrite or has_report_prefix(path, _REPORT_PREFIXES)
    )


def has_report_prefix(path: Path, prefixes: Mapping[str, bytes]) -> bool:
    """Return whether a file begins like a report; `prefixes` has the first bytes by suffix."""
    prefix = prefixes[path.suffix.lower()]
    try:
        with path.open("rb") as file:
            return file.read(len(prefix)) == prefix
    except OSError:
        return False


def write_batch_report(path: Path, rows: Sequence[ReportRow]) -> None:
    """Write a report atomically, as CSV or JSON by the suffix of `path`.

    Raises:
        UnwritableOutput: If the system refuses.
    """
    text = _report_as_csv(rows) if path.suffix.lower() == ".csv" else _report_as_json(rows)
    # File names that are not valid Unicode are written with escaped bytes.
    write_atomically(path, text.encode(errors="backslashreplace"))


def _report_as_csv(rows: Sequence[ReportRow]) -> str:
    """Return a report as CSV text, with the byte order mark by which spreadsheets detect UTF-8."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(_REPORT_COLUMNS)
    for row in rows:
        writer.writerow([escape_formula(value) for value in astuple(row)])
    return BYTE_ORDER_MARK + file.getvalue()


def escape_formula(value: object) -> object:
    """Return a value, with "'" before a text that a spreadsheet would evaluate as a formula."""
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"
    return value


def _report_as_json(rows: Sequence[ReportRow]) -> str:
    summary = asdict(summarize_rows(rows))
    if not summary["retained"]:  # only batches that replace originals have retained files
        del summary["retained"]
    document = {"summary": summary, "files": [asdict(row) for row in rows]}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
