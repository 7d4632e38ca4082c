"""What became of every file, as CSV or JSON."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, astuple, dataclass, fields
from pathlib import Path

from ddrm_core.allowed_values import AllowedValues
from ddrm_core.batch.outcome import FileOutcome, FileState
from ddrm_core.errors import InvalidSetting
from ddrm_core.files.atomic_write import check_output_path, write_atomically
from ddrm_core.messages import Message

REPORT_SUFFIXES = (".csv", ".json")
# A spreadsheet takes a cell that begins so for a formula, and runs it.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One file.

    Attributes:
        file: The source.
        result: Where the result is; empty where it failed.
        state: A value of `FileState`.
        consistency: Share of levels in their bins, as saved, 0 to 1; None where it failed.
        seconds: Wall time.
        evaluations: Of the prior.
        message: What went wrong, or is worth knowing.
    """

    file: str
    result: str
    state: str
    consistency: float | None
    seconds: float
    evaluations: int
    message: str


_REPORT_COLUMNS = tuple(field.name for field in fields(ReportRow))
_BYTE_ORDER_MARK = "\ufeff"
# By which a report is known again.
_REPORT_PREFIXES = {
    ".csv": f"{_BYTE_ORDER_MARK}{','.join(_REPORT_COLUMNS)}\n".encode(),
    ".json": b'{\n  "summary": {',
}


@dataclass(frozen=True, slots=True)
class ReportSummary:
    """How many files ended how, and how long that took together, in seconds."""

    done: int
    skipped: int
    failed: int
    seconds: float
    kept: int = 0


def build_report_row(outcome: FileOutcome, message: str) -> ReportRow:
    """One outcome for a report.

    Args:
        outcome: What became of a file.
        message: What a person is told of it; empty where that is nothing.
    """
    has_failed = outcome.state is FileState.FAILED
    return ReportRow(
        file=str(outcome.file.source),
        result="" if has_failed else str(outcome.target),
        state=outcome.state.value,
        consistency=outcome.consistency,
        seconds=round(outcome.seconds, 3),
        evaluations=outcome.evaluations,
        message=message,
    )


def summarize_rows(rows: Iterable[ReportRow]) -> ReportSummary:
    """Counts over rows."""
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
    )


def check_report_suffix(path: Path) -> None:
    """Raises InvalidSetting unless it is of a format for reports."""
    if path.suffix.lower() not in REPORT_SUFFIXES:
        allowed = Message(AllowedValues.ENDING, {"endings": " or ".join(REPORT_SUFFIXES)})
        raise InvalidSetting("report", path.name, allowed)


def check_report_path(path: Path, *, overwrite: bool) -> None:
    """Find out before a long batch whether its report can be written after it.

    An earlier report is replaced in any case.

    Raises:
        InvalidSetting: See `check_report_suffix`.
        OutputExists: It is another file, and `overwrite` is not set.
        UnwritableOutput: It cannot be written there.
    """
    check_report_suffix(path)
    check_output_path(path, source=path.parent, overwrite=overwrite or _is_report(path))


def _is_report(path: Path) -> bool:
    prefix = _REPORT_PREFIXES[path.suffix.lower()]
    try:
        with path.open("rb") as file:
            return file.read(len(prefix)) == prefix
    except OSError:
        return False


def write_batch_report(path: Path, rows: Sequence[ReportRow]) -> None:
    """A report, CSV or JSON by its suffix, written whole or not at all.

    Raises:
        UnwritableOutput: The system refused.
    """
    text = _report_as_csv(rows) if path.suffix.lower() == ".csv" else _report_as_json(rows)
    # Names that are no text are shown with their bytes.
    write_atomically(path, text.encode(errors="backslashreplace"))


def _report_as_csv(rows: Sequence[ReportRow]) -> str:
    """With a byte order mark, without which spreadsheets take UTF-8 for something else."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(_REPORT_COLUMNS)
    for row in rows:
        writer.writerow([_escape_formula(value) for value in astuple(row)])
    return _BYTE_ORDER_MARK + file.getvalue()


def _escape_formula(value: object) -> object:
    """A text that no spreadsheet takes for a formula."""
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"
    return value


def _report_as_json(rows: Sequence[ReportRow]) -> str:
    document = {"summary": asdict(summarize_rows(rows)), "files": [asdict(row) for row in rows]}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
