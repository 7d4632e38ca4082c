"""Folders and their entries that a search for images visits, and the natural order of paths."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from ddrm_core.errors import UnreadableFile
from ddrm_core.os_errors import describe_failure

_HAS_FILE_ATTRIBUTES = hasattr(os.stat_result, "st_file_attributes")  # on Windows
_SYSTEM_FOLDERS = frozenset({"$recycle.bin", "system volume information", "@eadir", "__macosx"})


@dataclass(frozen=True, slots=True)
class ListedFolder:
    """A folder with its entries.

    Attributes:
        path: Path of the folder.
        entries: Visible files and folders in it, in the order of the system.
    """

    path: Path
    entries: tuple[os.DirEntry[str], ...]


def walk_folders(
    folder: Path, *, recursive: bool, excluded: Collection[str]
) -> Iterator[ListedFolder | UnreadableFile]:
    """Yield a folder and, if requested, its subfolders; yield an error for an unreadable folder.

    Links to folders are followed. A folder that is reached by several paths is listed once.

    Args:
        folder: Folder that is listed first.
        recursive: Whether to list subfolders, too.
        excluded: Real paths of subfolders to leave out with their content.
    """
    visited: set[str] = set()
    # Real folders are listed before links, so that images get paths without links.
    folders, links = [folder], list[Path]()
    while folders or links:
        path = folders.pop() if folders else links.pop()
        real_path = os.path.realpath(path)
        if real_path in visited or (path != folder and real_path in excluded):
            continue
        visited.add(real_path)
        try:
            entries = tuple(entry for entry in os.scandir(path) if _is_visible_entry(entry))
        except OSError as error:
            yield UnreadableFile(path, describe_failure(error))
            continue
        yield ListedFolder(path, entries)
        if recursive:
            subfolders = [entry for entry in entries if _is_folder_entry(entry)]
            folders += [path / entry.name for entry in subfolders if not entry.is_symlink()]
            links += [path / entry.name for entry in subfolders if entry.is_symlink()]


def is_hidden_name(name: str) -> bool:
    """Return whether a file or folder is hidden, or one of an operating system, by its name."""
    return name.startswith(".") or name.lower() in _SYSTEM_FOLDERS


def _is_visible_entry(entry: os.DirEntry[str]) -> bool:
    """Return whether an entry is neither hidden nor one of the operating system."""
    if is_hidden_name(entry.name):
        return False
    if not _HAS_FILE_ATTRIBUTES:  # a million files of a network folder are not asked for them
        return True
    try:
        attributes = getattr(entry.stat(follow_symlinks=False), "st_file_attributes", 0)
    except OSError:  # removed in the meantime
        return False
    return not attributes & (stat.FILE_ATTRIBUTE_HIDDEN | stat.FILE_ATTRIBUTE_SYSTEM)


def _is_folder_entry(entry: os.DirEntry[str]) -> bool:
    """Return whether an entry is a folder or a link to one."""
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False


def is_file_entry(entry: os.DirEntry[str]) -> bool:
    """Return whether an entry is a file or a link to one."""
    try:
        return entry.is_file()
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
