"""Originals that a batch replaces, and their return."""

from __future__ import annotations

import csv
import os
import shlex
from pathlib import Path

import pytest
from PIL import Image

from ddrm_core.batch.replacement.undo_log import UNDO_LOG_NAME
from ddrm_core.export.replay import read_run_record
from tests.support.pictures import photograph
from tests.support.replaced_sources import visible_files

QUICK = ("--preset", "draft", "--prior", "compact")
DATE_NS = 1_234_567_890_000_000_000


@pytest.fixture
def album(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with four small JPEGs; the home trash is in the folder of the test."""
    monkeypatch.setattr("platformdirs.PlatformDirs.user_data_dir", str(tmp_path / "home" / "data"))
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)
    folder = tmp_path / "my album"
    (folder / "trip").mkdir(parents=True)
    for number, name in enumerate(("a.jpg", "b.jpg", "c.JPG", "trip/a.jpg")):
        Image.fromarray(photograph(24, 24, seed=number)).save(folder / name, quality=30)
        os.utime(folder / name, ns=(DATE_NS, DATE_NS))
    return folder


def test_originals_move_to_a_folder_and_back(run, album, tmp_path):
    originals, backup = visible_files(album), tmp_path / "originals"
    report = tmp_path / "report.csv"
    arguments = (album, "--recursive", *QUICK, "--replace-originals", backup, "--report", report)
    ended = run("batch", *arguments)
    assert (ended.exit_code, ended.stdout.count("4 restored")) == (0, 1)
    assert visible_files(backup) == originals
    results = visible_files(album)
    assert results.keys() == originals.keys()
    for name in results:
        assert read_run_record(album / name).complete
        assert (album / name).stat().st_mtime_ns == DATE_NS

    again = run("batch", *arguments)
    assert "4 done before" in again.stdout
    assert visible_files(album) == results

    (album / "a.jpg").write_bytes(b"edited")
    (album / "b.jpg").rename(album / "mine.jpg")
    (backup / "c.JPG").unlink()
    undone = run("batch", album, "--undo")
    assert undone.exit_code == 1
    assert undone.stderr.splitlines() == [
        f"Error: a.jpg: a.jpg was changed since; the original is in {backup / 'a.jpg'}",
        f"Error: b.jpg: there is no b.jpg any more; the original is in {backup / 'b.jpg'}",
        f"Error: c.JPG: the original is not at {backup / 'c.JPG'} any more",
        "trip/a.jpg: the original is back",
    ]
    assert undone.stdout == f"{album}: 1 original is back, 3 not\n"
    assert visible_files(album) == {
        "a.jpg": b"edited",
        "mine.jpg": results["b.jpg"],
        "c.JPG": results["c.JPG"],
        "trip/a.jpg": originals["trip/a.jpg"],
    }
    assert visible_files(backup) == {name: originals[name] for name in ("a.jpg", "b.jpg")}


def test_originals_move_to_the_trash_and_back(run, album, tmp_path):
    originals = visible_files(album)
    ended = run("batch", album, *QUICK, "--replace-originals", "trash", "--replace-suffix", ".png")
    assert ended.exit_code == 0
    assert list(visible_files(album)) == ["a.png", "b.png", "c.png", "trip/a.jpg"]
    trash = tmp_path / "home" / "Trash"
    assert {path.name for path in (trash / "info").iterdir()} == {
        *("a.jpg.trashinfo", "b.jpg.trashinfo", "c.JPG.trashinfo")
    }
    command = ended.stderr.rpartition("use `")[2].partition("`")[0]
    undone = run(*shlex.split(command)[1:])
    assert undone.exit_code == 0
    assert visible_files(album) == originals
    assert not [path for path in trash.rglob("*") if path.is_file()]
    assert "back before" in run("batch", album, "--undo").stdout


def test_originals_that_stay_are_named_with_the_reason(run, album, tmp_path):
    os.link(album / "a.jpg", tmp_path / "second name.jpg")
    (album / "b.jpg").unlink()
    (album / "b.jpg").symlink_to(album / "c.JPG")
    report = tmp_path / "report.csv"
    ended = run("batch", album, *QUICK, "--replace-originals", "trash", "--report", report)
    assert ended.exit_code == 0
    assert "Note: 2 originals stay as before" in ended.stderr
    lines = report.read_text("utf-8-sig").splitlines()
    rows = {Path(row["file"]).name: row for row in csv.DictReader(lines)}
    assert [rows[name]["state"] for name in ("a.jpg", "b.jpg", "c.JPG")] == [
        *("not replaced", "not replaced", "done")
    ]
    assert rows["a.jpg"]["message"].endswith("the file has 2 names (hard links)")
    assert rows["b.jpg"]["message"].endswith("it is a link")
    assert rows["a.jpg"]["result"] == ""
    assert (album / "b.jpg").is_symlink()


def test_a_dry_run_replaces_nothing(run, album, tmp_path):
    os.link(album / "a.jpg", tmp_path / "second name.jpg")
    run("batch", album / "trip", *QUICK, "--replace-originals", "trash")
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    arguments = (*QUICK, "--replace-originals", tmp_path / "new", "--dry-run")
    ended = run("batch", album, "--recursive", *arguments)
    assert ended.exit_code == 0
    assert ended.stdout.splitlines()[:5] == [
        "a.jpg: not to be replaced, because the file has 2 names (hard links)",
        "b.jpg: replace",
        "c.JPG: replace",
        "trip/a.jpg: not to be replaced, because it is a result of this program",
        f"{album}: 4 files, 2 to restore, 2 not to be replaced",
    ]
    assert "trip/a.jpg" not in run("batch", album, *arguments).stdout
    assert "done before" in run("batch", album / "trip", *arguments).stdout
    named = run("batch", album, *arguments, "--replace-suffix", ".png").stdout
    assert f"b.jpg: restore to {album / 'b.png'}" in named
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_backups_in_the_folder_are_no_originals(run, album):
    backup = album / "originals"
    arguments = (album, "--recursive", *QUICK, "--replace-originals")
    assert "4 restored" in run("batch", *arguments, backup).stdout
    originals = visible_files(backup)
    assert "4 done before" in run("batch", *arguments, "trash").stdout
    assert visible_files(backup) == originals


@pytest.mark.parametrize(
    "options",
    [
        "",
        "--replace-suffix .png",
        "--replace-originals",
        "--replace-originals ''",
        "--replace-originals trash -o {out}",
        "--replace-originals trash --watch",
        "--replace-originals trash --region 0,0,8,8",
        "--replace-originals trash --jpeg-same-levels",
        "--replace-originals trash --metadata no-gps",
        "--replace-originals trash --metadata none",
        "--replace-originals trash --template {{stem}}.png",
        "--replace-originals trash --overwrite",
        "--replace-originals trash --redo",
        "--replace-originals trash --no-keep-date",
        "--replace-originals trash --below-quality 80 --others copy",
        "--replace-originals trash --workers 2",
        "--replace-originals trash --shard 1/2",
        "--replace-originals trash --replace-suffix .jpg",
        "--replace-originals trash --replace-suffix png",
        "--replace-originals {album}",
        "--replace-originals trash --undo",
        "--undo -o {out}",
        "--undo --watch",
        "--undo --report {out}.csv",
        "--undo --json-lines",
        "--undo --dry-run",
    ],
)
def test_contradictions_are_wrong_usage(run, album, tmp_path, options):
    before = visible_files(album)
    out = shlex.quote(str(tmp_path / "out"))
    arguments = shlex.split(options.format(out=out, album=shlex.quote(str(album))))
    ended = run("batch", album, *arguments)
    assert ended.exit_code == 2
    assert ended.stdout == "" or "--json-lines" in options
    assert "Traceback" not in ended.stderr
    assert visible_files(album) == before
    assert sorted(tmp_path.iterdir()) == [album]


def test_a_place_that_cannot_hold_backups_is_an_error_before_the_run(run, album, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    before = visible_files(album)
    ended = run("batch", album, *QUICK, "--replace-originals", tmp_path / "file")
    assert (ended.exit_code, ended.stdout) == (1, "")
    assert visible_files(album) == before
    assert not (album / UNDO_LOG_NAME).exists()


def test_nothing_to_undo_is_an_error(run, album, tmp_path):
    assert "was replaced" in run("batch", album, "--undo").stderr
    assert "no such file" in run("batch", tmp_path / "missing", "--undo").stderr


@pytest.mark.parametrize("place", ["trash", "backup"])
def test_a_folder_that_is_missing_is_an_error(run, album, tmp_path, place):  # noqa: ARG001
    ended = run("batch", tmp_path / "missing", "--replace-originals", place)
    assert ended.exit_code == 1
    assert "missing: no such file or directory" in ended.stderr


def test_the_current_folder_is_replaced_and_undone(run, album, monkeypatch):
    originals = visible_files(album)
    monkeypatch.chdir(album)
    assert run("batch", ".", *QUICK, "--replace-originals", "../backup").exit_code == 0
    assert visible_files(album) != originals
    assert run("batch", ".", "--undo").stdout == ".: 3 originals are back, 0 not\n"
    assert visible_files(album) == originals
