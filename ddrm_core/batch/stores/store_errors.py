"""Conversion of errors of object stores to errors that name a path."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ddrm_core.batch.stores.reasons import StoreError
from ddrm_core.errors import UnreadableFile, UnwritableOutput


@contextmanager
def reading_store(path: Path) -> Iterator[None]:
    """Convert a StoreError inside the `with` block to UnreadableFile for `path`."""
    try:
        yield
    except StoreError as error:
        raise UnreadableFile(path, error.reason) from error


@contextmanager
def writing_store(path: Path) -> Iterator[None]:
    """Convert a StoreError inside the `with` block to UnwritableOutput for `path`."""
    try:
        yield
    except StoreError as error:
        raise UnwritableOutput(path, error.reason) from error
