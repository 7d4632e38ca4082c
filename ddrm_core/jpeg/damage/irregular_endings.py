"""Files that hold a complete image, but whose data does not end as T.81 demands.

The end marker may be missing, other bytes may directly follow the last block, or a few stray bytes
may precede a marker. libjpeg skips stray bytes and shows the complete image.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from ddrm_core.jpeg.damage.foreign_data import (
    find_foreign_data,
    has_foreign_pattern,
    is_printable_text,
)
from ddrm_core.jpeg.damage.refinement import (
    is_last_bit_refinement,
    is_refinement_certain,
    is_refinement_plausible,
)
from ddrm_core.jpeg.damage.seams import is_continuous_image
from ddrm_core.jpeg.libjpeg.client import DecodedLevels, UndecodableJpeg
from ddrm_core.jpeg.stream_layout import (
    EOI_BYTES,
    JpegStreamLayout,
    find_first_wrong_restart,
    parse_stream_layout,
)

LevelDecoder = Callable[[bytes], DecodedLevels]
_STRAY_BYTES_WARNING = re.compile(r"(\d+) extraneous bytes before marker 0x([0-9a-f]{2})")
_TEXT_OVERLAP_BYTES = 2  # number of an image's last bytes that may look like the text after it
_BIT_BUFFER_BYTES = 8  # size of libjpeg's bit buffer
# Number of bytes that show the difference between a trailer and a scan's data.
_TRAILER_BYTES = 48
# Up to this many stray bytes, blocks cannot show whether a scan's data ended before them.
_MAX_UNDETECTABLE_BYTES = 16


def try_decode(data: bytes, decode: LevelDecoder) -> DecodedLevels | None:
    """Return the levels that libjpeg reads, None if libjpeg refuses the data."""
    try:
        return decode(data)
    except UndecodableJpeg:
        return None


def is_last_scan_complete(data: bytes, decode: LevelDecoder) -> bool:
    """Return whether libjpeg decodes the last scan of `data` without missing any data."""
    return has_no_missing_data(try_decode(data + EOI_BYTES, decode))


def has_no_missing_data(decoded: DecodedLevels | None) -> bool:
    """Return whether libjpeg decoded a file and did not warn that its data ends too early."""
    return decoded is not None and not any("premature" in c for c in decoded.warnings)


def decode_with_fixed_end(
    data: bytes, layout: JpegStreamLayout, decode: LevelDecoder
) -> DecodedLevels | None:
    """Decode a complete image that ends irregularly, and return its levels.

    Before decoding, stray bytes are removed and a missing end marker is added. Return None if the
    image is not complete.
    """
    scans = layout.scans
    needed_scans = next(
        (n for n in range(1, len(scans) + 1) if layout.find_final_bands(n).all()), None
    )
    if needed_scans is None:
        return None
    last_scan = scans[needed_scans - 1]
    wrong_restart = find_first_wrong_restart(data, last_scan)
    image_data, full_data = (
        data[: last_scan.data_end if wrong_restart is None else wrong_restart],
        data,
    )
    for _ in range(2 * needed_scans):
        decoded = try_decode(image_data + EOI_BYTES, decode)
        if decoded is None:
            return None
        if decoded.warnings:
            stray_span = _find_stray_bytes(image_data, decoded.warnings, decode)
        else:  # libjpeg does not report stray bytes in its bit buffer
            stray_span = _find_scan_data_end(image_data, len(image_data), decode), len(image_data)
        if stray_span is None:
            return None
        start, stop = stray_span
        if start == stop:
            return decoded
        image_data = image_data[:start] + image_data[stop:]
        if not _is_scan_data_end(full_data, image_data, start, decode):
            return None
        full_data = full_data[:start] + full_data[stop:]
    return None


def _find_stray_bytes(
    image_data: bytes, warnings: tuple[str, ...], decode: LevelDecoder
) -> tuple[int, int] | None:
    """Return start and end of the stray bytes that libjpeg reports, None without a report."""
    match = _STRAY_BYTES_WARNING.search(" ".join(warnings))
    if match is None:
        return None
    count = int(match[1])
    scans = parse_stream_layout(image_data + EOI_BYTES).scans
    for scan in scans:
        stop = min(scan.data_end, len(image_data))
        if scan is not scans[-1]:
            if image_data[stop + 1] != int(match[2], 16):
                continue
            decoded = try_decode(image_data[:stop] + EOI_BYTES, decode)
            if decoded is None or f"{count} extraneous" not in " ".join(decoded.warnings):
                continue
        return _find_scan_data_end(image_data, max(scan.data_start, stop - count), decode), stop
    return None


def _find_scan_data_end(image_data: bytes, position: int, decode: LevelDecoder) -> int:
    """Return the end of a scan's own data, which is at or a few bytes before `position`.

    libjpeg's count of stray bytes omits those in its bit buffer. Bytes before `position` are
    therefore cut off one by one until libjpeg reports that data is missing.
    """
    for length in range(position - 1, position - _BIT_BUFFER_BYTES - 1, -1):
        if not is_last_scan_complete(image_data[:length], decode):
            return length + 1
    return position


def _is_scan_data_end(data: bytes, image_data: bytes, position: int, decode: LevelDecoder) -> bool:
    """Return whether a scan's own data ends at `position` rather than earlier.

    libjpeg decodes any bytes as blocks. If there are zeros or text before `position`, the scan's
    own data ended earlier. Other foreign bytes look like a scan's data; only the decoded blocks can
    show the difference.

    Args:
        data: Bytes of the file, with the bytes that are presumably stray after `position`.
        image_data: Bytes of the image without these stray bytes.
        position: Presumed end of the scan's data.
        decode: Function that decodes a file with libjpeg.
    """
    layout = parse_stream_layout(data)
    scan = next((s for s in layout.scans if s.data_start < position <= s.data_end), None)
    if scan is None:  # without a byte of its own
        return False
    if data[position - 1 : position + 1] == bytes(2) and data[position - 2] != 0xFF:
        return False  # the unused bits of a scan's last byte are ones
    foreign = find_foreign_data(data, [scan], lambda _: True)
    if foreign is not None and foreign.start <= position:
        has_text = is_printable_text(data[foreign.start : position])
        return position - foreign.start <= (_TEXT_OVERLAP_BYTES if has_text else 0)
    decoded = try_decode(image_data + EOI_BYTES, decode)
    if decoded is None:
        return False
    if not layout.frame.is_progressive and len(scan.component_indices) == len(
        layout.frame.sampling_factors
    ):
        return is_continuous_image(layout.frame, decoded.levels, decoded.quantization_tables)
    if has_foreign_pattern(data[position : position + _TRAILER_BYTES]) and not has_foreign_pattern(
        data[position - _TRAILER_BYTES : position]
    ):
        # Foreign data follows, and the data before does not look like it.
        return True
    has_few_strays = scan.data_end - position <= _MAX_UNDETECTABLE_BYTES
    if not is_last_bit_refinement(scan):
        return has_few_strays
    levels = decoded.levels[scan.component_indices[0]]
    blocks = levels.shape[0] * levels.shape[1]
    return (
        is_refinement_plausible(levels, blocks) if has_few_strays else is_refinement_certain(levels)
    )
