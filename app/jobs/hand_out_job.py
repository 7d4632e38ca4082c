"""A result as a file that other programs can take."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from app.jobs.export_job import export
from app.jobs.result import Restored
from app.jobs.session_folder import SessionFolder
from ddrm_core.errors import UnwritableOutput

# Imports torch, see `Engine`.
if TYPE_CHECKING:
    from ddrm_core.delivery import DeliverySettings


class HandOutFolder:
    """Places in the session's folder, which goes with all that is in it."""

    def __init__(self, session: SessionFolder) -> None:
        self._session = session
        self._numbers = count(1)

    def place(self, name: str) -> Path:
        """Where a file of this name, which may have been there before, can be written.

        Raises:
            UnwritableOutput: The system refused.
        """
        try:
            folder = self._session.path() / f"handed-{next(self._numbers)}"
            folder.mkdir()
        except OSError as error:
            raise UnwritableOutput.after(self._session.parent, error) from error
        return folder / name


def hand_out(
    restored: Restored, folder: HandOutFolder, name: str, settings: DeliverySettings
) -> Path:
    """Write the result there. Raises as `HandOutFolder.place` and `export`."""
    path = folder.place(name)
    export(restored, path, settings)
    return path
