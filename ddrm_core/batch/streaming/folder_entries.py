"""Entries of folders that a search for images visits, and their natural order."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

_SYSTEM_FOLDERS = frozenset({"$recycle.bin", "system volume information", "@eadir", "__macosx"})


def is_visible_entry(entry: os.DirEntry[str]) -> bool:
    """Return whether an entry is neither hidden nor one of the operating system."""
    if entry.name.startswith(".") or entry.name.lower() in _SYSTEM_FOLDERS:
        return False
    try:
        attributes = getattr(entry.stat(follow_symlinks=False), "st_file_attributes", 0)
    except OSError:  # removed in the meantime
        return False
    return not attributes & (stat.FILE_ATTRIBUTE_HIDDEN | stat.FILE_ATTRIBUTE_SYSTEM)


def is_folder_entry(entry: os.DirEntry[str]) -> bool:
    """Return whether an entry is a folder or a link to one."""
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False


_NameChunks = tuple[str | int, ...]


def natural_sort_key(path: Path) -> tuple[tuple[_NameChunks, ...], _NameChunks, str]:
    """Return a key that sorts folder by folder, 2 before 10, without regard to letter case."""
    return (
        tuple(_split_at_digits(part) for part in path.parent.parts),
        _split_at_digits(path.stem),
        path.name,
    )


def _split_at_digits(name: str) -> _NameChunks:
    """Split a name into texts and numbers, which alternate and begin with a text."""
    parts = re.split(r"(\d+)", name.casefold())
    return tuple(int(p) if index % 2 else p for index, p in enumerate(parts))
