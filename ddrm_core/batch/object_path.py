"""Addresses of objects in stores as paths, so that plans and outcomes treat them like files."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from ddrm_core.batch.stores.address import StoreScheme

if TYPE_CHECKING:
    _SystemPath = Path
else:
    _SystemPath = type(Path())  # before Python 3.12, only this class can be a base

_SCHEMES = frozenset(scheme.value for scheme in StoreScheme)


class ObjectPath(_SystemPath):
    """The path of an object or folder in a store, such as "s3://bucket/folder/photo.jpg".

    Names, suffixes, parents and relative paths are those of any path. No file system has a file of
    this path: `ObjectStore` reads and writes the object.
    """

    def __str__(self) -> str:
        """Return the address; a path keeps only one of the slashes behind its scheme.

        A relative path may begin with a folder such as "12:", and names may contain backslashes.
        """
        text = super().__str__()
        if os.sep == "\\":
            text = text.replace("\\", "/")
        start, separator, rest = text.partition(":/")
        return f"{start}://{rest}" if separator and start in _SCHEMES else text

    def __fspath__(self) -> str:
        """Raise TypeError, since only a path of the file system can be opened."""
        raise TypeError(f"{self} is not in the file system")
