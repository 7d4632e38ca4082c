"""What a JPEG's markers say, read without decoding. Source: ITU-T T.81, Annex B."""

from __future__ import annotations

import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ddrm_core.errors import DamagedJpeg, NotAJpeg, UnreadableFile
from ddrm_core.metadata.segments import (
    ADOBE,
    APP0,
    APP1,
    APP2,
    APP13,
    APP14,
    COM,
    EXIF,
    ICC,
    JFIF,
    MPF,
    PHOTOSHOP,
    XMP,
    XMP_EXTENSION,
)

Table = NDArray[np.uint16]  # (64,) quantiser steps in natural (row-major) order

# T.81 figure A.6: position k of the zig-zag sequence holds this natural index.
ZIGZAG = np.array(
    [
        *(0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5),
        *(12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28),
        *(35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51),
        *(58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63),
    ]
)
# T.81 table B.1.
CODING = {
    0xC0: "baseline",
    0xC1: "extended sequential",
    0xC2: "progressive",
    0xC3: "lossless coding",
    0xC5: "hierarchical coding",
    0xC6: "hierarchical coding",
    0xC7: "hierarchical coding",
    0xC9: "arithmetic coding",
    0xCA: "arithmetic coding",
    0xCB: "arithmetic coding",
    0xCD: "arithmetic coding",
    0xCE: "arithmetic coding",
    0xCF: "arithmetic coding",
}
_EOI, _SOS, _DQT, _DRI = 0xD9, 0xDA, 0xDB, 0xDD
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})  # markers without a length: TEM, RSTn, SOI
# Entropy-coded data ends at a marker that is neither a stuffed zero, RSTn, nor a fill byte.
_AFTER_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_MARKER = re.compile(rb"\xff[^\xff]")
# DHT, DAC, SOS, DQT, DNL, DRI, metadata (T.81 B.2.1 to B.2.4).
BETWEEN_SCANS = frozenset({0xC4, 0xCC, _SOS, _DQT, 0xDC, _DRI, *range(0xE0, 0xF0), 0xFE})
_LONGEST_PREFIX = 64
_SIGNATURES = (
    (b"\x89PNG", "PNG"),
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"\0\0\0\x0cjP", "JPEG 2000"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\0\0\0\x0cJXL", "JPEG XL"),
    (b"%PDF", "PDF"),
)


@dataclass(frozen=True, slots=True)
class Component:
    """One colour component as the frame header describes it.

    Attributes:
        identifier: Its number in the file, usually 1, 2, 3.
        horizontal: Sampling factor, 1 to 4.
        vertical: Sampling factor, 1 to 4.
        table: Which quantisation table it uses, 0 to 3.
    """

    identifier: int
    horizontal: int
    vertical: int
    table: int


@dataclass(frozen=True, slots=True)
class Segment:
    """A marker segment that carries metadata.

    Attributes:
        name: What it holds, e.g. "EXIF", "ICC", "comment".
        marker: 0xE0 to 0xEF, or 0xFE for a comment.
        payload: Without marker and length.
    """

    name: str
    marker: int
    payload: bytes

    @property
    def size(self) -> int:
        """Of the payload, in bytes."""
        return len(self.payload)


@dataclass(frozen=True, slots=True, eq=False)
class JpegHeader:
    """Everything the markers of one file say.

    Attributes:
        path: The file.
        file_size: In bytes.
        width: True width in pixels.
        height: True height in pixels.
        coding: A value of CODING.
        precision: Bits per sample.
        components: In the order of the frame header.
        tables: Quantiser steps by table number.
        restart_interval: In MCUs, 0 where there is none.
        adobe_transform: The Adobe segment's colour transform, None where it has none.
        jfif: Whether a JFIF segment is present.
        segments: Metadata, in file order.
        complete: Whether the end marker of the picture was found.
        trailing: Bytes after it: other pictures (MPF), or nothing of a JPEG's.
    """

    path: Path
    file_size: int
    width: int
    height: int
    coding: str
    precision: int
    components: tuple[Component, ...]
    tables: dict[int, Table]
    restart_interval: int
    adobe_transform: int | None
    jfif: bool
    segments: tuple[Segment, ...]
    complete: bool
    trailing: int

    @property
    def colour(self) -> str:
        """What the components are, by libjpeg's rules (jdapimin.c, default_decompress_parms)."""
        match len(self.components), self.adobe_transform:
            case 1, _:
                return "grey"
            case 3, 0:
                return "RGB"
            case 3, None if not self.jfif and self._named_rgb():
                return "RGB"
            case 3, _:
                return "YCbCr"
            case 4, 2:
                return "YCCK"
            case 4, _:
                return "CMYK"
            case count, _:
                return f"{count} components"

    def _named_rgb(self) -> bool:
        return bytes(c.identifier for c in self.components) == b"RGB"

    @property
    def sampling(self) -> str:
        """See `sampling_name`."""
        return sampling_name(self.components)


def sampling_name(components: Sequence[Component]) -> str:
    """Chroma sampling in J:a:b notation where it has one, e.g. "4:2:0"."""
    if len(components) == 1:
        return "grey"
    names: dict[tuple[float, float], str] = {
        (1, 1): "4:4:4",
        (2, 1): "4:2:2",
        (1, 2): "4:4:0",
        (2, 2): "4:2:0",
        (4, 1): "4:1:1",
    }
    luma, *chroma = components
    ratios = {(luma.horizontal / c.horizontal, luma.vertical / c.vertical) for c in chroma}
    if len(ratios) == 1 and (name := names.get(ratios.pop())):
        return name
    return " ".join(f"{c.horizontal}x{c.vertical}" for c in components)


def read_bytes(path: Path) -> bytes:
    """The file's bytes. Raises UnreadableFile."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFile(path, error.strerror or str(error)) from error


def read_header(path: Path) -> JpegHeader:
    """Parse the markers of the first picture in the file.

    Raises:
        UnreadableFile: The system did not give the bytes.
        NotAJpeg: They do not begin with a JPEG's start marker.
        DamagedJpeg: They end, or contradict themselves, before the picture's data begins.
    """
    return parse_header(read_bytes(path), path)


def parse_header(data: bytes, path: Path) -> JpegHeader:
    """`read_header` for bytes at hand; `path` is for the messages."""
    if not data.startswith(b"\xff\xd8"):
        raise NotAJpeg(path, _kind_of(data))
    header = JpegHeader(path, len(data), 0, 0, "", 0, (), {}, 0, None, False, (), False, 0)
    segments: list[Segment] = []
    position, scanning = 2, False
    before = header, 0  # the first scan
    try:
        while True:
            marker, start, end = _next_segment(data, position)
            if marker == _EOI:
                header = replace(header, complete=True, trailing=len(data) - end)
                break
            if scanning and marker not in BETWEEN_SCANS:
                break
            header = _with_segment(header, marker, data[start:end])
            if (name := _segment_name(marker, data[start : start + _LONGEST_PREFIX])) is not None:
                segments.append(Segment(name, marker, data[start:end]))
            position = end
            if marker == _SOS:
                if not scanning:
                    scanning, before = True, (header, len(segments))
                after = _AFTER_SCAN.search(data, end)
                if after is None:
                    break
                position = after.start()
    except (IndexError, struct.error, ValueError) as error:
        if not scanning:  # what comes later may be missing: `complete` says that
            raise DamagedJpeg(path, "its header is cut off or contradictory") from error
    if not header.complete and scanning:  # what follows the scans may be another file's
        header, segments = before[0], segments[: before[1]]
    if not header.components or not header.tables or header.width == 0:
        raise DamagedJpeg(path, "it holds no picture")
    return replace(header, segments=tuple(segments))


def _kind_of(data: bytes) -> str:
    if not data:
        return "an empty file"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WebP"
    if data[4:12] in (b"ftypheic", b"ftypmif1", b"ftypavif"):
        return "HEIF or AVIF"
    for signature, name in _SIGNATURES:
        if data.startswith(signature):
            return name
    return "not a picture"


def _next_segment(data: bytes, position: int) -> tuple[int, int, int]:
    """Marker code, and where its payload starts and ends. Raises IndexError past the end."""
    found = _MARKER.search(data, position)  # libjpeg skips garbage between segments too
    if found is None:
        raise IndexError(position)
    position = found.end() - 1
    marker = data[position]
    if marker == _EOI or marker in _ALONE:
        return marker, position + 1, position + 1
    (length,) = struct.unpack_from(">H", data, position + 1)
    end = position + 1 + length
    if length < 2 or end > len(data):
        raise ValueError("segment longer than the file")
    return marker, position + 3, end


def _with_segment(header: JpegHeader, marker: int, payload: bytes) -> JpegHeader:
    if marker in CODING:
        return _with_frame(header, marker, payload)
    if marker == _DQT:
        return replace(header, tables=header.tables | _tables(payload))
    if marker == _DRI:
        return replace(header, restart_interval=struct.unpack(">H", payload[:2])[0])
    if marker == APP14 and payload.startswith(ADOBE) and len(payload) >= 12:
        header = replace(header, adobe_transform=payload[11])
    if marker == APP0 and payload.startswith(JFIF):
        header = replace(header, jfif=True)
    return header


def _with_frame(header: JpegHeader, marker: int, payload: bytes) -> JpegHeader:
    if header.components:
        raise ValueError("two frames")
    precision, height, width, count = struct.unpack_from(">BHHB", payload)
    rows = [payload[6 + 3 * i : 9 + 3 * i] for i in range(count)]
    components = tuple(Component(c[0], c[1] >> 4, c[1] & 15, c[2]) for c in rows)
    if any(not 1 <= f <= 4 for c in components for f in (c.horizontal, c.vertical)):
        raise ValueError("sampling factor")
    return replace(
        header,
        coding=CODING[marker],
        precision=precision,
        width=width,
        height=height,
        components=components,
    )


def _tables(payload: bytes) -> dict[int, Table]:
    tables: dict[int, Table] = {}
    position = 0
    while position < len(payload):
        wide, number = payload[position] >> 4, payload[position] & 15
        kind = np.dtype(">u2") if wide else np.dtype("u1")
        table = np.zeros(64, np.uint16)
        table[ZIGZAG] = np.frombuffer(payload, kind, 64, position + 1)
        if not table.all():
            raise ValueError("a quantiser step of zero")
        tables[number] = table
        position += 1 + 64 * kind.itemsize
    return tables


def _segment_name(marker: int, payload: bytes) -> str | None:
    if marker == COM:
        return "comment"
    known = (
        (APP0, JFIF, "JFIF"),
        (APP1, EXIF, "EXIF"),
        (APP1, XMP, "XMP"),
        (APP1, XMP_EXTENSION, "XMP extension"),
        (APP2, ICC, "ICC"),
        (APP2, MPF, "MPF"),
        (APP13, PHOTOSHOP, "IPTC"),
        (APP14, ADOBE, "Adobe"),
    )
    for code, prefix, name in known:
        if marker == code and payload.startswith(prefix):
            return name
    return f"APP{marker - 0xE0}" if 0xE0 <= marker <= 0xEF else None
