"""The commands inspect and open, and the program without a command."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest

from app import COMMAND
from app.config.resources import EXAMPLE_IMAGE_PATH
from ddrm_core import __version__
from ddrm_core.jpeg.read import read_jpeg
from tests.support.attached_files import FILES
from tests.support.cli_pictures import opened
from tests.support.irregular_jpegs import scan_per_component


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


def test_inspect_lists_the_table_of_each_component_if_a_number_has_several(run, tmp_path):
    path = tmp_path / "a.jpg"
    path.write_bytes(scan_per_component(20, 60, 90))
    tables = [table.reshape(8, 8).tolist() for table in read_jpeg(path).quantization_tables]
    assert json.loads(run("inspect", path, "--json").stdout)["component_tables"] == tables
    text = run("inspect", path).stdout
    for identifier, table in enumerate(tables, 1):
        (line,) = re.findall(f"^Table 0, component {identifier}: (.*)$", text, re.MULTILINE)
        assert [int(step) for step in line.split()] == table[0]
    path.write_bytes(scan_per_component(20))
    assert re.findall("^Table.*$", run("inspect", path).stdout, re.MULTILINE)[0].split()[1] == "0"


def test_inspect_names_what_cannot_be_restored(run, photo):
    cut = photo.with_name("cut.jpg")
    cut.write_bytes(photo.read_bytes()[:-400])
    assert "no: it ends in the middle" in run("inspect", cut).stdout
    lossless = photo.with_name("lossless.jpg")
    lossless.write_bytes(photo.read_bytes().replace(b"\xff\xc0", b"\xff\xc3", 1))
    assert "no: uses lossless coding" in run("inspect", lossless).stdout


@pytest.mark.parametrize(
    ("left", "top", "grid_text", "grid"),
    [(131, 5, "on grid 3,5", "3,5"), (128, 8, "on the same grid", "0,0")],
)
def test_the_options_that_inspect_names_undo_the_harsher_compression(
    run, tmp_path, left, top, grid_text, grid
):
    twice, target = tmp_path / "twice.jpg", tmp_path / "r.tiff"
    opened(EXAMPLE_IMAGE_PATH).crop((left, top, left + 240, top + 192)).save(twice, quality=92)
    text = run("inspect", twice).stdout
    (line,) = (x for x in text.splitlines() if x.startswith("Earlier compression: "))
    assert f"signs of quality factor 10 {grid_text}, " in line
    assert re.search(r"\d+ % sure", line)
    (named,) = re.findall(
        r"restore (--quality \d+ --grid \d+,\d+) restores with these values", line
    )
    assert named == f"--quality 10 --grid {grid}"
    quick = ("--preset", "fast", "--steps", 1, "--bits", 32)
    restored = run("restore", twice, "-o", target, *named.split(), *quick)
    assert restored.exit_code == 0, restored.stderr
    report = json.loads(run("verify", target, "--against", twice, "--json").stdout)
    assert report["levels"] == "assumed"
    assert report["inside"] > 0.99


def test_inspect_refuses_a_picture_without_signs_of_compression_as_restore_does(
    run, tmp_path, original
):
    clean = tmp_path / "clean.png"
    original.save(clean)
    text = run("inspect", clean).stdout
    assert "Earlier compression: no sign of any" in text
    (refusal,) = re.findall(
        "^Restore   no: (.*); restore --quality restores with an assumed quality factor$",
        text,
        re.MULTILINE,
    )
    restored = run("restore", clean, "-o", tmp_path / "r.png")
    assert restored.exit_code == 1
    assert restored.stderr.startswith(f"Error: {clean} {refusal}. ")
    report = json.loads(run("inspect", clean, "--json").stdout)
    assert (report["restorable"], report["obstacle"]) == (False, refusal)
    assert report["earlier_compression"] is None


def test_inspect_counts_what_follows_the_picture(run, photo):
    longer = photo.with_name("longer.jpg")
    longer.write_bytes(photo.read_bytes() + bytes(1234))
    text = run("inspect", longer).stdout
    assert "After it  1,234 bytes that are not part of the image" in text
    assert json.loads(run("inspect", longer, "--json").stdout)["trailing_bytes"] == 1234
    assert "After it" not in run("inspect", photo).stdout


def test_inspect_names_what_is_recognized_behind_the_picture(run, tmp_path):
    path = tmp_path / "a.jpg"
    path.write_bytes(FILES["Ultra HDR with Samsung's trailer"].make())
    assert "\n          gain map (1.3 kB), Samsung's trailer (85 bytes)\n" in (
        run("inspect", path).stdout
    )
    report = json.loads(run("inspect", path, "--json").stdout)
    gain_map, trailer = report["attachments"]
    assert (gain_map["kind"], gain_map["type"]) == ("gain_map", "image/jpeg")
    assert gain_map["offset"] + gain_map["bytes"] == trailer["offset"]
    assert trailer["offset"] + trailer["bytes"] == report["bytes"]
    assert trailer["entries"] == ["Image_UTC_Data"]
    assert report["unrecognized_bytes"] == 0


def test_inspect_names_what_is_inside_of_xmp(run, tmp_path):
    path = tmp_path / "a.jpg"
    path.write_bytes(FILES["depth map in extended XMP"].make())
    assert "\nIn XMP    depth map (16 bytes), further picture (18 bytes)\n" in (
        run("inspect", path).stdout
    )
    assert json.loads(run("inspect", path, "--json").stdout)["embedded_in_xmp"] == [
        {"kind": "depth_map", "bytes": 16},
        {"kind": "image", "bytes": 18},
    ]


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
