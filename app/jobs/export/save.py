"""Jobs that write a result to a file, for the user or for another program."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from app.jobs.run.result import RunResult
from app.jobs.storage.temporary_folder import TemporaryFolder
from ddrm_core.messages import Description
from ddrm_core.os_errors import writing

# These imports load torch, see `PriorCache`.
if TYPE_CHECKING:
    from ddrm_core.export.settings import ExportSettings


@dataclass(frozen=True, slots=True)
class SavedFile:
    """A written file.

    Attributes:
        path: Path of the file.
        notes: Notes for the user, such as metadata that could not be kept.
    """

    path: Path
    notes: tuple[Description, ...] = ()


def save_result(
    result: RunResult, path: Path, settings: ExportSettings, *, keep_date: bool = True
) -> SavedFile:
    """Write a result with metadata and run record to `path`; an existing file is replaced.

    `keep_date` gives the file the modification time of the source.

    Raises:
        OutputIsInput, UnwritableOutput: See `check_output_path`.
        UnsupportedFormat, InvalidSetting: See `check_export`.
        UnreadableFile: See `StoredArray.load`.
        UnreadableFile, NotAJpeg, DamagedJpeg: If the levels of the source are to be kept and the
            source is missing or has changed.
    """
    from ddrm_core.export.save_result import save_result_image

    image = result.image_at_sharpness(settings.sharpness, settings.sample)
    encoded = save_result_image(
        result.restoration, image, path, settings, overwrite=True, keep_date=keep_date
    )
    return SavedFile(path, encoded.notes)


class ShareFolder:
    """A creator of new file paths for results that are shared with other programs.

    The files are in the temporary folder.
    """

    def __init__(self, temporary_folder: TemporaryFolder) -> None:
        self._temporary_folder = temporary_folder
        self._subfolder_numbers = count(1)

    def create_file_path(self, name: str) -> Path:
        """Create a new subfolder and return the path of a file named `name` in the subfolder.

        Raises:
            UnwritableOutput: If the system does not allow it.
        """
        with writing(self._temporary_folder.parent):
            folder = (
                self._temporary_folder.get_or_create() / f"handed-{next(self._subfolder_numbers)}"
            )
            folder.mkdir()
        return folder / name


def write_shared_file(
    result: RunResult,
    share_folder: ShareFolder,
    file_name: str,
    settings: ExportSettings,
    *,
    keep_date: bool = True,
) -> Path:
    """Write a result to a new file named `file_name` in `share_folder`, and return the path.

    Raises the errors of `ShareFolder.create_file_path` and `save_result`.
    """
    path = share_folder.create_file_path(file_name)
    save_result(result, path, settings, keep_date=keep_date)
    return path
