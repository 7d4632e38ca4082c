"""The entries of the program in menus and file managers of a freedesktop.org desktop."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from app import BUNDLE_ID, COMMAND
from ddrm_core.files.atomic_write import write_atomically
from ddrm_core.os_errors import reading, writing

_APPLICATIONS_FOLDER = "applications"
# Characters that the Desktop Entry Specification has escaped inside a quoted argument.
_QUOTED_CHARACTERS = '"`$\\'
_PLAIN_CHARACTERS = frozenset(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./+:@"
)


@dataclass(frozen=True, slots=True)
class DesktopFile:
    """One file of resources/desktop, and its place in a data folder such as /usr/share.

    Attributes:
        name: Name of the file in resources/desktop.
        folder: Folder in the data folder, with slashes.
        installed_name: Name in that folder, empty for `name`.
        is_executable: Whether the desktop requires permission to execute the file.
        is_for_all_users: Whether the file also works in the data folder of all users.
    """

    name: str
    folder: str
    installed_name: str = ""
    is_executable: bool = False
    is_for_all_users: bool = True

    @property
    def installed_path(self) -> PurePosixPath:
        """Path relative to the data folder."""
        return PurePosixPath(self.folder, self.installed_name or self.name)


DESKTOP_FILES = (
    DesktopFile(f"{BUNDLE_ID}.desktop", _APPLICATIONS_FOLDER),
    DesktopFile(f"{BUNDLE_ID}.svg", "icons/hicolor/scalable/apps"),
    # Dolphin ignores a service menu in the user's folder that is not executable.
    DesktopFile(f"{BUNDLE_ID}.servicemenu.desktop", "kio/servicemenus", is_executable=True),
    DesktopFile(f"{BUNDLE_ID}.nemo_action", "nemo/actions"),
    DesktopFile(
        "nautilus_script.sh",
        "nautilus/scripts",
        "Restore with DDRM Restore",
        is_executable=True,
        is_for_all_users=False,
    ),
)
"""The files that an installation for one user consists of."""


def find_program_command() -> list[str]:
    """Return the command that starts this installation, without arguments, with absolute paths."""
    if getattr(sys, "frozen", False):
        return [os.environ.get("APPIMAGE", sys.executable)]
    script = Path(sys.executable).with_name(COMMAND)
    return [str(script)] if script.is_file() else [sys.executable, "-m", "app"]


def install_desktop_files(
    source_folder: Path, data_folder: Path, command: Sequence[str]
) -> list[Path]:
    """Write the program's entries to a data folder, and return the paths of the files.

    Entries of an earlier installation are replaced.

    Args:
        source_folder: Folder with the files named in `DESKTOP_FILES`.
        data_folder: Data folder of the user, such as ~/.local/share.
        command: Command that starts the program, see `find_program_command`.

    Raises:
        UnreadableFile: If a file of the program cannot be read.
        UnwritableOutput: If the system refuses.
    """
    installed = []
    for file in DESKTOP_FILES:
        source = source_folder / file.name
        with reading(source):
            text = source.read_text("utf-8")
        path = data_folder / file.installed_path
        with writing(path):
            path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, set_command(text, command).encode())
        if file.is_executable:
            with writing(path):
                path.chmod(path.stat().st_mode | 0o100)
        installed.append(path)
    _update_menus(data_folder)
    return installed


def remove_desktop_files(data_folder: Path) -> list[Path]:
    """Delete the program's entries from a data folder, and return the paths of the deleted files.

    Raises:
        UnwritableOutput: If the system refuses.
    """
    removed = []
    for file in DESKTOP_FILES:
        path = data_folder / file.installed_path
        with writing(path):
            if path.exists():
                path.unlink()
                removed.append(path)
    if removed:
        _update_menus(data_folder)
    return removed


def set_command(text: str, command: Sequence[str]) -> str:
    """Return the text of a desktop file or script with another command that starts the program.

    Args:
        text: Text in which the command is `ddrm-restore`.
        command: Command and its first arguments.
    """
    exec_text = " ".join(map(quote_exec_argument, command))
    lines = []
    for line in text.splitlines(keepends=True):
        line = _replace_start(line, f"Exec={COMMAND} ", f"Exec={exec_text} ")
        line = _replace_start(line, f"TryExec={COMMAND}", f"TryExec={command[0]}")
        line = _replace_start(line, f"exec {COMMAND} ", f"exec {shlex.join(command)} ")
        lines.append(line)
    return "".join(lines)


def quote_exec_argument(argument: str) -> str:
    """Return an argument for the key Exec of a desktop entry.

    The argument is quoted as in the Desktop Entry Specification. The backslash is doubled once
    more, because the value is a string of the key file; a percent sign would begin a field code.
    """
    if not _PLAIN_CHARACTERS.issuperset(argument):
        for character in reversed(_QUOTED_CHARACTERS):
            argument = argument.replace(character, f"\\{character}")
        argument = f'"{argument}"'.replace("\\", "\\\\")
    return argument.replace("%", "%%")


def _replace_start(line: str, start: str, replacement: str) -> str:
    return replacement + line[len(start) :] if line.startswith(start) else line


def _update_menus(data_folder: Path) -> None:
    """Let the desktop know the entry's file types at once, where a program for that is installed.

    Without the program, desktops find the entry at their next start.
    """
    program, applications = shutil.which("update-desktop-database"), data_folder / "applications"
    if program is not None and applications.is_dir():
        subprocess.run([program, str(applications)], capture_output=True, check=False)
