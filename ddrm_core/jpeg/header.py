"""Markers of a JPEG file, parsed without decoding. Source: ITU-T T.81, Annex B."""

from __future__ import annotations

import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ddrm_core.attachments.find import find_attachments
from ddrm_core.attachments.model import NO_ATTACHMENTS, Attachments
from ddrm_core.errors import DamagedJpeg, NotAJpeg
from ddrm_core.jpeg.color_markers import GRAY, ColorMarkers
from ddrm_core.jpeg.file_format import detect_format
from ddrm_core.jpeg.marker_segments import (
    DQT,
    DRI,
    EOI,
    MARKERS_BETWEEN_SCANS,
    SOS,
    fill_in_height,
)
from ddrm_core.jpeg.reasons import Coding, DamageReason
from ddrm_core.messages import tr_noop
from ddrm_core.metadata.extended_xmp import XMP_EXTENSION_PREFIX
from ddrm_core.metadata.icc_defects import ICC_PREFIX
from ddrm_core.metadata.segments import (
    ADOBE_PREFIX,
    APP0,
    APP1,
    APP2,
    APP13,
    APP14,
    COM,
    EXIF_PREFIX,
    GAIN_MAP_PREFIX,
    JFIF_PREFIX,
    MPF_PREFIX,
    PHOTOSHOP_PREFIX,
    XMP_PREFIX,
)
from ddrm_core.os_errors import reading

CHROMA_SAMPLING_FACTORS = {"4:4:4": (1, 1), "4:2:2": (2, 1), "4:4:0": (1, 2), "4:2:0": (2, 2)}
"""Chroma samplings that can be assumed for an image that is not a JPEG.

Each value is the factor by which chroma is reduced: (horizontal, vertical).
"""
USUAL_CHROMA_SAMPLING = "4:2:0"

QuantizationTable = NDArray[np.uint16]  # (64,) quantizer steps in natural (row-major) order

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
CODING_BY_FRAME_MARKER = {
    0xC0: Coding.BASELINE,
    0xC1: Coding.EXTENDED,
    0xC2: Coding.PROGRESSIVE,
    0xC3: Coding.LOSSLESS,
    0xC5: Coding.HIERARCHICAL,
    0xC6: Coding.HIERARCHICAL,
    0xC7: Coding.HIERARCHICAL,
    0xC9: Coding.ARITHMETIC,
    0xCA: Coding.ARITHMETIC_PROGRESSIVE,
    0xCB: Coding.LOSSLESS,
    0xCD: Coding.HIERARCHICAL,
    0xCE: Coding.HIERARCHICAL,
    0xCF: Coding.HIERARCHICAL,
}
# Markers without a length field: TEM, RSTn and SOI.
_STANDALONE_MARKERS = frozenset({0x01, *range(0xD0, 0xD9)})
# Entropy-coded data ends at a marker. A stuffed zero, RSTn and a fill byte do not end the data.
_SCAN_END_PATTERN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_MARKER_PATTERN = re.compile(rb"\xff[^\xff]")
_MAX_PREFIX_LENGTH = 64


@dataclass(frozen=True, slots=True)
class Component:
    """A color component as described by the frame header.

    Attributes:
        identifier: Number of the component in the file, usually 1, 2 or 3.
        horizontal_factor: Horizontal sampling factor, 1 to 4.
        vertical_factor: Vertical sampling factor, 1 to 4.
        table_number: Number of the component's quantization table, 0 to 3.
    """

    identifier: int
    horizontal_factor: int
    vertical_factor: int
    table_number: int


@dataclass(frozen=True, slots=True)
class MetadataSegment:
    """A marker segment that carries metadata.

    Attributes:
        name: Kind of metadata, e.g. "EXIF", "ICC" or "comment".
        marker: Marker code, 0xE0 to 0xEF, or 0xFE for a comment.
        payload: Bytes of the segment without marker and length field.
    """

    name: str
    marker: int
    payload: bytes

    @property
    def size(self) -> int:
        """Size of the payload in bytes."""
        return len(self.payload)


@dataclass(frozen=True, slots=True, eq=False)
class JpegHeader:
    """The content of all markers of one JPEG file.

    Attributes:
        path: The file.
        file_size: Size of the file in bytes.
        width: Width of the image in pixels, without padding to blocks.
        height: Height of the image in pixels, without padding to blocks.
        coding: Coding process, such as baseline or progressive.
        precision: Bits per sample.
        components: Components in the order of the frame header.
        quantization_tables: Quantizer steps by table number; the last of several tables of the same
            number.
        component_tables: Quantizer steps of each component, None if the table is missing. A table
            that changes after the component's first scan does not count.
        restart_interval: Number of MCUs between restart markers, 0 if the file has no restart
            markers.
        color_markers: Segments that determine the color model.
        segments: Metadata segments in file order.
        is_complete: Whether the end marker of the image was found.
        trailing_size: Number of bytes after the end marker: attachments or foreign data.
        attachments: Attachments after the end marker.
    """

    path: Path
    file_size: int
    width: int
    height: int
    coding: Coding
    precision: int
    components: tuple[Component, ...]
    quantization_tables: dict[int, QuantizationTable]
    component_tables: tuple[QuantizationTable | None, ...]
    restart_interval: int
    color_markers: ColorMarkers
    segments: tuple[MetadataSegment, ...]
    is_complete: bool
    trailing_size: int
    attachments: Attachments = NO_ATTACHMENTS

    @property
    def color_model_name(self) -> str:
        """Color model by libjpeg's rules, see `ColorMarkers.find_color_model_name`."""
        return self.color_markers.find_color_model_name([c.identifier for c in self.components])

    @property
    def chroma_sampling(self) -> str:
        """Chroma sampling as `format_chroma_sampling` writes it."""
        return format_chroma_sampling(self.components)


def format_chroma_sampling(components: Sequence[Component]) -> str:
    """Return the chroma sampling in J:a:b notation, e.g. "4:2:0".

    Without a J:a:b name, return the sampling factors of all components, e.g. "2x2 1x2 1x1". A file
    with one component gives "grey".
    """
    if len(components) == 1:
        return GRAY
    names: dict[tuple[float, float], str] = {
        factors: name for name, factors in CHROMA_SAMPLING_FACTORS.items()
    }
    names[4, 1] = "4:1:1"
    luma, *chroma = components
    ratios = {
        (luma.horizontal_factor / c.horizontal_factor, luma.vertical_factor / c.vertical_factor)
        for c in chroma
    }
    if len(ratios) == 1 and (name := names.get(ratios.pop())):
        return name
    return " ".join(f"{c.horizontal_factor}x{c.vertical_factor}" for c in components)


def read_file_bytes(path: Path) -> bytes:
    """Return the content of a file. Raise UnreadableFile if the system refuses."""
    with reading(path):
        return path.read_bytes()


def read_header(path: Path) -> JpegHeader:
    """Parse the markers of the first image in a file.

    Raises:
        UnreadableFile: If the system refuses to read the file.
        NotAJpeg: If the file does not begin with a JPEG's start marker.
        DamagedJpeg: If the markers end, or contradict each other, before the image data begins.
    """
    return parse_header(read_file_bytes(path), path)


def parse_header(data: bytes, path: Path) -> JpegHeader:
    """Parse the markers of the first image in `data`; `path` only names the file.

    Raise the errors of `read_header`, except UnreadableFile.
    """
    if not data.startswith(b"\xff\xd8"):
        raise NotAJpeg(path, detect_format(data))
    data = fill_in_height(data)
    header = JpegHeader(
        path, len(data), 0, 0, Coding.BASELINE, 0, (), {}, (), 0, ColorMarkers(), (), False, 0
    )
    segments: list[MetadataSegment] = []
    position, scan_seen = 2, False
    first_scan_state = header, 0
    try:
        while True:
            marker, start, end = _find_next_segment(data, position)
            if marker == EOI:
                header = replace(header, is_complete=True, trailing_size=len(data) - end)
                break
            if scan_seen and marker not in MARKERS_BETWEEN_SCANS:
                break
            header = _apply_segment(header, marker, data[start:end], scan_seen=scan_seen)
            if (
                name := _segment_name(marker, data[start : start + _MAX_PREFIX_LENGTH])
            ) is not None:
                segments.append(MetadataSegment(name, marker, data[start:end]))
            position = end
            if marker == SOS:
                header = _apply_scan_header(header, data[start:end])
                if not scan_seen:
                    scan_seen, first_scan_state = True, (header, len(segments))
                scan_end = _SCAN_END_PATTERN.search(data, end)
                if scan_end is None:
                    break
                position = scan_end.start()
    except (IndexError, struct.error, ValueError) as error:
        if not scan_seen:  # markers after a scan may be missing
            raise DamagedJpeg(path, DamageReason.HEADER) from error
    if not header.is_complete and scan_seen:  # markers after the scans may belong to another file
        header, segments = first_scan_state[0], segments[: first_scan_state[1]]
    if not header.components or not header.quantization_tables or header.width == 0:
        raise DamagedJpeg(path, DamageReason.NO_IMAGE)
    if header.height == 0:
        raise DamagedJpeg(path, DamageReason.NO_HEIGHT)
    tables = tuple(
        header.quantization_tables.get(component.table_number) if table is None else table
        for component, table in zip(header.components, header.component_tables, strict=True)
    )
    attachments = find_attachments(data, len(data) - header.trailing_size)
    return replace(
        header, component_tables=tables, segments=tuple(segments), attachments=attachments
    )


def _find_next_segment(data: bytes, position: int) -> tuple[int, int, int]:
    """Return marker code, start and end of the next segment's payload.

    Raise IndexError at the end of the data, and ValueError if the segment is cut off.
    """
    match = _MARKER_PATTERN.search(data, position)  # libjpeg skips garbage between segments too
    if match is None:
        raise IndexError(position)
    position = match.end() - 1
    marker = data[position]
    if marker == EOI or marker in _STANDALONE_MARKERS:
        return marker, position + 1, position + 1
    (length,) = struct.unpack_from(">H", data, position + 1)
    end = position + 1 + length
    if length < 2 or end > len(data):
        raise ValueError("segment longer than the file")
    return marker, position + 3, end


def _apply_segment(
    header: JpegHeader, marker: int, payload: bytes, *, scan_seen: bool
) -> JpegHeader:
    if marker in CODING_BY_FRAME_MARKER:
        return _apply_frame_header(header, marker, payload)
    if marker == DQT:
        return replace(
            header,
            quantization_tables=header.quantization_tables | _parse_quantization_tables(payload),
        )
    if marker == DRI:
        return replace(header, restart_interval=struct.unpack(">H", payload[:2])[0])
    if marker in (APP0, APP14) and not scan_seen:  # libjpeg decides at the first scan
        header = replace(header, color_markers=header.color_markers.with_segment(marker, payload))
    return header


def _apply_frame_header(header: JpegHeader, marker: int, payload: bytes) -> JpegHeader:
    if header.components:
        raise ValueError("two frames")
    precision, height, width, count = struct.unpack_from(">BHHB", payload)
    specifications = [payload[6 + 3 * i : 9 + 3 * i] for i in range(count)]
    components = tuple(Component(c[0], c[1] >> 4, c[1] & 15, c[2]) for c in specifications)
    if any(not 1 <= f <= 4 for c in components for f in (c.horizontal_factor, c.vertical_factor)):
        raise ValueError("sampling factor")
    return replace(
        header,
        coding=CODING_BY_FRAME_MARKER[marker],
        precision=precision,
        width=width,
        height=height,
        components=components,
        component_tables=(None,) * count,
    )


def _apply_scan_header(header: JpegHeader, payload: bytes) -> JpegHeader:
    """Assign the present quantization tables to the components of a scan.

    Raise DamagedJpeg if equal component identifiers leave open which components the scan holds.
    """
    frame_ids = bytes(component.identifier for component in header.components)
    scan_ids = payload[1:-3:2]
    # libjpeg takes equal identifiers in the frame's order if the scan lists all components.
    if len(set(frame_ids)) < len(frame_ids) and scan_ids != frame_ids:
        raise DamagedJpeg(header.path, DamageReason.EQUAL_COMPONENTS)
    tables = tuple(
        header.quantization_tables.get(component.table_number)
        if table is None and component.identifier in scan_ids
        else table
        for component, table in zip(header.components, header.component_tables, strict=True)
    )
    return replace(header, component_tables=tables)


def _parse_quantization_tables(payload: bytes) -> dict[int, QuantizationTable]:
    tables: dict[int, QuantizationTable] = {}
    position = 0
    while position < len(payload):
        is_16_bit, number = payload[position] >> 4, payload[position] & 15
        dtype = np.dtype(">u2") if is_16_bit else np.dtype("u1")
        table = np.zeros(64, np.uint16)
        table[ZIGZAG] = np.frombuffer(payload, dtype, 64, position + 1)
        if not table.all():
            raise ValueError("a quantiser step of zero")
        tables[number] = table
        position += 1 + 64 * dtype.itemsize
    return tables


def _segment_name(marker: int, payload: bytes) -> str | None:
    if marker == COM:
        return tr_noop("comment")
    known_prefixes = (
        (APP0, JFIF_PREFIX, "JFIF"),
        (APP1, EXIF_PREFIX, "EXIF"),
        (APP1, XMP_PREFIX, "XMP"),
        (APP1, XMP_EXTENSION_PREFIX, "XMP extension"),
        (APP2, ICC_PREFIX, "ICC"),
        (APP2, MPF_PREFIX, "MPF"),
        (APP2, GAIN_MAP_PREFIX, "ISO 21496-1"),
        (APP13, PHOTOSHOP_PREFIX, "IPTC"),
        (APP14, ADOBE_PREFIX, "Adobe"),
    )
    for code, prefix, name in known_prefixes:
        if marker == code and payload.startswith(prefix):
            return name
    return f"APP{marker - 0xE0}" if 0xE0 <= marker <= 0xEF else None
