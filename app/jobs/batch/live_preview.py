"""Small images before and after the restoration of the file that a batch restores."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtGui import QImage

from app.imaging.color_management import (
    DisplayTransform,
    create_display_transform,
    pillow_image_from_pixels,
)
from app.imaging.qimage import qimage_from_pixels
from ddrm_core.imaging.rectangle import Rectangle

# torch takes seconds to import, so the functions below import it when they run; see `PriorCache`.
if TYPE_CHECKING:
    from ddrm_core.restoration.step import RunStep

PREVIEW_SIDE_PX = 960
"""Longer side of a preview in pixels."""
_UNKNOWN_LEVEL = 128


@dataclass(frozen=True, slots=True, eq=False)
class BatchPreview:
    """The file of a batch during its restoration, as small upright images in sRGB.

    Attributes:
        before: Decoded image.
        after: Decoded image, with the estimates where tiles are finished or in progress.
    """

    before: QImage
    after: QImage


class LivePreviewPainter:
    """A painter of the previews of one run, tile by tile. Not thread-safe."""

    def __init__(self) -> None:
        self._before: NDArray[np.uint8] | None = None
        self._after: NDArray[np.uint8] | None = None
        self._display: DisplayTransform | None = None
        self._scale = 1.0
        self._latest_region: Rectangle | None = None

    def paint(self, step: RunStep) -> BatchPreview:
        """Return the previews after a step of the run."""
        from ddrm_core.imaging.quantize_pixels import to_uint8

        image = step.mosaic.run.image
        if self._before is None or self._after is None or self._display is None:
            self._display = create_display_transform(image.metadata, image.channels)
            self._scale = min(1.0, PREVIEW_SIDE_PX / max(image.size))
            self._before = self._create_canvas(image.size, image.channels)
            self._after = self._before.copy()
        if step.tile_region != self._latest_region:
            self._latest_region = step.tile_region
            tile = step.problem_tile
            decoded = to_uint8(tile.to_pixels(tile.decoded_image, step.tile_region))
            for canvas in (self._before, self._after):
                self._paste(canvas, decoded, step.tile_region)
        self._paste(self._after, to_uint8(step.current_image()), step.tile_region)
        to_display = self._display.to_display_pixels
        return BatchPreview(
            qimage_from_pixels(to_display(self._before)),
            qimage_from_pixels(to_display(self._after)),
        )

    def _create_canvas(self, size: tuple[int, int], channels: int) -> NDArray[np.uint8]:
        width, height = (max(1, math.ceil(length * self._scale)) for length in size)
        shape = (height, width) if channels == 1 else (height, width, channels)
        return np.full(shape, _UNKNOWN_LEVEL, np.uint8)

    def _paste(
        self, canvas: NDArray[np.uint8], pixels: NDArray[np.uint8], region: Rectangle
    ) -> None:
        """Paste the pixels of a region, reduced to the scale of the canvas."""
        scale = self._scale
        left, top = math.floor(region.left * scale), math.floor(region.top * scale)
        right = min(canvas.shape[1], math.ceil((region.left + region.width) * scale))
        bottom = min(canvas.shape[0], math.ceil((region.top + region.height) * scale))
        size = (right - left, bottom - top)
        small = pillow_image_from_pixels(pixels).resize(size, Image.Resampling.BOX)
        canvas[top:bottom, left:right] = np.asarray(small)
