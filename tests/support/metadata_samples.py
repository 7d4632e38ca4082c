"""Metadata blocks for files of every format, made by other libraries if possible."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import numpy as np
import piexif
import torch
from PIL import Image, ImageCms

from ddrm_core.formats.common import EncodedFile
from ddrm_core.formats.save import encode_image
from ddrm_core.metadata.model import NO_METADATA, Metadata, PixelDensity, UnknownSegment

NOTE = b"MAKER\0\x02\x10" + bytes(range(256)) * 2
_SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
_CREATED = struct.pack(">6H", 2020, 2, 3, 4, 5, 6)
# littlecms enters the present second (ICC.1 clause 7.2.8), which no two processes share.
ICC = _SRGB[:24] + _CREATED + _SRGB[36:]
XMP = '<x:xmpmeta xmlns:x="adobe:ns:meta/">größe</x:xmpmeta>'.encode()
_CAPTION = b"\x1c\x02\x78" + struct.pack(">H", 7) + b"caption"  # IPTC record 2, dataset 120
IPTC = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(_CAPTION)) + _CAPTION

# Name of the format, bits per channel and possible numbers of channels.
KINDS = (
    *[(suffix, bits, c) for suffix in (".png",) for bits in (8, 16) for c in (1, 3)],
    *[(".tif", bits, c) for bits in (8, 16, 32) for c in (1, 3, 4)],
    *[(".webp", 8, c) for c in (1, 3)],
)
JPEG_KINDS = tuple((".jpg", 8, c) for c in (1, 3, 4))


def exif_big() -> bytes:
    """Return a big-endian EXIF block that piexif wrote, with GPS and a maker's note.

    The second directory has a thumbnail.
    """
    thumbnail = io.BytesIO()
    Image.new("RGB", (16, 12), "red").save(thumbnail, "JPEG")
    block = {
        "0th": {
            piexif.ImageIFD.Make: b"A maker of cameras",
            piexif.ImageIFD.Model: b"One",
            piexif.ImageIFD.Orientation: 6,
            piexif.ImageIFD.XResolution: (72, 1),
            piexif.ImageIFD.YResolution: (72, 1),
            piexif.ImageIFD.ResolutionUnit: 2,
            piexif.ImageIFD.YCbCrPositioning: 1,
        },
        "Exif": {
            piexif.ExifIFD.MakerNote: NOTE,
            piexif.ExifIFD.DateTimeOriginal: b"2020:02:03 04:05:06",
        },
        "GPS": {piexif.GPSIFD.GPSLatitudeRef: b"N", piexif.GPSIFD.GPSLatitude: ((52, 1),) * 3},
        "Interop": {piexif.InteropIFD.InteroperabilityIndex: b"R98"},
        "1st": {piexif.ImageIFD.Compression: 6},
        "thumbnail": thumbnail.getvalue(),
    }
    return piexif.dump(block).removeprefix(b"Exif\0\0")


def exif_little() -> bytes:
    """Return a little-endian EXIF block of odd length that Pillow wrote."""
    exif = Image.Exif()
    exif.endian = "<"
    exif[piexif.ImageIFD.Artist] = "Somebody"
    exif.get_ifd(piexif.ImageIFD.ExifTag)[piexif.ExifIFD.MakerNote] = NOTE
    block = exif.tobytes().removeprefix(b"Exif\0\0")
    return block + bytes(1 - len(block) % 2)


EXIFS = {"big": exif_big(), "little": exif_little()}
FULL = Metadata(
    icc_profile=ICC,
    exif=EXIFS["big"],
    xmp=XMP,
    xmp_extensions=(b"G" * 32 + bytes(8) + b"more",),
    iptc=IPTC,
    comments=(b"a comment",),
    density=PixelDensity(300, 200, 1),
    others=(UnknownSegment(0xEC, b"Ducky\0"), UnknownSegment(0xE5, b"five")),
)
HELD = {  # metadata blocks that each format can hold
    ".png": ("icc_profile", "exif", "xmp", "iptc", "comments", "density"),
    ".tif": ("icc_profile", "exif", "xmp", "iptc", "comments", "density"),
    ".webp": ("icc_profile", "exif", "xmp"),
    ".jpg": tuple(Metadata.__slots__),
}


def noise(channels: int, height: int = 31, width: int = 37, *, seed: int = 0) -> torch.Tensor:
    """Return a (channels, height, width) random image with values that 8 bits cannot hold."""
    rng = torch.Generator().manual_seed(seed)
    return torch.rand(channels, height, width, generator=rng) * 300 - 20


def save(
    path: Path, picture: torch.Tensor, *, bits: int = 8, metadata: Metadata = NO_METADATA
) -> EncodedFile:
    """Encode an image, write the file to `path`, and return the encoded file."""
    encoded = encode_image(picture, path, bits=bits, metadata=metadata)
    path.write_bytes(encoded.data)
    return encoded


def as_array(picture: torch.Tensor) -> np.ndarray:
    """Return an image of shape (c, h, w) as (h, w, c), or as (h, w) for one channel."""
    pixels = picture.permute(1, 2, 0).numpy()
    return pixels[:, :, 0] if pixels.shape[2] == 1 else pixels
