"""Images for the screen, built from stored arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.imaging.mipmap_image import MipmapImage, PixelPatch, composite_patches, create_mipmap_image
from app.jobs.document.open import Document
from app.jobs.storage.array_store import StoredArray
from ddrm_core.imaging.rectangle import Rectangle


@dataclass(frozen=True, slots=True, eq=False)
class ImagePlacement:
    """The place of an array of stored pixels: a document and a rectangle of its image.

    Attributes:
        document: Document of the pixels.
        region: Rectangle in the image as stored; None for the whole image.
    """

    document: Document
    region: Rectangle | None


def compose_stored_image(stored: StoredArray, placement: ImagePlacement) -> MipmapImage:
    """Return an image for the screen from pixels in the array store.

    Around a region, the image shows the pixels of the file.

    Args:
        stored: Real gray levels (n, h, w), or 8-bit pixels (h, w) or (h, w, n).
        placement: Document and rectangle of the pixels.

    Raises:
        UnreadableFile: See `StoredArray.load`.
    """
    import torch

    from ddrm_core.imaging.quantize_pixels import to_uint8

    array = stored.load()
    pixels = array if array.dtype == np.uint8 else to_uint8(torch.from_numpy(array))
    document, region = placement.document, placement.region
    displayed_pixels = document.display.to_display_pixels(pixels)
    size = document.source.size
    if region is None or region == Rectangle(0, 0, *size):
        return create_mipmap_image(displayed_pixels)
    shown = document.display.to_upright_rectangle(region, size)
    return composite_patches(document.image, [PixelPatch(displayed_pixels, shown.left, shown.top)])
