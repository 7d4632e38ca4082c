"""Refusals of the operating system, as failures that name a file."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ddrm_core.errors import UnreadableFile, UnwritableOutput


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Raises UnreadableFile where the system refuses what is done inside."""
    try:
        yield
    except OSError as error:
        raise UnreadableFile.from_os_error(path, error) from error


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Raises UnwritableOutput where the system refuses what is done inside."""
    try:
        yield
    except OSError as error:
        raise UnwritableOutput(path, error.strerror or str(error), error.errno) from error
