"""Measured images from files: a JPEG's own levels, or levels computed from pixels."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from jaxtyping import Float
from torch import Tensor

from ddrm_core.allowed_values import AllowedValues
from ddrm_core.errors import CompressionNotDetected, InvalidSetting, NotAJpeg
from ddrm_core.formats.defaults import MAX_PIXELS
from ddrm_core.jpeg.assumed_levels import assume_quality, jpeg_image_from_pixels
from ddrm_core.jpeg.header import CHROMA_SAMPLING_FACTORS, USUAL_CHROMA_SAMPLING
from ddrm_core.jpeg.image import JpegImage, QualitySource
from ddrm_core.jpeg.read import read_jpeg
from ddrm_core.jpeg.recompression import PreviousCompression
from ddrm_core.metadata.model import Metadata
from ddrm_core.restoration.assumption import CompressionAssumption
from ddrm_core.restoration.decoded_pixels import decode_non_jpeg, detect_pixel_compression


@dataclass(frozen=True, slots=True, eq=False)
class PixelImage:
    """The image in a file that is not a JPEG, but may have been compressed as a JPEG before.

    Attributes:
        path: Path of the file.
        pixels: Gray, RGB or CMYK (ink) pixels in gray levels.
        metadata: Metadata for results.
        previous_compression: Previous compression detected from the pixels, None without signs.
    """

    path: Path
    pixels: Float[Tensor, "n h w"]
    metadata: Metadata
    previous_compression: PreviousCompression | None

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.pixels.shape[2], self.pixels.shape[1]


SourceImage = JpegImage | PixelImage


def open_source_image(
    path: Path, *, tolerate_damage: bool = False, max_pixels: int = MAX_PIXELS
) -> SourceImage:
    """Read the levels of a JPEG, or the pixels of another image.

    Args:
        path: Path of the file.
        tolerate_damage: Whether to read the undamaged part of a damaged JPEG.
        max_pixels: Largest number of pixels that is read.

    Raises:
        NotAJpeg: If the file is neither a JPEG nor of another supported format.
        UnsupportedImage: If a PNG, BMP, TIFF or WebP is damaged or of an unsupported kind.
        UnreadableFile, DamagedJpeg, UnsupportedJpeg, TooManyPixels: See `read_jpeg`.
    """
    try:
        return read_jpeg(path, tolerate_damage=tolerate_damage, max_pixels=max_pixels)
    except NotAJpeg as error:
        decoded = decode_non_jpeg(error, max_pixels=max_pixels)
    compression = detect_pixel_compression(decoded.pixels)
    return PixelImage(path, torch.from_numpy(decoded.pixels), decoded.metadata, compression)


def jpeg_image_from_source(source: SourceImage, assumption: CompressionAssumption) -> JpegImage:
    """Return a JPEG with the levels with which the result of a run must agree.

    Without an assumption, a JPEG is returned unchanged. Otherwise, the levels are computed from the
    pixels by the compression that the user has stated or that was estimated.

    Raises:
        CompressionNotDetected: If a quality factor is neither detected nor assumed.
        InvalidSetting: If an assumption is out of range or does not apply to this file.
    """
    if isinstance(source, PixelImage):
        return _estimate_jpeg_image(source, assumption)
    if assumption.sampling is not None:
        raise InvalidSetting("sampling", assumption.sampling, AllowedValues.SAMPLING_OF_JPEG)
    if assumption.quality is None:
        if assumption.grid is not None:
            raise InvalidSetting("grid", assumption.grid, AllowedValues.GRID_WITH_QUALITY)
        return source
    left, top = assumption.grid or (0, 0)
    if source.damage is not None and (left or top):
        raise InvalidSetting("grid", assumption.grid, AllowedValues.GRID_OF_DAMAGED_FILE)
    return assume_quality(source, assumption.quality, grid_left=left, grid_top=top)


def _estimate_jpeg_image(source: PixelImage, assumption: CompressionAssumption) -> JpegImage:
    previous_compression, quality = source.previous_compression, assumption.quality
    if quality is None:
        if previous_compression is None:
            raise CompressionNotDetected(source.path)
        quality = previous_compression.quality
    detected_sampling = USUAL_CHROMA_SAMPLING
    if (
        previous_compression is not None
        and previous_compression.sampling in CHROMA_SAMPLING_FACTORS
    ):
        detected_sampling = previous_compression.sampling
    sampling = assumption.sampling or detected_sampling
    # Only RGB images have chroma, whose subsampling enlarges the MCU and the range of grid offsets.
    horizontal_factor, vertical_factor = (1, 1)
    if len(source.pixels) == 3:
        horizontal_factor, vertical_factor = CHROMA_SAMPLING_FACTORS.get(sampling, (1, 1))
    detected_grid = (
        (0, 0)
        if previous_compression is None
        else (
            previous_compression.left % (8 * horizontal_factor),
            previous_compression.top % (8 * vertical_factor),
        )
    )
    left, top = assumption.grid or detected_grid
    is_estimated = previous_compression is not None and (quality, left, top, sampling) == (
        *(previous_compression.quality, *detected_grid),
        detected_sampling,
    )
    return jpeg_image_from_pixels(
        source.pixels,
        path=source.path,
        metadata=source.metadata,
        quality=quality,
        chroma_sampling=sampling,
        grid_left=left,
        grid_top=top,
        quality_source=QualitySource.ESTIMATED if is_estimated else QualitySource.ASSUMED,
    )
