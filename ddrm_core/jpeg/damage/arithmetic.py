"""Arithmetic-coded files: whether the image is complete, and the levels that the data determines.

The rules for Huffman codes do not apply. Any bytes are valid arithmetic code, so libjpeg hardly
ever warns, and a decoder reads zeros after the end of the data, because an encoder omits zeros
there (T.81 D.1.8). Two facts help:

- The code is the binary fraction of a number. Levels that two continuations of the data have in
  common are the levels of all continuations between the two.
- The data of a complete image leaves only a few omitted zeros to be read.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from ddrm_core.jpeg.damage.foreign_data import find_foreign_data
from ddrm_core.jpeg.libjpeg.client import DecodedLevels, UndecodableJpeg
from ddrm_core.jpeg.stream_layout import EOI_BYTES, JpegScan, JpegStreamLayout, parse_stream_layout

_LevelDecoder = Callable[[bytes], DecodedLevels]
# Bytes of zeros that the code of a complete interval may omit. A context of decisions without
# surprises takes 14 bits in all, and a flat image has four such contexts.
_MAX_OMITTED_ZEROS = 16
# Without a marker after the data, the image may have been cut off, and flat areas do not count.
_MAX_OMITTED_ZEROS_AT_FILE_END = 2
_ONES = b"\xff\x00" * 16  # stuffed; levels differ from those of zeros after a few bytes
_INTERVAL_END = re.compile(rb"\xff[\xd0-\xd7]|\Z")
_TRAILING_ZEROS = re.compile(rb"(?<![\xff\0])\0+\Z|(?<=\xff\0)\0+\Z")
_MISSING_DATA_WARNING = "Corrupt JPEG data: premature end of data segment"  # libjpeg's own words


def with_ones(data: bytes) -> bytes:
    """Return a file that is cut off in its last scan, with the largest continuation of its data.

    The decoder continues a file with zeros, which is the smallest continuation.
    """
    return data.rstrip(b"\xff") + _ONES


def warn_of_missing_data(decode: _LevelDecoder) -> _LevelDecoder:
    """Return a decoder of arithmetic-coded files that warns of missing data.

    The decoder returns the levels of `decode`. If `decode` gives no warning although a scan or
    restart interval lacks data, it adds libjpeg's warning about Huffman-coded data of this kind.
    """

    def decode_with_warning(data: bytes) -> DecodedLevels:
        decoded = decode(data)
        if decoded.warnings or _are_levels_determined(data, decoded, decode, _MAX_OMITTED_ZEROS):
            return decoded
        return DecodedLevels(decoded.levels, decoded.quantization_tables, (_MISSING_DATA_WARNING,))

    return decode_with_warning


def decode_complete_image(
    data: bytes, layout: JpegStreamLayout, decode: _LevelDecoder
) -> DecodedLevels | None:
    """Decode an arithmetic-coded file, and return its levels; None if the image is not complete.

    Zeros after the data of the last scan count as omitted zeros.
    """
    final_bands = layout.find_final_bands(len(layout.scans))
    # T.81 lets an encoder stop once band 0 is complete.
    if not (final_bands[:, 0] if layout.has_end_marker else final_bands).all():
        return None
    end = layout.scans[-1].data_end
    image_data = _TRAILING_ZEROS.sub(b"", data[:end]) + EOI_BYTES
    foreign = find_foreign_data(image_data, parse_stream_layout(image_data).scans, lambda _: False)
    if foreign is not None and foreign.is_significant:
        return None
    try:
        decoded = decode(image_data)
        max_zeros = _MAX_OMITTED_ZEROS if end < len(data) else _MAX_OMITTED_ZEROS_AT_FILE_END
        is_complete = not decoded.warnings and _are_levels_determined(
            image_data, decoded, decode, max_zeros
        )
    except UndecodableJpeg:
        return None
    return decoded if is_complete else None


def _are_levels_determined(
    data: bytes, decoded: DecodedLevels, decode: _LevelDecoder, max_zeros: int
) -> bool:
    """Return whether the data of each interval, with `max_zeros` zeros, determines all levels."""
    parts, position = [], 0
    for scan in parse_stream_layout(data).scans:
        for end in _find_interval_ends(data, scan):
            parts.append(data[position:end] + bytes(max_zeros) + _ONES)
            position = end
    extended = decode(b"".join([*parts, data[position:]]))
    return all(
        bool((one == other).all())
        for one, other in zip(decoded.levels, extended.levels, strict=True)
    )


def _find_interval_ends(data: bytes, scan: JpegScan) -> list[int]:
    """Return the end of each restart interval of a scan, or of the scan if it has only one."""
    return [match.start() for match in _INTERVAL_END.finditer(data, scan.data_start, scan.data_end)]
