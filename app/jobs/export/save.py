"""Jobs that write a result to a file, for the user or for another program."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from app.jobs.run.result import RunResult
from app.jobs.storage.temporary_folder import TemporaryFolder
from ddrm_core.batch.output_paths import add_number
from ddrm_core.errors import OutputExists
from ddrm_core.messages import Description
from ddrm_core.os_errors import writing
from ddrm_core.restoration.verdict import Verdict

# These imports load torch, see `PriorCache`.
if TYPE_CHECKING:
    from ddrm_core.export.settings import ExportSettings
    from ddrm_core.problems.protocols import MeasuredImage, PixelTensor
    from ddrm_core.restoration.restore import Restoration


@dataclass(frozen=True, slots=True)
class SavedFile:
    """A written file.

    Attributes:
        path: Path of the file.
        notes: Notes for the user, such as metadata that could not be kept.
        byte_count: Size of the file in bytes.
        source_byte_count: Size of the source in bytes, None if the source is missing.
        verdict: Verdict on the written file, None if it is not known.
    """

    path: Path
    notes: tuple[Description, ...] = ()
    byte_count: int = 0
    source_byte_count: int | None = None
    verdict: Verdict | None = None


def iterate_numbered_paths(path: Path) -> Iterator[Path]:
    """Yield `path`, then "name (2).png", "name (3).png" and so on without end."""
    yield path
    for number in count(2):
        yield add_number(path, number)


def save_result(
    result: RunResult,
    path: Path,
    settings: ExportSettings,
    *,
    keep_date: bool = True,
    overwrite: bool = True,
) -> SavedFile:
    """Write a result with metadata and run record.

    Args:
        result: The result.
        path: Path of the file.
        settings: Export settings.
        keep_date: Whether the file gets the modification time of the source.
        overwrite: Whether an existing file is replaced. If not, the first free path of
            `iterate_numbered_paths` is written.

    Raises:
        OutputIsInput, UnwritableOutput: See `check_output_path`.
        UnsupportedFormat, InvalidSetting: See `check_export`.
        UnreadableFile: See `StoredArray.load`.
        UnreadableFile, NotAJpeg, DamagedJpeg: If the levels of the source are to be kept and the
            source is missing or has changed.
    """
    image = result.image_at_sharpness(settings.sharpness, settings.sample)
    return save_image(
        result.restoration, image, path, settings, keep_date=keep_date, overwrite=overwrite
    )


def save_image(
    restoration: Restoration[MeasuredImage],
    image: PixelTensor,
    path: Path,
    settings: ExportSettings,
    *,
    keep_date: bool,
    overwrite: bool,
) -> SavedFile:
    """Write an image of a restoration with metadata and run record.

    `image` has the sharpness of `settings`; the other arguments are those of `save_result`. Raises
    the errors of `save_result`.
    """
    from ddrm_core.export.save_result import save_result_image

    for candidate in iterate_numbered_paths(path):
        if not overwrite and os.path.lexists(candidate):
            continue
        try:
            encoded = save_result_image(
                restoration, image, candidate, settings, overwrite=overwrite, keep_date=keep_date
            )
        except OutputExists:  # created by another program meanwhile
            continue
        saved = SavedFile(candidate, encoded.notes, verdict=encoded.verdict)
        return _with_byte_counts(saved, restoration.run.image.path)
    raise AssertionError("unreachable")


def _with_byte_counts(saved: SavedFile, source: Path) -> SavedFile:
    """Return a saved file with its size and that of its source, as far as both can be read."""
    byte_count, source_byte_count = 0, None
    with suppress(OSError):
        byte_count = saved.path.stat().st_size
    with suppress(OSError):
        source_byte_count = source.stat().st_size
    return replace(saved, byte_count=byte_count, source_byte_count=source_byte_count)


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
