"""Encodings of XMP packets. Source: XMP part 1 (ISO 16684-1), clause 7.1; XML 1.0, annex F."""

from __future__ import annotations

import codecs
import re

# Longer byte order marks and patterns first: UTF-32LE begins like UTF-16LE.
_ENCODINGS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
_DECLARED_ENCODING_PATTERN = re.compile(r"""\A(<\?xml[^>]*?\bencoding\s*=\s*["'])[^"']*""")


def packet_to_utf8(packet: bytes) -> bytes:
    """Return an XMP packet in UTF-8; a packet in UTF-8 or with damaged text stays as it is.

    The encoding is recognized by the first bytes: a byte order mark, or the first character "<".
    """
    encoding = next((name for start, name in _ENCODINGS if packet.startswith(start)), None)
    if encoding is None:
        return packet
    unit = 4 if encoding.startswith("utf-32") else 2
    try:
        text = packet[: len(packet) // unit * unit].decode(encoding)
    except UnicodeDecodeError:
        return packet
    return _DECLARED_ENCODING_PATTERN.sub(r"\g<1>UTF-8", text.removeprefix("\ufeff")).encode()
