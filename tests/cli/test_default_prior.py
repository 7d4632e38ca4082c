"""The default prior on the command line, and what takes its place without its package."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from ddrm_core.export.replay import read_run_record
from ddrm_core.prior.store import packaged
from ddrm_core.prior.store.packaged import FFDNET_COLOR

QUICK = ("--preset", "fast", "--steps", 1, "--samples", 1, "--device", "cpu")
NAME = FFDNET_COLOR.name


pytestmark = pytest.mark.usefixtures("packaged_priors")


@pytest.fixture
def without_package(monkeypatch):
    """Return a function after whose call the package with the weights is not installed."""
    absent = replace(FFDNET_COLOR, distribution="a-distribution-that-nobody-installs")
    return lambda: monkeypatch.setattr(packaged, "PACKAGED_PRIORS", (absent,))


def test_results_are_made_with_the_default_prior_and_say_so(run, photo, tmp_path):
    result = tmp_path / "result.png"
    ended = run("restore", photo, "-o", result, *QUICK)
    assert ended.exit_code == 0, ended.stderr
    assert ended.stdout.rstrip().endswith(f"prior {NAME}")
    assert "Note" not in ended.stderr
    record = read_run_record(result)
    assert record.prior == NAME
    listed = json.loads(run("priors", "list", "--json").stdout)["priors"]
    assert {p["name"]: p["sha256"] for p in listed}[NAME] == record.prior_sha256
    again = tmp_path / "again.png"
    assert run("restore", photo, "-o", again, "--like", result).exit_code == 0
    assert again.read_bytes() == result.read_bytes()


def test_without_its_package_the_bundled_prior_is_used_with_one_line(
    run, photo, tmp_path, without_package
):
    without_package()
    result = tmp_path / "result.png"
    ended = run("restore", photo, "-o", result, *QUICK)
    assert ended.exit_code == 0, ended.stderr
    assert [line for line in ended.stderr.splitlines() if "Note" in line] == [
        f"Note: The prior {NAME} cannot be used: its package is not installed;"
        " the prior compact is used instead."
    ]
    assert read_run_record(result).prior == "compact"


@pytest.mark.parametrize("command", ["restore", "batch", "benchmark"])
def test_asked_for_by_name_its_absence_is_an_error(run, photo, tmp_path, without_package, command):
    without_package()
    source = {"restore": (photo,), "batch": (photo.parent,), "benchmark": ()}[command]
    output = () if command == "benchmark" else ("-o", tmp_path / "result.png")
    ended = run(command, *source, *output, "--prior", NAME)
    assert ended.exit_code == 1
    errors = [line for line in ended.stderr.splitlines() if line.startswith("Error: ")]
    assert len(errors) == 1
    assert "its package is not installed" in errors[0]
    assert "pip install --force-reinstall" in errors[0]
    assert not [path for path in tmp_path.rglob("*.png") if path.is_file()]


class TestBatch:
    def test_it_does_not_fall_back_beside_results_of_another_prior(
        self, run, photo, tmp_path, without_package
    ):
        results = tmp_path / "results"
        command = ("batch", photo.parent, "-o", results, *QUICK)
        assert run(*command).exit_code == 0
        without_package()
        photo.rename(photo.with_name("new.jpg"))
        ended = run(*command)
        assert ended.exit_code == 1
        assert "was made with another prior than compact" in ended.stderr
        assert "--prior" in ended.stderr
        assert len(list(results.glob("*.png"))) == 1
        assert run(*command, "--prior", "compact").exit_code == 0

    def test_it_continues_its_own_results(self, run, photo, tmp_path, without_package):
        without_package()
        results = tmp_path / "results"
        command = ("batch", photo.parent, "-o", results, *QUICK)
        assert run(*command).exit_code == 0
        ended = run(*command)
        assert ended.exit_code == 0, ended.stderr
        assert "0 restored, 1 done before" in ended.stdout

    def test_results_of_the_same_prior_with_other_settings_do_not_matter(
        self, run, photo, tmp_path, without_package
    ):
        results = tmp_path / "results"
        command = ("batch", photo.parent, "-o", results, *QUICK)
        assert run(*command, "--prior", "compact", "--seed", 7).exit_code == 0
        without_package()
        ended = run(*command)
        assert ended.exit_code == 0, ended.stderr
        assert "done before with other settings" in ended.stdout


def test_priors_are_listed_with_cost_noise_levels_and_gain(run, without_package):
    ended = run("priors", "list")
    assert ended.exit_code == 0, ended.stderr
    lines = {line.split()[0]: line for line in ended.stdout.splitlines()}
    assert "MIT" in lines[NAME]
    assert "noise 0.008 to 1.25, +0.3" in lines[NAME]
    assert f"times the operations of {NAME}" in lines["compact"]
    content = json.loads(run("priors", "info", NAME, "--json").stdout)
    assert content["own_sigma"] == "0.03 to 0.588"
    assert content["other_sigma"] == "compact, CC BY-SA 4.0"
    assert "intact, with the SHA-256 that was stored" in run("priors", "verify", NAME).stdout
    without_package()
    ended = run("priors", "list")
    assert ended.exit_code == 0
    assert NAME in ended.stderr
    assert "compact" in ended.stdout
    assert run("priors", "info", NAME).exit_code == 1
