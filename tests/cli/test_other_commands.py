"""inspect, open and the program itself."""

from __future__ import annotations

import json
import subprocess
import sys

from app import COMMAND
from ddrm_core import __version__
from tests.support.cli_pictures import opened


def test_inspect_says_what_the_file_says(run, photo):
    report = json.loads(run("inspect", photo, "--json").stdout)
    image = opened(photo)
    assert (report["width"], report["height"]) == image.size
    assert report["sampling"] == "4:2:0"
    assert (report["quality_factor"], report["quality_exact"]) == (10, True)
    assert [s for row in report["tables"]["0"] for s in row] == image.quantization[0]
    assert {"name": "comment", "bytes": 4} in report["metadata"]
    assert report["obstacle"] is None


def test_inspect_is_readable(run, photo):
    text = run("inspect", photo).stdout
    for fact in ("97x70", "baseline", "4:2:0", "10 (tables)", "comment (4 bytes)", "yes"):
        assert fact in text


def test_inspect_names_what_cannot_be_restored(run, photo):
    cut = photo.with_name("cut.jpg")
    cut.write_bytes(photo.read_bytes()[:-400])
    assert "no: it ends in the middle" in run("inspect", cut).stdout
    arithmetic = photo.with_name("arithmetic.jpg")
    arithmetic.write_bytes(photo.read_bytes().replace(b"\xff\xc0", b"\xff\xc9", 1))
    assert "no: uses arithmetic coding" in run("inspect", arithmetic).stdout


def test_inspect_loads_neither_torch_nor_qt(photo):
    code = (
        "import sys; from app.cli.program import program;"
        f"program(['inspect', {str(photo)!r}], standalone_mode=False);"
        "sys.exit(not {'torch', 'PySide6', 'jpeglib'}.isdisjoint(sys.modules))"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], check=False, capture_output=True).returncode
        == 0
    )


def test_without_a_command_and_with_open_the_window_comes_up(run, photo, monkeypatch):
    opened = []
    monkeypatch.setattr("app.compose.run_window", lambda paths: opened.append(list(paths)) or 0)
    assert run().exit_code == 0
    assert run("open", photo).exit_code == 0
    assert opened == [[], [photo]]


def test_version(run):
    assert run("--version").stdout == f"{COMMAND} {__version__}\n"


def test_without_a_screen_the_window_is_refused_in_one_line(run, monkeypatch):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    result = run()
    assert result.exit_code == 1
    assert "no screen" in result.stderr
