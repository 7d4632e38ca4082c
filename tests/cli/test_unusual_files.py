"""Odd names, links, pipes, devices and folders that refuse a file, as users meet them."""

from __future__ import annotations

import csv
import os
import sys
from pathlib import Path

import pytest
from PIL import Image

from tests.support.cli_pictures import opened

QUICK = ("--preset", "fast", "--steps", 1, "--samples", 1)
PLAIN_NAMES = [
    *("a.jpg", "A.jpg", "a.JPG", "a.jpeg", "a.JPE", "a.jfif", "a.b.c.jpg", "a .jpg", " a.jpg"),
    *("a  b.jpg", "-o.jpg", "--help.jpg", "--.jpg", "%s%d.jpg", "100%.jpg", "{stem}.jpg", "{}.jpg"),
    *("$HOME.jpg", "`x`.jpg", "a&b.jpg", "a;b.jpg", "a'b.jpg", "~.jpg", "#1.jpg", "!.jpg"),
    *("[a].jpg", "(a).jpg", "a=b.jpg", "a,b.jpg", "@a.jpg", "^.jpg", "+.jpg", "_restored.jpg"),
    *("größe.jpg", "gro\u0308ße.jpg", "写真.jpg", "صورة.jpg", "🐦.jpg", "a\u200bb.jpg", "con .jpg"),
    *("x" * 200 + ".jpg", "a (2).jpg", "a_restored.jpg", "1e5.jpg"),
]
UNIX_NAMES = ['"a".jpg', "a*b.jpg", "a?b.jpg", "a|b.jpg", "<a>.jpg", "a:b.jpg", "a\\b.jpg"]
UNIX_NAMES += ["a\nb.jpg", "a\tb.jpg", "a\x1bb.jpg"]
linux = pytest.mark.skipif(sys.platform != "linux", reason="uses files of Linux")


@pytest.fixture
def tiny(tmp_path: Path, original: Image.Image) -> Path:
    path = tmp_path / "tiny.jpg"
    original.resize((11, 9)).save(path, quality=30)
    return path


def failure(ended) -> str:
    """Check that a command failed with one line of error as its last line; return the line."""
    assert ended.exit_code == 1
    lines = ended.stderr.splitlines()
    assert [line for line in lines if line.startswith("Error: ")] == lines[-1:]
    return lines[-1]


def test_odd_names_in_one_folder(run, tiny, tmp_path):
    """Every file has a result of its own, is found again, and is a line of the report.

    Names that differ in case or in Unicode's form are the same file on some systems.
    """
    folder, output, report = tmp_path / "in", tmp_path / "out", tmp_path / "report.csv"
    folder.mkdir()
    for name in PLAIN_NAMES + UNIX_NAMES * (sys.platform == "linux"):
        (folder / name).write_bytes(tiny.read_bytes())
    names = sorted(path.name for path in folder.iterdir())
    assert len(names) >= (44 if sys.platform == "linux" else 36)
    arguments = ("batch", folder, "-o", output, *QUICK, "--report", report, "--overwrite")
    first = run(*arguments)
    assert f"{len(names)} restored, 0 done before, 0 failed" in first.stdout, first.stderr
    with report.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert sorted(Path(row["file"]).name for row in rows) == names
    results = [path for path in output.iterdir() if path.suffix == ".png"]
    assert {Path(row["result"]) for row in rows} == set(results)
    assert len(results) == len(names)
    assert {opened(path).size for path in results} == {(11, 9)}
    again = run(*arguments)
    assert f"0 restored, {len(names)} done before, 0 failed" in again.stdout


@linux
def test_a_name_that_is_no_text(run, tiny, tmp_path):
    """A name of bytes that are no UTF-8 is restored, and messages show a replacement."""
    folder = tmp_path / "in"
    folder.mkdir()
    name = os.fsdecode(b"\xff\xfe.jpg")
    (folder / name).write_bytes(tiny.read_bytes())
    assert "1 restored" in run("batch", folder, "-o", tmp_path / "out", *QUICK).stdout
    assert len([p for p in (tmp_path / "out").iterdir() if p.suffix == ".png"]) == 1


class TestLinks:
    def test_a_link_is_read_and_neither_it_nor_its_target_changes(self, run, tiny, tmp_path):
        (tmp_path / "links").mkdir()
        link, before = tmp_path / "links" / "link.jpg", tiny.read_bytes()
        link.symlink_to(tiny)
        target = tmp_path / "r.png"
        assert run("restore", link, "-o", target, *QUICK).exit_code == 0
        assert opened(target).size == (11, 9)
        assert "Restore   yes" in run("inspect", link).stdout
        refused = run("restore", tiny, "-o", link, "--overwrite", *QUICK)
        assert "is the source picture, which is never changed" in failure(refused)
        assert link.is_symlink()
        assert tiny.read_bytes() == before

    def test_a_link_that_leads_nowhere(self, run, tmp_path):
        nowhere, loop = tmp_path / "nowhere.jpg", tmp_path / "loop.jpg"
        nowhere.symlink_to(tmp_path / "gone.jpg")
        loop.symlink_to(loop)
        for command in ("inspect", "restore"):
            assert "no such file or directory" in failure(run(command, nowhere))
            assert f"Cannot read {loop}: " in failure(run(command, loop))


@linux
class TestPipesAndDevices:
    @pytest.fixture
    def pipe(self, tmp_path) -> Path:
        path = tmp_path / "in" / "pipe.jpg"
        path.parent.mkdir()
        os.mkfifo(path)
        return path

    @pytest.mark.parametrize("command", ["inspect", "restore"])
    def test_they_are_not_waited_for(self, run, pipe, command):
        for path in (pipe, Path("/dev/zero"), Path("/dev/null")):
            line = failure(run(command, path))
            assert line.startswith(f"Error: Cannot read {path}: it is a pipe or a device")

    def test_a_batch_leaves_them_out(self, run, tiny, pipe, tmp_path):
        (pipe.parent / "a.jpg").write_bytes(tiny.read_bytes())
        ended = run("batch", pipe.parent, "-o", tmp_path / "out", *QUICK)
        assert "1 restored, 0 done before, 0 failed" in ended.stdout

    def test_an_output_is_not_written_to_them(self, run, tiny, pipe):
        output = pipe.with_suffix(".png")
        pipe.rename(output)
        assert f"{output} exists already" in failure(run("restore", tiny, "-o", output, *QUICK))


@linux
def test_a_folder_that_takes_no_file(run, tiny):
    """The folder of processes takes no file, not even of the administrator."""
    line = failure(run("restore", tiny, "-o", "/proc/r.png", *QUICK))
    assert line.startswith("Error: Cannot write /proc/r.png: ")
    ended = run("batch", tiny.parent, "-o", "/proc/out", *QUICK)
    assert ended.exit_code == 1
    assert "Error: Cannot write /proc/out" in ended.stderr
    assert "Traceback" not in ended.stderr


@linux
def test_a_system_that_refuses_the_rest_of_a_file(run, photo, tmp_path):
    """If the system accepts only the first bytes of a result, no part of the result remains."""
    import resource

    target = tmp_path / "out" / "r.tiff"
    target.parent.mkdir()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, limits[1]))
    try:
        refused = run("restore", photo, "-o", target, *QUICK, "--bits", 16)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert failure(refused).startswith(f"Error: Cannot write {target}: ")
    assert list(target.parent.iterdir()) == []
    assert run("restore", photo, "-o", target, *QUICK, "--bits", 16).exit_code == 0
    assert target.stat().st_size > 20_000
