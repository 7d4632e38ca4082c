"""Encoding and decoding of AVIF files. Source: AV1 Image File Format 1.1; ITU-T H.273 (nclx)."""

from __future__ import annotations

import struct

import imagecodecs
import numpy as np

from ddrm_core.formats.avif.container import AvifImage, encode_container, parse_container
from ddrm_core.formats.common import (
    DecodedFile,
    EncodedFile,
    describe_unstored_blocks,
    remove_opaque_alpha,
)
from ddrm_core.imaging.array_types import PixelArray
from ddrm_core.imaging.orientation import apply_orientation, is_transposed
from ddrm_core.metadata.exif import set_orientation
from ddrm_core.metadata.model import Metadata

_LOSSLESS_QUALITY = 100
_SPEED = 6  # 0 is slowest, 10 fastest
# H.273: primaries and transfer function of sRGB, or unspecified beside a profile; RGB without
# conversion (identity) or, for gray, the matrix of BT.601.
_SRGB_CODES, _UNSPECIFIED_CODES = (1, 13), (2, 2)
_IDENTITY_MATRIX, _BT_601_MATRIX = 0, 6
_FULL_RANGE = 0x80
# EXIF orientation by quarter turns anti-clockwise and axis of mirroring, which comes after.
_ORIENTATIONS = {
    (0, None): 1,
    (1, None): 8,
    (2, None): 3,
    (3, None): 6,
    (0, 0): 4,
    (0, 1): 2,
    (1, 0): 5,
    (1, 1): 7,
    (2, 0): 2,
    (2, 1): 4,
    (3, 0): 7,
    (3, 1): 5,
}


def encode_avif(pixels: PixelArray, metadata: Metadata, *, bits: int) -> EncodedFile:
    """Encode upright gray or RGB pixels (h, w, c) without loss.

    Args:
        pixels: Pixels of `bits` bits.
        metadata: Metadata to write.
        bits: Bits per channel: 8, 10 or 12.
    """
    height, width, channels = pixels.shape
    is_gray = channels == 1
    encoded = imagecodecs.avif_encode(
        np.ascontiguousarray(pixels[:, :, 0] if is_gray else pixels),
        level=_LOSSLESS_QUALITY,
        speed=_SPEED,
        bitspersample=bits,
        pixelformat="400" if is_gray else "444",
        matrix=None if is_gray else _IDENTITY_MATRIX,
    )
    coded = parse_container(bytes(encoded))
    primaries, transfer = _SRGB_CODES if metadata.icc_profile is None else _UNSPECIFIED_CODES
    matrix = _BT_601_MATRIX if is_gray else _IDENTITY_MATRIX
    image = AvifImage(
        coded=coded.coded,
        configuration=coded.configuration,
        width=width,
        height=height,
        bits=(bits,) * channels,
        color=struct.pack(">HHHB", primaries, transfer, matrix, _FULL_RANGE),
        icc_profile=metadata.icc_profile,
        exif=metadata.exif,
        xmp=metadata.xmp,
    )
    return EncodedFile(encode_container(image), describe_unstored_blocks("AVIF", metadata))


def read_avif_size(data: bytes) -> tuple[int, int]:
    """Return width and height in pixels of the upright image.

    Raises:
        ValueError, struct.error, LookupError: If the container is damaged.
    """
    image = parse_container(data)
    if is_transposed(_ORIENTATIONS[image.quarter_turns, image.mirror_axis]):
        return image.height, image.width
    return image.width, image.height


def decode_avif(data: bytes) -> DecodedFile:
    """Decode an AVIF upright; its EXIF then states orientation 1. 10 and 12 bits become 16.

    Raises:
        ValueError, struct.error, LookupError, RuntimeError: If the file is damaged, not opaque or
            an animation.
    """
    image = parse_container(data)
    pixels = np.asarray(imagecodecs.avif_decode(data))
    if pixels.ndim == 2:
        pixels = pixels[:, :, None]
    if pixels.ndim != 3:
        raise ValueError("an animation")
    if pixels.dtype == np.uint16:
        largest = (1 << max(image.bits, default=16)) - 1
        pixels = np.rint(pixels * (65535 / largest)).astype(np.uint16)
    color_channels = 1 if pixels.shape[2] < 3 else 3
    pixels = remove_opaque_alpha(pixels, color_channels=color_channels)
    # The container's orientation counts instead of EXIF's: HEIF, clause 6.5.10 and annex A.
    orientation = _ORIENTATIONS[image.quarter_turns, image.mirror_axis]
    metadata = Metadata(
        icc_profile=image.icc_profile,
        exif=None if image.exif is None else set_orientation(image.exif, 1) or image.exif,
        xmp=image.xmp,
    )
    return DecodedFile(np.ascontiguousarray(apply_orientation(pixels, orientation)), metadata)
