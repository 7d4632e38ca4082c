"""The report lists the outcome of every file for other programs."""

from __future__ import annotations

import csv
import json
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import pytest

from ddrm_core.batch.outcome import FileOutcome, FileState
from ddrm_core.batch.output_paths import PlannedFile
from ddrm_core.batch.report import (
    ReportRow,
    ReportSummary,
    build_report_row,
    check_report_path,
    summarize_rows,
    write_batch_report,
)
from ddrm_core.batch.streaming.row_store import RowsInFile, RowsInMemory
from ddrm_core.errors import InvalidSetting, OutputExists, UnreadableFile, UnwritableOutput

NAMES = (
    "plain.jpg",
    "with, comma \"and\" 'quotes'.jpg",
    "ünï トリップ.jpg",
    "two\nlines.jpg",
    "=HYPERLINK(1).jpg",
    "+1.jpg",
    "-1.jpg",
    "@SUM.jpg",
    "\tx.jpg",
)


def rows() -> list[ReportRow]:
    done = FileOutcome(
        PlannedFile(Path("a.jpg"), Path("a.png")),
        Path("a.tiff"),
        FileState.DONE,
        consistency=0.75,
        seconds=1.23456,
        evaluations=8,
    )
    failed = FileOutcome(
        PlannedFile(Path("b.jpg"), Path("b.png")),
        Path("b.png"),
        FileState.FAILED,
        error=UnreadableFile(Path("b.jpg"), "gone"),
    )
    return [build_report_row(done, "a note"), build_report_row(failed, "b.jpg is gone")]


def test_rows_say_what_became_of_files():
    first, second = rows()
    assert first == ReportRow("a.jpg", "a.tiff", "done", 0.75, 1.235, 8, "a note")
    assert second == ReportRow("b.jpg", "", "failed", None, 0.0, 0, "b.jpg is gone")
    assert summarize_rows(rows()) == ReportSummary(done=1, skipped=0, failed=1, seconds=1.235)
    assert summarize_rows([]) == ReportSummary(done=0, skipped=0, failed=0, seconds=0.0)


def test_names_come_back_from_a_table(tmp_path):
    path = tmp_path / "r.csv"
    write_batch_report(path, [ReportRow(name, name, "done", 1.0, 0.5, 2, name) for name in NAMES])
    with path.open(encoding="utf-8-sig", newline="") as file:
        read = list(csv.DictReader(file))
    assert [row["file"].removeprefix("'") for row in read] == list(NAMES)
    assert not any(row["message"].startswith(("=", "+", "-", "@", "\t")) for row in read)
    assert [float(row["consistency"]) for row in read] == [1.0] * len(NAMES)


def test_names_come_back_from_json(tmp_path):
    path = tmp_path / "r.JSON"
    write_batch_report(
        path, [*rows(), *(ReportRow(n, "", "skipped", 1.0, 0.0, 0, "") for n in NAMES)]
    )
    report = json.loads(path.read_text("utf-8"))
    assert report["summary"] == {
        "done": 1,
        "skipped": 9,
        "failed": 1,
        "seconds": 1.235,
        "kept": 0,
        "others": 0,
        "copied": 0,
    }
    assert [file["file"] for file in report["files"]] == ["a.jpg", "b.jpg", *NAMES]
    assert report["files"][1]["consistency"] is None


@pytest.mark.parametrize("name", ["r.csv", "r.json", "r.jsonl"])
def test_names_that_are_no_text_do_no_harm(tmp_path, name):
    write_batch_report(
        tmp_path / name, [ReportRow("caf\udce9.jpg", "", "failed", None, 0.0, 0, "")]
    )
    assert "caf\\udce9.jpg" in (tmp_path / name).read_text("utf-8").replace("\\\\", "\\")


@pytest.mark.parametrize("name", ["r.csv", "r.json", "r.jsonl"])
def test_an_earlier_report_is_replaced_and_nothing_else(tmp_path, name):
    path = tmp_path / name
    check_report_path(path, overwrite=False)
    write_batch_report(path, [])
    check_report_path(path, overwrite=False)
    path.write_text("mine")
    with pytest.raises(OutputExists):
        check_report_path(path, overwrite=False)
    check_report_path(path, overwrite=True)


def test_reports_that_cannot_be(tmp_path):
    with pytest.raises(InvalidSetting):
        check_report_path(tmp_path / "r.txt", overwrite=False)
    with pytest.raises(UnwritableOutput):
        check_report_path(tmp_path / "no" / "r.csv", overwrite=False)


ALL_ROWS = [*rows(), *(ReportRow(name, name, "skipped", 1.0, 0.0, 0, name) for name in NAMES)]


def test_lines_of_json_are_the_rows(tmp_path):
    path = tmp_path / "r.jsonl"
    write_batch_report(path, ALL_ROWS)
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert lines == [asdict(row) for row in ALL_ROWS]


def test_parquet_holds_the_rows(tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")
    path = tmp_path / "r.parquet"
    write_batch_report(
        path, [*ALL_ROWS, ReportRow("caf\udce9.jpg", "", "failed", None, 0.0, 0, "")]
    )
    *read, last = parquet.read_table(path).to_pylist()
    assert read == [asdict(row) for row in ALL_ROWS]
    assert last["file"] == "caf\\udce9.jpg"
    assert parquet.read_table(path, columns=["seconds"])["seconds"].to_pylist()[0] == 1.235


def test_parquet_needs_pyarrow(tmp_path, monkeypatch):
    monkeypatch.setattr("ddrm_core.batch.report.importlib.util.find_spec", lambda _: None)
    with pytest.raises(InvalidSetting) as refused:
        check_report_path(tmp_path / "r.parquet", overwrite=False)
    assert ".csv or .json or .jsonl; .parquet needs the package pyarrow" in str(refused.value)
    with pytest.raises(InvalidSetting, match=r"in \.csv or \.json or \.jsonl\)$"):
        check_report_path(tmp_path / "r.txt", overwrite=False)


def test_a_row_that_cannot_be_stored_names_the_report(tmp_path):
    """A full disk, or a folder that is removed while the batch runs."""
    store = RowsInFile(tmp_path / "removed" / "r.csv")
    with closing(store), pytest.raises(UnwritableOutput, match=r"r\.csv"):
        store.add(ALL_ROWS[0])
    with closing(RowsInFile(None)) as store:
        store.add(ALL_ROWS[0])
        assert store.summarize() == summarize_rows(ALL_ROWS[:1])


@pytest.mark.parametrize("suffix", [".csv", ".json", ".jsonl"])
@pytest.mark.parametrize("all_rows", [[], ALL_ROWS], ids=["no rows", "rows"])
def test_rows_from_a_file_give_the_report_of_rows_in_memory(tmp_path, suffix, all_rows):
    """A streamed batch keeps its rows in a temporary file."""
    stores = {"memory": RowsInMemory(), "file": RowsInFile(tmp_path / "r.json")}
    for name, store in stores.items():
        for row in all_rows:
            store.add(row)
        assert store.summarize() == summarize_rows(all_rows)
        store.write_report(tmp_path / f"{name}{suffix}")
        store.write_report(tmp_path / f"{name}{suffix}")
        store.close()
    assert (tmp_path / f"memory{suffix}").read_bytes() == (tmp_path / f"file{suffix}").read_bytes()
    if suffix == ".json":
        document = json.loads((tmp_path / "file.json").read_text("utf-8"))
        indented = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
        assert (tmp_path / "file.json").read_text("utf-8") == indented
