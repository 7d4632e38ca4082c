"""Any picture as a measurement: a JPEG's own levels, or those that its pixels once had."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray
from torch import Tensor

from ddrm_core.errors import InvalidSetting, NoSignOfJpeg, NotAJpeg, NotAPicture
from ddrm_core.formats.load import load_image
from ddrm_core.imaging.quantize_pixels import rounded
from ddrm_core.jpeg.assumed_levels import (
    CHROMA_SAMPLING_FACTORS,
    assume_quality,
    jpeg_image_from_pixels,
)
from ddrm_core.jpeg.image import JpegImage, QualitySource
from ddrm_core.jpeg.read import MAX_PIXELS, read_jpeg
from ddrm_core.jpeg.recompression import PreviousCompression, detect_from_pixels
from ddrm_core.metadata.model import Metadata

_USUAL_SAMPLING = "4:2:0"
_LOADABLE = ("PNG", "BMP", "TIFF", "WebP")


@dataclass(frozen=True, slots=True, eq=False)
class PixelImage:
    """A picture from a file that is no JPEG, but may have been one.

    Attributes:
        path: The file.
        picture: Grey, RGB or CMYK (ink) in grey levels.
        metadata: What results take over.
        earlier: The JPEG that its pixels show signs of, None without any.
    """

    path: Path
    picture: Float[Tensor, "n h w"]
    metadata: Metadata
    earlier: PreviousCompression | None

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.picture.shape[2], self.picture.shape[1]


Source = JpegImage | PixelImage


@dataclass(frozen=True, slots=True)
class Assumption:
    """What the user says of a compression; None follows the file or its estimate.

    Attributes:
        quality: 1 to 100.
        grid: Pixels by which the first blocks begin left of and above the picture.
        sampling: A key of `CHROMA_SAMPLING_FACTORS`; for files that are no JPEG.
    """

    quality: int | None = None
    grid: tuple[int, int] | None = None
    sampling: str | None = None


NO_ASSUMPTION = Assumption()


def open_source(
    path: Path, *, tolerate_damage: bool = False, max_pixels: int = MAX_PIXELS
) -> Source:
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
        except NotAPicture:
            if error.found in _LOADABLE:
                raise
            raise error from None
    earlier = detect_from_pixels(_as_bytes(loaded.pixels))
    return PixelImage(path, loaded.pixels, loaded.metadata, earlier)


def measure(source: Source, assumption: Assumption) -> JpegImage:
    """The levels that a run has to agree with.

    Raises:
        NoSignOfJpeg: There is no estimate of the quality factor, and none was given.
        InvalidSetting: A number is out of range, or does not go with this file.
    """
    if isinstance(source, PixelImage):
        return _of_pixels(source, assumption)
    if assumption.sampling is not None:
        raise InvalidSetting("sampling", assumption.sampling, "the file's own, for a JPEG")
    if assumption.quality is None:
        if assumption.grid is not None:
            raise InvalidSetting("grid", assumption.grid, "only together with a quality factor")
        return source
    left, top = assumption.grid or (0, 0)
    if source.damage is not None and (left or top):
        raise InvalidSetting("grid", assumption.grid, "0,0 for a damaged file")
    return assume_quality(source, assumption.quality, grid_left=left, grid_top=top)


def _of_pixels(source: PixelImage, assumption: Assumption) -> JpegImage:
    earlier, quality = source.earlier, assumption.quality
    if quality is None:
        if earlier is None:
            raise NoSignOfJpeg(source.path)
        quality = earlier.quality
    found = _USUAL_SAMPLING
    if earlier is not None and earlier.sampling in CHROMA_SAMPLING_FACTORS:
        found = earlier.sampling
    sampling = assumption.sampling or found
    # Only RGB has chroma that may be halved, on a grid of larger units.
    across, down = (1, 1)
    if len(source.picture) == 3:
        across, down = CHROMA_SAMPLING_FACTORS.get(sampling, (1, 1))
    place = (0, 0) if earlier is None else (earlier.left % (8 * across), earlier.top % (8 * down))
    left, top = assumption.grid or place
    estimated = earlier is not None and (quality, left, top, sampling) == (
        *(earlier.quality, *place),
        found,
    )
    return jpeg_image_from_pixels(
        source.picture,
        path=source.path,
        metadata=source.metadata,
        quality=quality,
        chroma_sampling=sampling,
        grid_left=left,
        grid_top=top,
        quality_source=QualitySource.ESTIMATED if estimated else QualitySource.ASSUMED,
    )


def _as_bytes(picture: Tensor) -> NDArray[np.uint8]:
    """Grey or RGB pixels for looking at; of inks, what is left of the paper's white."""
    return rounded(255 - picture[:3] if len(picture) == 4 else picture)
