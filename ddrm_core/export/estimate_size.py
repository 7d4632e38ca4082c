"""Estimate of the size of a result's file from an encoded part of the image."""

from __future__ import annotations

import math
from pathlib import Path

import torch
from jaxtyping import Float
from torch import Tensor

from ddrm_core.export.encode_result import (
    check_export,
    must_be_upright,
    plan_result_attachments,
    read_metadata_orientation,
)
from ddrm_core.export.settings import ExportSettings
from ddrm_core.formats.capabilities import SaveFormat, save_format_from_path
from ddrm_core.formats.common import EncodedFile
from ddrm_core.formats.save import encode_image
from ddrm_core.imaging.orientation import UPRIGHT_ORIENTATION
from ddrm_core.jpeg.image import JpegImage
from ddrm_core.metadata.model import NO_METADATA, Metadata
from ddrm_core.metadata.policy import filter_metadata
from ddrm_core.os_errors import reading
from ddrm_core.problems.protocols import MeasuredImage, PixelTensor
from ddrm_core.restoration.restore import Restoration

MAX_ENCODED_PIXELS = 512 * 512
"""Largest number of pixels that an estimate encodes."""
_METADATA_PROBE_SIDE = 16


@torch.no_grad()
def estimate_file_size(
    result: Restoration[MeasuredImage],
    result_image: PixelTensor,
    path: Path,
    settings: ExportSettings,
) -> int:
    """Return the expected size in bytes of a result's file, without encoding the whole image.

    The middle of the image is encoded, and its size is scaled to the whole image. Metadata and
    attachments of the source are added; the run record and the thumbnail, a few kilobytes, are not.
    A file with the levels of its source is expected to be as large as the source.

    Args:
        result: Result of a run.
        result_image: Image of the result that is exported.
        path: Path of the file, whose suffix determines the format.
        settings: Export settings.

    Raises:
        UnsupportedFormat, InvalidSetting: See `check_export`.
        UnreadableFile: If the source is needed and cannot be read.
    """
    source = result.run.image
    check_export(path, source, settings, result.run.region)
    if settings.same_levels:
        with reading(source.path):
            return source.path.stat().st_size
    part = crop_middle(result_image, MAX_ENCODED_PIXELS)
    part_size = len(_encode(part, path, settings, NO_METADATA).data)
    pixel_share = part.shape[1] * part.shape[2] / (result_image.shape[1] * result_image.shape[2])
    extra_size = measure_metadata(result, part, path, settings)
    return round(part_size / pixel_share) + extra_size


def crop_middle(image: PixelTensor, max_pixels: int) -> Float[Tensor, "n rows columns"]:
    """Return the middle of an image with at most `max_pixels` pixels and the image's proportions.

    At least one row and one column remain, even if these have more pixels.
    """
    height, width = image.shape[1:]
    scale = math.sqrt(min(1.0, max_pixels / (height * width)))
    part_height = min(height, max(1, math.floor(height * scale)))
    part_width = min(width, max(1, math.floor(width * scale)))
    top, left = (height - part_height) // 2, (width - part_width) // 2
    return image[:, top : top + part_height, left : left + part_width]


def measure_metadata(
    result: Restoration[MeasuredImage], part: PixelTensor, path: Path, settings: ExportSettings
) -> int:
    """Return the bytes of the source's metadata and attachments in the file of a result."""
    source = result.run.image
    metadata, attachment_size = source.metadata, 0
    save_format = save_format_from_path(path)
    if save_format is SaveFormat.JPEG and isinstance(source, JpegImage):
        is_upright = must_be_upright(save_format, settings)
        is_turned = is_upright and read_metadata_orientation(metadata) != UPRIGHT_ORIENTATION
        plan = plan_result_attachments(result, path, settings, is_turned=is_turned)
        metadata, attachment_size = plan.metadata, plan.byte_count
    metadata, _ = filter_metadata(metadata, settings.policy)
    probe = part[:, :_METADATA_PROBE_SIDE, :_METADATA_PROBE_SIDE]
    with_metadata = _encode(probe, path, settings, metadata)
    without_metadata = _encode(probe, path, settings, NO_METADATA)
    return len(with_metadata.data) - len(without_metadata.data) + attachment_size


def _encode(
    image: PixelTensor, path: Path, settings: ExportSettings, metadata: Metadata
) -> EncodedFile:
    """Encode an image in the format and with the bits of a result."""
    return encode_image(
        image, path, bits=settings.bits, metadata=metadata, jpeg_quality=settings.jpeg_quality
    )
