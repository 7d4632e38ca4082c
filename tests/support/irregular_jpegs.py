"""JPEGs of kinds that few programs write, or that contradict themselves: bytes by name."""

from __future__ import annotations

import re
import struct
import tempfile
from functools import partial
from pathlib import Path

import jpeglib
import numpy as np
from PIL import Image

from tests.support.jpeg_variants import (
    HEIGHT,
    WIDTH,
    Maker,
    of_kind,
    plain,
    segment,
    with_identifiers,
)
from tests.support.pictures import jpeg_bytes, photograph

_TURBO = "turbo210"


def with_late_height(data: bytes) -> bytes:
    """Return a JPEG with its height in a DNL segment after the first scan (T.81 B.2.5)."""
    frame = re.search(rb"\xff[\xc0\xc1\xc2\xc9\xca]\0.\x08", data)
    assert frame is not None
    height = data[frame.end() : frame.end() + 2]
    data = data[: frame.end()] + bytes(2) + data[frame.end() + 2 :]
    first_scan = data.index(b"\xff\xda")
    end = re.compile(rb"\xff[^\0\xd0-\xd7\xff]").search(data, first_scan + 2)
    assert end is not None
    return data[: end.start()] + segment(0xDC, height) + data[end.start() :]


def arithmetic(data: bytes) -> bytes:
    """Return a sequential JPEG with the levels of a Huffman-coded one, but arithmetic-coded."""
    with tempfile.TemporaryDirectory() as folder, jpeglib.version(_TURBO):
        source, target = Path(folder) / "a.jpg", Path(folder) / "b.jpg"
        source.write_bytes(data)
        jpeglib.read_dct(str(source)).write_dct(str(target), flags=["+ARITH_CODE"])
        return target.read_bytes()


def arithmetic_progressive(
    height: int = HEIGHT, width: int = WIDTH, *, grey: bool = False
) -> bytes:
    """Return a progressive, arithmetic-coded JPEG of QF 50; color is subsampled to 4:2:0."""
    pixels = photograph(height, width, grey=grey)
    with tempfile.TemporaryDirectory() as folder, jpeglib.version(_TURBO):
        target = Path(folder) / "a.jpg"
        image = jpeglib.from_spatial(pixels[:, :, None] if grey else pixels)
        if not grey:
            image.samp_factor = "4:2:0"
        image.write_spatial(str(target), qt=50, flags=["+ARITH_CODE", "+PROGRESSIVE_MODE"])
        return target.read_bytes()


def arithmetic_with_restarts(rows: int, width: int = WIDTH) -> bytes:
    """Return an arithmetic-coded gray JPEG with a restart marker after each row of blocks.

    The intervals are the data of JPEGs of a single row each, because a decoder starts anew after a
    restart marker (T.81 E.2.4). The last interval has no marker.
    """
    pixels = photograph(8 * rows, width, grey=True)
    parts = [arithmetic(jpeg_bytes(pixels[8 * n : 8 * n + 8], quality=50)) for n in range(rows)]
    frame, scan = parts[0].index(b"\xff\xc9"), parts[0].index(b"\xff\xda")
    header = parts[0][: frame + 5] + (8 * rows).to_bytes(2) + parts[0][frame + 7 : scan]
    interval = segment(0xDD, (-(-width // 8)).to_bytes(2))
    scan_size = 2 + int.from_bytes(parts[0][scan + 2 : scan + 4])
    intervals = [part[part.index(b"\xff\xda") + scan_size : -2] for part in parts]
    marked = [b"\xff%c" % (0xD0 + n % 8) + data for n, data in enumerate(intervals[1:])]
    data = b"".join([intervals[0], *marked])
    return header + interval + parts[0][scan : scan + scan_size] + data + b"\xff\xd9"


def scan_per_component(*qualities: int, subsampled: bool = False, number: int = 0) -> bytes:
    """Return a baseline JPEG with a scan for each component, and a table before each scan.

    Args:
        *qualities: Quality factor of each component, 1 or 3.
        subsampled: Whether chroma has half the width and height.
        number: Number of the first component's table; all other components have the table 0.
    """
    planes = np.asarray(Image.fromarray(photograph(HEIGHT, WIDTH)).convert("YCbCr"))
    frame = struct.pack(">BHHB", 8, HEIGHT, WIDTH, len(qualities))
    parts = []
    for i, quality in enumerate(qualities):
        is_small = subsampled and i > 0
        plane = np.ascontiguousarray(planes[:: 1 + is_small, :: 1 + is_small, i])
        gray = jpeg_bytes(plane, quality=quality)
        table, scan = gray.index(b"\xff\xdb"), gray.index(b"\xff\xda")
        huffman = gray.index(b"\xff\xc4")
        own_number = number if i == 0 else 0
        frame += bytes([i + 1, 0x22 if subsampled and i == 0 else 0x11, own_number])
        parts.append(segment(0xDB, bytes([own_number]) + gray[table + 5 : table + 69]))
        parts.append(gray[huffman:scan] + segment(0xDA, bytes([1, i + 1, 0, 0, 63, 0])))
        parts.append(gray[scan + 10 : -2])
    jfif = segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0")
    parts.insert(1, segment(0xC0, frame))
    return b"".join([b"\xff\xd8", jfif, *parts, b"\xff\xd9"])


def with_color_markers(data: bytes, *, jfif: str, adobe: int | None) -> bytes:
    """Return a JPEG with other segments of JFIF and of Adobe in place of its own.

    Args:
        data: JPEG whose only segments of JFIF and of Adobe come before its tables.
        jfif: JFIF segment: "absent", "whole" or "short", of one byte less than JFIF demands.
        adobe: Color transform of the Adobe segment, None without one.
    """
    tables = data[data.index(b"\xff\xdb") :]
    payload = b"JFIF\0\1\1\0\0\1\0\1\0\0"
    segments = {"absent": [], "whole": [payload], "short": [payload[:-1]]}[jfif]
    parts = [segment(0xE0, p) for p in segments]
    if adobe is not None:
        parts.append(segment(0xEE, b"Adobe\0d\0\0\0\0" + bytes([adobe])))
    return data[:2] + b"".join(parts) + tables


def _color(
    names: bytes | None, *, jfif: str = "absent", adobe: int | None = None, kind: str = "4:4:4"
) -> Maker:
    """Return a function that makes a JPEG with other component identifiers and color markers."""

    def make() -> bytes:
        data = of_kind(kind, False)
        data = data if names is None else with_identifiers(data, names)
        return with_color_markers(data, jfif=jfif, adobe=adobe)

    return make


def _late_adobe() -> bytes:
    """Return a progressive JPEG whose Adobe segment, RGB, follows the first scan."""
    data = of_kind("4:4:4", True)
    second = data.index(b"\xff\xda", data.index(b"\xff\xda") + 2)
    table = data.rindex(b"\xff\xc4", 0, second)
    return data[:table] + segment(0xEE, b"Adobe\0d\0\0\0\0\0") + data[table:]


def _table_before_scan(data: bytes, number: int) -> bytes:
    """Return a JPEG with its first table once more before the scan of a number, from 0 on."""
    table = data.index(b"\xff\xdb")
    end = table + 2 + int.from_bytes(data[table + 2 : table + 4])
    scan = data.index(b"\xff\xda")
    for _ in range(number):
        scan = data.index(b"\xff\xda", scan + 2)
    return data[:scan] + data[table:end] + data[scan:]


def _unused_table(data: bytes) -> bytes:
    """Return a JPEG with another table of its first table's number after the last scan."""
    return data[:-2] + segment(0xDB, b"\0" + bytes([9] * 64)) + data[-2:]


IRREGULAR_FILES: dict[str, Maker] = {
    "JFIF and Adobe RGB": _color(None, jfif="whole", adobe=0),
    "JFIF and Adobe 3": _color(None, jfif="whole", adobe=3),
    "JFIF and components named R, G, B": _color(b"RGB", jfif="whole"),
    "JFIF, Adobe RGB and R, G, B": _color(b"RGB", jfif="whole", adobe=0),
    "short JFIF": _color(None, jfif="short"),
    "short JFIF and Adobe RGB": _color(None, jfif="short", adobe=0),
    "short JFIF and R, G, B": _color(b"RGB", jfif="short"),
    "Adobe RGB": _color(None, adobe=0),
    "Adobe YCbCr and R, G, B": _color(b"RGB", adobe=1),
    "Adobe 2 with three components": _color(None, adobe=2),
    "components named r, g, b": _color(b"rgb"),
    "components from 0, Adobe RGB": _color(b"\0\1\2", adobe=0),
    "gray with Adobe YCbCr": _color(None, adobe=1, kind="grey"),
    "gray named R": _color(b"R", kind="grey"),
    "CMYK without Adobe": _color(None, kind="CMYK"),
    "CMYK with JFIF": _color(None, jfif="whole", adobe=0, kind="CMYK"),
    "YCCK with JFIF": _color(None, jfif="whole", adobe=2, kind="CMYK"),
    "four components, Adobe 1": _color(None, adobe=1, kind="CMYK"),
    "four components, Adobe 3": _color(None, adobe=3, kind="CMYK"),
    "Adobe after the first scan": _late_adobe,
    "equal components": _color(b"\1\1\1", jfif="whole"),
    "equal chroma components": _color(b"\1\2\2", jfif="whole", kind="4:2:0"),
    "four equal components": _color(b"\0\0\0\0", adobe=2, kind="CMYK"),
    **{
        f"{kind} arithmetic": partial(lambda kind: arithmetic(of_kind(kind, False)), kind)
        for kind in ("grey", "4:2:0", "4:4:0", "RGB", "CMYK", "YCCK")
    },
    "arithmetic and progressive": arithmetic_progressive,
    "gray, arithmetic and progressive": partial(arithmetic_progressive, grey=True),
    "arithmetic with restarts": partial(arithmetic_with_restarts, 4),
    "arithmetic, of one color": lambda: arithmetic(jpeg_bytes(np.full((31, 37, 3), 99, np.uint8))),
    "arithmetic without an end marker": lambda: arithmetic(plain())[:-2],
    "arithmetic, 1x1": lambda: arithmetic(plain(1, 1)),
    "a late height": lambda: with_late_height(plain()),
    "a late height, gray": lambda: with_late_height(of_kind("grey", False)),
    "a late height, progressive": lambda: with_late_height(plain(progressive=True)),
    "a late height, arithmetic": lambda: with_late_height(arithmetic(plain())),
    "a late height with restarts": lambda: with_late_height(plain(restart_marker_blocks=2)),
    "two heights": lambda: plain()[:-2] + segment(0xDC, b"\0\7") + b"\xff\xd9",
    "a scan per component": partial(scan_per_component, 50, 50, 50),
    "a scan per component, 4:2:0": partial(scan_per_component, 20, 60, 90, subsampled=True),
    "a table number used three times": partial(scan_per_component, 20, 60, 90),
    "a table number used twice": partial(scan_per_component, 20, 60, 90, number=1),
    "a table twice": lambda: _table_before_scan(plain(progressive=True), 1),
    "a table after the last scan": lambda: _unused_table(plain()),
}

READABLE_FILES: dict[str, Maker] = {
    "a late height": plain,
    "a late height, gray": lambda: of_kind("grey", False),
    "a late height, progressive": lambda: plain(progressive=True),
    "a late height, arithmetic": lambda: arithmetic(plain()),
    "a late height with restarts": lambda: plain(restart_marker_blocks=2),
    "arithmetic without an end marker": lambda: arithmetic(plain()),
}
"""Files with the pixels of irregular files that Pillow does not read, by the same names."""
