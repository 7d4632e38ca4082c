"""The commands in the README work as written."""

from __future__ import annotations

import re
import shlex

import pytest
from PIL import Image
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from app import COMMAND
from app.config.resources import EXAMPLE_IMAGE_PATH
from ddrm_core.export.replay import read_run_record
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from ddrm_core.sampler.settings import PRESETS, Preset
from tests.support.paths import ROOT
from tests.support.program_runner import run_program

README = (ROOT / "README.md").read_text()


@pytest.fixture
def folder_with_photo(tmp_path, monkeypatch):
    """Create a folder with the files that the README's commands name; return the folder."""
    with Image.open(EXAMPLE_IMAGE_PATH.with_name("budgie_branch_original.png")) as image:
        crop = image.convert("RGB").crop((192, 34, 248, 74))
    crop.save(tmp_path / "photo.jpg", quality=20)
    crop.point(lambda value: value & 0xE0).save(tmp_path / "banded.png")
    (tmp_path / "album" / "trip").mkdir(parents=True)
    crop.save(tmp_path / "album" / "trip" / "one.jpg", quality=20)
    (tmp_path / "photographs").mkdir()
    crop.save(tmp_path / "photographs" / "one.png")
    with safe_open(str(BUNDLED_PRIOR_PATH), "pt") as bundled:
        header = bundled.metadata() | {"name": "mine"}
    save_file(load_file(BUNDLED_PRIOR_PATH), tmp_path / "mine.safetensors", header)
    monkeypatch.setattr("platformdirs.PlatformDirs.user_data_dir", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_commands_run_as_written(folder_with_photo):
    blocks = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    lines = [x for block in blocks for x in block.splitlines() if x.startswith(COMMAND)]
    assert len(lines) >= 6
    for line in lines:
        result = run_program(*shlex.split(line)[1:])
        assert result.exit_code == 0, (line, result.stderr)
    assert (folder_with_photo / "photo_restored.png").exists()


def test_the_library_example_runs(folder_with_photo):
    (code,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    names: dict[str, object] = {}
    exec(compile(code, "README.md", "exec"), names)
    assert {tuple(estimate.shape) for estimate in names["estimates"]} == {(3, 40, 56)}
    assert read_run_record(folder_with_photo / "library.png").seed == 0


def test_the_set_up_commands_are_those_of_ci():
    assert "python3 .ci/launch.py run\n" in README
    assert (ROOT / ".ci" / "run").read_text().rstrip().endswith("python3 .ci/launch.py test")


@pytest.mark.parametrize("preset", Preset)
def test_the_preset_table_says_what_the_presets_do(preset):
    (row,) = (x for x in README.splitlines() if x.startswith(f"| `{preset}` |"))
    assert int(row.rsplit("|", 2)[1]) == PRESETS[preset].evaluation_count


@pytest.mark.parametrize("path", sorted(ROOT.glob("*.md")) + sorted(ROOT.glob("docs/**/*.md")))
def test_links_lead_somewhere(path):
    links = re.findall(r"\]\((?!http)([^)#]+)", path.read_text())
    assert [x for x in links if not (path.parent / x).exists()] == []


def test_the_architecture_page_stays_short():
    assert len((ROOT / "docs" / "ARCHITECTURE.md").read_text().splitlines()) < 150
