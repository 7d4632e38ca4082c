"""The table of `inspect` for several images and for folders."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from PIL import Image

from app.cli.options.shared import choose_prior_name
from app.config.throughput_store import ThroughputKey, open_throughput_store
from ddrm_core.performance.recorded_throughput import RecordedThroughput
from ddrm_core.sampler.settings import Preset
from tests.support.pictures import jpeg_bytes, photograph


@pytest.fixture
def album(tmp_path: Path) -> Path:
    """Return a folder with JPEGs of two qualities, a PNG, a damaged JPEG and a text."""
    folder = tmp_path / "album"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.jpg").write_bytes(jpeg_bytes(photograph(16, 24), quality=20))
    (folder / "sub" / "b.jpg").write_bytes(jpeg_bytes(photograph(24, 16), quality=95) + b"x" * 50)
    whole = jpeg_bytes(photograph(64, 64), quality=60)
    (folder / "cut.jpg").write_bytes(whole[: len(whole) * 9 // 10])
    (folder / "text.jpg").write_text("no image")
    Image.fromarray(photograph(16, 16)).save(folder / "p.png")
    return folder


def read_rows(report: Path) -> dict[str, dict[str, str]]:
    with report.open(encoding="utf-8-sig", newline="") as file:
        return {Path(row["file"]).name: row for row in csv.DictReader(file)}


def test_a_report_has_a_row_for_each_file(run, album, tmp_path):
    report = tmp_path / "r.csv"
    ended = run("inspect", album, "--recursive", "--all-pictures", "--report", report)
    assert ended.exit_code == 1  # the text
    rows = read_rows(report)
    assert sorted(rows) == ["a.jpg", "b.jpg", "cut.jpg", "p.png", "text.jpg"]
    assert (rows["a.jpg"]["quality"], rows["a.jpg"]["sampling"]) == ("20", "4:2:0")
    assert (rows["a.jpg"]["width"], rows["a.jpg"]["height"]) == ("24", "16")
    assert float(rows["a.jpg"]["expected_error"]) > float(rows["b.jpg"]["expected_error"])
    assert rows["b.jpg"]["bytes_behind"] == "50"
    restorable = {name: row["restorable"] for name, row in rows.items()}
    assert restorable == {
        "a.jpg": "yes",
        "b.jpg": "yes",
        "cut.jpg": "partly",
        "p.png": "no",
        "text.jpg": "no",
    }
    assert "ends" in rows["cut.jpg"]["damage"]
    assert ended.stdout.startswith(f"{report}: 5 files: 2 can be restored, 1 in part, 2 not")
    assert "11-20: 1" in ended.stdout


def test_a_folder_is_searched_like_that_of_a_batch(run, album, tmp_path):
    report = tmp_path / "r.csv"
    ended = run("inspect", album, "--report", report)
    assert sorted(read_rows(report)) == ["a.jpg", "cut.jpg", "text.jpg"]
    assert "--all-pictures" in ended.stderr


def test_several_images_get_a_line_each_and_failures_do_not_end_the_others(run, album):
    paths = (album / "a.jpg", album / "missing.jpg", album / "sub" / "b.jpg")
    ended = run("inspect", *paths)
    assert ended.exit_code == 1
    lines = ended.stdout.splitlines()
    assert [line.split(": ")[0] for line in lines[:3]] == list(map(str, paths))
    assert "QF 20" in lines[0]
    assert run("inspect", *paths[::2]).exit_code == 0


def test_json_is_the_report_and_nothing_else(run, album, tmp_path):
    names = "\0".join((str(album / "a.jpg"), str(album / "sub" / "b.jpg")))
    printed = run("inspect", "--files-from", "-", "--json", stdin=names.encode())
    report = tmp_path / "r.json"
    run("inspect", "--files-from", "-", "--report", report, stdin=names.encode())
    assert json.loads(printed.stdout) == json.loads(report.read_text("utf-8"))


def test_one_image_from_a_pipe_is_reported_in_full(run, album):
    ended = run("inspect", "-", stdin=(album / "a.jpg").read_bytes())
    assert ended.exit_code == 0, ended.stderr
    assert ended.stdout.startswith("File      standard input")
    assert "Table 0" in ended.stdout


def test_times_follow_from_the_recorded_throughput(run, album, tmp_path):
    prior = choose_prior_name(None, Preset.DRAFT)
    for size_class, speed in ((4, 0.001), (9, 7.0)):  # the images have about 4^4 pixels
        key = ThroughputKey(prior, "cpu", 1, "bins", size_class)
        open_throughput_store().record(key, RecordedThroughput(speed, 0))
    report = tmp_path / "r.csv"
    run("inspect", album, "--preset", "draft", "--report", report)
    seconds = read_rows(report)["a.jpg"]["seconds"]
    run("inspect", album, "--preset", "fast", "--report", report)
    assert read_rows(report)["text.jpg"]["seconds"] == ""
    assert float(seconds) == pytest.approx(0.001 * 16 * 24 * 2)
    assert float(read_rows(report)["a.jpg"]["seconds"]) == 2 * float(seconds)


def test_without_a_recorded_throughput_a_note_says_how_to_get_one(run, album, tmp_path):
    ended = run("inspect", album, "--report", tmp_path / "r.csv")
    assert read_rows(tmp_path / "r.csv")["a.jpg"]["seconds"] == ""
    assert "benchmark --preset balanced measures it" in ended.stderr


def test_another_file_is_not_replaced_by_a_report(run, album, tmp_path):
    report = tmp_path / "r.csv"
    report.write_text("my,own,table\n")
    ended = run("inspect", album, "--report", report)
    assert (ended.exit_code, report.read_text()) == (1, "my,own,table\n")
    assert "--overwrite" in ended.stderr
    assert run("inspect", album / "sub", "--report", report, "--overwrite").exit_code == 0
    assert run("inspect", album / "sub", "--report", report).exit_code == 0


@pytest.mark.parametrize("arguments", [(), ("a.jpg", "--report", "r.txt"), ("-", "-")])
def test_wrong_usage(run, arguments):
    ended = run("inspect", *arguments)
    assert (ended.exit_code, len(ended.stderr.splitlines())) == (2, 1)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_lines_go_to_standard_output_while_a_terminal_shows_errors(album):
    terminal, errors = os.openpty()
    command = [sys.executable, "-m", "app", "inspect", album / "a.jpg", album / "cut.jpg"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=errors, text=True, check=False)
    os.close(errors)
    shown = b""
    with suppress(OSError):  # the end of a pseudo-terminal
        while chunk := os.read(terminal, 1 << 16):
            shown += chunk
    os.close(terminal)
    assert b"\x1b" not in shown
    assert done.stdout.startswith(str(album / "a.jpg"))
    assert len(done.stdout.splitlines()) >= 3


def test_no_network_is_loaded(album, tmp_path):
    code = (
        "import sys\nfrom tests.support.program_runner import run_program\n"
        "run_program('inspect', *sys.argv[1:])\nprint('torch' in sys.modules)"
    )
    arguments = [album, "--all-pictures", "--report", tmp_path / "r.csv"]
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True
    )
    assert (tmp_path / "r.csv").exists()
    assert done.stdout.split() == ["False"]
