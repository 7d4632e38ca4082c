"""CONTRIBUTING names existing commands and files, and its walk-throughs work as written.

CITATION names the present version, and CHANGELOG has the form of Keep a Changelog.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from app.config.resources import EXAMPLE_IMAGE_PATH
from ddrm_core import PROGRAM_NAME, __version__
from tests.support.paths import ROOT

CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
SECTIONS = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", CONTRIBUTING, re.MULTILINE | re.DOTALL))
NEW_FILE = re.compile(r"`([\w/]+\.py)`[:.]\n\n```python\n(.*?)```", re.DOTALL)
COPIED = (
    *("app", "ddrm_core", "docs", "resources", "tests", ".ci"),
    *("pyproject.toml", "CHANGELOG.md", ".gitignore"),
)
FOLDERS = ("app/", "ddrm_core/", "docs/", "resources/", "tests/", ".ci/")


def new_files(section: str) -> dict[str, str]:
    """Return path and content of each file that the reader of a section creates."""
    return dict(NEW_FILE.findall(SECTIONS[section]))


def commands(section: str) -> list[str]:
    """Return the commands of a section, line by line."""
    blocks = re.findall(r"```sh\n(.*?)```", SECTIONS[section], re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


def apply_diffs(tree: Path, section: str) -> None:
    """Change the files in `tree` as the `diff` blocks of a section show."""
    for block in re.findall(r"```diff\n(.*?)```", SECTIONS[section], re.DOTALL):
        for name, hunks in re.findall(r"^\+\+\+ (\S+)\n(.*?)(?=^\+\+\+ |\Z)", block, re.M | re.S):
            text = (tree / name).read_text("utf-8")
            for hunk in hunks.split("@@\n")[1:]:
                lines = hunk.splitlines(keepends=True)
                before = "".join(line[1:] or "\n" for line in lines if line[0] != "+")
                after = "".join(line[1:] or "\n" for line in lines if line[0] != "-")
                assert text.count(before) == 1, (name, hunk)
                text = text.replace(before, after)
            (tree / name).write_text(text, "utf-8")


def translate(tree: Path, section: str) -> None:
    """Enter the translations in a section's table into the German catalog."""
    catalog = tree / "resources" / "translations" / "ddrm_restore_de.ts"
    text = catalog.read_text("utf-8")
    (table,) = re.findall(
        r"\| English \| German \|\n\|---\|---\|\n(.*?)\n\n", SECTIONS[section], re.S
    )
    unfinished = '<source>{}</source>\n        <translation type="unfinished"></translation>'
    for english, german in re.findall(r"^\| `(.+?)` \| `(.+?)` \|$", table, re.M):
        assert text.count(unfinished.format(english)) == 1, english
        finished = f"<source>{english}</source>\n        <translation>{german}</translation>"
        text = text.replace(unfinished.format(english), finished)
    catalog.write_text(text, "utf-8")


def git(tree: Path, *arguments: str) -> str:
    """Run git in the repository `tree` and return what it prints."""
    command = ("git", "-C", str(tree), *arguments)
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def changed_files(tree: Path) -> list[str]:
    """Return the files in `tree` that were changed or added since `tree` was made."""
    options = ("--modified", "--others", "--exclude-standard")
    return git(tree, "ls-files", *options).splitlines()


@pytest.fixture
def tree(tmp_path) -> Path:
    """Return a git repository with the project; its sample image is small and has whole MCUs."""
    tree = tmp_path / "tree"
    tree.mkdir()
    # With compiled modules, which have the dates of their sources.
    without = shutil.ignore_patterns("golden", "benchmarks")
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tree / name, ignore=without)
        else:
            shutil.copy(source, tree / name)
    with Image.open(EXAMPLE_IMAGE_PATH) as image:
        small = image.convert("RGB").crop((192, 32, 256, 80))
    small.save(tree / EXAMPLE_IMAGE_PATH.relative_to(ROOT), quality=10)
    (tree / ".venv").symlink_to(sys.prefix)
    git(tree, "init", "--quiet")
    git(tree, "add", "--all")
    return tree


@pytest.fixture
def follow(tree, preloaded_python) -> Callable[[str], str]:
    """Return a function that runs a command in the copy and returns its output."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "XDG"))}
    environment = inherited | {"HOME": str(tree.parent), "PYTHONPATH": str(tree)}

    def run(command: str) -> str:
        words = shlex.split(command)
        if words[0] == ".venv/bin/python":
            done = preloaded_python.run(words[1:], cwd=tree, env=environment)
        elif words[0] in (".venv/bin/pytest", ".venv/bin/ddrm-restore"):
            done = preloaded_python.run(words, cwd=tree, env=environment)  # a script of Python
        else:
            done = subprocess.run(
                command,
                shell=True,
                env=environment,
                cwd=tree,
                capture_output=True,
                text=True,
                check=False,
            )
        assert done.returncode == 0, (command, done.stdout + done.stderr)
        return done.stdout

    return run


def test_the_commands_are_installed():
    named = set(re.findall(r"\.venv/bin/([\w-]+)", CONTRIBUTING))
    assert {"pytest", "ruff", "mypy", "lint-imports"} <= named
    assert [x for x in named if not (Path(sys.executable).parent / x).exists()] == []


def test_the_first_test_run_is_that_of_ci():
    lines = (ROOT / ".ci" / "run").read_text("utf-8").splitlines()
    ci_command = next(line for line in lines if line.startswith("python3 "))
    assert ci_command.replace(".ci", "ddrm-restore/.ci") in commands("Quick start")


def test_the_files_and_folders_exist():
    words = re.findall(r"(?<![\w./-])\.?[\w-]+(?:/[\w.-]+)+", CONTRIBUTING)
    named = {word.rstrip(".") for word in words if word.startswith(FOLDERS)}
    assert len(named) > 20
    created = {path for section in SECTIONS for path in new_files(section)}
    created |= {str(parent) for path in created for parent in Path(path).parents}
    assert sorted(x for x in named - created if not (ROOT / x).exists()) == []


@pytest.mark.parametrize("subject", ["correction", "prior architecture"])
def test_a_plug_in_is_made_as_written(tree, follow, subject):
    section = f"Walk-through: a {subject}"
    lines = commands(section)
    (copy,) = (number for number, line in enumerate(lines) if line.startswith("sed "))
    follow(lines[copy])
    apply_diffs(tree, section)
    files = new_files(section)
    assert len(files) == 1
    for name, content in files.items():
        (tree / name).write_text(content, "utf-8")
    *outputs, tested = [follow(line) for line in lines[copy + 1 : -1]]
    assert "100.00 % of levels in their bins before rounding" in "".join(outputs)
    assert "1 passed" in tested
    (plug_in,) = (name for name in changed_files(tree) if f"test_{name}" in files)
    assert "docs/examples" not in (tree / plug_in).read_text("utf-8")
    follow(lines[-1])
    assert changed_files(tree) == []


def test_a_panel_is_made_as_written(tree, follow):
    section = "Walk-through: a panel of the window"
    for name, content in new_files(section).items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text(content, "utf-8")
    apply_diffs(tree, section)
    update, its_tests, _window_tests, *clean_up = commands(section)
    follow(update)
    translate(tree, section)
    # Tests of the whole window take minutes; the two that new sentences break most often do not.
    catalog_tests, mnemonic_tests = (
        "tests/app/i18n/test_translation_catalog.py",
        "tests/ui/window/test_mnemonics.py",
    )
    # One process, since the start of a second one takes longer than the tests.
    passed = follow(f"{its_tests} {catalog_tests} {mnemonic_tests} -rp")
    for folder in its_tests.split()[1:]:
        assert passed.count(f"PASSED {folder}/") == 1
    for linter in ("ruff check app", "ruff format --check app", "lint-imports"):
        follow(f".venv/bin/{linter}")
    for command in clean_up:
        follow(command)
    assert changed_files(tree) == []


def test_the_citation_is_of_this_version():
    lines = (ROOT / "CITATION.cff").read_text("utf-8").splitlines()
    assert {f"title: {PROGRAM_NAME}", f"version: {__version__}"} <= set(lines)


def test_the_changelog_sorts_changes_by_kind():
    headings = re.findall(r"^(#+) (.+)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert headings[:2] == [("#", "Changelog"), ("##", "Unreleased")]
    kinds = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
    assert {title for level, title in headings if level == "###"} <= kinds
    assert {level for level, _ in headings} == {"#", "##", "###"}
