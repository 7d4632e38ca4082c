"""Template that tells libjpeg size, sampling factors, tables and color model of a JPEG to write."""

from __future__ import annotations

import struct

from ddrm_core.jpeg.stream_layout import EOI_BYTES, JpegStreamLayout

_START_MARKER = b"\xff\xd8"
_APP0, _APP14, _DQT, _SOF, _DHT, _SOS = 0xE0, 0xEE, 0xDB, 0xC1, 0xC4, 0xDA
_JFIF_SEGMENT = struct.pack(">5sHBHHBB", b"JFIF\0", 0x0101, 0, 1, 1, 0, 0)
_ADOBE_TRANSFORMS = {"RGB": 0, "CMYK": 0, "YCCK": 2}
_IDENTIFIERS = {"RGB": b"RGB", "CMYK": b"CMYK"}  # libjpeg writes the same identifiers
# A table for the value 0 alone, whose code is one bit: DC differences and ends of blocks.
_HUFFMAN_TABLE = bytes([1, *[0] * 15, 0])
_BITS_PER_BLOCK = 2


def build_template(layout: JpegStreamLayout) -> bytes:
    """Return a valid sequential JPEG with the properties of an image and with all levels zero.

    The writer of libjpeg takes size, sampling factors, quantization tables and color model from a
    file. It rejects arithmetic coding, equal component identifiers, a table number with several
    tables, and a component without a table. The template has no such irregularity, and declares
    the color model without contradiction. Raise ValueError if a quantization table is missing.
    """
    frame = layout.frame
    if b"" in layout.component_tables:
        raise ValueError("a component without a quantization table")
    # Tables with different numbers stay apart even if equal, as in the source.
    numbered_tables = list(zip(frame.table_numbers, layout.component_tables, strict=True))
    tables = list(dict.fromkeys(numbered_tables))
    count = len(frame.sampling_factors)
    identifiers = _IDENTIFIERS.get(layout.color_model_name, bytes(range(1, count + 1)))
    specifications = b"".join(
        bytes([identifier, across << 4 | down, tables.index(table)])
        for identifier, (across, down), table in zip(
            identifiers, frame.sampling_factors, numbered_tables, strict=True
        )
    )
    frame_header = struct.pack(">BHHB", 8, frame.height, frame.width, count) + specifications
    scans = [bytes([1, identifier, 0, 0, 63, 0]) for identifier in identifiers]
    data_sizes = [
        -(-rows * columns * _BITS_PER_BLOCK // 8) for rows, columns in frame.block_grid_shapes
    ]
    return b"".join(
        [
            _START_MARKER,
            _build_color_segment(layout.color_model_name),
            *(
                _build_segment(_DQT, bytes([0x10 | n]) + table)
                for n, (_, table) in enumerate(tables)
            ),
            _build_segment(_SOF, frame_header),
            _build_segment(_DHT, b"\x00" + _HUFFMAN_TABLE + b"\x10" + _HUFFMAN_TABLE),
            *(
                _build_segment(_SOS, scan) + bytes(size)
                for scan, size in zip(scans, data_sizes, strict=True)
            ),
            EOI_BYTES,
        ]
    )


def _build_color_segment(color_model_name: str) -> bytes:
    transform = _ADOBE_TRANSFORMS.get(color_model_name)
    if transform is None:
        return _build_segment(_APP0, _JFIF_SEGMENT)
    return _build_segment(_APP14, struct.pack(">5sHHHB", b"Adobe", 100, 0, 0, transform))


def _build_segment(marker: int, payload: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(payload) + 2) + payload
