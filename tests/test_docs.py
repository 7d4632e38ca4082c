"""The commands, the code and the links in the documents work as written."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

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

README = (ROOT / "README.md").read_text("utf-8")
COMMAND_LINE = (ROOT / "docs" / "user" / "command_line.md").read_text("utf-8")
GUIDE = (ROOT / "docs" / "user" / "guide.md").read_text("utf-8")
PAGES = [
    *sorted(ROOT.glob("*.md")),
    *sorted(ROOT.glob("docs/**/*.md")),
    *sorted(ROOT.glob("resources/**/*.md")),
]
FENCED_BLOCK = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture
def folder_with_photo(tmp_path, monkeypatch):
    """Create a folder with the files that the documents' commands name; return the folder."""
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


def commands(page: str) -> list[str]:
    """Return the program's commands in the `sh` blocks of a page."""
    blocks = re.findall(r"```sh\n(.*?)```", page, re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line.startswith(COMMAND)]


def test_the_commands_run_as_written(folder_with_photo):
    pages = (README, COMMAND_LINE, GUIDE)
    lines = dict.fromkeys(line for page in pages for line in commands(page))  # each command once
    # A process of its own, with a test of its own.
    lines.pop(f"{COMMAND} --self-test")
    assert len(commands(README)) == 3
    assert len(lines) > 20
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
    script = (ROOT / ".ci" / "run").read_text("utf-8").splitlines()
    ci_commands = [line for line in script if line.startswith("python3 ")]
    blocks = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    assert [block.strip() for block in blocks if "launch.py" in block] == [
        "python3 .ci/launch.py run",
        ci_commands[0],
    ]
    assert all(line in README for line in ci_commands)


@pytest.mark.parametrize("preset", Preset)
def test_the_preset_table_says_what_the_presets_do(preset):
    (row,) = (x for x in COMMAND_LINE.splitlines() if x.startswith(f"| `{preset}` |"))
    assert int(row.rsplit("|", 2)[1]) == PRESETS[preset].evaluation_count


def headings(page: Path) -> set[str]:
    """Return the anchors of a page's headings: lower case, hyphens instead of spaces."""
    text = FENCED_BLOCK.sub("", page.read_text("utf-8"))
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def links(page: Path) -> list[str]:
    """Return the targets of a page's links and images, without those to other sites."""
    text = re.sub(r"`.*?`", "", FENCED_BLOCK.sub("", page.read_text("utf-8")))
    return re.findall(r"\]\((?!https?:)(.+?)\)", text)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_to_files_and_headings(page):
    for link in links(page):
        name, _, anchor = link.partition("#")
        target = page.parent / name if name else page
        assert target.resolve().is_relative_to(ROOT), link
        assert target.exists(), link
        assert not anchor or anchor in headings(target), link


def test_every_page_can_be_reached_from_the_readme():
    reached, waiting = set[Path](), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop().resolve()
        if page in reached or page.suffix != ".md":
            continue
        reached.add(page)
        waiting += [page.parent / name for link in links(page) if (name := link.partition("#")[0])]
    assert [str(page.relative_to(ROOT)) for page in PAGES if page.resolve() not in reached] == []


def test_the_site_has_every_page_in_its_navigation():
    navigation = (ROOT / "docs" / "mkdocs.yml").read_text("utf-8").partition("\nnav:\n")[2]
    listed = re.findall(r"^ +- (\S+\.md)$", navigation, re.MULTILINE)
    assert sorted(listed) == sorted(page.relative_to(ROOT).as_posix() for page in PAGES)


def test_the_readme_is_short():
    assert len(README.splitlines()) < 110


def test_the_architecture_page_stays_short():
    assert len((ROOT / "docs" / "ARCHITECTURE.md").read_text("utf-8").splitlines()) < 150


def test_each_decision_has_a_number_of_its_own():
    text = (ROOT / "docs" / "DECISIONS.md").read_text("utf-8")
    numbers = [int(number) for number in re.findall(r"^## (\d+)\. ", text, re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1))
