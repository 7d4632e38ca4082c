"""Writing of a result to a file."""

from __future__ import annotations

from pathlib import Path

from ddrm_core.export.encode_result import EncodedResult, encode_result_image
from ddrm_core.export.settings import DEFAULT_EXPORT_SETTINGS, ExportSettings
from ddrm_core.files.atomic_write import atomic_writer, check_output_path
from ddrm_core.problems.protocols import MeasuredImage, PixelTensor
from ddrm_core.restoration.restore import Restoration


def save_result(
    result: Restoration[MeasuredImage],
    path: Path,
    settings: ExportSettings = DEFAULT_EXPORT_SETTINGS,
    *,
    overwrite: bool = False,
) -> EncodedResult:
    """Write a result with the metadata of its source and its run record.

    The suffix of `path` determines the format. The file is written entirely or not at all.

    Args:
        result: Result of a run.
        path: Path of the file, which is never that of the source.
        settings: Export settings.
        overwrite: Whether an existing file is replaced.

    Raises:
        OutputIsInput, OutputExists, UnwritableOutput: See `check_output_path`.
        UnsupportedFormat, InvalidSetting, UnreadableFile, NotAJpeg, DamagedJpeg: See
            `encode_result`.
    """
    image = result.image_at_sharpness(settings.sharpness, settings.sample)
    return save_result_image(result, image, path, settings, overwrite=overwrite)


def save_result_image(
    result: Restoration[MeasuredImage],
    image: PixelTensor,
    path: Path,
    settings: ExportSettings,
    *,
    overwrite: bool,
) -> EncodedResult:
    """Write an image of a result, such as one sample, with metadata and run record.

    Raises the errors of `save_result`, except InvalidSetting for the sharpness.
    """
    check_output_path(path, source=result.run.image.path, overwrite=overwrite)
    encoded = encode_result_image(result, image, path, settings)
    with atomic_writer(path, overwrite=overwrite) as temporary_path:
        encoded.write_to(temporary_path)
    return encoded
