"""Verification of a result that was written and read back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from ddrm_core.batch.replacement.reasons import ResultNotVerified, VerificationFailure
from ddrm_core.export.replay import record_from_metadata
from ddrm_core.export.settings import ExportSettings
from ddrm_core.formats.load import load_image
from ddrm_core.imaging.orientation import apply_orientation, invert_orientation
from ddrm_core.imaging.quantize_pixels import quantize_image
from ddrm_core.jpeg.image import JpegImage
from ddrm_core.jpeg.read import read_jpeg
from ddrm_core.problems.protocols import PixelTensor
from ddrm_core.restoration.restore import Restoration
from ddrm_core.restoration.strength import apply_strength
from ddrm_core.verification.verify import verify_jpeg_pixels

# Encoders round luma and chroma to integers before the DCT. The coefficients of an error of 1/2
# per sample reach 4, and the fixed-point DCT of libjpeg (jfdctint.c) adds less than 1/2.
_ENCODER_SLACK = 4.5
_PIXEL_TOLERANCE = 1e-3  # gray levels; a step of 16 bits is 0.0039


@torch.no_grad()
def verify_written_file(
    path: Path, result: Restoration[JpegImage], settings: ExportSettings, *, is_lossy: bool
) -> None:
    """Compare a written file with the result that was encoded.

    A lossless file must have the pixels of the result. A lossy JPEG must be complete, and the
    coefficients of the result must be in the bins of the file's levels.

    Args:
        path: Path of the file, whose suffix may be any.
        result: The result.
        settings: Export settings.
        is_lossy: Whether the file is a lossy JPEG.

    Raises:
        ResultNotVerified: If the file is not the result.
        CoreError: If the file cannot be read.
    """
    source, max_pixels = result.run.image.path, result.run.image.size[0] * result.run.image.size[1]
    loaded = load_image(path, max_pixels=max_pixels)
    record = record_from_metadata(loaded.metadata)
    if record is None or not record.complete:
        raise ResultNotVerified(source, VerificationFailure.RECORD)
    expected = apply_strength(
        result.run,
        result.image_at_sharpness(settings.sharpness, settings.sample),
        settings.strength,
        settings.kept_areas,
    )
    if is_lossy:
        is_same = _is_in_bins(path, _orient(expected, record.baked_orientation), max_pixels)
    else:
        stored = _orient(loaded.pixels, invert_orientation(record.baked_orientation))
        if len(expected) == 3 and len(stored) == 1:
            stored = stored.expand(3, -1, -1)  # WebP has no gray; equal channels are loaded as one
        if stored.shape != expected.shape:
            raise ResultNotVerified(source, VerificationFailure.SIZE)
        written = quantize_image(expected, bits=settings.bits)
        is_same = bool((stored - written).abs().max() <= _PIXEL_TOLERANCE)
    if not is_same:
        raise ResultNotVerified(source, VerificationFailure.PIXELS)


def _is_in_bins(path: Path, pixels: PixelTensor, max_pixels: int) -> bool:
    """Return whether pixels agree with the levels of a JPEG, up to the rounding of its encoder."""
    image = read_jpeg(path, max_pixels=max_pixels)
    if image.size != (pixels.shape[2], pixels.shape[1]) or image.channels != len(pixels):
        return False
    verification = verify_jpeg_pixels(image, pixels, bits=8, slack=_ENCODER_SLACK)
    return verification.consistency.inside_fraction == 1


def _orient(pixels: PixelTensor, orientation: int) -> PixelTensor:
    """Return pixels to which an EXIF orientation, 1 to 8, is applied."""
    turned = apply_orientation(pixels.permute(1, 2, 0).numpy(), orientation)
    return torch.from_numpy(np.ascontiguousarray(turned.transpose(2, 0, 1)))
