"""The window, inspect and restore agree for every odd file of the suite."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from app.jobs.document.open import open_document
from ddrm_core.errors import CoreError
from tests.benchmarks.mutated_files import bases, mutated
from tests.support.irregular_jpegs import IRREGULAR_FILES, READABLE_FILES
from tests.support.jpeg_variants import FILES
from tests.support.odd_files import DAMAGED, WHOLE, intact
from tests.support.pictures import photograph
from tests.support.program_runner import Ended, run_program

INTACT = intact()
# Irregular files that other decoders refuse, or whose header alone does not give the answer.
SURPRISING = {
    *READABLE_FILES,
    *("equal components", "a table number used three times", "arithmetic and progressive"),
}
ACCEPTED_FILES = FILES | {name: IRREGULAR_FILES[name] for name in sorted(SURPRISING)}
Run = Callable[..., Ended]


@pytest.fixture
def run(monkeypatch) -> Run:
    """Return a function that runs the program's command line without its slow parts.

    No run is started, and no previous compression is detected.
    """
    monkeypatch.setattr("app.cli.inspect.report.detect_from_coefficients", lambda _: None)
    monkeypatch.setattr("app.cli.options.shared.load_prior_by_name", lambda *_: None)
    monkeypatch.setattr("ddrm_core.restoration.run.create_jpeg_run", lambda *_, **__: None)
    monkeypatch.setattr("app.cli.restore.image_restorer.execute_run", lambda *_, **__: None)
    return run_program


def check_agreement(run: Run, path: Path) -> str:
    """Return whether a file can be restored: "yes", "in part" or "no".

    Assert that the commands restore and inspect, and opening in the window, agree on the answer.
    """
    refused = run("restore", path)
    tolerated = run("restore", path, "--tolerate-damage")
    answer = "no"
    if refused.exit_code == 0:
        answer = "yes"
        assert tolerated.exit_code == 0
    elif tolerated.exit_code == 0:
        answer = "in part"
    inspected, document = run("inspect", path), run("inspect", path, "--json")
    assert inspected.exit_code == document.exit_code
    if inspected.exit_code:  # not an image that the program can read
        assert answer == "no"
        assert inspected.stderr == tolerated.stderr
    else:
        _check_words(inspected.stdout, json.loads(document.stdout), refused.stderr, answer)
    assert _opened(path, tolerate_damage=False) == (answer == "yes")
    assert _opened(path, tolerate_damage=True) == (answer != "no")
    return answer


def _check_words(text: str, report: dict[str, object], error: str, answer: str) -> None:
    (line,) = [x for x in text.splitlines() if x.startswith("Restore   ")]
    assert report["restorable"] == (answer == "yes")
    assert report["restorable_in_part"] == (answer == "in part")
    assert line.startswith("Restore   yes" if answer == "yes" else "Restore   no: ")
    assert ("--tolerate-damage" in line) == (answer == "in part")
    assert (report["obstacle"] is None) == (answer == "yes")
    if report["obstacle"] is not None:
        assert str(report["obstacle"]) in line
        assert str(report["obstacle"]) in error


def _opened(path: Path, *, tolerate_damage: bool) -> bool:
    try:
        open_document(path, tolerate_damage=tolerate_damage)
    except CoreError:
        return False
    return True


@pytest.mark.parametrize("name", ACCEPTED_FILES)
def test_files_of_every_kind(tmp_path, run, name):
    path = tmp_path / "a.jpg"
    path.write_bytes(ACCEPTED_FILES[name]())
    assert check_agreement(run, path) == "yes"


@pytest.mark.parametrize("kind", ["37x31", "37x31, gray", "progressive"])
@pytest.mark.parametrize("odd", WHOLE)
def test_whole_files_that_end_oddly(tmp_path, run, odd, kind):
    path = tmp_path / "a.jpg"
    path.write_bytes(WHOLE[odd](INTACT[kind]))
    assert check_agreement(run, path) == "yes"


@pytest.mark.parametrize("kind", ["4:2:0", "gray", "progressive"])
@pytest.mark.parametrize("odd", DAMAGED)
def test_damaged_files(tmp_path, run, odd, kind):
    path = tmp_path / "a.jpg"
    made = DAMAGED[odd](INTACT[kind])
    path.write_bytes(made)
    answer = check_agreement(run, path)
    assert answer != "yes" or made == INTACT[kind]


def test_files_that_contradicted(tmp_path, run):
    """Inspect and restore give the same answer for files on which those of 0.1.0 disagreed."""
    path, answers = tmp_path / "a.jpg", []
    for odd in ("wrong Huffman tables", "too many blocks in an MCU", "one scan"):
        path.write_bytes(DAMAGED[odd](INTACT["4:2:0"]))
        answers.append(check_agreement(run, path))
    path.write_bytes(INTACT["4:2:0"][:-2])
    assert check_agreement(run, path) == "yes"
    assert answers == ["no", "no", "no"]


def test_mutated_files(tmp_path, run):
    path = tmp_path / "a.jpg"
    originals, answers = bases(), set()
    for number in range(60):
        path.write_bytes(mutated(number, 3, originals))
        answers.add(check_agreement(run, path))
    assert answers == {"yes", "in part", "no"}


def test_files_that_are_no_jpeg(tmp_path, run):
    picture, path = Image.fromarray(photograph(80, 96)), tmp_path / "a.png"
    picture.save(path)
    assert run("restore", path).exit_code == 1
    assert "Restore   no: " in run("inspect", path).stdout
    assert "--quality" in run("inspect", path).stdout
    picture.save(tmp_path / "a.jpg", quality=20)
    with Image.open(tmp_path / "a.jpg") as decoded:
        decoded.save(path)
    assert run("restore", path).exit_code == 0
    assert "Restore   yes" in run("inspect", path).stdout
    for name, data in (("a.pdf", b"%PDF-1.4"), ("b.txt", b"hello"), ("empty.jpg", b"")):
        (tmp_path / name).write_bytes(data)
        assert check_agreement(run, tmp_path / name) == "no"
