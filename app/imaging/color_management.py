"""Conversion of a file's pixels for the screen: upright and in sRGB.

Pixels are restored and saved as the file stores them; only pixels for the screen are converted.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from ddrm_core.imaging.orientation import (
    UPRIGHT_ORIENTATION,
    apply_orientation,
    invert_orientation,
    is_transposed,
    orient_rectangle,
)
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.metadata.color_space import resolve_color_profile
from ddrm_core.metadata.exif import read_orientation
from ddrm_core.metadata.model import Metadata

_PixelType = TypeVar("_PixelType", bound=np.generic)
_PIL_MODES = MappingProxyType({1: "L", 3: "RGB", 4: "CMYK"})
CHUNK_PIXELS = 4_000_000
"""Number of pixels converted at once, which limits the memory of Pillow's copies."""


@dataclass(frozen=True, slots=True, eq=False)
class DisplayTransform:
    """The transform from a file's stored pixels to pixels for the screen.

    The images before and after restoration are shown with the same transform. Pixels with an ICC
    profile are converted with the relative colorimetric intent and black point compensation, as in
    image viewers. Gray and RGB pixels without a usable profile are shown as sRGB, CMYK pixels
    without a usable profile by multiplying the inks.

    Attributes:
        icc_profile: ICC profile of the file, or a profile of the color space that its EXIF data
            state; None without either.
        orientation: EXIF orientation, 1 to 8.
        channels: Number of channels: 1 for gray, 3 for RGB, 4 for CMYK.
    """

    icc_profile: bytes | None
    orientation: int
    channels: int
    _transform: ImageCms.ImageCmsTransform | None = field(init=False, repr=False)

    def __post_init__(self) -> None:
        profile = self.icc_profile
        transform = None if profile is None else _create_icc_transform(profile, self.channels)
        object.__setattr__(self, "_transform", transform)

    @property
    def is_reoriented(self) -> bool:
        """Whether the displayed image is turned or mirrored relative to the stored image."""
        return self.orientation != UPRIGHT_ORIENTATION

    @property
    def has_unusable_profile(self) -> bool:
        """Whether the profile is damaged or made for another kind of pixels."""
        return self.icc_profile is not None and self._transform is None

    def to_display_pixels(
        self, pixels: NDArray[np.uint8], *, chunk_pixels: int = CHUNK_PIXELS
    ) -> NDArray[np.uint8]:
        """Convert stored pixels to upright sRGB: (h, w, 3), or (h, w) for gray without a profile.

        Args:
            pixels: (h, w) gray, (h, w, 3) RGB, or (h, w, 4) CMYK as ink, 0 none and 255 full.
            chunk_pixels: Approximate number of pixels converted at once.
        """
        if self._transform is None and self.channels != 4:
            return self.to_upright(pixels)
        if self.channels == 1:
            gray_levels = np.arange(256, dtype=np.uint8)[None]
            return self.to_upright(self._to_srgb(gray_levels)[0, pixels])
        height, width = pixels.shape[:2]
        converted, chunk_rows = np.empty((height, width, 3), np.uint8), chunk_pixels // width + 1
        for top in range(0, height, chunk_rows):
            converted[top : top + chunk_rows] = self._to_srgb(pixels[top : top + chunk_rows])
        return self.to_upright(converted)

    def to_upright(self, stored: NDArray[_PixelType]) -> NDArray[_PixelType]:
        """Turn or mirror an array from the stored to the displayed orientation.

        The first two dimensions of `stored` are rows and columns, as in pixels or a map of blocks.
        """
        return apply_orientation(stored, self.orientation)

    def to_upright_rectangle(self, stored: Rectangle, image_size: tuple[int, int]) -> Rectangle:
        """Convert a rectangle from coordinates of the stored image to the displayed image's.

        `image_size` is the width and height of the stored image.
        """
        return orient_rectangle(stored, image_size, self.orientation)

    def to_stored_rectangle(self, displayed: Rectangle, image_size: tuple[int, int]) -> Rectangle:
        """Convert a rectangle from coordinates of the displayed image to the stored image's.

        `image_size` is the width and height of the stored image.
        """
        shown_size = image_size[::-1] if is_transposed(self.orientation) else image_size
        return orient_rectangle(displayed, shown_size, invert_orientation(self.orientation))

    def _to_srgb(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        image = pillow_image_from_pixels(pixels)
        if self._transform is None:
            return np.asarray(image.convert("RGB"))
        if self._transform.input_mode != image.mode:
            image = image.convert(self._transform.input_mode)
        return np.asarray(self._transform.apply(image))


def pillow_image_from_pixels(pixels: NDArray[np.uint8]) -> Image.Image:
    """Return (h, w) gray, (h, w, 3) RGB or (h, w, 4) CMYK pixels as an image of Pillow."""
    height, width = pixels.shape[:2]
    mode = _PIL_MODES[1 if pixels.ndim == 2 else pixels.shape[2]]
    # Image.fromarray would interpret four channels as RGB with alpha.
    return Image.frombytes(mode, (width, height), pixels.tobytes())


def create_display_transform(metadata: Metadata, channels: int) -> DisplayTransform:
    """Create the display transform of a file and its results.

    Args:
        metadata: Metadata of the file, with profile and orientation.
        channels: Number of channels: 1 for gray, 3 for RGB, 4 for CMYK.
    """
    exif_orientation = (
        UPRIGHT_ORIENTATION if metadata.exif is None else read_orientation(metadata.exif)
    )
    return DisplayTransform(resolve_color_profile(metadata), exif_orientation, channels)


def _create_icc_transform(profile: bytes, channels: int) -> ImageCms.ImageCmsTransform | None:
    """Create a Pillow transform from an ICC profile to sRGB, None if the profile is unusable."""
    flags = ImageCms.Flags.BLACKPOINTCOMPENSATION
    if channels == 1:
        # The optimization of littlecms has errors of up to 10 levels in dark grays. Only 256
        # values are converted, so it saves nothing.
        flags |= ImageCms.Flags.NOOPTIMIZE
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        # Gray pixels with an RGB profile are common; the profile applies to three equal channels.
        has_rgb_profile = source.profile.xcolor_space.strip() == "RGB"
        return ImageCms.ImageCmsTransform(
            source,
            ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")),
            "RGB" if channels == 1 and has_rgb_profile else _PIL_MODES[channels],
            "RGB",
            ImageCms.Intent.RELATIVE_COLORIMETRIC,
            flags=flags,
        )
    except (OSError, ValueError):  # the only errors of Pillow's binding of littlecms
        return None
