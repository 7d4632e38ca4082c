"""The help of every command: its examples are valid, and wrong guesses are answered."""

from __future__ import annotations

import re
import shlex

import pytest
from typer.main import get_command

from app import COMMAND
from app.cli import examples
from app.cli.program import program

EPILOGS = [
    examples.RESTORE_EXAMPLES,
    examples.BATCH_EXAMPLES,
    examples.INSPECT_EXAMPLES,
    examples.VERIFY_EXAMPLES,
    examples.EVALUATE_EXAMPLES,
]
LINES = [line for epilog in EPILOGS for line in epilog.splitlines() if COMMAND in line]


@pytest.mark.parametrize("line", LINES)
def test_the_examples_are_commands_with_known_options(line):
    (text,) = re.findall(rf"{COMMAND} (.*?)(?: > \S+)?$", line)
    name, *arguments = shlex.split(text)
    command = get_command(program).commands[name]
    context = command.make_context(name, arguments)  # raises UsageError for unknown options
    assert context.params


@pytest.mark.parametrize("name", ["restore", "batch", "inspect", "verify", "evaluate"])
def test_the_help_shows_each_example_on_a_line_of_its_own(run, name):
    lines = [line.strip() for line in run(name, "--help").stdout.splitlines()]
    expected = [line.strip() for line in LINES if f"{COMMAND} {name} " in line]
    assert expected
    assert lines[-len(expected) :] == expected


def test_the_list_of_commands_is_not_cut_off(run):
    ended = run("--help")
    assert "Exit status: 0 success" in ended.stdout
    table = ended.stdout.partition("Commands:\n")[2].partition("\n\n")[0]
    assert len(table.splitlines()) >= 10
    assert [line for line in table.splitlines() if line.endswith("...")] == []


def test_a_folder_and_an_image_in_the_place_of_the_other_get_the_right_command(run, photo):
    folder = run("restore", photo.parent)
    assert (folder.exit_code, folder.stdout) == (2, "")
    assert folder.stderr.startswith("Error: ")
    assert folder.stderr.count("\n") == 1
    assert f"`{COMMAND} batch FOLDER -o FOLDER` restores a folder" in folder.stderr
    image = run("batch", photo, "-o", photo.parent / "out")
    assert image.exit_code == 2
    assert f"`{COMMAND} restore IMAGE` restores an image" in image.stderr
    assert list(photo.parent.iterdir()) == [photo]


@pytest.mark.parametrize("group", ["priors", "desktop"])
def test_a_group_without_a_command_lists_its_commands(run, group):
    ended = run(group)
    assert ended.exit_code == 2
    assert "Commands:" in ended.stdout + ended.stderr
