"""TIFF files, read. Sources: TIFF 6.0; Adobe's Photoshop TIFF notes (2002) for JPEG and deflate."""

from __future__ import annotations

import struct

import numpy as np

from ddrm_core.formats.encoded import SeveralPictures, Stored, density_or_none, without_opaque_alpha
from ddrm_core.formats.tiff.embedded_exif import find_exif
from ddrm_core.formats.tiff.ifd import ASCII, RATIONAL, Directory, Entry, Tag, TiffBytes, read_tiff
from ddrm_core.formats.tiff.layout import Kind, TiffPicture
from ddrm_core.imaging.array_types import Pixels
from ddrm_core.metadata.model import Density, Metadata

_COLOURS = {
    Kind.WHITE_IS_ZERO: 1,
    Kind.BLACK_IS_ZERO: 1,
    Kind.RGB: 3,
    Kind.PALETTE: 1,
    Kind.SEPARATED: 4,
    Kind.YCBCR: 3,
}
_PALETTE_SIZE = 256
_MOST_PAGES = 10_000  # counted; keeps hostile chains cheap


def tiff_size(data: bytes) -> tuple[int, int]:
    """Width and height as the first directory claims.

    Raises:
        ValueError, struct.error: It does not say.
    """
    file = read_tiff(data)
    return TiffPicture(file, file.first()).size()


def decode_tiff(data: bytes) -> Stored:
    """One picture: grey, RGB, CMYK or palette; 8 or 16 bits a channel, or 32-bit floats.

    Raises:
        SeveralPictures: The TIFF has several pages.
        ValueError, struct.error, RuntimeError, tifffile.TiffFileError: It is another kind of
            picture, not opaque, or damaged.
    """
    file = read_tiff(data)
    directory = file.first()
    pages = _pages(file, directory)
    if pages > 1:
        raise SeveralPictures(pages=pages)
    picture = TiffPicture(file, directory)
    kind = picture.kind()
    pixels = without_opaque_alpha(picture.decoded(), colours=_COLOURS[kind])
    if pixels.dtype == np.float32 and not np.isfinite(pixels).all():
        raise ValueError("not numbers")
    if kind is Kind.WHITE_IS_ZERO:
        pixels = _inverted(pixels)
    if kind is Kind.PALETTE:
        pixels = _looked_up(pixels, picture.numbers(Tag.COLOUR_MAP))
    return Stored(pixels, _metadata(file, directory))


def _pages(file: TiffBytes, first: Directory) -> int:
    """Return how many directories the file has; one that cannot be read ends the count."""
    places, following = {0}, first.following
    while following not in places and len(places) <= _MOST_PAGES:
        places.add(following)
        try:
            following = file.directory(following).following
        except (ValueError, struct.error):
            break
    return len(places)


def _inverted(pixels: Pixels) -> Pixels:
    if pixels.dtype == np.float32:
        raise ValueError("floats without a white")
    return np.invert(pixels)


def _looked_up(pixels: Pixels, palette: tuple[int, ...]) -> Pixels:
    """RGB with the higher 8 of the 16 bits that a colour map has, as libtiff shows it.

    Some write eight bits times 256 there, and some times 257.
    """
    if pixels.dtype != np.uint8 or len(palette) != 3 * _PALETTE_SIZE:
        raise ValueError("a palette of another size")
    colours = (np.array(palette, np.uint16) >> 8).astype(np.uint8).reshape(3, _PALETTE_SIZE)
    return np.ascontiguousarray(colours[:, pixels[:, :, 0]].transpose(1, 2, 0))


def _metadata(file: TiffBytes, directory: Directory) -> Metadata:
    exif = find_exif(file, directory)
    entries = directory.entries
    comment = entries.get(Tag.DESCRIPTION) if exif.own else None
    if Tag.DESCRIPTION in exif.entries:
        comment = None
    resolution = entries.get(Tag.X_RESOLUTION)
    # Where the block says the same in the same place, it came from there.
    from_exif = resolution is not None and exif.entries.get(Tag.X_RESOLUTION) == resolution
    return Metadata(
        icc_profile=_block(file, entries.get(Tag.ICC_PROFILE)),
        exif=exif.data,
        xmp=_block(file, entries.get(Tag.XMP)),
        iptc=_block(file, entries.get(Tag.PHOTOSHOP)),
        comments=_comments(file, comment),
        density=None if from_exif else _density(file, entries),
    )


def _block(file: TiffBytes, entry: Entry | None) -> bytes | None:
    """None where it is damaged: the picture counts for more than its metadata."""
    if entry is None:
        return None
    try:
        return file.value(entry) or None
    except ValueError:
        return None


def _comments(file: TiffBytes, entry: Entry | None) -> tuple[bytes, ...]:
    text = _block(file, entry)
    if entry is None or text is None or entry.kind != ASCII:
        return ()
    return (text.removesuffix(b"\0"),)


def _density(file: TiffBytes, entries: dict[int, Entry]) -> Density | None:
    x = _resolution(file, entries.get(Tag.X_RESOLUTION))
    y = _resolution(file, entries.get(Tag.Y_RESOLUTION))
    unit = entries.get(Tag.RESOLUTION_UNIT)
    try:
        number = 2 if unit is None else file.numbers(unit)[0]
    except (ValueError, IndexError):
        return None
    return density_or_none(x, y, number - 1) if number in (1, 2, 3) else None


def _resolution(file: TiffBytes, entry: Entry | None) -> int:
    """Rounded to a whole number; 0 where it is none."""
    value = _block(file, entry)
    if entry is None or value is None or (entry.kind, entry.count) != (RATIONAL, 1):
        return 0
    above, below = struct.unpack(file.order + "II", value)
    return round(above / below) if below else 0
