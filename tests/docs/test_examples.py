"""The examples of the library run as their docstrings say."""

from __future__ import annotations

import re
import runpy
import sys
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from app.config.resources import EXAMPLE_IMAGE_PATH
from ddrm_core.export.replay import read_run_record
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from tests.support.paths import ROOT

EXAMPLES = ROOT / "docs" / "examples"
SCRIPTS = sorted(EXAMPLES.glob("*.py"))
TESTED_WITH_THE_COMMAND_LINE = {"new_architecture.py", "new_correction.py"}


@pytest.fixture
def original() -> Image.Image:
    """Return 56 x 40 pixels of the sample image."""
    with Image.open(EXAMPLE_IMAGE_PATH.with_name("budgie_branch_original.png")) as image:
        return image.convert("RGB").crop((192, 34, 248, 74))


@pytest.fixture
def photo(tmp_path, original) -> Path:
    path = tmp_path / "photo.jpg"
    original.save(path, quality=10, comment=b"kept")
    return path


@pytest.fixture
def run_example(monkeypatch, capsys):
    """Return a function that runs an example as a script and returns what it prints."""

    def run(name: str, *arguments: object) -> str:
        monkeypatch.setattr(sys, "argv", [name, *map(str, arguments)])
        runpy.run_path(str(EXAMPLES / name), run_name="__main__")
        return capsys.readouterr().out

    return run


def test_every_example_has_a_test():
    names = {path.name for path in SCRIPTS} - TESTED_WITH_THE_COMMAND_LINE
    assert names
    assert {name for name in names if f'"{name}"' not in Path(__file__).read_text()} == set()


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_every_example_says_how_it_is_run(path):
    source = path.read_text("utf-8")
    assert f"docs/examples/{path.name}" in source or "# %%" in source


def test_the_readme_has_a_command_for_every_example():
    readme = (EXAMPLES / "README.md").read_text("utf-8")
    commands = re.findall(r"^\.venv/bin/python docs/examples/(\S+)(.*)$", readme, re.MULTILINE)
    assert sorted(name for name, _ in commands) == [path.name for path in SCRIPTS]
    inputs = [word for _, line in commands for word in line.split() if word.startswith("resources")]
    assert inputs
    assert [name for name in inputs if not (ROOT / name).exists()] == []


def test_one_image_is_restored_with_its_metadata_and_record(run_example, photo, tmp_path):
    target = tmp_path / "restored.png"
    printed = run_example("restore_one.py", photo, target)
    (percent,) = re.findall(r"restored.png: ([0-9.]+)% of the file's levels in their bins", printed)
    assert float(percent) > 99
    record = read_run_record(target)
    assert (record.quality, record.seed, record.prior) == (10, 0, BUNDLED_PRIOR_PATH.stem)
    with Image.open(target) as image:
        assert image.size == (56, 40)
        assert image.text["Comment"] == "kept"


def test_a_folder_is_restored_past_a_file_that_fails(run_example, photo, tmp_path):
    album, output = tmp_path / "album", tmp_path / "restored"
    album.mkdir()
    for name in ("a.jpg", "c.jpg"):
        (album / name).write_bytes(photo.read_bytes())
    (album / "b.jpg").write_bytes(b"no image")
    printed = run_example("restore_folder.py", album, output)
    assert f"a.jpg [{'#' * 20}]" in printed
    assert f"{album / 'b.jpg'} is not a JPEG" in printed
    assert sorted(path.name for path in output.iterdir()) == ["a.png", "c.png"]


@pytest.mark.parametrize(
    ("folder", "problem"),
    [("missing", "is not a folder"), (".", "has no file that ends with .jpg")],
)
def test_a_folder_without_jpegs_is_named_in_one_line(run_example, tmp_path, folder, problem):
    output = tmp_path / "restored"
    with pytest.raises(SystemExit) as ended:
        run_example("restore_folder.py", tmp_path / folder, output)
    # Python prints a text to stderr and ends with status 1.
    assert ended.value.code == f"{tmp_path / folder} {problem}. Name a folder with JPEGs."
    assert not output.exists()


def test_uncertainty_is_an_array_that_is_large_where_estimates_are_wrong(
    run_example, photo, original, tmp_path
):
    target = tmp_path / "uncertainty.npz"
    assert "mean standard deviation: " in run_example("uncertainty.py", photo, target)
    with np.load(target) as arrays:
        estimates, deviation = arrays["estimates"], arrays["deviation"]
    assert estimates.shape == (8, 3, 40, 56)
    assert deviation.shape == (3, 40, 56)
    errors = np.abs(estimates - np.asarray(original, float).transpose(2, 0, 1)).mean((1, 2, 3))
    assert errors[-1] < errors[0]
    last_error = np.abs(estimates[-1] - np.asarray(original, float).transpose(2, 0, 1))
    assert np.corrcoef(last_error.ravel(), deviation.ravel())[0, 1] > 0.2


def test_psnr_rises_by_restoration_at_every_quality(run_example, original, tmp_path):
    path = tmp_path / "original.png"
    original.save(path)
    heading, *rows = run_example("psnr_by_quality.py", path, 5, 20).splitlines()
    assert heading.split() == ["quality", "JPEG", "restored"]
    values = [[float(text) for text in row.split()] for row in rows]
    assert [row[0] for row in values] == [5, 20]
    assert all(after > before for _, before, after in values)
    assert values[0][1] < values[1][1]


def test_the_rate_distortion_curve_rises_and_restoration_is_above_it(
    original, tmp_path, monkeypatch
):
    matplotlib = pytest.importorskip(
        "matplotlib", reason="the plot needs matplotlib, of the extra docs"
    )
    sample = tmp_path / "resources" / "samples" / "budgie_branch_original.png"
    sample.parent.mkdir(parents=True)
    original.crop((0, 0, 40, 24)).save(sample)
    monkeypatch.chdir(tmp_path)
    # MPLBACKEND would come too late: importorskip has imported matplotlib.
    matplotlib.use("agg")
    names = runpy.run_path(str(EXAMPLES / "rate_distortion.py"))
    jpeg, restored = (line.get_xydata() for line in names["plt"].gca().get_lines())
    names["plt"].close()
    assert len(jpeg) == len(restored) == 5
    assert np.all(np.diff(jpeg, axis=0) > 0)
    assert np.array_equal(jpeg[:, 0], restored[:, 0])
    assert np.all(restored[:, 1] > jpeg[:, 1])
    assert 0 < jpeg[0, 0] < jpeg[-1, 0] < 24
    assert ElementTree.parse(tmp_path / "rate_distortion.svg").getroot().tag.endswith("svg")
