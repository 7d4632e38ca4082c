"""Writing of a result to a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ddrm_core.export.encode_result import EncodedResult, encode_result_image
from ddrm_core.export.result_content import ContentSpan, write_content
from ddrm_core.export.settings import DEFAULT_EXPORT_SETTINGS, ExportSettings
from ddrm_core.export.source_date import apply_source_date
from ddrm_core.files.atomic_write import atomic_writer, check_output_path
from ddrm_core.messages import Description
from ddrm_core.problems.protocols import MeasuredImage, PixelTensor
from ddrm_core.restoration.restore import Restoration


def save_result(
    result: Restoration[MeasuredImage],
    path: Path,
    settings: ExportSettings = DEFAULT_EXPORT_SETTINGS,
    *,
    overwrite: bool = False,
    keep_date: bool = True,
) -> EncodedResult:
    """Write a result with the metadata of its source and its run record.

    The suffix of `path` determines the format. The file is written entirely or not at all.

    Args:
        result: Result of a run.
        path: Path of the file, which is never that of the source.
        settings: Export settings.
        overwrite: Whether an existing file is replaced.
        keep_date: Whether the file gets the modification time of the source.

    Raises:
        OutputIsInput, OutputExists, UnwritableOutput: See `check_output_path`.
        UnsupportedFormat, InvalidSetting, UnreadableFile, NotAJpeg, DamagedJpeg: See
            `encode_result`.
    """
    image = result.image_at_sharpness(settings.sharpness, settings.sample)
    return save_result_image(
        result, image, path, settings, overwrite=overwrite, keep_date=keep_date
    )


def save_result_image(
    result: Restoration[MeasuredImage],
    image: PixelTensor,
    path: Path,
    settings: ExportSettings,
    *,
    overwrite: bool,
    keep_date: bool = True,
) -> EncodedResult:
    """Write an image of a result, such as one sample, with metadata and run record.

    Raises the errors of `save_result`, except InvalidSetting for the sharpness.
    """
    check_output_path(path, source=result.run.image.path, overwrite=overwrite)
    encoded = encode_result_image(result, image, path, settings)
    dated_by = result.run.image.path if keep_date else None
    date_notes = write_result_file(path, encoded.spans, dated_by, overwrite=overwrite)
    return replace(encoded, notes=(*encoded.notes, *date_notes))


def write_result_file(
    path: Path, spans: Sequence[ContentSpan], dated_by: Path | None, *, overwrite: bool
) -> tuple[Description, ...]:
    """Write a result's file atomically, with the modification time of its source.

    Args:
        path: Path of the file.
        spans: Content of the file.
        dated_by: Source whose modification time the file gets, None for the current time.
        overwrite: Whether an existing file is replaced.

    Returns:
        A note if the date could not be kept.

    Raises:
        OutputExists, UnwritableOutput: See `atomic_writer`.
        UnreadableFile: If the source cannot be read, or has changed.
    """
    with atomic_writer(path, overwrite=overwrite) as temporary_path:
        write_content(spans, temporary_path)
        return () if dated_by is None else apply_source_date(temporary_path, dated_by)
