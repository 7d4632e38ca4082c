"""Commands, folders and documents of 0.1.0 mean what they meant."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from app.cli.console import ExitStatus
from ddrm_core.evaluation import plan as evaluation_plan
from ddrm_core.export.replay import read_run_record
from ddrm_core.training.__main__ import EXIT_DONE, EXIT_FAILED, EXIT_STOPPED
from ddrm_core.training.options import create_export_parser, create_training_parser
from tests.support.stored_by_0_1_0 import SOURCES, STORED, copy_priors

Entry = tuple[str, str, str]
"""A command, one of its options, and a value of that: "VALUE" for any, none for a switch."""
LISTED: list[Entry] = [
    (row["command"], row["option"], row["value"])
    for row in csv.DictReader((STORED / "command_line.csv").read_text("utf-8").splitlines())
]
# The command that made golden/stored_0.1.0/batch, in full.
SETTINGS = (
    *("--recursive", "--template", "{stem}_restored{ext}"),
    *("--preset", "paper", "--steps", 2, "--samples", 2, "--start", 250),
    *("--correction", "paper", "--eta", 0.75, "--eta-b", 0.25, "--seed", 12345),
    *("--prior", STORED / "priors" / "tiny.safetensors", "--device", "cpu", "--quality", 15),
    *("--sharpness", 0.25, "--metadata", "no-gps", "--bits", 16, "--jpeg-quality", 80),
    *("--bake-orientation", "--tolerate-damage", "--max-megapixels", 20),
)


@pytest.fixture
def finished(tmp_path: Path) -> Path:
    """Return a folder with a batch that version 0.1.0 finished.

    The files are copies, so their modification times are not those of the originals.
    """
    return Path(shutil.copytree(STORED / "batch", tmp_path / "batch"))


@pytest.fixture(autouse=True)
def prior_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("platformdirs.PlatformDirs.user_data_dir", str(tmp_path / "data"))
    return copy_priors(tmp_path / "data" / "priors")


class TestAFinishedFolder:
    def test_every_file_was_done_before(self, run, finished):
        before = {path.name: path.read_bytes() for path in finished.iterdir()}
        again = run("batch", SOURCES, "-o", finished, *SETTINGS)
        assert again.exit_code == 0
        assert "0 restored, 2 done before, 0 failed" in again.stdout
        assert {path.name: path.read_bytes() for path in finished.iterdir()} == before

    @pytest.mark.parametrize("suffix", [".csv", ".json"])
    def test_its_report_gives_way_to_one_with_the_same_columns(self, run, finished, suffix):
        report = finished / f"report{suffix}"
        columns, rows = report_in(report)
        again = run("batch", SOURCES, "-o", finished, "--report", report, *SETTINGS)
        assert again.exit_code == 0
        found, found_rows = report_in(report)
        assert found[: len(columns)] == columns
        for old, new in zip(rows, found_rows, strict=True):
            assert old.keys() <= new.keys()
            assert Path(new["result"]).name == Path(old["result"]).name
            assert (old["state"], new["state"]) == ("done", "skipped")
            assert float(new["consistency"]) == float(old["consistency"])
        if suffix == ".json":
            counts = json.loads((STORED / "batch" / report.name).read_text("utf-8"))["summary"]
            assert counts.keys() <= json.loads(report.read_text("utf-8"))["summary"].keys()


def report_in(path: Path) -> tuple[list[str], list[dict[str, object]]]:
    """Return the column names and the rows of a batch report in CSV or JSON."""
    if path.suffix == ".csv":
        table = csv.DictReader(path.read_text("utf-8-sig").splitlines())
        return list(table.fieldnames or ()), list(table)
    rows = json.loads(path.read_text("utf-8"))["files"]
    return list(rows[0]), rows


@pytest.mark.parametrize("name", ["whole.png", "assumed.tiff", "whole.webp", "same_levels.jpg"])
def test_a_run_is_repeated_from_its_result(run, tmp_path, name):
    stored = STORED / "results" / name
    again = tmp_path / name
    options = ["--bake-orientation"] if name == "whole.png" else []
    source = STORED / "results" / "source.jpg"
    result = run(
        *("restore", source, "-o", again, "--like", stored, "--prior", "tiny", "--device", "cpu"),
        *options,
    )
    assert result.exit_code == 0, result.stderr
    old, new = read_run_record(stored), read_run_record(again)
    measured = {n: getattr(new, n) for n in ("version", "precision", "inside", "exact")}
    assert replace(old, **measured) == new


class TestJsonDocuments:
    """Tests that JSON documents still have the names of version 0.1.0.

    For the same files, the values are the same, too.
    """

    @pytest.mark.parametrize(
        ("name", "arguments"),
        [
            ("inspect_jpeg", ("inspect", "results/source.jpg")),
            ("inspect_png", ("inspect", "results/banded.png")),
            ("verify", ("verify", "results/whole.png", "--against", "results/source.jpg")),
            ("prior", ("priors", "info", "priors/tiny.safetensors")),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    def test_what_was_said_is_said(self, run, monkeypatch, name, arguments):
        monkeypatch.chdir(STORED)
        result = run(*arguments, "--json")
        assert result.exit_code == 0
        stored = json.loads((STORED / "json" / f"{name}.json").read_text("utf-8"))
        says_all_of(json.loads(result.stdout), stored)

    def test_names_in_the_list_of_priors(self, run):
        stored = json.loads((STORED / "json" / "priors.json").read_text("utf-8"))
        found = json.loads(run("priors", "list", "--json").stdout)
        assert stored.keys() <= found.keys()
        for part in ("priors", "not_downloaded"):
            assert all(stored[part][0].keys() <= each.keys() for each in found[part])
            names = [each["name"] for each in found[part]]
            assert {each["name"] for each in stored[part]} <= set(names)

    def test_names_in_a_benchmark(self, run):
        stored = json.loads((STORED / "json" / "benchmark.json").read_text("utf-8"))
        options = ("--megapixels", 0.01, "--steps", 1, "--samples", 1, "--device", "cpu")
        found = json.loads(run("benchmark", *options, "--prior", "tiny", "--json").stdout)
        assert set(names_in(stored)) <= set(names_in(found))


def says_all_of(found: object, stored: object) -> None:
    """Assert that the document `found` contains all names and values of `stored`.

    Numbers may differ by rounding.
    """
    match stored:
        case dict():
            assert isinstance(found, dict)
            assert stored.keys() <= found.keys()
            for name, value in stored.items():
                says_all_of(found[name], value)
        case list():
            assert isinstance(found, list)
            for one, other in zip(found, stored, strict=True):
                says_all_of(one, other)
        case float():
            assert found == pytest.approx(stored, rel=1e-4)
        case str() if "/" in stored and Path(stored).suffix:
            assert Path(str(found)) == Path(stored)
        case _:
            assert found == stored


def names_in(document: dict[str, object], before: str = "") -> Iterable[str]:
    """Yield the dotted paths of all names in a document, including nested ones.

    `before` is the path of the document itself, with a dot at the end.
    """
    for name, value in document.items():
        yield f"{before}{name}"
        if isinstance(value, dict):
            yield from names_in(value, f"{before}{name}.")


def test_an_evaluation_continues_and_keeps_its_columns(run, tmp_path, monkeypatch):
    monkeypatch.setattr(evaluation_plan, "__version__", "0.1.0")
    out = Path(shutil.copytree(STORED / "evaluation", tmp_path / "figures"))
    (tmp_path / "originals").mkdir()
    (out / "a.png").rename(tmp_path / "originals" / "a.png")
    before = (out / "rows.jsonl").read_bytes()
    result = run(
        *("evaluate", tmp_path / "originals", "-o", out, "--quality", "10", "--presets", "none"),
        *("--operator", "libjpeg", "--protocol", "whole", "--seed", 5),
    )
    assert result.exit_code == 0, result.stderr
    assert "1 of 1 results are there already" in result.stderr
    assert (out / "rows.jsonl").read_bytes() == before
    for name in ("results.csv", "means.csv"):
        stored, found = (read_table(folder / name) for folder in (STORED / "evaluation", out))
        assert stored[0].keys() <= found[0].keys()
        assert found[0]["psnr"] == stored[0]["psnr"]
    stored, found = (
        json.loads((folder / "results.json").read_text("utf-8"))
        for folder in (STORED / "evaluation", out)
    )
    assert stored.keys() <= found.keys()
    assert found["rows"][0].items() >= stored["rows"][0].items()
    assert found["means"][0].items() >= stored["means"][0].items()


def read_table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text("utf-8").splitlines()))


class TestTheCommandLine:
    def test_the_list_has_every_command(self):
        assert {command for command, _, _ in LISTED} == {
            *("", "restore", "batch", "dequantize", "inspect", "verify", "evaluate", "benchmark"),
            *("open", "priors list", "priors info", "priors import", "priors download"),
            *("priors verify", "training", "training export"),
        }
        assert len(LISTED) == 179

    @pytest.mark.parametrize("command", sorted({c for c, _, _ in LISTED if "training" not in c}))
    def test_every_option_is_known(self, run, command):
        # Help is given once everything is parsed, and before any value is looked at.
        arguments = words(entry for entry in LISTED if entry[0] == command)
        found = run(*command.split(), *arguments, "--help")
        assert found.exit_code == 0, found.stderr
        options = [(o, value) for c, o, value in LISTED if c == command and o.startswith("-")]
        for option, value in options:
            # An option that takes a value takes whatever follows.
            found = run(*command.split(), option, "--unknown", "--help")
            assert found.exit_code == (0 if value else 2), option

    @pytest.mark.parametrize(
        ("command", "option", "choice"), [e for e in LISTED if e[2] not in ("", "VALUE")]
    )
    def test_every_choice_is_known(self, run, tmp_path, command, option, choice):
        # A file that is absent is looked for once the choice is understood.
        place = (tmp_path / "absent", "-o", tmp_path / "out")
        arguments = ("--device", "absent") if command == "benchmark" else place
        found = run(command, *arguments, option, choice)
        assert found.exit_code == ExitStatus.FAILED, found.stderr
        assert "absent" in found.stderr

    @pytest.mark.parametrize(
        ("command", "parser"),
        [("training", create_training_parser()), ("training export", create_export_parser())],
        ids=["train", "export"],
    )
    def test_training_takes_every_option(self, command, parser):
        arguments = words(entry for entry in LISTED if entry[0] == command)
        assert parser.parse_known_args(arguments)[1] == []
        assert parser.parse_known_args([*arguments, "--unknown"])[1] == ["--unknown"]

    @pytest.mark.parametrize(
        ("arguments", "status"),
        [
            (("--version",), 0),
            (("inspect", SOURCES / "IMG_1.jpg"), 0),
            (("inspect", "absent.jpg"), 1),
            (("restore", SOURCES / "IMG_1.jpg", "--steps", "0"), 2),
            (("restore", "--unknown"), 2),
        ],
        ids=["version", "done", "absent", "range", "unknown"],
    )
    def test_statuses(self, run, arguments, status):
        assert run(*arguments).exit_code == status

    def test_numbers_of_statuses(self):
        assert dict(ExitStatus.__members__) == {"FAILED": 1, "WRONG_USAGE": 2, "STOPPED": 130}
        assert (EXIT_DONE, EXIT_FAILED, EXIT_STOPPED) == (0, 1, 130)


def words(entries: Iterable[Entry]) -> list[str]:
    """Return a command line with all of `entries`, which are options and arguments.

    Each option that takes a value gets one.
    """
    found: list[str] = []
    for _, option, value in entries:
        found += [option] if option.startswith("-") else []
        found += ["1" if value == "VALUE" else value] if value else []
    return found
