"""Folders that several machines may share."""

from __future__ import annotations

import os
from pathlib import Path

import psutil

# Names of file systems by Linux, macOS and the BSDs; a name may follow "fuse.".
_NETWORK_TYPES = frozenset(
    (
        *("9p", "afpfs", "afs", "beegfs", "ceph", "cifs", "davfs", "fhgfs", "glusterfs", "gpfs"),
        *("juicefs", "lustre", "ncpfs", "nfs", "nfs4", "ocfs2", "orangefs", "pvfs2", "rclone"),
        *("s3fs", "smb2", "smb3", "smbfs", "sshfs", "webdav"),
    )
)


def is_on_network(path: Path) -> bool:
    """Return whether a path is in a file system that other machines may write to, too.

    Args:
        path: Path of a file or folder, which need not exist.
    """
    real_path = os.path.realpath(path)
    if real_path.startswith("\\\\"):  # a share of Windows without a drive letter
        return True
    mounts = [
        mount
        for mount in psutil.disk_partitions(all=True)
        if Path(real_path).is_relative_to(mount.mountpoint)
    ]
    if not mounts:
        return False
    mount = max(enumerate(mounts), key=lambda item: (len(item[1].mountpoint), item[0]))[1]
    name = mount.fstype.lower().removeprefix("fuse.")
    return name in _NETWORK_TYPES or "remote" in mount.opts.split(",")
