"""Decoding of TIFF files.

Sources: TIFF 6.0; Adobe's Photoshop TIFF notes (2002) for JPEG and deflate.
"""

from __future__ import annotations

import struct

import numpy as np

from ddrm_core.formats.common import (
    DecodedFile,
    MultipleImagesError,
    density_or_none,
    remove_opaque_alpha,
)
from ddrm_core.formats.tiff.embedded_exif import extract_exif
from ddrm_core.formats.tiff.ifd import ASCII, RATIONAL, TiffTag
from ddrm_core.formats.tiff.image import Photometric, TiffImage
from ddrm_core.imaging.array_types import PixelArray
from ddrm_core.metadata.model import Metadata, PixelDensity
from ddrm_core.metadata.tiff_reader import TiffDirectory, TiffEntry, TiffReader, open_tiff

_COLOR_CHANNELS = {
    Photometric.WHITE_IS_ZERO: 1,
    Photometric.BLACK_IS_ZERO: 1,
    Photometric.RGB: 3,
    Photometric.PALETTE: 1,
    Photometric.SEPARATED: 4,
    Photometric.YCBCR: 3,
}
_PALETTE_SIZE = 256
_MAX_PAGES = 10_000  # limit of the count, so that a hostile chain of directories ends


def read_tiff_size(data: bytes) -> tuple[int, int]:
    """Return width and height in pixels from the first directory of a TIFF file.

    Raises:
        ValueError, struct.error: If an entry is missing or invalid.
    """
    file = open_tiff(data)
    return TiffImage(file, file.read_first_directory()).read_size()


def decode_tiff(data: bytes) -> DecodedFile:
    """Decode a TIFF of a single image: gray, RGB, CMYK or palette.

    Channels have 8 or 16 bits or are 32-bit floats.

    Raises:
        MultipleImagesError: If the TIFF has several pages.
        ValueError, struct.error, RuntimeError, tifffile.TiffFileError: If the image has another
            color space or bit depth, is not opaque or is damaged.
    """
    file = open_tiff(data)
    directory = file.read_first_directory()
    page_count = _count_tiff_pages(file, directory)
    if page_count > 1:
        raise MultipleImagesError(page_count=page_count)
    image = TiffImage(file, directory)
    photometric = image.read_photometric()
    pixels = remove_opaque_alpha(image.decode(), color_channels=_COLOR_CHANNELS[photometric])
    if pixels.dtype == np.float32 and not np.isfinite(pixels).all():
        raise ValueError("not numbers")
    if photometric is Photometric.WHITE_IS_ZERO:
        pixels = _invert_pixels(pixels)
    if photometric is Photometric.PALETTE:
        pixels = _apply_palette(pixels, image.read_integers(TiffTag.COLOR_MAP))
    return DecodedFile(pixels, _read_tiff_metadata(file, directory))


def _count_tiff_pages(file: TiffReader, first_directory: TiffDirectory) -> int:
    """Return the number of pages of a TIFF, counted up to the first unreadable directory."""
    seen_offsets, next_offset = {0}, first_directory.next_offset
    while next_offset not in seen_offsets and len(seen_offsets) <= _MAX_PAGES:
        seen_offsets.add(next_offset)
        try:
            next_offset = file.read_directory(next_offset).next_offset
        except (ValueError, struct.error):
            break
    return len(seen_offsets)


def _invert_pixels(pixels: PixelArray) -> PixelArray:
    if pixels.dtype == np.float32:
        raise ValueError("floats without a white")
    return np.invert(pixels)


def _apply_palette(pixels: PixelArray, palette: tuple[int, ...]) -> PixelArray:
    """Convert palette indices to 8-bit RGB, from the higher 8 of the color map's 16 bits.

    libtiff shows images in the same way. Some encoders scale 8 bits by 256, others by 257; the
    higher 8 bits are equal in both.
    """
    if pixels.dtype != np.uint8 or len(palette) != 3 * _PALETTE_SIZE:
        raise ValueError("a palette of another size")
    colors = (np.array(palette, np.uint16) >> 8).astype(np.uint8).reshape(3, _PALETTE_SIZE)
    return np.ascontiguousarray(colors[:, pixels[:, :, 0]].transpose(1, 2, 0))


def _read_tiff_metadata(file: TiffReader, directory: TiffDirectory) -> Metadata:
    exif = extract_exif(file, directory)
    entries = directory.entries
    comment = entries.get(TiffTag.DESCRIPTION) if exif.is_own_file else None
    if TiffTag.DESCRIPTION in exif.entries:
        comment = None
    resolution = entries.get(TiffTag.X_RESOLUTION)
    # An equal entry in the EXIF block is the origin of the directory's entry.
    from_exif = resolution is not None and exif.entries.get(TiffTag.X_RESOLUTION) == resolution
    return Metadata(
        icc_profile=_read_icc_profile(file, entries.get(TiffTag.ICC_PROFILE)),
        exif=exif.data,
        xmp=_read_optional_value(file, entries.get(TiffTag.XMP)),
        iptc=_read_optional_value(file, entries.get(TiffTag.PHOTOSHOP)),
        comments=_read_tiff_comments(file, comment),
        density=None if from_exif else _read_tiff_density(file, entries),
    )


def _read_icc_profile(file: TiffReader, entry: TiffEntry | None) -> bytes | None:
    """Return the ICC profile of an entry; None without an entry, empty if it is damaged."""
    return None if entry is None else _read_optional_value(file, entry) or b""


def _read_optional_value(file: TiffReader, entry: TiffEntry | None) -> bytes | None:
    """Return the bytes of a metadata entry's values; None without an entry or if it is damaged.

    The image can be loaded without its metadata.
    """
    if entry is None:
        return None
    try:
        return file.read_value(entry) or None
    except ValueError:
        return None


def _read_tiff_comments(file: TiffReader, entry: TiffEntry | None) -> tuple[bytes, ...]:
    text = _read_optional_value(file, entry)
    if entry is None or text is None or entry.field_type != ASCII:
        return ()
    return (text.removesuffix(b"\0"),)


def _read_tiff_density(file: TiffReader, entries: dict[int, TiffEntry]) -> PixelDensity | None:
    x = _read_resolution(file, entries.get(TiffTag.X_RESOLUTION))
    y = _read_resolution(file, entries.get(TiffTag.Y_RESOLUTION))
    unit = entries.get(TiffTag.RESOLUTION_UNIT)
    try:
        unit_number = 2 if unit is None else file.read_integers(unit)[0]
    except (ValueError, IndexError):
        return None
    return density_or_none(x, y, unit_number - 1) if unit_number in (1, 2, 3) else None


def _read_resolution(file: TiffReader, entry: TiffEntry | None) -> int:
    """Return the resolution in an entry, rounded to an integer; 0 if it is missing or invalid."""
    value = _read_optional_value(file, entry)
    if entry is None or value is None or (entry.field_type, entry.count) != (RATIONAL, 1):
        return 0
    numerator, denominator = struct.unpack(file.byte_order + "II", value)
    return round(numerator / denominator) if denominator else 0
