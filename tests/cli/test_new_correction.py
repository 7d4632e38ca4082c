"""A correction that is not built in: added by a script or by an installed package."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import numpy as np
import pytest

from ddrm_core.formats.load import load_image
from ddrm_core.metadata.xmp import read_run_record_properties
from tests.support.cli_pictures import opened
from tests.support.installed_corrections import EXAMPLE
from tests.support.paths import ROOT

# The functions of these tests and new processes find different default priors.
OPTIONS = ("--preset", "fast", "--steps", "2", "--seed", "3", "--prior", "compact")
NARROW = ("--correction", "narrow", "--correction-parameter")


@pytest.fixture
def execute(tmp_path, preloaded_python):
    """Return a function that runs Python with the given arguments in a new process.

    The process can import the packages in the folder `site`.
    """

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        search_path = os.pathsep.join((str(tmp_path / "site"), str(ROOT)))
        environment = os.environ | {"PYTHONPATH": search_path}
        return preloaded_python.run(arguments, cwd=tmp_path, env=environment)

    return run


def pixels(path: Path) -> np.ndarray:
    return np.asarray(opened(path))


def recorded(path: Path) -> dict[str, str]:
    properties = read_run_record_properties(load_image(path).metadata.xmp)
    assert properties is not None
    return properties


def test_a_script_restores_with_it_and_repeats_a_run_from_its_record(
    run, execute, install_correction, photo, tmp_path
):
    done = execute(EXAMPLE, "restore", photo, "-o", "a.png", *OPTIONS, *NARROW, "width=0.25")
    assert done.returncode == 0, done.stderr
    assert "100.00 % of levels in their bins before rounding" in done.stdout
    record = recorded(tmp_path / "a.png")
    assert record["correction"] == "narrow"
    assert record["correction_parameters"] == '{"width": 0.25}'
    assert record["correction_origin"].startswith("sha256:")
    assert record["error_factor"] == "2.2"  # the name that 0.1.0 wrote

    refused = run("restore", photo, "-o", tmp_path / "b.png", "--like", tmp_path / "a.png")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "a.png needs the correction narrow, which is not in use" in refused.stderr
    assert not (tmp_path / "b.png").exists()
    replaced = ("--like", tmp_path / "a.png", "--correction", "paper")
    assert run("restore", photo, "-o", tmp_path / "p.png", *replaced).exit_code == 0

    done = execute(EXAMPLE, "restore", photo, "-o", "b.png", "--like", "a.png")
    assert (done.returncode, done.stderr.count("Note")) == (0, 0), done.stderr
    assert (tmp_path / "b.png").read_bytes() == (tmp_path / "a.png").read_bytes()

    install_correction()
    assert run("verify", tmp_path / "a.png", "--against", photo).exit_code == 0
    assert not (tmp_path / "imported").exists()  # verifying does not import the plug-in
    done = execute("-m", "app", "restore", photo, "-o", "c.png", "--like", "a.png")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "imported").exists()
    assert "Note: The recorded correction narrow is sha256:" in done.stderr
    np.testing.assert_array_equal(pixels(tmp_path / "c.png"), pixels(tmp_path / "a.png"))
    assert recorded(tmp_path / "c.png")["correction_origin"] == "correction-package 2.1"


@pytest.mark.parametrize(
    ("option", "allowed"),
    [
        ("width=0.5", "error_factor"),
        ("error_factor=0", "0.01 to 100"),
        ("error-factor=much", "0.01 to 100"),
        ("error_factor=NaN", "0.01 to 100"),
        ("error_factor", "0.01 to 100"),
    ],
)
def test_only_parameters_of_the_correction_are_taken(run, photo, option, allowed):
    refused = run("restore", photo, "--correction-parameter", option)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert refused.stderr.endswith(f"Allowed: {allowed}.\n")


def test_an_unknown_correction_is_wrong_usage(run, photo):
    refused = run("restore", photo, "--correction", "magic\x1b[2J")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert refused.stderr.startswith("Error: There is no correction magic?[2J here.")


def test_one_that_cannot_be_imported_is_one_line_and_only_where_it_is_asked_for(
    run, install_correction, photo
):
    install_correction("broken", "raise RuntimeError('out\\nof order')")
    options = ("--preset", "fast", "--steps", 1)
    assert run("restore", photo, *options).exit_code == 0
    failed = run("restore", photo, "--correction", "broken")
    assert (failed.exit_code, failed.stdout) == (1, "")
    assert failed.stderr.count("\n") == 1
    assert "broken of correction-package cannot be used: RuntimeError: out" in failed.stderr


def test_a_built_in_name_stays(run, install_correction, photo, tmp_path):
    install_correction("bins")
    options = ("--preset", "fast", "--steps", 1, "--correction", "bins")
    done = run("restore", photo, *options)
    assert done.exit_code == 0
    assert "Note: An installed package also provides bins; the built-in one is used." in done.stderr
    assert not (tmp_path / "imported").exists()
