"""An architecture that is not built in: added by a script or by an installed package."""

from __future__ import annotations

import hashlib
import os
import runpy
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ddrm_core.export.replay import read_run_record
from tests.support.paths import ROOT

EXAMPLE = ROOT / "docs" / "examples" / "new_architecture.py"
OPTIONS = ("--preset", "fast", "--seed", "3")


@pytest.fixture(autouse=True)
def data_folder(tmp_path, monkeypatch):
    monkeypatch.setattr("platformdirs.PlatformDirs.user_data_dir", str(tmp_path / "data"))


@pytest.fixture
def execute(tmp_path, preloaded_python):
    """Return a function that runs Python with the given arguments in a new process.

    The process can import the packages that `install` wrote.
    """

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        search_path = os.pathsep.join((str(tmp_path / "site"), str(ROOT)))
        environment = os.environ | {"PYTHONPATH": search_path}
        return preloaded_python.run(arguments, cwd=tmp_path, env=environment)

    return run


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Yield a function that installs a package with a network architecture.

    The function takes the architecture's name and the code of the package's module. An import of
    the module creates the file `imported`.
    """
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.syspath_prepend(site)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)

    def write(name: str, code: str) -> None:
        (site / "offered_network.py").write_text(
            f"{code}\nimport pathlib\npathlib.Path({str(tmp_path / 'imported')!r}).touch()\n"
        )
        folder = site / "network_package-2.1.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(
            "Metadata-Version: 2.1\nName: network-package\nVersion: 2.1\n"
        )
        (folder / "entry_points.txt").write_text(
            f"[ddrm_restore.architectures]\n{name} = offered_network:DNCNN\n"
        )

    yield write
    sys.modules.pop("offered_network", None)


@pytest.fixture
def prior(tmp_path) -> Path:
    file = tmp_path / "d.safetensors"
    runpy.run_path(str(EXAMPLE))["write_random_prior"](file)
    return file


def pixels(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image)


def test_a_script_and_an_installed_package_restore_alike(
    run, execute, install, prior, photo, tmp_path
):
    refused = run("restore", photo, "-o", tmp_path / "a.png", "--prior", prior)
    assert refused.exit_code == 1
    assert refused.stderr.startswith("Error: ")
    assert "d.safetensors needs the architecture dncnn, which is not in use" in refused.stderr
    assert not (tmp_path / "a.png").exists()

    done = execute(EXAMPLE, "restore", photo, "-o", "a.png", "--prior", prior, *OPTIONS)
    assert done.returncode == 0, done.stderr
    assert pixels(tmp_path / "a.png").shape == pixels(photo).shape
    assert (pixels(tmp_path / "a.png") != pixels(photo)).any()

    install("dncnn", EXAMPLE.read_text())
    refused = run("restore", photo, "-o", tmp_path / "b.png", "--prior", prior)
    assert refused.exit_code == 1
    assert "network-package is installed" in refused.stderr
    assert "`ddrm-restore --architecture dncnn`" in refused.stderr
    assert not (tmp_path / "imported").exists()

    chosen = ("-m", "app", "--architecture", "dncnn")
    done = execute(*chosen, "restore", photo, "-o", "b.png", "--prior", prior, *OPTIONS)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "imported").exists()
    np.testing.assert_array_equal(pixels(tmp_path / "a.png"), pixels(tmp_path / "b.png"))
    script_sha256 = hashlib.sha256(EXAMPLE.read_bytes()).hexdigest()
    assert read_run_record(tmp_path / "a.png").architecture_origin == f"sha256:{script_sha256}"
    assert read_run_record(tmp_path / "b.png").architecture_origin == "network-package 2.1"

    done = execute(EXAMPLE, "restore", photo, "-o", "c.png", "--prior", prior, "--like", "b.png")
    assert done.returncode == 0, done.stderr
    assert "The recorded architecture dncnn is network-package 2.1, not sha256:" in done.stderr
    assert (tmp_path / "c.png").read_bytes() != (tmp_path / "b.png").read_bytes()
    np.testing.assert_array_equal(pixels(tmp_path / "c.png"), pixels(tmp_path / "b.png"))


def test_a_prior_of_it_stays_in_the_list_of_all(run, install, prior):
    folder = prior.parent / "data" / "priors"
    folder.mkdir(parents=True)
    prior.rename(folder / "dncnn.safetensors")
    install("dncnn", EXAMPLE.read_text())
    listed = run("priors", "list")
    assert listed.exit_code == 0
    assert listed.stderr.startswith("Note: ")
    assert "dncnn.safetensors needs the architecture dncnn" in listed.stderr
    assert "dncnn                architecture of network-package 2.1;" in listed.stdout
    assert "compact   " in listed.stdout
    assert not (prior.parent / "imported").exists()


def test_an_unknown_name_is_wrong_usage(run):
    refused = run("--architecture", "waves\x1b[2J", "priors", "list")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert refused.stderr.startswith("Error: There is no architecture waves?[2J here.")


def test_one_that_cannot_be_imported_is_one_line_and_only_where_it_is_asked_for(run, install):
    install("broken", "raise RuntimeError('out\\nof order')")
    assert run("priors", "list").exit_code == 0
    failed = run("--architecture", "broken", "priors", "list")
    assert (failed.exit_code, failed.stdout) == (1, "")
    assert failed.stderr.count("\n") == 1
    assert "broken of network-package cannot be used: RuntimeError: out?of order" in failed.stderr


def test_a_built_in_name_stays(run, install, tmp_path):
    install("adm", EXAMPLE.read_text())
    listed = run("--architecture", "adm", "priors", "list")
    assert listed.exit_code == 0
    assert "provides the architecture adm; the built-in one is used" in listed.stderr
    assert not (tmp_path / "imported").exists()
