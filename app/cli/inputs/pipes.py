"""Images that a command reads from standard input and writes to standard output."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from ddrm_core.errors import InvalidSetting
from ddrm_core.files.limited_copy import copy_stream
from ddrm_core.os_errors import reading, writing

PIPE = "-"
"""Name of an input or output that stands for standard input or standard output."""
STANDARD_INPUT_NAME, STANDARD_OUTPUT_NAME = "standard input", "standard output"
DEFAULT_MAX_BYTES = 1 << 30
# Name of the copy, from which the names of results are made.
_COPY_NAME = "stdin"
_FOLDER_PREFIX = "ddrm-restore-"


def read_standard_input() -> bytes:
    """Return all bytes of standard input.

    Raises:
        InvalidSetting: If standard input is a terminal.
        UnreadableFile: If the system refuses.
    """
    with reading(Path(STANDARD_INPUT_NAME)):
        return _open_standard_input().read()


@contextmanager
def store_standard_input(max_bytes: int) -> Iterator[Path]:
    """Copy standard input to a file that only this user can read, and yield its path.

    The file is deleted at the end of the `with` block.

    Raises:
        InvalidSetting: If standard input is a terminal.
        InputTooLarge: If standard input has more than `max_bytes` bytes.
        UnreadableFile, UnwritableOutput: If the system refuses.
    """
    stream = _open_standard_input()
    with make_private_folder() as folder:
        copy = folder / _COPY_NAME
        copy_stream(stream.read, Path(STANDARD_INPUT_NAME), copy, max_bytes=max_bytes)
        yield copy


def _open_standard_input() -> BinaryIO:
    if sys.stdin is None or sys.stdin.isatty():
        raise InvalidSetting("IMAGE", PIPE, "a file, or a pipe into this command")
    return sys.stdin.buffer


@contextmanager
def make_private_folder() -> Iterator[Path]:
    """Yield a new temporary folder that only this user can read, deleted afterwards.

    Raises:
        UnwritableOutput: If the system refuses.
    """
    with writing(Path(tempfile.gettempdir())):
        folder = tempfile.TemporaryDirectory(prefix=_FOLDER_PREFIX, ignore_cleanup_errors=True)
    with folder as name:  # mode 0700, see tempfile.mkdtemp
        yield Path(name)


def check_standard_output() -> None:
    """Raise InvalidSetting if standard output is a terminal, which cannot show an image."""
    if sys.stdout is None or sys.stdout.isatty():
        raise InvalidSetting("output", PIPE, "a file, or a pipe into another program")


def copy_to_standard_output(path: Path) -> None:
    """Write a whole file to standard output.

    Raises:
        BrokenPipeError: If the reader has ended.
        UnreadableFile: If the system refuses to read the file.
    """
    with path.open("rb") as file:
        shutil.copyfileobj(file, sys.stdout.buffer)
    sys.stdout.buffer.flush()
