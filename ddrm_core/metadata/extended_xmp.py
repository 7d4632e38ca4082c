"""Extended XMP packets, which continue a packet in further segments of a JPEG.

Source: XMP part 3, clause 1.1.3.1. A part begins with the GUID of the extension (32 bytes), the
length of the extension and the offset of the part (4 bytes each).
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Sequence

XMP_EXTENSION_PREFIX = b"http://ns.adobe.com/xmp/extension/\0"
MAX_EXTENSION_PART_BYTES = 65_533 - len(XMP_EXTENSION_PREFIX)
"""Largest size of a part in bytes, which is in one segment with a prefix (T.81 clause B.1.1.4)."""
_GUID_BYTES, _HEADER_BYTES = 32, 40


def join_extension(parts: Sequence[bytes]) -> bytes:
    """Return the content of an extended packet from its parts, ordered by GUID and offset."""
    ordered = sorted(parts, key=lambda part: (part[:_GUID_BYTES], part[36:_HEADER_BYTES]))
    return b"".join(part[_HEADER_BYTES:] for part in ordered)


def split_extension(content: bytes, *, max_part_bytes: int) -> tuple[bytes, tuple[bytes, ...]]:
    """Return the GUID of an extended packet, the MD5 of its content, and its parts.

    Args:
        content: Content of the extended packet.
        max_part_bytes: Largest size of a part in bytes.
    """
    guid = hashlib.md5(content, usedforsecurity=False).hexdigest().upper().encode("ascii")
    header, content_bytes = guid + struct.pack(">I", len(content)), max_part_bytes - _HEADER_BYTES
    return guid, tuple(
        header + struct.pack(">I", offset) + content[offset : offset + content_bytes]
        for offset in range(0, len(content), content_bytes)
    )


def replace_extension(
    packet: bytes, parts: Sequence[bytes], content: bytes, *, max_part_bytes: int
) -> tuple[bytes, tuple[bytes, ...]] | None:
    """Return a packet and the parts of its extension with new content.

    The packet names the GUID of its extension. Return None if the packet does not name the GUID of
    the parts, or if the parts have several.
    """
    guids = {part[:_GUID_BYTES] for part in parts}
    old_guid = guids.pop() if len(guids) == 1 else b""
    if len(old_guid) != _GUID_BYTES or old_guid not in packet:
        return None
    new_guid, new_parts = split_extension(content, max_part_bytes=max_part_bytes)
    return packet.replace(old_guid, new_guid), new_parts
