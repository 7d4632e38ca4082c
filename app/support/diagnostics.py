"""What is worth knowing where something went wrong, without whose machine it is."""

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

import psutil

from app import APP_NAME
from app.i18n.formatting import size_words
from app.support.session_log import last_lines
from ddrm_core import __version__
from ddrm_core.files.atomic_write import write_atomically

_LAST_LINES = 300
_PACKAGES = ("torch", "numpy", "pillow", "PySide6-Essentials", "jpeglib", "safetensors")
_PROGRAM = Path(__file__).resolve().parents[2]
# Whatever looks like a path, and on to the end of what may be its name: rather too much is taken
# than a name that has spaces in it left in pieces.
_QUOTED = re.compile(
    r"""(?:"(?!<(?:program|python)>)[^"\n]*[/\\][^"\n]*")"""
    r"""|(?:'(?!<(?:program|python)>)[^"'\n]*[/\\][^"'\n]*')"""
)
_BARE = re.compile(r"""(?<![\w<>/\\.])(?:[A-Za-z]:|file:|~)?[/\\](?=\S)[^\n"'<>|:]*""")
_ENDINGS = "jpe?g|jpe|jfif|png|tiff?|webp|bmp|safetensors|pth?|csv|xmp|icc"
_QUOTED_NAME = re.compile(rf"""(["'])(?:(?!\1)[^\n])*\.({_ENDINGS})\1""", re.IGNORECASE)
_NAMED = re.compile(rf"""[^\s"'<>|:;,(=]+\.({_ENDINGS})\b""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Facts:
    """What only the window knows.

    Attributes:
        platform: Qt's name of it, e.g. "xcb".
        screens: A line for each.
        devices: Those that priors can run on.
        settings: Key and value of all that is remembered.
        private: Paths and names that the user has chosen.
    """

    platform: str
    screens: tuple[str, ...]
    devices: tuple[str, ...]
    settings: tuple[tuple[str, str], ...]
    private: tuple[Path, ...]


def report(facts: Facts, *, log: str, crash: str = "") -> str:
    """The text that a user can send to somebody: nothing in it says who or what is in a picture."""
    memory = psutil.virtual_memory()
    lines = [
        f"{APP_NAME} {__version__}",
        f"Python {platform.python_version()}, {platform.python_implementation()}",
        *(f"{name} {_version(name)}" for name in _PACKAGES),
        "",
        f"System: {platform.system()} {platform.release()} {platform.machine()}",
        f"Processor: {_processor()}, {psutil.cpu_count()} cores",
        f"Memory: {size_words(memory.total)}, {size_words(memory.available)} free",
        f"Window: {facts.platform}",
        *(f"Screen: {screen}" for screen in facts.screens),
        *(f"Device: {device}" for device in facts.devices),
        "",
        "Settings",
        *(f"  {key} = {value}" for key, value in facts.settings),
    ]
    if crash:
        lines += ["", "Crash", crash]
    lines += ["", "Last lines of the log", log]
    return anonymous("\n".join(lines), facts.private) + "\n"


def write_report(path: Path, facts: Facts, *, log_folder: Path, crash: str) -> Path:
    """Write it; replaces a file of that name.

    Raises:
        UnwritableOutput: See `write_atomically`.
    """
    told = report(facts, log=last_lines(log_folder, _LAST_LINES), crash=crash)
    write_atomically(path, told.encode())
    return path


def anonymous(text: str, private: Iterable[Path] = ()) -> str:
    """The same without paths, file names, and the names of user and machine.

    Args:
        text: Any.
        private: Paths whose names may stand alone in it.
    """
    for place, word in _own_places():
        text = text.replace(place, word)
    for path in sorted(private, key=lambda path: len(str(path)), reverse=True):
        for known in (str(path), path.name, path.stem):
            if len(known) > 2:
                text = text.replace(known, "<file>")
    text = text.replace(str(Path.home()), "~")
    text = _QUOTED.sub(lambda match: f"{match[0][0]}<file>{match[0][0]}", text)
    text = _BARE.sub("<file>", text)
    text = _QUOTED_NAME.sub(lambda match: f"{match[1]}<file>.{match[2]}{match[1]}", text)
    text = _NAMED.sub(lambda match: f"<file>.{match[1]}", text)
    for name, word in _own_names():
        text = re.sub(rf"(?<![^\W_]){re.escape(name)}(?![^\W_])", word, text, flags=re.IGNORECASE)
    return text


def _own_places() -> Sequence[tuple[str, str]]:
    """Where program and Python are, the innermost first: their files are named in tracebacks."""
    paths = sysconfig.get_paths()
    places = {str(_PROGRAM): "<program>"}
    places |= {paths[name]: "<python>" for name in ("purelib", "platlib", "stdlib")}
    places |= {sys.prefix: "<python>", sys.base_prefix: "<python>"}
    return sorted(places.items(), key=lambda place: len(place[0]), reverse=True)


def _own_names() -> Sequence[tuple[str, str]]:
    users = {Path.home().name}
    with suppress(KeyError, OSError):  # where the system has no name for the user: in containers
        users.add(getpass.getuser())
    hosts = {platform.node(), platform.node().partition(".")[0]}
    names = [(name, "<user>") for name in users] + [(name, "<host>") for name in hosts]
    return sorted(((n, w) for n, w in names if len(n) > 1), key=lambda x: -len(x[0]))


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "unknown"


def _processor() -> str:
    """As its maker calls it, where the system tells."""
    try:
        told = Path("/proc/cpuinfo").read_text("utf-8", "replace")
    except OSError:
        return platform.processor() or platform.machine()
    found = re.search(r"^model name\s*:\s*(.+)$", told, re.MULTILINE)
    return found[1] if found else platform.machine()
