"""Reports of batches as CSV, JSON, JSON Lines or Parquet: the outcome of every file.

Rows are written one after another, so that a report of a million files takes no memory.
"""

from __future__ import annotations

import csv
import importlib.util
import json
import textwrap
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, astuple, dataclass, fields
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

from ddrm_core.allowed_values import AllowedValues
from ddrm_core.batch.outcome import FileOutcome, FileState
from ddrm_core.errors import InvalidSetting
from ddrm_core.files.atomic_write import atomic_writer, check_output_path
from ddrm_core.messages import Message

REPORT_SUFFIXES = (".csv", ".json")
_PARQUET_SUFFIX = ".parquet"
_PARQUET_LIBRARY = "pyarrow"
_ROWS_PER_GROUP = 10_000
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
    ".jsonl": b'{"file": ',
    _PARQUET_SUFFIX: b"PAR1",
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
    counter = RowCounter()
    for row in rows:
        counter.add(row)
    return counter.summarize()


class RowCounter:
    """A counter of rows by outcome, which also sums their seconds."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._seconds = 0.0

    def add(self, row: ReportRow) -> None:
        """Count a row."""
        self._counts[row.state] += 1
        self._seconds += row.seconds

    def summarize(self) -> ReportSummary:
        """Return the number of rows per outcome and the total of their seconds."""
        counts = self._counts
        return ReportSummary(
            done=counts[FileState.DONE],
            skipped=counts[FileState.SKIPPED],
            failed=counts[FileState.FAILED],
            seconds=self._seconds,
            kept=counts[FileState.KEPT_OTHER_SETTINGS],
            others=counts[FileState.OTHER],
            copied=counts[FileState.COPIED],
            retained=counts[FileState.NOT_REPLACED],
        )


def check_batch_report_suffix(path: Path) -> None:
    """Raise InvalidSetting unless a report of a batch can be written in the format of `path`.

    Parquet needs the package pyarrow.
    """
    suffixes = list_report_suffixes()
    if path.suffix.lower() == _PARQUET_SUFFIX and _PARQUET_SUFFIX not in suffixes:
        facts = {
            "endings": " or ".join(suffixes),
            "ending": _PARQUET_SUFFIX,
            "package": _PARQUET_LIBRARY,
        }
        allowed = Message(AllowedValues.ENDING_WITHOUT_PACKAGE, facts)
        raise InvalidSetting("report", path.name, allowed)
    check_report_suffix(path, suffixes)


def list_report_suffixes() -> tuple[str, ...]:
    """Return the suffixes of reports of a batch; Parquet needs the package pyarrow."""
    has_parquet = importlib.util.find_spec(_PARQUET_LIBRARY) is not None
    return (*REPORT_SUFFIXES, ".jsonl", *([_PARQUET_SUFFIX] if has_parquet else ()))


def check_report_suffix(path: Path, suffixes: Sequence[str] = REPORT_SUFFIXES) -> None:
    """Raise InvalidSetting unless the suffix of a report is one of `suffixes`, in lower case."""
    if path.suffix.lower() not in suffixes:
        allowed = Message(AllowedValues.ENDING, {"endings": " or ".join(suffixes)})
        raise InvalidSetting("report", path.name, allowed)


def check_report_path(path: Path, *, overwrite: bool) -> None:
    """Check before a long batch whether its report can be written after the batch.

    Args:
        path: Path of the report.
        overwrite: Whether a file that is no report may be replaced; a report is always replaced.

    Raises:
        InvalidSetting: See `check_batch_report_suffix`.
        OutputExists: If `path` is a file that is no report and `overwrite` is not set.
        UnwritableOutput: If the report cannot be written.
    """
    check_batch_report_suffix(path)
    check_output_path(
        path, source=path.parent, overwrite=overwrite or has_report_prefix(path, _REPORT_PREFIXES)
    )


def has_report_prefix(path: Path, prefixes: Mapping[str, bytes]) -> bool:
    """Return whether a file begins like a report; `prefixes` has the first bytes by suffix."""
    prefix = prefixes[path.suffix.lower()]
    try:
        with path.open("rb") as file:
            start = file.read(len(prefix))
            # A report of JSON Lines without files is empty.
            return start == prefix or (path.suffix.lower() == ".jsonl" and not start)
    except OSError:
        return False


def write_batch_report(
    path: Path, rows: Iterable[ReportRow], summary: ReportSummary | None = None
) -> None:
    """Write a report atomically, in the format of the suffix of `path`.

    Args:
        path: Path of the report.
        rows: Rows of the files, a collection if no summary is given.
        summary: Summary of the rows, None to compute it.

    Raises:
        UnwritableOutput: If the system refuses.
    """
    if summary is None:
        rows = tuple(rows)
        summary = summarize_rows(rows)
    suffix = path.suffix.lower()
    with atomic_writer(path) as temporary_path:
        if suffix == _PARQUET_SUFFIX:
            _write_parquet(temporary_path, rows)
            return
        # File names that are not valid Unicode are written with escaped bytes.
        with temporary_path.open(
            "w", encoding="utf-8", errors="backslashreplace", newline=""
        ) as file:
            match suffix:
                case ".csv":
                    _write_csv(file, rows)
                case ".json":
                    _write_json(file, rows, summary)
                case ".jsonl":
                    file.writelines(f"{format_json_row(row)}\n" for row in rows)
                case _:
                    raise ValueError(f"no format of a report: {suffix}")


def _write_csv(file: TextIO, rows: Iterable[ReportRow]) -> None:
    """Write a report as CSV, with the byte order mark by which spreadsheets detect UTF-8."""
    file.write(BYTE_ORDER_MARK)
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(_REPORT_COLUMNS)
    for row in rows:
        writer.writerow([escape_formula(value) for value in astuple(row)])


def escape_formula(value: object) -> object:
    """Return a value, with "'" before a text that a spreadsheet would evaluate as a formula."""
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"
    return value


def format_json_row(row: ReportRow) -> str:
    """Return a row as a JSON object on one line."""
    return json.dumps(asdict(row), ensure_ascii=False)


def parse_json_row(line: str) -> ReportRow:
    """Return the row that `format_json_row` has written."""
    return ReportRow(**json.loads(line))


def _write_json(file: TextIO, rows: Iterable[ReportRow], summary: ReportSummary) -> None:
    """Write a report as one JSON document, whose list of files follows the summary."""
    counts = asdict(summary)
    if not counts["retained"]:  # only batches that replace originals have retained files
        del counts["retained"]
    document = json.dumps({"summary": counts, "files": []}, indent=2, ensure_ascii=False)
    start, end = document.removesuffix("]\n}"), "]\n}\n"
    file.write(start)
    separator = "\n"
    for row in rows:
        text = json.dumps(asdict(row), indent=2, ensure_ascii=False)
        file.write(f"{separator}{textwrap.indent(text, '    ')}")
        separator = ",\n"
    file.write(end if separator == "\n" else f"\n  {end}")


def _write_parquet(path: Path, rows: Iterable[ReportRow]) -> None:
    """Write a report as Parquet, with a row group for every few thousand files."""
    import pyarrow
    import pyarrow.parquet

    types = {"str": pyarrow.string(), "int": pyarrow.int64(), "float": pyarrow.float64()}
    schema = pyarrow.schema(
        [(each.name, types[str(each.type).removesuffix(" | None")]) for each in fields(ReportRow)]
    )
    remaining = iter(rows)
    with pyarrow.parquet.ParquetWriter(path, schema) as writer:
        while group := list(islice(remaining, _ROWS_PER_GROUP)):
            values = [_encode_texts(asdict(row)) for row in group]
            writer.write_table(pyarrow.Table.from_pylist(values, schema))


def _encode_texts(values: dict[str, Any]) -> dict[str, Any]:
    """Return the values of a row, in which names that are not valid Unicode have escaped bytes."""
    return {
        name: value.encode(errors="backslashreplace").decode() if isinstance(value, str) else value
        for name, value in values.items()
    }
