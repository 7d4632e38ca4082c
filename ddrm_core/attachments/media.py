"""Check whether the bytes of an attachment are a complete file of their type.

Sources: ISO/IEC 14496-12 (boxes), PNG (ISO/IEC 15948), ITU-T T.81 (JPEG).
"""

from __future__ import annotations

import struct

from ddrm_core.attachments.model import ByteRange
from ddrm_core.metadata.jpeg_segments import find_jpeg_extent

_PNG_SIGNATURE, _PNG_END = b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"
_BOX_HEADER_BYTES = 8
_BOX_TYPES_OF_FILES = (b"ftyp",)
_BOX_TYPES_OF_VIDEOS = frozenset({b"moov", b"mdat"})
_MAX_BOXES = 1000
JPEG_MIME, PNG_MIME, MP4_MIME = "image/jpeg", "image/png", "video/mp4"
VIDEO_MIMES = (MP4_MIME, "video/quicktime")
_BOX_FILE_MIMES = ("image/heic", "image/heif", "image/avif")


def is_complete_file(data: bytes, byte_range: ByteRange, mime: str) -> bool:
    """Return whether a range of a file's bytes is a complete file of a MIME type.

    False for types that the program does not know, because their end cannot be checked.
    """
    if byte_range.length <= 0:
        return False
    match mime:
        case "image/jpeg":
            return find_jpeg_extent(data, byte_range.offset, byte_range.end) is not None
        case "image/png":
            return (
                data.startswith(_PNG_SIGNATURE, byte_range.offset)
                and data[byte_range.end - len(_PNG_END) : byte_range.end] == _PNG_END
            )
        case known if known in _BOX_FILE_MIMES:
            return measure_boxes(data, byte_range) == byte_range.length
        case _:
            return False


def measure_video(data: bytes, byte_range: ByteRange) -> int | None:
    """Return the size in bytes of the video at the start of a range; None without a whole video.

    The video ends at the end of the range, or before the first bytes that are no box.
    """
    length, box_types = _walk_boxes(data, byte_range)
    return length if box_types >= _BOX_TYPES_OF_VIDEOS else None


def measure_boxes(data: bytes, byte_range: ByteRange) -> int:
    """Return the total size in bytes of the boxes at the start of a range; 0 without a file type.

    Only the sizes of the top boxes are read (ISO/IEC 14496-12, clause 4.2).
    """
    return _walk_boxes(data, byte_range)[0]


def _walk_boxes(data: bytes, byte_range: ByteRange) -> tuple[int, set[bytes]]:
    position, box_types = byte_range.offset, set[bytes]()
    for _ in range(_MAX_BOXES):
        if position + _BOX_HEADER_BYTES > byte_range.end:
            break
        size, box_type = struct.unpack_from(">I4s", data, position)
        if not box_types and box_type not in _BOX_TYPES_OF_FILES:
            break
        min_bytes = _BOX_HEADER_BYTES
        if size == 1 and position + 16 <= byte_range.end:
            (size,), min_bytes = struct.unpack_from(">Q", data, position + 8), 16
        elif size == 0:
            size = byte_range.end - position
        is_name = all(0x20 <= c < 0x7F or c == 0xA9 for c in box_type)
        if not is_name or size < min_bytes or position + size > byte_range.end:
            break
        box_types.add(box_type)
        position += size
    return position - byte_range.offset, box_types
