"""Names of the programs that restore parts of one batch."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import uuid
from dataclasses import dataclass
from pathlib import Path

from ddrm_core.files.network_folder import is_on_network

_MAX_HOST_LENGTH, _HASH_DIGITS = 40, 6


@dataclass(frozen=True, slots=True)
class BatchDriver:
    """A program that restores a part of a batch, itself or by its workers.

    Attributes:
        host_name: Name of its machine as a part of file names: letters, digits, "-" and "_".
        process_id: Number of its process.
    """

    host_name: str
    process_id: int

    @property
    def file_owner(self) -> str:
        """Owner in the names of temporary files, see `atomic_writer`."""
        return f"{self.host_name}-{self.process_id}"


def describe_this_driver() -> BatchDriver:
    """Return the description of this process as the driver of a part of a batch."""
    return BatchDriver(find_host_name(), os.getpid())


def find_driver(folder: Path) -> BatchDriver | None:
    """Return this process as a driver if other machines may write to a folder of results, too.

    Return None for a folder of this machine, whose programs append to one file of the manifest.

    Args:
        folder: Folder of the results, which need not exist.
    """
    return describe_this_driver() if is_on_network(folder) else None


def find_host_name() -> str:
    """Return a name of this machine as a part of file names: letters, digits, "-" and "_".

    Containers can have equal names, so that some digits of the hashed hardware address follow.
    """
    name = re.sub(r"[^A-Za-z0-9-]", "_", platform.node())[:_MAX_HOST_LENGTH]
    address_hash = hashlib.sha256(f"{uuid.getnode():012x}".encode()).hexdigest()
    return f"{name or 'unnamed'}-{address_hash[:_HASH_DIGITS]}"
