"""Addresses of objects in stores as paths, so that plans and outcomes treat them like files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    _SystemPath = Path
else:
    _SystemPath = type(Path())  # before Python 3.12, only this class can be a base


class ObjectPath(_SystemPath):
    """The path of an object or folder in a store, such as "s3://bucket/folder/photo.jpg".

    Names, suffixes, parents and relative paths are those of any path. No file system has a file of
    this path: `ObjectStore` reads and writes the object.
    """

    def __str__(self) -> str:
        """Return the address; a path keeps only one of the slashes behind its scheme."""
        text = super().__str__().replace("\\", "/")
        start, separator, rest = text.partition(":/")
        return f"{start}://{rest}" if separator and "/" not in start else text

    def __fspath__(self) -> str:
        """Raise TypeError, since only a path of the file system can be opened."""
        raise TypeError(f"{self} is not in the file system")
