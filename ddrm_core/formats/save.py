"""Encoding of images in the format of a suffix, and the capabilities of each format."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from jaxtyping import Float
from torch import Tensor

from ddrm_core.formats import png
from ddrm_core.formats.avif.file import encode_avif
from ddrm_core.formats.capabilities import SaveFormat, check_format
from ddrm_core.formats.common import EncodedFile, to_pillow_image
from ddrm_core.formats.defaults import DEFAULT_JPEG_QUALITY
from ddrm_core.formats.jpeg import encode_jpeg
from ddrm_core.formats.jpegxl.file import encode_jpegxl
from ddrm_core.formats.png import encode_png
from ddrm_core.formats.profiles import fit_color_profile
from ddrm_core.formats.tiff.write import encode_tiff
from ddrm_core.formats.webp import encode_webp
from ddrm_core.imaging.array_types import PixelArray
from ddrm_core.imaging.orientation import (
    UPRIGHT_ORIENTATION,
    apply_orientation,
    invert_orientation,
    is_transposed,
)
from ddrm_core.imaging.quantize_pixels import quantize_into
from ddrm_core.metadata.model import Metadata

_DTYPES = {8: np.uint8, 10: np.uint16, 12: np.uint16, 16: np.uint16}  # by bits per channel


def encode_image(
    image: Float[Tensor, "c h w"],
    path: Path,
    *,
    bits: int,
    metadata: Metadata,
    jpeg_quality: int = DEFAULT_JPEG_QUALITY,
    orientation: int = UPRIGHT_ORIENTATION,
) -> EncodedFile:
    """Encode an image in the format of `path`; its color space is not converted.

    Args:
        image: Pixels in gray levels: gray or RGB, for TIFF and JPEG also CMYK (0 for no ink).
        path: Path whose suffix selects the format, see `SaveFormat`.
        bits: Bits per channel: 8; 10 and 12 for AVIF; 16 for PNG, TIFF and JPEG XL; 32 for TIFF, as
            floats without rounding or clipping.
        metadata: Metadata that is written byte for byte as far as the format can hold it.
        jpeg_quality: Quality factor, 1 to 100.
        orientation: EXIF orientation, 1 to 8, by which pixels are turned upright.

    Raises:
        UnsupportedFormat: If the format is not written here or cannot hold the image.
    """
    channels, height, width = image.shape
    save_format = check_format(path, bits=bits, channels=channels, width=width, height=height)
    rules = save_format.capabilities.profile_rules
    metadata, warnings = fit_color_profile(metadata, rules, channels=channels)
    # Pixels are passed without a local variable, so that their memory is freed as early as
    # possible.
    match save_format:
        case SaveFormat.PNG:
            encoded = png.insert_png_metadata(
                encode_png(_quantize_upright(image, bits, orientation)), metadata
            )
        case SaveFormat.TIFF:
            encoded = encode_tiff(_quantize_upright(image, bits, orientation), metadata)
        case SaveFormat.WEBP:
            encoded = encode_webp(
                to_pillow_image(_quantize_upright(image, bits, orientation)), metadata
            )
        case SaveFormat.JPEG:
            pillow_image = to_pillow_image(_quantize_upright(image, bits, orientation))
            encoded = encode_jpeg(pillow_image, metadata, quality=jpeg_quality)
        case SaveFormat.JPEG_XL:
            encoded = encode_jpegxl(_quantize_upright(image, bits, orientation), metadata)
        case SaveFormat.AVIF:
            encoded = encode_avif(_quantize_upright(image, bits, orientation), metadata, bits=bits)
    return EncodedFile(encoded.data, (*warnings, *encoded.warnings))


def _quantize_upright(image: Float[Tensor, "c h w"], bits: int, orientation: int) -> PixelArray:
    """Return an image turned upright and rounded to `bits` bits, (rows, columns, c).

    With 32 bits, the pixels stay floats, unrounded, and share the memory of `image`.
    """
    if bits not in _DTYPES:
        return apply_orientation(image.numpy().transpose(1, 2, 0), orientation)
    channels, height, width = image.shape
    upright_size = (width, height) if is_transposed(orientation) else (height, width)
    # Always a new array: imagecodecs refuses the strides of a permuted single pixel.
    pixels = np.empty((*upright_size, channels), _DTYPES[bits])
    quantize_into(
        image,
        apply_orientation(pixels, invert_orientation(orientation)).transpose(2, 0, 1),
        bits=bits,
    )
    return pixels
