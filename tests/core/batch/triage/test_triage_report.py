"""Reports of a triage hold every fact, are written row by row, and replace only reports."""

from __future__ import annotations

import csv
import json
from dataclasses import astuple, fields
from pathlib import Path

import pytest

from ddrm_core.attachments.model import NO_ATTACHMENTS
from ddrm_core.batch.triage.image_facts import ImageFacts
from ddrm_core.batch.triage.report import check_triage_report_path, open_triage_report
from ddrm_core.batch.triage.triage_row import (
    TriageRow,
    TriageSummary,
    TriageTexts,
    build_triage_row,
    find_quality_bin,
)
from ddrm_core.errors import CompressionNotDetected, DamagedJpeg, InvalidSetting, OutputExists
from ddrm_core.jpeg.quality_factor import LibjpegQuality
from ddrm_core.jpeg.reasons import DamageReason
from ddrm_core.jpeg.recompression import PreviousCompression

FACTS = ImageFacts(
    *(Path("=1.jpg"), 1234, "JPEG", 40, 24, 3, "baseline", "YCbCr", "4:2:0"),
    quality=LibjpegQuality(88, is_exact=True),
    quantization_error=3.14159,
    previous_compression=PreviousCompression(30, 3, 5, "4:2:0", 0.98),
    was_searched=True,
    attachments=NO_ATTACHMENTS,
    trailing_size=77,
)
ROW = build_triage_row(FACTS, TriageTexts(attachments="77 bytes"), 1.5)
OTHER = build_triage_row(
    ImageFacts(Path("b.png"), 9, "PNG", 8, 8, 1, refusal=CompressionNotDetected(Path("b.png"))),
    TriageTexts(problem="no sign"),
    2.0,
)


def write(path: Path, *rows: TriageRow) -> None:
    summary = TriageSummary()
    with open_triage_report(path) as report:
        for row in rows:
            summary.add(row)
            report.write_row(row)
        report.finish(summary)


def write_and_fail(path: Path) -> None:
    with open_triage_report(path) as report:
        report.write_row(ROW)
        raise ValueError("stopped")


def test_json_holds_the_rows_and_the_summary(tmp_path):
    write(tmp_path / "r.json", ROW, OTHER)
    document = json.loads((tmp_path / "r.json").read_text("utf-8"))
    assert [TriageRow(**row) for row in document["files"]] == [ROW, OTHER]
    assert document["summary"]["files"] == 2
    assert document["summary"]["qualities"] == {"81": 1}
    assert document["summary"]["seconds"] == 1.5


def test_an_empty_report_is_valid_json(tmp_path):
    write(tmp_path / "r.json")
    assert json.loads((tmp_path / "r.json").read_text("utf-8"))["files"] == []


def test_csv_holds_the_same_values_and_no_formula(tmp_path):
    write(tmp_path / "r.csv", ROW, OTHER)
    with (tmp_path / "r.csv").open(encoding="utf-8-sig", newline="") as file:
        columns, first, second = csv.reader(file)
    assert columns == [field.name for field in fields(TriageRow)]
    assert first[0] == "'=1.jpg"
    expected = ["" if value is None else str(value) for value in astuple(OTHER)]
    assert second == expected


def test_rows_are_written_before_the_report_is_finished(tmp_path):
    path = tmp_path / "r.csv"
    with open_triage_report(path) as report:
        for _ in range(1000):
            report.write_row(ROW)
        (temporary,) = tmp_path.iterdir()
        assert temporary != path
        assert temporary.stat().st_size > 10_000
        report.finish(TriageSummary())
    assert [file.name for file in tmp_path.iterdir()] == ["r.csv"]


def test_an_interrupted_report_leaves_the_old_one(tmp_path):
    path = tmp_path / "r.csv"
    write(path, OTHER)
    before = path.read_bytes()
    with pytest.raises(ValueError, match="stopped"):
        write_and_fail(path)
    assert path.read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 1


def test_only_reports_of_a_triage_are_replaced_unasked(tmp_path):
    for name in ("r.csv", "r.json"):
        write(tmp_path / name, ROW)
        check_triage_report_path(tmp_path / name, overwrite=False)
        other = tmp_path / f"other {name}"
        other.write_text("file,result,state\n")
        with pytest.raises(OutputExists):
            check_triage_report_path(other, overwrite=False)
        check_triage_report_path(other, overwrite=True)
    with pytest.raises(InvalidSetting):
        check_triage_report_path(tmp_path / "r.txt", overwrite=True)


def test_a_row_says_what_can_be_restored():
    damaged = DamagedJpeg(Path("a.jpg"), DamageReason.NO_IMAGE)
    rows = [
        build_triage_row(ImageFacts(Path("a.jpg"), refusal=refusal, **options), TriageTexts(), 3.0)
        for refusal, options in (
            (None, {"was_searched": True}),
            (None, {"format_name": "JPEG"}),
            (None, {"format_name": "PNG"}),
            (damaged, {"is_partially_restorable": True}),
            (damaged, {}),
        )
    ]
    assert [row.restorable for row in rows] == ["yes", "yes", "unknown", "partly", "no"]
    assert [row.seconds for row in rows] == [3.0, 3.0, 3.0, None, None]


def test_the_summary_counts_every_file_once():
    summary = TriageSummary()
    custom = build_triage_row(
        ImageFacts(Path("c.jpg"), width=8, height=8, quality=LibjpegQuality(88, is_exact=False)),
        TriageTexts(),
        None,
    )
    nothing = build_triage_row(ImageFacts(Path("d.jpg")), TriageTexts(), None)
    for row in (ROW, ROW, OTHER, custom, nothing):
        summary.add(row)
    counted = (summary.qualities, summary.custom_tables, summary.without_tables)
    assert counted == ({81: 2}, 1, 1)
    assert (summary.not_images, summary.earlier, summary.files) == (1, 2, 5)
    assert sum(summary.restorable.values()) == 5


@pytest.mark.parametrize(
    ("quality", "lowest"), [(1, 1), (10, 1), (11, 11), (90, 81), (91, 91), (100, 91)]
)
def test_qualities_are_counted_in_tens(quality, lowest):
    assert find_quality_bin(quality) == lowest
