"""What the eye sees of a file's pixels: upright, and in sRGB.

Pixels are restored and saved as the file stores them; only the screen gets them like this.
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
"""Pixels that pass through Pillow's images at once: their copies stay small beside a picture."""


@dataclass(frozen=True, slots=True, eq=False)
class DisplayTransform:
    """How one file's pixels are shown. Before and after go through the same one.

    Pixels with a profile are converted as viewers do: relative colorimetric with black point
    compensation. Those without one are taken for sRGB and kept as they are; CMYK ink without one is
    multiplied. Those whose profile is not usable count as without.

    Attributes:
        icc_profile: The file's, or the one that says what its EXIF does; None without either.
        orientation: EXIF's, 1 to 8.
        channels: 1 grey, 3 RGB, 4 CMYK.
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
        """Whether the shown picture lies otherwise than the stored one."""
        return self.orientation != UPRIGHT_ORIENTATION

    @property
    def has_unusable_profile(self) -> bool:
        """Whether there is a profile that is damaged, or made for other pixels."""
        return self.icc_profile is not None and self._transform is None

    def to_display_pixels(
        self, pixels: NDArray[np.uint8], *, chunk_pixels: int = CHUNK_PIXELS
    ) -> NDArray[np.uint8]:
        """Stored pixels as upright sRGB: (h, w, 3), or (h, w) for grey without a profile.

        Args:
            pixels: (h, w) grey, (h, w, 3) RGB, or (h, w, 4) CMYK as ink, 0 none and 255 full.
            chunk_pixels: About as many are converted at a time.
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
        """Rows and columns of whatever lies as the stored picture does, as they are shown."""
        return apply_orientation(stored, self.orientation)

    def to_upright_rectangle(self, stored: Rectangle, image_size: tuple[int, int]) -> Rectangle:
        """Return a rectangle as it is shown; `image_size` is that of the stored image."""
        return orient_rectangle(stored, image_size, self.orientation)

    def to_stored_rectangle(self, displayed: Rectangle, image_size: tuple[int, int]) -> Rectangle:
        """Return a shown rectangle as it is stored; `image_size` is that of the stored image."""
        shown_size = image_size[::-1] if is_transposed(self.orientation) else image_size
        return orient_rectangle(displayed, shown_size, invert_orientation(self.orientation))

    def _to_srgb(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        height, width = pixels.shape[:2]
        # Not fromarray: it takes four channels for RGB with alpha.
        image = Image.frombytes(_PIL_MODES[self.channels], (width, height), pixels.tobytes())
        if self._transform is None:
            return np.asarray(image.convert("RGB"))
        if self._transform.input_mode != image.mode:
            image = image.convert(self._transform.input_mode)
        return np.asarray(self._transform.apply(image))


def create_display_transform(metadata: Metadata, channels: int) -> DisplayTransform:
    """How a file's own pixels, and those of its results, are shown."""
    exif_orientation = (
        UPRIGHT_ORIENTATION if metadata.exif is None else read_orientation(metadata.exif)
    )
    return DisplayTransform(resolve_color_profile(metadata), exif_orientation, channels)


def _create_icc_transform(profile: bytes, channels: int) -> ImageCms.ImageCmsTransform | None:
    """To sRGB; None where the profile is not usable."""
    flags = ImageCms.Flags.BLACKPOINTCOMPENSATION
    if channels == 1:
        # Only 256 values ever need it, and littlecms' short cut is up to ten off in dark greys.
        flags |= ImageCms.Flags.NOOPTIMIZE
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        # Grey pixels with an RGB profile are common; they mean three equal channels.
        has_rgb_profile = source.profile.xcolor_space.strip() == "RGB"
        return ImageCms.ImageCmsTransform(
            source,
            ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")),
            "RGB" if channels == 1 and has_rgb_profile else _PIL_MODES[channels],
            "RGB",
            ImageCms.Intent.RELATIVE_COLORIMETRIC,
            flags=flags,
        )
    except (OSError, ValueError):  # all that littlecms' binding raises
        return None
