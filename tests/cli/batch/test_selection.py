"""`batch` restores only what needs it, and says what became of all other files."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from PIL import Image

QUICK = ("--prior", "compact", "--preset", "fast", "--steps", 1, "--samples", 1)


@pytest.fixture
def archive(tmp_path: Path, original: Image.Image) -> Path:
    """Return a folder with two images of low and high quality, and one that was saved twice."""
    folder = tmp_path / "archive"
    folder.mkdir()
    small = original.resize((27, 19))
    small.save(folder / "high.jpg", quality=92)
    small.save(folder / "low.jpg", quality=20)
    original.save(tmp_path / "once.jpg", quality=30)
    with Image.open(tmp_path / "once.jpg") as once:
        once.save(folder / "twice.jpg", quality=95)
    return folder


def rows_in(report: Path) -> dict[str, dict[str, str]]:
    """Return the rows of a report by the name of the file."""
    rows = csv.DictReader(report.read_text("utf-8-sig").splitlines())
    return {Path(row["file"]).name: row for row in rows}


def test_an_archive_is_completed_with_copies_and_later_with_earlier_qualities(
    run, archive, tmp_path
):
    out, report = tmp_path / "out", tmp_path / "report.csv"
    arguments = ("batch", archive, "-o", out, *QUICK, "--below-quality", 80, "--report", report)
    first = run(*arguments, "--others", "copy")
    assert first.exit_code == 0, first.stderr
    assert "1 restored, 0 done before, 2 copied unchanged, 0 failed" in first.stdout
    assert "high.jpg: copied unchanged: JPEG quality 92 is not below 80" in first.stderr
    assert "Note: twice.jpg: signs of an earlier compression at JPEG quality 31" in first.stderr
    assert "Note: 1 file shows signs" in first.stderr
    assert (out / "high.jpg").read_bytes() == (archive / "high.jpg").read_bytes()
    rows = rows_in(report)
    assert {name: row["state"] for name, row in rows.items()} == {
        "high.jpg": "copied",
        "low.jpg": "done",
        "twice.jpg": "copied",
    }
    assert rows["twice.jpg"]["result"] == str(out / "twice.jpg")
    assert [row["earlier_quality"] for row in rows.values()] == ["", "", "31"]
    assert "signs of an earlier compression at JPEG quality 31" in rows["twice.jpg"]["message"]

    again = run(*arguments, "--assume-earlier", "--json-lines")
    assert again.exit_code == 0, again.stderr
    *_, end = events = [json.loads(line) for line in again.stdout.splitlines()]
    assert (end["done"], end["skipped"], end["other"], end["copied"]) == (1, 1, 1, 0)
    ends = {Path(e["file"]).name: e for e in events if e["event"] == "file_end"}
    assert (ends["high.jpg"]["state"], ends["high.jpg"]["result"]) == ("other", None)
    assert ends["high.jpg"]["notes"] == ["JPEG quality 92 is not below 80"]
    assert ends["twice.jpg"]["notes"][0].startswith("restored for an earlier compression at JPEG")
    assert "shows signs" not in again.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--others", "copy"), "others cannot be copy"),
        (("--below-quality", 1), "below quality cannot be 1"),
        (("--assume-earlier", "--quality", 15), "quality cannot be 15"),
    ],
    ids=["others", "quality", "assumptions"],
)
def test_contradictions_are_wrong_usage(run, archive, tmp_path, arguments, words):
    ended = run("batch", archive, "-o", tmp_path / "out", *QUICK, *arguments)
    assert ended.exit_code == 2
    assert words in ended.stderr
    assert not (tmp_path / "out").exists()


def test_copies_are_not_written_beside_their_sources(run, archive):
    before = sorted(archive.iterdir())
    arguments = ("batch", archive, "-o", archive, *QUICK, "--below-quality", 80)
    ended = run(*arguments, "--others", "copy")
    assert ended.exit_code == 2
    assert "others cannot be copy" in ended.stderr
    assert sorted(archive.iterdir()) == before
    assert "1 restored, 0 done before, 2 left as they are" in run(*arguments).stdout


def test_copies_inside_a_searched_folder_are_no_sources(run, archive, tmp_path):
    """The folder of the sources is inside that of the results, which has subfolders of its own."""
    source = archive.rename(tmp_path / "out")
    (source / "out").mkdir()
    (source / "high.jpg").rename(source / "out" / "high.jpg")
    arguments = ("batch", source, "-o", tmp_path, "--recursive", *QUICK, "--below-quality", 80)
    assert "2 copied unchanged" in run(*arguments, "--others", "copy").stdout
    assert (source / "high.jpg").exists()
    again = run(*arguments, "--others", "copy")
    assert "0 restored, 1 done before, 2 copied unchanged, 0 failed" in again.stdout
