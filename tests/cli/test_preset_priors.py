"""Presets that name their prior, on the command line."""

from __future__ import annotations

import json

import pytest

from app.cli.options import shared as cli_options
from ddrm_core.export.replay import read_run_record
from ddrm_core.sampler.settings import Preset
from tests.support.small_priors import write_prior

QUICK = ("--steps", 1, "--samples", 1)


@pytest.fixture(autouse=True)
def named_prior(tmp_path, monkeypatch):
    """Let the preset fast name a small prior, which is called "tiny"."""
    path = write_prior(tmp_path / "small.safetensors")
    monkeypatch.setattr(cli_options, "PRESET_PRIORS", {Preset.FAST: str(path)})


@pytest.mark.parametrize(
    ("options", "prior"),
    [
        (("--preset", "fast"), "tiny"),
        (("--preset", "fast", "--prior", "compact"), "compact"),
        (("--preset", "detail"), "compact"),
        ((), "compact"),
    ],
)
def test_the_prior_of_a_preset_is_used_unless_another_is_given(
    run, photo, tmp_path, options, prior
):
    result_file = tmp_path / "result.png"
    result = run("restore", photo, "-o", result_file, *options, *QUICK)
    assert result.exit_code == 0, result.stderr
    assert result.stdout.rstrip().endswith(f"seed 0, prior {prior}")
    assert read_run_record(result_file).prior == prior


def test_an_evaluation_gives_each_preset_its_prior(run, original, tmp_path):
    folder = tmp_path / "originals"
    folder.mkdir()
    original.crop((0, 0, 48, 40)).save(folder / "a.png")
    presets = ("--presets", "fast,detail", *QUICK)
    results = tmp_path / "results"
    ended = run("evaluate", folder, "-o", results, "--quality", 30, *presets)
    assert ended.exit_code == 0, ended.stderr
    document = json.loads((results / "results.json").read_text("utf-8"))
    priors = {name: method["prior"] for name, method in document["restorings"].items()}
    assert priors == {"fast": "tiny", "detail": "compact"}


def test_a_batch_names_its_prior(run, photo, tmp_path):
    options = ("--preset", "fast", *QUICK, "--template", "{stem} {prior}.png")
    ended = run("batch", photo.parent, "-o", tmp_path / "batch", *options)
    assert ended.exit_code == 0, ended.stderr
    (result,) = (tmp_path / "batch").glob("*.png")
    assert result.name == f"{photo.stem} small.png"
    assert read_run_record(result).prior == "tiny"
