"""Bug reports without paths, file names, user and host names."""

from __future__ import annotations

import getpass
import importlib.metadata
import platform
import re
import sys
import sysconfig
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from app.support.session_log import read_last_lines
from app.support.system_facts import describe_computer, describe_program
from ddrm_core.files.atomic_write import write_atomically

_LOG_LINE_COUNT = 300
REPORTED_PACKAGES = ("torch", "numpy", "pillow", "PySide6-Essentials", "jpeglib", "safetensors")
_PROGRAM_FOLDER = Path(__file__).resolve().parents[2]
# The patterns match anything that looks like a path, up to the last character that may belong to
# the path. A name can contain spaces, so matching too much is better than leaving a part of it.
_QUOTED_PATH = re.compile(
    r"""(?:"(?!<(?:program|python)>)[^"\n]*[/\\][^"\n]*")"""
    r"""|(?:'(?!<(?:program|python)>)[^"'\n]*[/\\][^"'\n]*')"""
)
_BARE_PATH = re.compile(r"""(?<![\w<>/\\.])(?:[A-Za-z]:|file:|~)?[/\\](?=\S)[^\n"'<>|:]*""")
_FILE_SUFFIXES = "jpe?g|jpe|jfif|png|tiff?|webp|bmp|safetensors|pth?|csv|xmp|icc"
_QUOTED_FILE_NAME = re.compile(rf"""(["'])(?:(?!\1)[^\n])*\.({_FILE_SUFFIXES})\1""", re.IGNORECASE)
_BARE_FILE_NAME = re.compile(rf"""[^\s"'<>|:;,(=]+\.({_FILE_SUFFIXES})\b""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SystemInfo:
    """The facts for a bug report that come from the window.

    Attributes:
        qt_platform: Name of the Qt platform plug-in, e.g. "xcb".
        screens: One line for each screen.
        devices: Names of the devices that priors can run on.
        settings: Key and text of each stored setting.
        private_paths: Paths that the user has chosen, which a bug report must not contain.
    """

    qt_platform: str
    screens: tuple[str, ...]
    devices: tuple[str, ...]
    settings: tuple[tuple[str, str], ...]
    private_paths: tuple[Path, ...]


def format_bug_report(system_info: SystemInfo, *, log: str, crash_report: str = "") -> str:
    """Return the text of a redacted bug report.

    Args:
        system_info: Facts that come from the window.
        log: Last lines of the session log.
        crash_report: Traces of crashed sessions; empty without a crash.
    """
    lines = [
        *describe_program(),
        *(f"{name} {_package_version(name)}" for name in REPORTED_PACKAGES),
        "",
        *describe_computer(),
        f"Window: {system_info.qt_platform}",
        *(f"Screen: {screen}" for screen in system_info.screens),
        *(f"Device: {device}" for device in system_info.devices),
        "",
        "Settings",
        *(f"  {key} = {value}" for key, value in system_info.settings),
    ]
    if crash_report:
        lines += ["", "Crash", crash_report]
    lines += ["", "Last lines of the log", log]
    return redact("\n".join(lines), system_info.private_paths) + "\n"


def write_bug_report(
    path: Path, system_info: SystemInfo, *, log_folder: Path, crash_report: str
) -> Path:
    """Write a redacted bug report to `path`, in place of an existing file, and return `path`.

    Args:
        path: File of the report.
        system_info: Facts that come from the window.
        log_folder: Folder of the session log, whose last lines are in the report.
        crash_report: Traces of crashed sessions; empty without a crash.

    Raises:
        UnwritableOutput: See `write_atomically`.
    """
    text = format_bug_report(
        system_info, log=read_last_lines(log_folder, _LOG_LINE_COUNT), crash_report=crash_report
    )
    write_atomically(path, text.encode())
    return path


def redact(text: str, private_paths: Iterable[Path] = ()) -> str:
    """Return a text without paths, file names, user and host names.

    Args:
        text: The text.
        private_paths: Paths whose names are removed even if a name is not part of a path.
    """
    for folder, replacement in _find_program_folders():
        text = text.replace(folder, replacement)
    for path in sorted(private_paths, key=lambda path: len(str(path)), reverse=True):
        for private_text in (str(path), path.name, path.stem):
            if len(private_text) > 2:
                text = text.replace(private_text, "<file>")
    text = text.replace(str(Path.home()), "~")
    text = _QUOTED_PATH.sub(lambda match: f"{match[0][0]}<file>{match[0][0]}", text)
    text = _BARE_PATH.sub("<file>", text)
    text = _QUOTED_FILE_NAME.sub(lambda match: f"{match[1]}<file>.{match[2]}{match[1]}", text)
    text = _BARE_FILE_NAME.sub(lambda match: f"<file>.{match[1]}", text)
    for name, replacement in _find_user_and_host_names():
        text = re.sub(
            rf"(?<![^\W_]){re.escape(name)}(?![^\W_])", replacement, text, flags=re.IGNORECASE
        )
    return text


def _find_program_folders() -> Sequence[tuple[str, str]]:
    """Return the folders of the program and of Python with their replacements in a report.

    Longer folders come first. A traceback keeps the path of a file relative to such a folder.
    """
    paths = sysconfig.get_paths()
    replacements = {str(_PROGRAM_FOLDER): "<program>"}
    replacements |= {paths[name]: "<python>" for name in ("purelib", "platlib", "stdlib")}
    replacements |= {sys.prefix: "<python>", sys.base_prefix: "<python>"}
    return sorted(replacements.items(), key=lambda item: len(item[0]), reverse=True)


def _find_user_and_host_names() -> Sequence[tuple[str, str]]:
    users = {Path.home().name}
    with suppress(KeyError, OSError):  # in containers, the user may have no name
        users.add(getpass.getuser())
    hosts = {platform.node(), platform.node().partition(".")[0]}
    names = [(name, "<user>") for name in users] + [(name, "<host>") for name in hosts]
    return sorted(((n, w) for n, w in names if len(n) > 1), key=lambda x: -len(x[0]))


def _package_version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "unknown"
