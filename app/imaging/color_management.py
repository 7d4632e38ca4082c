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

from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.metadata.color_space import profile_or_equivalent
from ddrm_core.metadata.exif import orientation
from ddrm_core.metadata.model import Metadata

_Kind = TypeVar("_Kind", bound=np.generic)
_MODES = MappingProxyType({1: "L", 3: "RGB", 4: "CMYK"})
BAND_PIXELS = 4_000_000
"""Pixels that pass through Pillow's images at once: their copies stay small beside a picture."""
# EXIF 2.3, tag 274: where shown columns are stored rows, and where the shown columns and the shown
# rows then run backwards.
_TRANSPOSED, _LEFTWARDS, _UPWARDS = (5, 6, 7, 8), (2, 3, 6, 7), (3, 4, 7, 8)


@dataclass(frozen=True, slots=True, eq=False)
class Display:
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
        transform = None if profile is None else _transform_from(profile, self.channels)
        object.__setattr__(self, "_transform", transform)

    @property
    def turned(self) -> bool:
        """Whether the shown picture lies otherwise than the stored one."""
        return self.orientation != 1

    @property
    def profile_unusable(self) -> bool:
        """Whether there is a profile that is damaged, or made for other pixels."""
        return self.icc_profile is not None and self._transform is None

    def shown(
        self, pixels: NDArray[np.uint8], *, band_pixels: int = BAND_PIXELS
    ) -> NDArray[np.uint8]:
        """Stored pixels as upright sRGB: (h, w, 3), or (h, w) for grey without a profile.

        Args:
            pixels: (h, w) grey, (h, w, 3) RGB, or (h, w, 4) CMYK as ink, 0 none and 255 full.
            band_pixels: About as many are converted at a time.
        """
        if self._transform is None and self.channels != 4:
            return self.upright(pixels)
        if self.channels == 1:
            greys = np.arange(256, dtype=np.uint8)[None]
            return self.upright(self._srgb(greys)[0, pixels])
        height, width = pixels.shape[:2]
        converted, rows = np.empty((height, width, 3), np.uint8), band_pixels // width + 1
        for top in range(0, height, rows):
            converted[top : top + rows] = self._srgb(pixels[top : top + rows])
        return self.upright(converted)

    def upright(self, stored: NDArray[_Kind]) -> NDArray[_Kind]:
        """Rows and columns of whatever lies as the stored picture does, as they are shown."""
        turned = stored.swapaxes(0, 1) if self.orientation in _TRANSPOSED else stored
        if self.orientation in _LEFTWARDS:
            turned = turned[:, ::-1]
        return turned[::-1] if self.orientation in _UPWARDS else turned

    def upright_corner(
        self, corner: tuple[int, int], size: tuple[int, int], picture: tuple[int, int]
    ) -> tuple[int, int]:
        """Where the shown top left corner of a rectangle is; it may reach past the picture.

        Args:
            corner: Its stored top left one: x, y.
            size: Its stored width and height.
            picture: The picture's stored width and height.
        """
        before = list(corner)
        after = [p - c - s for p, c, s in zip(picture, corner, size, strict=True)]
        if self.orientation in _TRANSPOSED:
            before.reverse()
            after.reverse()
        return (
            after[0] if self.orientation in _LEFTWARDS else before[0],
            after[1] if self.orientation in _UPWARDS else before[1],
        )

    def stored_rectangle(self, shown: Rectangle, picture: tuple[int, int]) -> Rectangle:
        """A rectangle of the shown picture, in pixels as stored.

        Args:
            shown: In pixels as shown.
            picture: The picture's stored width and height.
        """
        width, height = picture[::-1] if self.orientation in _TRANSPOSED else picture
        left = width - shown.right if self.orientation in _LEFTWARDS else shown.left
        top = height - shown.bottom if self.orientation in _UPWARDS else shown.top
        if self.orientation in _TRANSPOSED:
            return Rectangle(top, left, shown.height, shown.width)
        return Rectangle(left, top, shown.width, shown.height)

    def _srgb(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        height, width = pixels.shape[:2]
        # Not fromarray: it takes four channels for RGB with alpha.
        image = Image.frombytes(_MODES[self.channels], (width, height), pixels.tobytes())
        if self._transform is None:
            return np.asarray(image.convert("RGB"))
        if self._transform.input_mode != image.mode:
            image = image.convert(self._transform.input_mode)
        return np.asarray(self._transform.apply(image))


def display_for(metadata: Metadata, channels: int) -> Display:
    """How a file's own pixels, and those of its results, are shown."""
    turn = 1 if metadata.exif is None else orientation(metadata.exif)
    return Display(profile_or_equivalent(metadata), turn, channels)


def _transform_from(profile: bytes, channels: int) -> ImageCms.ImageCmsTransform | None:
    """To sRGB; None where the profile is not usable."""
    flags = ImageCms.Flags.BLACKPOINTCOMPENSATION
    if channels == 1:
        # Only 256 values ever need it, and littlecms' short cut is up to ten off in dark greys.
        flags |= ImageCms.Flags.NOOPTIMIZE
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        # Grey pixels with an RGB profile are common; they mean three equal channels.
        of_colour = source.profile.xcolor_space.strip() == "RGB"
        return ImageCms.ImageCmsTransform(
            source,
            ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")),
            "RGB" if channels == 1 and of_colour else _MODES[channels],
            "RGB",
            ImageCms.Intent.RELATIVE_COLORIMETRIC,
            flags=flags,
        )
    except (OSError, ValueError):  # all that littlecms' binding raises
        return None
