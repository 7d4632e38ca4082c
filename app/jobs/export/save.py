"""Writing a result to a file, for the user or for another program."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from app.jobs.run.result import Restored
from app.jobs.storage.session_directory import SessionFolder
from ddrm_core.errors import UnwritableOutput
from ddrm_core.files.atomic_write import check_output, written_atomically

# Imports torch, see `Engine`.
if TYPE_CHECKING:
    from ddrm_core.export.deliver import DeliverySettings
    from ddrm_core.problems.protocols import Measured, Picture
    from ddrm_core.restoration.restore import Restoration


@dataclass(frozen=True, slots=True)
class Exported:
    """A written file.

    Attributes:
        path: Where it is.
        notes: A sentence for each thing that could not be kept, or that was counted.
    """

    path: Path
    notes: tuple[str, ...]


def export(restored: Restored, path: Path, settings: DeliverySettings) -> Exported:
    """Write the result with metadata and record; replaces a file of that name.

    Raises:
        OutputIsSource, UnwritableOutput: See `check_output`.
        UnsupportedFormat, InvalidSetting: See `check_delivery`.
        UnreadableFile: The source's own tables are wanted, and it is gone.
    """
    picture = restored.at(settings.sharpness, settings.sample)
    return export_picture(restored.restoration, picture, path, settings, overwrite=True)


def export_picture(
    restoration: Restoration[Measured],
    picture: Picture,
    path: Path,
    settings: DeliverySettings,
    *,
    overwrite: bool,
) -> Exported:
    """Write a picture of a result. Raises as `export`, and OutputExists without `overwrite`."""
    from ddrm_core.export.deliver import deliver_picture

    check_output(path, source=restoration.run.image.path, overwrite=overwrite)
    delivered = deliver_picture(restoration, picture, path, settings)
    with written_atomically(path, replace=overwrite) as part:
        part.write_bytes(delivered.data)
    return Exported(path, delivered.notes)


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
