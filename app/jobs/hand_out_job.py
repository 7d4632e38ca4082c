"""A result as a file that other programs can take."""

from __future__ import annotations

import shutil
import tempfile
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from app import COMMAND
from app.jobs.export_job import export
from app.jobs.result import Restored

# Imports torch, see `Engine`.
if TYPE_CHECKING:
    from ddrm_core.delivery import DeliverySettings


class HandOutFolder:
    """A folder of this session that only the user can read; made when it is needed."""

    def __init__(self) -> None:
        self._path: Path | None = None
        self._numbers = count(1)

    def place(self, name: str) -> Path:
        """Where a file of this name, which may have been there before, can be written."""
        if self._path is None:
            self._path = Path(tempfile.mkdtemp(prefix=f"{COMMAND}-"))
        folder = self._path / str(next(self._numbers))
        folder.mkdir()
        return folder / name

    def remove(self) -> None:
        """Delete it and all that is in it."""
        if self._path is not None:
            shutil.rmtree(self._path, ignore_errors=True)
            self._path = None


def hand_out(
    restored: Restored, folder: HandOutFolder, name: str, settings: DeliverySettings
) -> Path:
    """Write the result there. Raises as `export`."""
    path = folder.place(name)
    export(restored, path, settings)
    return path
