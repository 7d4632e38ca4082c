"""A prior of the user: imported, listed, selected by name."""

from __future__ import annotations

import json

import pytest
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from tests.support.cli_pictures import opened


@pytest.fixture(autouse=True)
def data_folder(tmp_path, monkeypatch):
    monkeypatch.setattr("platformdirs.PlatformDirs.user_data_dir", str(tmp_path / "data"))


def test_imported_listed_and_restored_with(run, photo, tmp_path):
    file = tmp_path / "a file.safetensors"
    with safe_open(str(BUNDLED_PRIOR_PATH), "pt") as bundled:
        header = bundled.metadata() | {"name": "mine", "licence": "CC0"}
    save_file(load_file(BUNDLED_PRIOR_PATH), file, header)
    result = run("priors", "import", file)
    assert result.exit_code == 0, result.stderr
    assert "--prior mine" in result.stdout
    listed = json.loads(run("priors", "list", "--json").stdout)
    assert [p["name"] for p in listed["priors"]] == ["compact", "mine"]
    assert "mine" in run("priors", "list").stdout
    assert json.loads(run("priors", "info", "mine", "--json").stdout)["licence"] == "CC0"
    target = tmp_path / "r.png"
    done = run("restore", photo, "-o", target, "--preset", "fast", "--prior", "mine")
    assert done.exit_code == 0, done.stderr
    assert opened(target).size == opened(photo).size


def test_a_bad_file_is_one_plain_line(run, tmp_path):
    bad = tmp_path / "bad.safetensors"
    bad.write_bytes(b"junk")
    for arguments in (("import", bad), ("info", "absent"), ("import", tmp_path / "absent")):
        result = run("priors", *arguments)
        assert result.exit_code == 1
        assert result.stderr.startswith("Error: ")
        assert result.stderr.count("\n") == 1
