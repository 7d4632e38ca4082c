"""Entries of the program in menus and file managers: installed, started and removed."""

from __future__ import annotations

import os
import plistlib
import shutil
import subprocess
import sys
from configparser import RawConfigParser
from pathlib import Path

import pytest

from app.config.resources import DESKTOP_FOLDER
from app.desktop.desktop_files import (
    DESKTOP_FILES,
    install_desktop_files,
    quote_exec_argument,
    remove_desktop_files,
)

IMAGE_TYPES = "image/jpeg;image/png;image/tiff;image/webp;image/bmp;"
NAMES = [file.name for file in DESKTOP_FILES]
MENU_ENTRIES = [name for name in NAMES if name.endswith((".desktop", ".nemo_action"))]


def read_entry(path: Path) -> RawConfigParser:
    parser = RawConfigParser(interpolation=None, strict=True)
    parser.optionxform = str
    parser.read(path, encoding="utf-8")
    return parser


def unescape_exec(value: str) -> list[str]:
    """Return the arguments of a key Exec, whose quoting rules are those of a shell."""
    text = value.replace("\\\\", "\\")  # the value is a string of the key file
    command = ["sh", "-c", f"printf '%s\\0' {text}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return [argument.replace("%%", "%") for argument in done.stdout.split("\0")[:-1]]


@pytest.fixture
def data_folder(tmp_path) -> Path:
    return tmp_path / "dätä folder"


@pytest.fixture
def program(tmp_path) -> Path:
    """Return a program, at a difficult path, that writes its arguments to a file beside it."""
    path = tmp_path / 'my "programs" 100% $HOME' / "ddrm-restore"
    path.parent.mkdir()
    path.write_text('#!/bin/sh\nprintf "%s\\0" "$@" > "$0.arguments"\n')
    path.chmod(0o755)
    return path


def test_every_entry_starts_this_installation_with_the_selected_files(data_folder, program):
    installed = install_desktop_files(DESKTOP_FOLDER, data_folder, [str(program)])
    commands = [
        unescape_exec(section["Exec"])
        for path in installed
        if path.suffix in (".desktop", ".nemo_action")
        for section in read_entry(path).values()
        if "Exec" in section
    ]
    assert commands == [[str(program), "open", "%F"]] * len(MENU_ENTRIES)
    entry = read_entry(installed[0])["Desktop Entry"]
    assert entry["TryExec"] == str(program)


@pytest.mark.skipif(sys.platform == "win32", reason="a script of a freedesktop.org desktop")
def test_the_script_of_nautilus_passes_all_names(data_folder, program, tmp_path):
    """Nautilus starts the script in the folder that it shows, with names of the selected files."""
    installed = install_desktop_files(DESKTOP_FOLDER, data_folder, [str(program)])
    (script,) = (path for path in installed if path.parent.name == "scripts")
    names = ["-o.jpg", "a b.jpg", "c'd$.jpg"]
    subprocess.run([script, *names], cwd=tmp_path, check=True)
    arguments = Path(f"{program}.arguments").read_bytes().decode().split("\0")
    assert arguments == ["open", "--", *names, ""]


def test_only_the_data_folder_is_written_and_removing_leaves_no_file(data_folder, tmp_path):
    installed = install_desktop_files(DESKTOP_FOLDER, data_folder, ["ddrm-restore"])
    assert [path.relative_to(data_folder).as_posix() for path in installed] == [
        file.installed_path.as_posix() for file in DESKTOP_FILES
    ]
    assert [path.name for path in tmp_path.iterdir()] == [data_folder.name]
    for path, file in zip(installed, DESKTOP_FILES, strict=True):
        assert path.read_bytes() == (DESKTOP_FOLDER / file.name).read_bytes()
        assert os.access(path, os.X_OK) == file.is_executable
    mine = data_folder / "nemo" / "actions" / "mine.nemo_action"
    mine.write_text("[Nemo Action]")
    install_desktop_files(DESKTOP_FOLDER, data_folder, ["other"])  # replaces the entries
    assert "Exec=other open %F" in installed[0].read_text("utf-8")
    assert remove_desktop_files(data_folder) == installed
    assert not any(path.exists() for path in installed)
    assert mine.exists()
    assert remove_desktop_files(data_folder) == []


@pytest.mark.parametrize("name", MENU_ENTRIES)
def test_the_entries_are_for_the_same_files(name):
    (types,) = (
        value
        for section in read_entry(DESKTOP_FOLDER / name).values()
        for key, value in section.items()
        if key in ("MimeType", "Mimetypes")
    )
    assert types.removesuffix("inode/directory;") == IMAGE_TYPES


@pytest.mark.parametrize("argument", ["/usr/bin/x", "a b", 'q"', "b\\s", "d$`", "100%", "ü"])
def test_quoted_arguments_are_read_back(argument):
    assert unescape_exec(f"{quote_exec_argument(argument)} open %F")[0] == argument


def test_the_installed_entry_is_valid(data_folder, program):
    validate = shutil.which("desktop-file-validate")
    if validate is None:
        pytest.skip("desktop-file-validate is not installed")
    entry, *_ = install_desktop_files(DESKTOP_FOLDER, data_folder, [str(program)])
    done = subprocess.run([validate, entry], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_finder_service_opens_the_program():
    folder = DESKTOP_FOLDER / "finder_service.workflow" / "Contents"
    service = plistlib.loads((folder / "Info.plist").read_bytes())["NSServices"][0]
    assert service["NSMessage"] == "runWorkflowAsService"
    (step,) = plistlib.loads((folder / "document.wflow").read_bytes())["actions"]
    command = step["action"]["ActionParameters"]["COMMAND_STRING"]
    assert command.endswith('org.ddrm-restore.app --args open "$@"')
