"""`restore` with `--json-lines`, `--quiet` and `--dry-run`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from app.config.throughput_store import ThroughputKey, find_size_class, open_throughput_store
from ddrm_core.performance.recorded_throughput import RecordedThroughput

QUICK = ("--prior", "compact", "--steps", 2, "--samples", 1)


def events_of(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def test_a_run_is_followed_by_its_events(run, photo, tmp_path):
    output = tmp_path / "a.png"
    ended = run("restore", photo, "-o", output, "--json-lines", *QUICK)
    assert ended.exit_code == 0, ended.stderr
    events = events_of(ended.stdout)
    names = ["start", "file_start", "progress", "progress", "file_end", "end"]
    assert [event["event"] for event in events] == names
    assert {event["file"] for event in events[1:-1]} == {str(photo)}
    assert [event["fraction"] for event in events[2:4]] == [0.5, 1.0]
    end = events[4]
    assert (end["state"], end["result"], end["evaluations"]) == ("done", str(output), 2)
    assert end["verdict"] == "faithful"
    assert (events[5]["done"], events[5]["failed"]) == (1, 0)


def test_a_quiet_run_prints_nothing_but_errors(run, photo, tmp_path):
    quiet = (*QUICK, "--quiet")
    ended = run("restore", photo, "-o", tmp_path / "a.png", *quiet)
    assert (ended.exit_code, ended.stdout, ended.stderr) == (0, "", "")
    again = run("restore", photo, "-o", tmp_path / "a.png", *quiet)
    assert (again.exit_code, again.stdout) == (1, "")
    assert again.stderr.startswith("Error: ")
    assert len(again.stderr.splitlines()) == 1


def test_a_failed_run_ends_with_an_error_event(run, tmp_path):
    ended = run("restore", tmp_path / "missing.jpg", "--json-lines")
    events = events_of(ended.stdout)
    assert [event["event"] for event in events] == ["start", "file_end", "end", "error"]
    assert {events[1]["error"], events[3]["error"], *events[2]["failures"]} == {"UnreadableFile"}
    assert (events[2]["failed"], ended.exit_code) == (1, 1)


def test_several_images_have_numbers_and_a_failed_one_ends_nothing(run, photo, tmp_path):
    (tmp_path / "text.jpg").write_text("no image")
    arguments = ("restore", tmp_path / "text.jpg", photo, "-o", tmp_path / "out", *QUICK)
    planned = run(*arguments, "--dry-run", "--json-lines")
    assert not (tmp_path / "out").exists()
    done = run(*arguments, "--json-lines")
    assert planned.exit_code == done.exit_code == 1
    ends = [event for event in events_of(done.stdout) if event["event"] == "file_end"]
    assert [(end["number"], end["state"]) for end in ends] == [(1, "failed"), (2, "done")]
    plans = [event for event in events_of(planned.stdout) if event["event"] == "planned"]
    assert [plan["action"] for plan in plans] == ["fail", "restore"]
    assert [plan["target"] for plan in plans] == [end["result"] for end in ends]
    assert [plan["message"] for plan in plans] == [end["message"] for end in ends]


@pytest.mark.parametrize("option", ["--json-lines", "--dry-run"])
def test_events_and_plans_are_not_mixed_with_an_image(run, photo, option):
    ended = run("restore", photo, "-o", "-", "--format", "png", option)
    assert ended.exit_code == 2
    assert [event["event"] for event in events_of(ended.stdout)] in ([], ["error"])
    assert option in ended.stderr


def test_a_dry_run_names_result_time_and_size(run, photo, monkeypatch):
    key = ThroughputKey("compact", "cpu", torch.get_num_threads(), "bins", find_size_class(97 * 70))
    open_throughput_store().record(key, RecordedThroughput(30 / (97 * 70), 0))
    monkeypatch.delattr("ddrm_core.prior.store.library.load_prior")
    ended = run("restore", photo, "--dry-run", *QUICK)
    assert ended.exit_code == 0, ended.stderr
    assert list(photo.parent.iterdir()) == [photo]
    planned, estimate, last = ended.stdout.splitlines()
    assert planned == f"{photo}: restore to {photo.with_name(photo.stem + '_restored.png')}"
    assert estimate.startswith("This takes about 1 min; the results have about ")
    assert last == "Nothing was written."


def test_a_dry_run_of_a_region_counts_its_pixels(run, photo):
    sizes = []
    for options in ((), ("--region", "8,8,48,32")):
        ended = run("restore", photo, "--dry-run", "--json-lines", *options, *QUICK)
        sizes.append(events_of(ended.stdout)[-1]["estimated_bytes"])
    assert sizes[1] == pytest.approx(sizes[0] * 48 * 32 / (97 * 70), abs=1)


@pytest.mark.parametrize(
    ("options", "status"),
    [(("--region", "900,900,8,8"), 2), (("--prior", "missing"), 1), (("-o", "no/a.png"), 1)],
    ids=str,
)
def test_a_dry_run_fails_as_the_run_would(run, photo, monkeypatch, options, status):
    monkeypatch.chdir(photo.parent)
    for dry_run in ((), ("--dry-run",)):
        ended = run("restore", photo, *options, *dry_run)
        assert (ended.exit_code, ended.stderr.count("Error: ")) == (status, 1)
    assert list(Path().iterdir()) == [Path(photo.name)]
