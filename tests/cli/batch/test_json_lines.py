"""Events of `--json-lines`, `--quiet`, and the failures that the summary of a batch names."""

from __future__ import annotations

import errno
import json
import re
import shlex
from pathlib import Path

import pytest

from app import COMMAND
from app.cli.batch.outcome_counts import LatestOutcomes, OutcomeCounts, format_failures
from app.cli.options.follow import FollowOptions
from app.cli.run_events import name_state
from ddrm_core.batch.outcome import FileState
from ddrm_core.errors import TooManyPixels
from tests.support.paths import ROOT

PAGE = (ROOT / "docs" / "user" / "json_lines.md").read_text("utf-8")
QUICK = ("--prior", "compact", "--steps", 1, "--samples", 1)
MEASURED = {"consistency", "seconds", "estimated_seconds", "estimated_bytes", "free_bytes"}


def parse_events(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture
def album(tmp_path, original, monkeypatch) -> Path:
    """Return the folder of the documented command, which is started beside it."""
    monkeypatch.chdir(tmp_path)
    folder = Path("album")
    (folder / "trip").mkdir(parents=True)
    original.resize((27, 19)).save(folder / "trip" / "one.jpg", quality=20)
    return folder


@pytest.fixture
def bad_album(album) -> Path:
    """Return a folder with one good image and four files that fail in three ways."""
    data = (album / "trip" / "one.jpg").read_bytes()
    for name in ("b.jpg", "a.jpg"):
        (album / name).write_text("no image")
    (album / "cut.jpg").write_bytes(data[:-60])
    frame = data.index(b"\xff\xc0") + 5
    (album / "huge.jpg").write_bytes(data[:frame] + b"\xea\x60\xea\x60" + data[frame + 4 :])
    return album


@pytest.mark.usefixtures("album")
@pytest.mark.parametrize(("example", "options"), [(0, ()), (2, ("--dry-run",))])
def test_the_documented_events_are_printed(run, example, options):
    (line,) = re.findall(rf"```sh\n({COMMAND} .*)\n```", PAGE)
    ended = run(*shlex.split(line)[1:], *options)
    assert ended.exit_code == 0, ended.stderr
    documented = parse_events(re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)[example])
    printed = parse_events(ended.stdout)[-len(documented) :]
    assert [list(event) for event in printed] == [list(event) for event in documented]
    for event, expected in zip(printed, documented, strict=True):
        for name in event.keys() - MEASURED:
            assert event[name] == expected[name], (event["event"], name)


def test_the_page_names_every_field_of_a_file():
    table = PAGE.partition("Fields of `file_end`")[2]
    (example,) = (line for line in PAGE.splitlines() if '"event": "file_end"' in line)
    fields = json.loads(example).keys() - {"version", "event", "number", "file"}
    assert {name for name in fields if f"`{name}`" not in table} == set()
    assert {state for state in FileState if f"`{name_state(state)}`" not in table} == set()


def test_failures_are_events_and_the_end_counts_them(run, bad_album):
    ended = run("batch", bad_album, "-o", "out", "--recursive", "--json-lines", *QUICK)
    assert ended.exit_code == 1
    events = parse_events(ended.stdout)
    failed = {
        Path(str(event["file"])).name: event["error"]
        for event in events
        if event["event"] == "file_end" and event["state"] == "failed"
    }
    assert failed == {
        "a.jpg": "NotAJpeg",
        "b.jpg": "NotAJpeg",
        "cut.jpg": "DamagedJpeg",
        "huge.jpg": "TooManyPixels",
    }
    end = events[-1]
    assert (end["event"], end["done"], end["failed"]) == ("end", 1, 4)
    assert end["failures"] == {"NotAJpeg": 2, "DamagedJpeg": 1, "TooManyPixels": 1}
    assert ended.stderr.count("Error: ") == 4


def test_the_summary_names_failures_by_kind_and_quiet_prints_errors_only(run, bad_album):
    arguments = ("batch", bad_album, "-o", "out", "--recursive", *QUICK)
    summary = run(*arguments).stdout.splitlines()
    assert summary[0].startswith("out: 1 restored, 0 done before, 4 failed")
    assert summary[1:] == [
        "  2 no images that can be restored: a.jpg, b.jpg",
        "  1 damaged: cut.jpg",
        "  1 with too many pixels: huge.jpg",
    ]
    quiet = run(*arguments, "--quiet")
    assert (quiet.exit_code, quiet.stdout) == (1, "")
    assert [line.partition(" ")[0] for line in quiet.stderr.splitlines()] == ["Error:"] * 4
    assert run("batch", bad_album / "trip", "-o", "out", "--quiet", *QUICK).stderr == ""


@pytest.mark.parametrize("outcome_class", [OutcomeCounts, LatestOutcomes])
def test_names_of_many_failures_are_counted(outcome_class):
    outcomes = outcome_class()
    for number in range(5):
        outcomes.add(Path("in", f"{number}.jpg"), FileState.FAILED, "DamagedJpeg")
    outcomes.add(Path("in", "x.jpg"), FileState.FAILED, "Unexpected")
    outcomes.add(Path("elsewhere"), FileState.FAILED, "SomethingNew")
    outcomes.add(Path("in", "large.jpg"), FileState.FAILED, "OutOfMemory")
    outcomes.add(Path("in", "larger.jpg"), FileState.FAILED, "InsufficientMemory")
    outcomes.add(Path("in", "good.jpg"), FileState.DONE, None)
    counts = outcomes.count()
    assert format_failures(counts, Path("in")) == [
        "  5 damaged: 0.jpg, 1.jpg, 2.jpg and 2 more",
        "  2 too large for the memory: large.jpg, larger.jpg",
        "  1 with an unexpected error: x.jpg",
        "  1 other errors: elsewhere",
    ]
    assert counts.states == {FileState.FAILED: 9, FileState.DONE: 1}


def test_the_latest_outcome_of_a_watched_file_counts():
    outcomes = LatestOutcomes()
    outcomes.add(Path("in", "a.jpg"), FileState.FAILED, "DamagedJpeg")
    outcomes.add(Path("in", "b.jpg"), FileState.FAILED, "DamagedJpeg")
    outcomes.add(Path("in", "a.jpg"), FileState.DONE, None)
    counts = outcomes.count()
    assert counts.states == {FileState.FAILED: 1, FileState.DONE: 1}
    assert format_failures(counts, Path("in")) == ["  1 damaged: b.jpg"]


def test_an_error_that_ends_the_command_is_an_event(run, album):
    ended = run(
        "batch", album / "trip", "-o", "out", "--json-lines", "--prior", "missing.safetensors"
    )
    assert ended.exit_code == 1
    (event,) = parse_events(ended.stdout)
    assert (event["event"], event["error"]) == ("error", "UnreadableFile")
    assert f"Error: {event['message']}\n" == ended.stderr


@pytest.mark.parametrize(
    ("error", "lines"),
    [
        (KeyboardInterrupt(), [{"version": 1, "event": "stopped"}]),
        (BrokenPipeError(), []),
        (
            TooManyPixels(Path("a.jpg"), 9, 9, 1_000_000),
            [
                {
                    "version": 1,
                    "event": "error",
                    "error": "TooManyPixels",
                    "message": "a.jpg claims 9x9 pixels, more than 1 million."
                    " If that is true, raise the limit (--max-megapixels).",
                }
            ],
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_the_last_event_says_why_a_command_ended(capsys, error, lines):
    with pytest.raises(type(error)), FollowOptions(json_lines=True).start():
        raise error
    assert parse_events(capsys.readouterr().out) == lines
    with pytest.raises(type(error)), FollowOptions().start():
        raise error
    assert capsys.readouterr().out == ""


def test_a_report_is_written_although_the_reader_of_events_has_ended(run, album, monkeypatch):
    def fail(*_arguments: object) -> None:
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")

    monkeypatch.setattr("app.cli.batch.events.write_file_end", fail)
    monkeypatch.setattr("app.cli.batch.events.write_end", fail)
    arguments = ("batch", album / "trip", "-o", "out", "--report", "report.csv", *QUICK)
    ended = run(*arguments)
    assert (ended.exit_code, ended.stdout) == (1, "")
    assert "Error: " not in ended.stderr
    assert Path("report.csv").read_text("utf-8-sig").count("one_restored.png") == 1
