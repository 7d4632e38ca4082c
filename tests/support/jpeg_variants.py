"""JPEGs of every kind that occurs in practice, made in code: bytes by name."""

from __future__ import annotations

import io
import struct
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import jpeglib
import numpy as np
import piexif
from PIL import Image, ImageCms

from tests.support.pictures import KINDS, jpeg_bytes, photograph, pixels_of, write_jpeg

HEIGHT, WIDTH = 31, 37
MAKER_NOTE = b"Maker\0" + bytes(range(256))
XMP = (
    b"<?xpacket begin='\xef\xbb\xbf' id='W5M0MpCehiHzreSzNTczkc9d'?><x:xmpmeta xmlns:x="
    b"'adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
    b"<rdf:Description xmlns:dc='http://purl.org/dc/elements/1.1/' dc:source='attic'/>"
    b"</rdf:RDF></x:xmpmeta><?xpacket end='w'?>"
)
IPTC = b"8BIM\x04\x04\0\0\0\0\0\x0a\x1c\x02\x78\0\x05attic"
_SPATIAL = "turbo210"


def segment(marker: int, payload: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(payload) + 2) + payload


def exif(orientation: int = 1, *, order: str = "II", thumbnail: bool = False) -> bytes:
    """Return an EXIF block with a maker's note, starting at its TIFF header.

    Args:
        orientation: EXIF orientation.
        order: Byte order: "II" (little-endian) or "MM" (big-endian).
        thumbnail: Whether a big-endian block has a thumbnail.
    """
    parts: dict[str, object] = {
        "0th": {piexif.ImageIFD.Make: b"maker", piexif.ImageIFD.Orientation: orientation},
        "Exif": {piexif.ExifIFD.MakerNote: MAKER_NOTE},
    }
    if thumbnail:
        parts |= {"1st": {piexif.ImageIFD.Compression: 6}, "thumbnail": plain(quality=30)}
    block: bytes = piexif.dump(parts).removeprefix(b"Exif\0\0")
    assert block.startswith(b"MM")
    return block if order == "MM" else _little_endian(orientation)


def _little_endian(orientation: int) -> bytes:
    """Return a little-endian EXIF block, with an orientation and a maker's note.

    The block is packed by hand, because piexif writes big-endian blocks only.
    """
    note = 8 + 2 + 3 * 12 + 4
    first = struct.pack("<HHIHH", 274, 3, 1, orientation, 0)
    make = struct.pack("<HHI4s", 271, 2, 4, b"abc\0")
    pointer = struct.pack("<HHII", 34665, 4, 1, note)
    inner = struct.pack("<H", 1) + struct.pack("<HHII", 37500, 7, len(MAKER_NOTE), note + 18)
    head = b"II*\0" + struct.pack("<IH", 8, 3) + make + first + pointer + bytes(4)
    return head + inner + bytes(4) + MAKER_NOTE


def plain(height: int = HEIGHT, width: int = WIDTH, **options: object) -> bytes:
    return jpeg_bytes(photograph(height, width), **({"quality": 50} | options))


def with_segments(data: bytes, *segments: bytes) -> bytes:
    """Return a JPEG with segments inserted after its JFIF segment, or after its start marker."""
    end = 2
    if data[2:4] == b"\xff\xe0":
        end = 4 + int.from_bytes(data[4:6], "big")
    return data[:end] + b"".join(segments) + data[end:]


def without_jfif(data: bytes) -> bytes:
    assert data[2:4] == b"\xff\xe0"
    return data[:2] + data[4 + int.from_bytes(data[4:6], "big") :]


def of_kind(kind: str, progressive: bool) -> bytes:
    """Return a JPEG of 37x31 pixels of one of KINDS."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.jpg"
        pixels = pixels_of(kind, HEIGHT, WIDTH)
        write_jpeg(path, pixels, quality=50, sampling=kind, progressive=progressive)
        return path.read_bytes()


def _factors(*factors: tuple[int, int]) -> bytes:
    """Return a JPEG whose components have these (horizontal, vertical) sampling factors."""
    with tempfile.TemporaryDirectory() as folder, jpeglib.version(_SPATIAL):
        image = jpeglib.from_spatial(photograph(HEIGHT, WIDTH))
        image.samp_factor = np.array([(v, h) for h, v in factors])
        image.write_spatial(f"{folder}/a.jpg", qt=50)
        return (Path(folder) / "a.jpg").read_bytes()


def _tables(*tables: list[int]) -> bytes:
    return plain(qtables=[list(t) for t in tables])


def _frame_marker(data: bytes, marker: int) -> bytes:
    place = data.index(b"\xff\xc0")
    return data[: place + 1] + bytes([marker]) + data[place + 2 :]


def with_identifiers(data: bytes, names: bytes) -> bytes:
    """Return the JPEG `data` with other component identifiers, in frame and first scan header."""
    changed = bytearray(data)
    frame, scan = data.index(b"\xff\xc0"), data.index(b"\xff\xda")
    for i, name in enumerate(names):
        changed[frame + 10 + 3 * i] = changed[scan + 5 + 2 * i] = name
    return bytes(changed)


def _adobe(data: bytes, transform: int) -> bytes:
    return with_segments(
        without_jfif(data), segment(0xEE, b"Adobe\0d\0\0\0\0" + bytes([transform]))
    )


# Cached, because the profile contains its creation time.
@cache
def profile(size: int = 0) -> bytes:
    """Return an sRGB profile, padded with zeros to at least `size` bytes."""
    made: bytes = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return made + bytes(max(0, size - len(made)))


def _mpf() -> bytes:
    """Return an MPF file (CIPA DC-007): two JPEGs in one file, as stereo cameras write."""
    buffer = io.BytesIO()
    first, second = (Image.fromarray(photograph(HEIGHT, WIDTH, seed=s)) for s in (0, 5))
    first.save(buffer, "MPO", save_all=True, append_images=[second], quality=50)
    return buffer.getvalue()


def _extended_xmp() -> bytes:
    name = b"http://ns.adobe.com/xmp/extension/\0"
    part = b"0123456789ABCDEF0123456789ABCDEF" + struct.pack(">II", 12, 0) + b"<x:xmpmeta/>"
    return with_segments(plain(xmp=XMP), segment(0xE1, name + part))


def _wide() -> bytes:
    return jpeg_bytes(photograph(2, 65_500, grey=True), quality=50)


Maker = Callable[[], bytes]
_RAMP = [1 + 3 * i for i in range(64)]
_WIDE_STEPS = [8 + 9 * i for i in range(64)]


def _later(make: Callable[..., bytes], *arguments: object, **options: object) -> Maker:
    return lambda: make(*arguments, **options)


FILES: dict[str, Maker] = {
    **{f"{kind} baseline": _later(of_kind, kind, False) for kind in KINDS},
    **{f"{kind} progressive": _later(of_kind, kind, True) for kind in KINDS},
    "chroma finer than luma": _later(_factors, (1, 1), (2, 2), (2, 2)),
    "chroma planes unlike": _later(_factors, (2, 2), (2, 1), (1, 2)),
    "a third of the columns": _later(_factors, (3, 1), (1, 1), (1, 1)),
    "a quarter of the rows": _later(_factors, (1, 4), (1, 1), (1, 1)),
    "factors with a common divisor": _later(_factors, (4, 1), (2, 1), (2, 1)),
    "optimised Huffman tables": _later(plain, optimize=True),
    "extended sequential": lambda: _frame_marker(plain(), 0xC1),
    "restart every MCU": _later(plain, restart_marker_blocks=1),
    "restart every row": _later(plain, restart_marker_rows=1),
    "progressive with restarts": _later(plain, progressive=True, restart_marker_blocks=2),
    "QF 1": _later(plain, quality=1),
    "QF 100": _later(plain, quality=100),
    "a table of its own": _later(_tables, _RAMP),
    "three tables": _later(_tables, _RAMP, _RAMP[::-1], [7] * 64),
    "tables of 16 bits": _later(_tables, _WIDE_STEPS, _WIDE_STEPS),
    "without JFIF": lambda: without_jfif(plain()),
    "Adobe YCbCr": lambda: _adobe(plain(), 1),
    "components from 0": lambda: with_identifiers(plain(subsampling=0), b"\0\1\2"),
    "components named R, G, B": lambda: without_jfif(
        with_identifiers(plain(subsampling=0), b"RGB")
    ),
    **{
        f"{w}x{h}": _later(plain, h, w)
        for w, h in ((1, 1), (2, 1), (1, 2), (7, 9), (8, 8), (16, 16), (17, 33), (300, 1), (1, 300))
    },
    "65,500 pixels wide": _wide,
    "two pictures (MPF)": _mpf,
    "a thumbnail": lambda: plain(exif=b"Exif\0\0" + exif(order="MM", thumbnail=True)),
    "trailing bytes": lambda: plain() + b"\0" * 999,
    "another JPEG behind it": lambda: plain() + plain(8, 8),
    "fill bytes before markers": lambda: plain().replace(b"\xff\xdb", b"\xff\xff\xff\xdb"),
    "comments": lambda: with_segments(plain(), segment(0xFE, b"one"), segment(0xFE, b"two")),
    "XMP": _later(plain, xmp=XMP),
    "extended XMP": _extended_xmp,
    "IPTC": lambda: with_segments(plain(), segment(0xED, b"Photoshop 3.0\0" + IPTC)),
    "a profile": lambda: plain(icc_profile=profile()),
    "a profile in three parts": lambda: plain(icc_profile=profile(150_000)),
    "density": _later(plain, dpi=(300, 150)),
    "segments of unknown kinds": lambda: with_segments(
        plain(), segment(0xEC, b"Ducky"), segment(0xE3, b"Meta")
    ),
    "damaged EXIF": lambda: plain(exif=b"Exif\0\0II*\0\xff\xff\xff\xff"),
    **{
        f"orientation {n}, {order}": _later(
            lambda n, order: plain(exif=b"Exif\0\0" + exif(n, order=order)), n, order
        )
        for n in range(1, 9)
        for order in ("II", "MM")
    },
}
