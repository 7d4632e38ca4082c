"""The batch command: stopped, killed, resumed, watching, reporting."""

from __future__ import annotations

import csv
import io
import json
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from PIL import Image
from rich.console import Console

from app.cli.batch.progress import BatchBar, BatchProgress
from app.cli.batch.status import BatchStatus
from ddrm_core.batch.manifest.entries import ManifestEntry, parse_entry
from ddrm_core.batch.manifest.lines import MANIFEST_NAME
from ddrm_core.batch.outcome import FileOutcome, FileState
from ddrm_core.batch.output_paths import PlannedFile
from ddrm_core.batch.runner import FileRestoreProgress
from ddrm_core.errors import OutOfMemory
from ddrm_core.formats.unsupported_format import UnsupportedImage
from tests.support.cli_pictures import opened

QUICK = ("--preset", "fast", "--steps", 1, "--samples", 1)
GOOD, BAD, KILLED_AFTER = 15, 4, 3


@pytest.fixture
def small(original: Image.Image) -> Image.Image:
    return original.resize((27, 19))


@pytest.fixture
def album(tmp_path: Path, small: Image.Image) -> Path:
    """Return a folder tree with 15 small JPEGs and 4 files that cannot be restored."""
    folder = tmp_path / "álbum 100% #1"
    for name in ("", "süß", "süß/2 トリップ"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    places = sorted(p for p in (folder, *folder.rglob("*")) if p.is_dir())
    for number in range(GOOD):
        picture = small.rotate(number, fillcolor=(number, 99, 7))
        picture.save(places[number % 3] / f"photo {number}.jpg", quality=10 + number)
    whole = (places[0] / "photo 0.jpg").read_bytes()
    (folder / "photo 3a cut.jpg").write_bytes(whole[: len(whole) - 60])
    (folder / "photo 3b text.jpg").write_text("no picture")
    (folder / "photo 3c empty.jpg").write_bytes(b"")
    frame = whole.index(b"\xff\xc0")
    (folder / "photo 3d lossless.jpg").write_bytes(whole[:frame] + b"\xff\xc3" + whole[frame + 2 :])
    return folder


def entries(output: Path) -> list[ManifestEntry]:
    lines = (output / MANIFEST_NAME).read_bytes().split(b"\n")
    entries = map(parse_entry, lines)
    return [entry for entry in entries if isinstance(entry, ManifestEntry)]


def results(output: Path) -> list[Path]:
    return sorted(p for p in output.rglob("*") if p.is_file() and p.name != MANIFEST_NAME)


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "app", "batch", "--prior", "compact", *map(str, arguments)]


def test_a_killed_batch_goes_on_where_it_stopped(run, album, tmp_path):
    output, report = tmp_path / "out", tmp_path / "report.csv"
    # Slow enough that the kill comes half-way even if other tests are running.
    arguments = (album, "-o", output, "--recursive", *QUICK, "--steps", 4, "--report", report)
    with subprocess.Popen(command(*arguments), stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        restored = 0
        for line in process.stderr:
            restored += "restored in" in line
            if restored == KILLED_AFTER:
                process.send_signal(signal.SIGKILL)
                break
    assert process.returncode == -signal.SIGKILL
    before = {entry.target: entry for entry in entries(output)}
    assert KILLED_AFTER <= len(before) < GOOD
    done = {p: p.read_bytes() for p in results(output) if p.suffix == ".png"}

    again = run("batch", *arguments)
    assert again.exit_code == 1
    assert f"{BAD} failed" in again.stdout
    assert again.stderr.count("Error: ") == BAD
    assert all(path.read_bytes() == data for path, data in done.items())
    # When killed, the batch may have recorded a file whose result was not yet renamed.
    times = Counter(entry.target for entry in entries(output))
    assert len(times) == GOOD
    assert sum(times.values()) <= GOOD + 1
    pictures = [p for p in results(output) if p.suffix == ".png"]
    assert len(pictures) == GOOD
    assert {opened(p).size for p in pictures} == {(27, 19)}
    assert (output / "süß" / "2 トリップ" / "photo 2_restored.png") in pictures

    rows = list(csv.DictReader(report.read_text("utf-8-sig").splitlines()))
    assert len(rows) == GOOD + BAD
    states = Counter(row["state"] for row in rows)
    assert states["failed"] == BAD
    assert states["skipped"] == len(done)
    assert {Path(row["result"]) for row in rows if row["result"]} == set(pictures)
    failed = {Path(row["file"]).name[6:8]: row["message"] for row in rows if not row["result"]}
    assert list(failed) == ["3a", "3b", "3c", "3d"]
    assert "ends in the middle" in failed["3a"]
    assert "lossless" in failed["3d"]


@pytest.fixture
def three(tmp_path: Path, small: Image.Image) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(3):
        small.rotate(30 * number).save(folder / f"{number}.jpg", quality=20)
    return folder


def test_it_says_what_it_did(run, three, tmp_path):
    arguments = ("batch", three, "-o", tmp_path / "out", *QUICK)
    first = run(*arguments)
    assert first.exit_code == 0
    assert "3 restored, 0 done before, 0 failed" in first.stdout
    assert first.stderr.count("levels in their bins as saved") == 3
    again = run(*arguments)
    assert again.exit_code == 0
    assert "0 restored, 3 done before, 0 failed" in again.stdout
    other = run(*arguments, "--seed", 3, "--redo")
    assert "3 restored, 0 done before" in other.stdout
    (three / "1.jpg").rename(three / "9.jpg")
    renamed = run(*arguments, "--seed", 3)
    assert "1 restored, 2 done before" in renamed.stdout
    assert "copied" in renamed.stderr
    assert (tmp_path / "out" / "9_restored.png").exists()


def test_results_beside_their_sources_are_no_sources(run, three):
    arguments = ("batch", three, "-o", three, *QUICK, "--template", "{stem} restored.jpg")
    assert "3 restored" in run(*arguments).stdout
    assert "0 restored, 3 done before" in run(*arguments).stdout
    assert len(list(three.glob("*.jpg"))) == 6


def test_results_inside_the_folder_are_no_sources(run, three):
    arguments = ("batch", three, "-o", three / "out", "--recursive", *QUICK)
    other = ("--template", "{number} q{quality} {preset} {seed} {prior} {name}.jpg")
    assert "3 restored" in run(*arguments, *other).stdout
    assert (three / "out" / "2 q20 custom 0 compact 1.jpg.jpg").exists()
    assert "0 restored, 3 done before" in run(*arguments, *other).stdout


def test_settings_are_those_of_restore(run, three, tmp_path):
    single = tmp_path / "single.tiff"
    choices = (*QUICK, "--seed", 5, "--quality", 12, "--bits", 16, "--metadata", "none")
    choices = (*choices, "--samples", 2, "--sharpness", 0.25)
    assert run("restore", three / "0.jpg", "-o", single, *choices).exit_code == 0
    arguments = ("batch", three, "-o", tmp_path / "out", "--template", "{stem}.tiff", *choices)
    assert run(*arguments).exit_code == 0
    assert (tmp_path / "out" / "0.tiff").read_bytes() == single.read_bytes()


def test_other_pictures_than_jpegs(run, three, tmp_path):
    from app.config.resources import EXAMPLE_IMAGE_PATH

    opened(EXAMPLE_IMAGE_PATH).crop((3, 5, 480, 320)).save(three / "screenshot.png")
    arguments = ("batch", three, "-o", tmp_path / "out", *QUICK)
    (three / "phone.heic").write_bytes(b"x")
    jpegs = run(*arguments)
    assert "3 restored" in jpegs.stdout
    assert "left out: 1 PNG; --all-pictures restores them, too" in jpegs.stderr
    every = run(*arguments, "--all-pictures")
    assert "1 restored, 3 done before" in every.stdout
    assert "left out: 1 HEIC, which cannot be restored" in every.stderr
    assert "PNG" not in every.stderr
    assert "Note: screenshot.png: the file is not a JPEG: quality factor 10" in every.stderr


@pytest.mark.parametrize(
    "wrong",
    [
        ("--template", "{stem}.gif"),
        ("--template", "../{stem}{ext}"),
        ("--report", "report.txt"),
        ("--steps", 0),
        ("--quality", 101),
        ("--seed", -1),
        ("--sharpness", 2),
        ("--jpeg-quality", 0),
    ],
    ids=lambda wrong: f"{wrong[0]} {wrong[1]}",
)
def test_wrong_usage(run, three, tmp_path, wrong):
    result = run("batch", three, "-o", tmp_path / "out", *QUICK, *wrong)
    assert result.exit_code == 2, result.stderr
    assert not (tmp_path / "out").exists()


def test_results_in_the_place_of_sources_are_wrong_usage(run, three):
    before = {p: p.read_bytes() for p in three.iterdir()}
    for output in (three, three / "x" / ".."):
        arguments = ("batch", three, "-o", output, "--template", "{stem}.jpg", "--overwrite")
        assert run(*arguments, *QUICK).exit_code == 2
    assert {p: p.read_bytes() for p in three.iterdir() if p.is_file()} == before


@pytest.mark.parametrize(
    ("where", "options", "words"),
    [
        ("nothing", (), "No such file".lower()),
        ("in", ("-o", "file/out"), "cannot write"),
        ("in", ("-o", "file"), "cannot write"),
        ("in", ("--template", "{stem}.jpg", "--bits", 16), "16 bits"),
        ("in", ("--report", "mine.csv"), "exists already"),
        ("in", ("--report", "no/report.csv"), "cannot write"),
        ("in", ("--prior", "no.safetensors"), "no.safetensors"),
    ],
)
def test_what_would_go_wrong_with_every_file_is_said_once(
    run, three, monkeypatch, where, options, words
):
    monkeypatch.chdir(three.parent)
    Path("file").write_bytes(b"")
    Path("mine.csv").write_text("mine")
    result = run("batch", where, "-o", "out", *QUICK, *options)
    assert result.exit_code == 1
    assert result.stderr.lower().count("error: ") == 1
    assert words in result.stderr.lower()
    assert Path("mine.csv").read_text() == "mine"


def test_a_folder_without_pictures(run, tmp_path):
    (tmp_path / "empty").mkdir()
    result = run("batch", tmp_path / "empty", "-o", tmp_path / "out", *QUICK)
    assert result.exit_code == 0
    assert "contains no JPEGs" in result.stderr
    assert "0 restored" in result.stdout


def test_reports(run, three, monkeypatch):
    monkeypatch.chdir(three)
    (three / "1.jpg").rename("=1+cmd.jpg")
    (three / "2.jpg").write_text("text")
    arguments = ("batch", ".", "-o", "../out", *QUICK)
    assert run(*arguments, "--report", "../r.csv").exit_code == 1
    assert run(*arguments, "--report", "../r.csv").exit_code == 1  # replaces the report
    rows = list(csv.DictReader(Path("../r.csv").read_text("utf-8-sig").splitlines()))
    assert [row["file"] for row in rows] == ["0.jpg", "2.jpg", "'=1+cmd.jpg"]
    assert [row["state"] for row in rows] == ["skipped", "failed", "skipped"]
    assert 0 < float(rows[0]["consistency"]) <= 1
    assert "not a picture" in rows[1]["message"]
    assert run(*arguments, "--report", "../r.json", "--seed", 1, "--redo").exit_code == 1
    report = json.loads(Path("../r.json").read_text("utf-8"))
    assert {k: report["summary"][k] for k in ("done", "skipped", "kept", "failed")} == {
        "done": 2,
        "skipped": 0,
        "kept": 0,
        "failed": 1,
    }
    assert [file["evaluations"] for file in report["files"]] == [1, 0, 1]


def test_the_bar_of_a_terminal_counts_what_takes_time(tmp_path):
    def outcome(number: int, state: FileState, error: Exception | None = None) -> FileOutcome:
        return FileOutcome(items[number], items[number].target, state, error, 1.0)

    items = [PlannedFile(tmp_path / f"{n} [b].jpg", tmp_path / f"{n}.png") for n in range(3)]
    screen = io.StringIO()
    with BatchBar(console=Console(file=screen, force_terminal=True, width=300)) as bar:
        status = BatchStatus()
        progress = BatchProgress(bar, tmp_path, status)

        def show(event: FileRestoreProgress | FileOutcome) -> None:
            status.add_event(event)
            progress.show_event(event)

        status.start(3)
        progress.start()
        show(outcome(0, FileState.SKIPPED))
        show(FileRestoreProgress(2, items[1], None))
        (task,) = bar.tasks
        assert (task.completed, task.total) == (0, 2)
        assert task.description == "2/3 1 [b].jpg"
        show(outcome(1, FileState.FAILED, UnsupportedImage(items[1].source)))
        show(FileRestoreProgress(3, items[2], None))
        assert (task.completed, task.total) == (1, 2)
        show(outcome(2, FileState.FAILED, OutOfMemory("cpu", 9, 7)))
        progress.show_waiting()
    assert "Error: " in screen.getvalue()
    assert "1 [b].jpg cannot be read" in screen.getvalue()
    assert "Error: 2 [b].jpg: " in screen.getvalue()  # the error's text does not name the file
    assert "Watching" in screen.getvalue()
    assert "0 [b].jpg: done" not in screen.getvalue()


def test_a_folder_is_watched_until_stopped(three, tmp_path):
    output, report = tmp_path / "out", tmp_path / "r.json"
    source = (three / "0.jpg").read_bytes()
    arguments = (three, "-o", output, "--watch", "--report", report, *QUICK)
    process = subprocess.Popen(
        command(*arguments), stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with process:
        assert process.stderr is not None
        for line in process.stderr:
            if line.startswith("Watching"):
                break
        assert len(list(output.glob("*.png"))) == 3
        (three / "late.jpg").write_bytes(source + b"other content")
        for line in process.stderr:
            if line.startswith("late.jpg: restored"):
                break
        process.send_signal(signal.SIGINT)
        out, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "4 restored, 0 done before, 0 failed" in out
    assert "Stopped." in errors
    assert (output / "late_restored.png").exists()
    assert json.loads(report.read_text())["summary"]["done"] == 4
