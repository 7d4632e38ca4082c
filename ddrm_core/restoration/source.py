"""Any picture as a measurement: a JPEG's own levels, or those that its pixels once had."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray
from torch import Tensor

from ddrm_core.allowed_values import AllowedValues
from ddrm_core.errors import CompressionNotDetected, InvalidSetting, NotAJpeg
from ddrm_core.formats.defaults import MAX_PIXELS
from ddrm_core.formats.load import load_image
from ddrm_core.formats.unsupported_format import UnsupportedImage
from ddrm_core.imaging.quantize_pixels import to_uint8
from ddrm_core.jpeg.assumed_levels import (
    assume_quality,
    jpeg_image_from_pixels,
)
from ddrm_core.jpeg.header import CHROMA_SAMPLING_FACTORS, USUAL_CHROMA_SAMPLING
from ddrm_core.jpeg.image import JpegImage, QualitySource
from ddrm_core.jpeg.read import read_jpeg
from ddrm_core.jpeg.recompression import PreviousCompression, detect_from_pixels
from ddrm_core.metadata.model import Metadata
from ddrm_core.restoration.assumption import CompressionAssumption

_LOADABLE_FORMATS = ("PNG", "BMP", "TIFF", "WebP")


@dataclass(frozen=True, slots=True, eq=False)
class PixelImage:
    """A picture from a file that is no JPEG, but may have been one.

    Attributes:
        path: The file.
        pixels: Grey, RGB or CMYK (ink) in grey levels.
        metadata: What results take over.
        previous_compression: The JPEG that its pixels show signs of, None without any.
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
    """Read a JPEG's levels, or another picture's pixels.

    Raises:
        NotAJpeg: Neither.
        NotAPicture: A picture of a kind that cannot be restored, or a damaged one.
        UnreadableFile, DamagedJpeg, UnsupportedJpeg, TooManyPixels: See `read_jpeg`.
    """
    try:
        return read_jpeg(path, tolerate_damage=tolerate_damage, max_pixels=max_pixels)
    except NotAJpeg as error:
        try:
            loaded = load_image(path, max_pixels=max_pixels)
        except UnsupportedImage:
            if error.found_kind in _LOADABLE_FORMATS:
                raise
            raise error from None
    previous_compression = detect_from_pixels(_to_uint8_pixels(loaded.pixels))
    return PixelImage(path, loaded.pixels, loaded.metadata, previous_compression)


def jpeg_image_from_source(source: SourceImage, assumption: CompressionAssumption) -> JpegImage:
    """The levels that a run has to agree with.

    Raises:
        NoSignOfJpeg: There is no estimate of the quality factor, and none was given.
        InvalidSetting: A number is out of range, or does not go with this file.
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
    # Only RGB has chroma that may be halved, on a grid of larger units.
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


def _to_uint8_pixels(pixels: Tensor) -> NDArray[np.uint8]:
    """Grey or RGB pixels for looking at; of inks, what is left of the paper's white."""
    return to_uint8(255 - pixels[:3] if len(pixels) == 4 else pixels)
