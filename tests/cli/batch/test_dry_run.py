"""`batch --dry-run` says what the batch then does, and writes nothing."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from PIL import Image

from app.cli.batch.dry_run import OutcomeSample
from app.config.throughput_store import ThroughputKey, find_size_class, open_throughput_store
from ddrm_core.batch.dry_run.outcome import PlannedAction, PlannedOutcome
from ddrm_core.batch.output_paths import PlannedFile
from ddrm_core.performance.recorded_throughput import RecordedThroughput

QUICK = ("--prior", "compact", "--steps", 1, "--samples", 1)


@pytest.fixture
def album(tmp_path, original: Image.Image) -> Path:
    """Return a folder with images, a copy, an equal name, a PNG and files that fail."""
    folder = tmp_path / "album"
    (folder / "trip").mkdir(parents=True)
    for number, path in enumerate(("1.jpg", "2.jpg", "trip/1.jpg", "gray.jpg")):
        picture = original.crop((number, 0, 40 + number, 30))
        picture.convert("L" if path == "gray.jpg" else "RGB").save(folder / path, quality=20)
    shutil.copy(folder / "1.jpg", folder / "copy of 1.jpg")
    original.save(folder / "lossless.png")
    data = (folder / "2.jpg").read_bytes()
    (folder / "cut.jpg").write_bytes(data[:-60])
    (folder / "text.jpg").write_text("no image")
    return folder


def stamps(folder: Path) -> dict[str, tuple[int, int]]:
    """Return size and modification time of everything in a folder."""
    return {
        str(path.relative_to(folder)): (path.stat().st_size, path.stat().st_mtime_ns)
        for path in folder.rglob("*")
    }


def plan(run, *arguments: object) -> list[dict[str, object]]:
    ended = run("batch", *arguments, "--dry-run", "--json-lines")
    return [json.loads(line) for line in ended.stdout.splitlines()]


def by_file(events: list[dict[str, object]], kind: str) -> dict[str, dict[str, object]]:
    return {str(event["file"]): event for event in events if event["event"] == kind}


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--redo", "--seed", 3),
        ("--seed", 3),
        ("--all-pictures", "--tolerate-damage"),
        ("--template", "same.png", "--overwrite"),
        ("--below-quality", 30, "--redo", "--seed", 3),
        ("--below-quality", 15, "--others", "copy", "--all-pictures"),
        ("--below-quality", 15, "--assume-earlier"),
        ("--shard", "1/2"),
    ],
    ids=str,
)
def test_the_batch_does_what_the_dry_run_said(run, album, tmp_path, options):
    """The plan is compared with a batch of the same files, a part of which was done before."""
    arguments = (album, "-o", tmp_path / "out", "--recursive", *QUICK)
    for name in ("2.jpg", "text.jpg"):
        shutil.copy(album / name, tmp_path / name)
    assert run("batch", tmp_path, "-o", tmp_path / "out", *QUICK).exit_code == 1
    before = stamps(tmp_path)
    planned = by_file(plan(run, *arguments, *options), "planned")
    assert stamps(tmp_path) == before

    ended = run("batch", *arguments, *options, "--json-lines")
    done = by_file([json.loads(line) for line in ended.stdout.splitlines()], "file_end")
    assert planned.keys() == done.keys()
    states = {
        **{"restore": "done", "copy": "done", "skip": "skipped", "keep": "kept"},
        **{"leave": "other", "copy_unchanged": "copied", "fail": "failed"},
    }
    for file, event in done.items():
        assert states[str(planned[file]["action"])] == event["state"], file
        assert planned[file]["target"] == event["result"], file
        assert planned[file]["error"] == event["error"], file
        is_restored = planned[file]["action"] == "restore"
        assert is_restored == (event["evaluations"] != 0), file


@pytest.mark.parametrize(("count", "kept", "scale"), [(0, 0, 1), (4, 4, 1), (30, 4, 7.5)])
def test_a_sample_stands_for_all_outcomes(count, kept, scale):
    sample = OutcomeSample(limit=4)
    paths = [Path(f"{number}.jpg") for number in range(count)]
    for path in paths:
        sample.add(PlannedOutcome(PlannedFile(path, path), PlannedAction.RESTORE, path))
    targets = {outcome.target for outcome in sample.outcomes}
    assert (len(sample.outcomes), len(targets), sample.scale) == (kept, kept, scale)
    assert targets <= set(paths)
    assert count <= 4 or targets != set(paths[:4])


def test_nothing_is_written_not_even_the_folder(run, album, tmp_path):
    before = stamps(tmp_path)
    ended = run("batch", album, "-o", tmp_path / "deep" / "out", *QUICK, "--dry-run")
    assert stamps(tmp_path) == before
    assert ended.exit_code == 1  # two files would fail
    assert ended.stderr.count("Error: ") == 2
    lines = ended.stdout.splitlines()
    assert f"1.jpg: restore to {tmp_path / 'deep' / 'out' / '1_restored.png'}" in lines
    assert any(line.startswith("copy of 1.jpg: copy the result ") for line in lines)
    assert lines[-3].endswith(": 6 files, 3 to restore, 1 to copy, 2 would fail")
    assert lines[-2].startswith("The time is known after the first run")
    assert lines[-2].endswith(" are free.")
    assert lines[-1] == "Nothing was written."


def test_time_and_disk_space_follow_from_what_was_recorded(run, original, tmp_path):
    (tmp_path / "in").mkdir()
    for number in range(3):
        original.rotate(number).save(tmp_path / "in" / f"{number}.jpg", quality=95)
    key = ThroughputKey("compact", "cpu", torch.get_num_threads(), "bins", find_size_class(97 * 70))
    open_throughput_store().record(key, RecordedThroughput(60 / (97 * 70), 0))
    arguments = (tmp_path / "in", "-o", tmp_path / "out", *QUICK)
    end = plan(run, *arguments)[-1]
    assert (end["event"], end["restore"], end["fail"]) == ("plan_end", 3, 0)
    assert end["estimated_seconds"] == pytest.approx(180, rel=0.01)
    text = run("batch", *arguments, "--dry-run").stdout
    assert re.search(r"takes about 3 min; the results have about [\d.]+ kB, and", text)
    assert run("batch", *arguments).exit_code == 0
    size = sum(path.stat().st_size for path in (tmp_path / "out").glob("*.png"))
    assert end["estimated_bytes"] == pytest.approx(size, rel=0.4)


def test_the_network_is_not_loaded(run, album, tmp_path, monkeypatch):
    monkeypatch.delattr("ddrm_core.prior.store.library.load_prior")
    events = plan(run, album / "trip", "-o", tmp_path / "out", *QUICK)
    assert [event["event"] for event in events] == ["start", "planned", "plan_end"]


@pytest.mark.parametrize(
    ("output", "options"),
    [
        ("album/1.jpg", ()),
        ("album/1.jpg/out", ()),
        ("out", ("--report", "album/1.jpg/report.csv")),
    ],
)
def test_what_cannot_be_written_is_said_once(run, album, monkeypatch, output, options):
    monkeypatch.chdir(album.parent)
    for dry_run in (("--dry-run",), ()):
        ended = run("batch", "album/trip", "-o", output, *options, *dry_run, *QUICK)
        assert (ended.exit_code, ended.stderr.count("Error: ")) == (1, 1), ended.stderr
        assert "Cannot write" in ended.stderr


def test_a_full_disk_is_foreseen(run, album, tmp_path, monkeypatch):
    monkeypatch.setattr("shutil.disk_usage", lambda _path: SimpleNamespace(free=99))
    ended = run("batch", album / "trip", "-o", tmp_path / "out", "--dry-run", *QUICK)
    assert ended.exit_code == 0
    assert "0.1 kB are free, which is not enough." in ended.stdout


@pytest.mark.parametrize(
    ("options", "status"),
    [(("--template", "{stem}.gif"), 2), (("--prior", "missing"), 1), (("--device", "tpu"), 1)],
    ids=str,
)
def test_what_stops_the_batch_stops_the_dry_run(run, album, tmp_path, options, status):
    ended = run("batch", album, "-o", tmp_path / "out", "--dry-run", *options)
    assert ended.exit_code == status
    assert ended.stderr.count("Error: ") == 1
    assert not (tmp_path / "out").exists()
