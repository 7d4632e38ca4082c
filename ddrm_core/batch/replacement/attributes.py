"""Owner, permissions, extended attributes and modification time of files."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from ddrm_core.messages import Reason, tr_noop


class FileAttribute(Reason):
    """An attribute of a file, for the middle of a sentence."""

    OWNER = tr_noop("owner")
    PERMISSIONS = tr_noop("permissions")
    EXTENDED = tr_noop("extended attributes")
    DATE = tr_noop("date")


@dataclass(frozen=True, slots=True)
class FileAttributes:
    """The attributes of a source that its result takes over.

    Attributes:
        mode: Permission bits, `stat.S_IMODE`.
        uid: User id of the owner.
        gid: Group id of the owner.
        mtime_ns: Modification time in nanoseconds.
        extended: Extended attributes, among them access control lists, by name. Empty on systems
            other than Linux, where Python does not read them.
    """

    mode: int
    uid: int
    gid: int
    mtime_ns: int
    extended: Mapping[str, bytes] = field(default_factory=dict)


def read_attributes(path: Path) -> FileAttributes:
    """Return the attributes of a file. Raise OSError if the system refuses."""
    file_stat = os.stat(path)
    return FileAttributes(
        stat.S_IMODE(file_stat.st_mode),
        file_stat.st_uid,
        file_stat.st_gid,
        file_stat.st_mtime_ns,
        _read_extended_attributes(path),
    )


def apply_attributes(path: Path, attributes: FileAttributes) -> tuple[FileAttribute, ...]:
    """Give a file attributes, and return those that the file still lacks.

    The owner is set first, because a change of the owner can remove permissions, and the date last.

    Raise OSError if the attributes of the file cannot be read.
    """
    present = read_attributes(path)
    # The comparison at the end finds the attributes that the system refuses.
    if (present.uid, present.gid) != (attributes.uid, attributes.gid):
        with suppress(OSError):
            _change_owner(path, attributes)
    if present.extended != attributes.extended:
        _change_extended_attributes(path, present.extended, attributes.extended)
    with suppress(OSError):
        os.chmod(path, attributes.mode)
    access_time_ns = os.stat(path).st_atime_ns
    with suppress(OSError, OverflowError):
        os.utime(path, ns=(access_time_ns, attributes.mtime_ns))
    return _list_differences(read_attributes(path), attributes)


def _list_differences(present: FileAttributes, wanted: FileAttributes) -> tuple[FileAttribute, ...]:
    is_equal = {
        FileAttribute.OWNER: (present.uid, present.gid) == (wanted.uid, wanted.gid),
        FileAttribute.PERMISSIONS: present.mode == wanted.mode,
        FileAttribute.EXTENDED: present.extended == wanted.extended,
        FileAttribute.DATE: present.mtime_ns == wanted.mtime_ns,
    }
    return tuple(attribute for attribute, equal in is_equal.items() if not equal)


if sys.platform == "win32":

    def _change_owner(path: Path, attributes: FileAttributes) -> None:
        """Do nothing, since Python has no owners of files on Windows."""

else:

    def _change_owner(path: Path, attributes: FileAttributes) -> None:
        os.chown(path, attributes.uid, attributes.gid)


if sys.platform == "linux":

    def _read_extended_attributes(path: Path) -> dict[str, bytes]:
        try:
            names = os.listxattr(path)
        except OSError:  # the file system has none
            return {}
        return {name: os.getxattr(path, name) for name in sorted(names)}

    def _change_extended_attributes(
        path: Path, present: Mapping[str, bytes], wanted: Mapping[str, bytes]
    ) -> None:
        for name in present.keys() - wanted.keys():
            with suppress(OSError):
                os.removexattr(path, name)
        for name, value in wanted.items():
            if present.get(name) != value:
                with suppress(OSError):
                    os.setxattr(path, name, value)

else:

    def _read_extended_attributes(path: Path) -> dict[str, bytes]:  # noqa: ARG001
        return {}

    def _change_extended_attributes(
        path: Path, present: Mapping[str, bytes], wanted: Mapping[str, bytes]
    ) -> None:
        """Do nothing, since Python has no extended attributes on this system."""
