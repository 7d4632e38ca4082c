"""Expected size of the result of a file that is not restored yet."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import torch

from ddrm_core.cancel import CancelToken
from ddrm_core.export.estimate_size import crop_middle, estimate_file_size, measure_metadata
from ddrm_core.export.settings import ExportSettings
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.jpeg.crop import crop_jpeg
from ddrm_core.jpeg.image import JpegImage
from ddrm_core.jpeg.operator import find_largest_factors
from ddrm_core.os_errors import reading
from ddrm_core.prior.denoiser import Prior
from ddrm_core.restoration.restore import restore
from ddrm_core.restoration.run import create_jpeg_run
from ddrm_core.sampler.settings import SamplerSettings

MAX_RESTORED_PIXELS = 256 * 256
"""Number of pixels that an estimate restores and encodes, besides incomplete MCUs."""


@dataclass(frozen=True, slots=True)
class ExpectedResult:
    """The expected file of a result.

    Attributes:
        byte_count: Size in bytes.
        encoding_seconds: Time to encode the file.
    """

    byte_count: int
    encoding_seconds: float


@torch.no_grad()
def estimate_unrestored_file(
    image: JpegImage,
    prior: Prior,
    sampler: SamplerSettings,
    path: Path,
    settings: ExportSettings,
    token: CancelToken,
) -> ExpectedResult:
    """Return the expected size of the result of a JPEG, before the JPEG is restored.

    The middle of the image is restored and encoded. Its size and the time to encode it are scaled
    to the whole image. Metadata and attachments of the source are added. A file with the levels of
    its source is expected to be as large as the source and to take no time.

    Args:
        image: Levels and metadata of the file.
        prior: Prior that restores the middle.
        sampler: Sampler settings for the middle. Few steps suffice: those of `draft` give sizes
            within a few percent of those of other presets.
        path: Path of the result, whose suffix determines the format.
        settings: Export settings of the result.
        token: Token that is checked during the restoration.

    Raises:
        UnsupportedFormat, InvalidSetting: See `check_export`.
        UnreadableFile: If the source cannot be read again.
        OutOfMemory: If even the middle does not fit into memory.
        OperationCancelled: If `token` was cancelled.
    """
    if settings.same_levels:
        with reading(image.path):
            return ExpectedResult(image.path.stat().st_size, 0.0)
    middle = crop_jpeg_middle(image)
    result = restore(create_jpeg_run(middle, prior, sampler, seed=0), token).drain()
    began = time.perf_counter()
    part_size = estimate_file_size(result, result.image, path, settings)
    encoding_seconds = time.perf_counter() - began
    metadata_size = measure_metadata(result, result.image, path, settings)
    pixel_share = middle.width * middle.height / (image.width * image.height)
    byte_count = round((part_size - metadata_size) / pixel_share) + metadata_size
    return ExpectedResult(byte_count, encoding_seconds / pixel_share)


def crop_jpeg_middle(image: JpegImage) -> JpegImage:
    """Return the whole MCUs in the middle of a JPEG with about `MAX_RESTORED_PIXELS` pixels."""
    # A broadcast number has the image's shape without its memory.
    pixels = torch.zeros(()).expand(1, image.height, image.width)
    rows, columns = crop_middle(pixels, MAX_RESTORED_PIXELS).shape[1:]
    row_factor, column_factor = find_largest_factors(image.components)
    left, top = image.grid_left, image.grid_top
    whole = Rectangle(0, 0, left + image.width, top + image.height)
    middle = Rectangle(
        left + (image.width - columns) // 2, top + (image.height - rows) // 2, columns, rows
    )
    aligned = middle.aligned_outward(8 * column_factor, 8 * row_factor)
    return crop_jpeg(image, aligned.intersection(whole))
