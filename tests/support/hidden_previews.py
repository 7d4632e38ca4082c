"""A JPEG with a marked preview in every place where programs and cameras store one."""

from __future__ import annotations

import base64
import hashlib
import struct

from tests.support.metadata_blocks import camera_exif, packet
from tests.support.pictures import jpeg_bytes, photograph

XMP_PREFIX = b"http://ns.adobe.com/xap/1.0/\0"
EXTENSION_PREFIX = b"http://ns.adobe.com/xmp/extension/\0"
CAPTION = b"\x1c\x02\x78\x00\x07caption"
_NAMESPACES = (
    'xmlns:xmpGImg="http://ns.adobe.com/xap/1.0/g/img/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:GImage="http://ns.google.com/photos/1.0/image/"'
)
_NAMES = (
    *("EXIF thumbnail", "maker's note", "resource 1033", "resource 1036", "resource 1058"),
    *("IPTC preview", "XMP elements", "XMP attribute", "extended XMP", "JFXX", "unknown segment"),
    *("depth metadata",),
)


def _encode_preview(mark: bytes) -> bytes:
    """Return a small JPEG with a mark in a comment."""
    jpeg = jpeg_bytes(photograph(8, 8), quality=30)
    return jpeg[:2] + struct.pack(">BBH", 0xFF, 0xFE, len(mark) + 2) + mark + jpeg[2:]


# A mark of 30 bytes has one form in base64 if it begins at a multiple of three bytes.
MARKS = {name: hashlib.sha256(name.encode()).digest()[:30] for name in _NAMES}
PREVIEWS = {name: _encode_preview(mark) for name, mark in MARKS.items()}


def find_marks(content: bytes) -> set[str]:
    """Return the names of the previews of which a mark is in some bytes, raw or as base64."""
    return {
        name for name, mark in MARKS.items() if mark in content or base64.b64encode(mark) in content
    }


def resource(kind: int, content: bytes) -> bytes:
    head = b"8BIM" + struct.pack(">HHI", kind, 0, len(content))
    return head + content + bytes(len(content) % 2)


def photoshop() -> bytes:
    thumbnail_head = struct.pack(">IIIIIIHH", 1, 8, 8, 24, 192, 99, 24, 1)
    preview = PREVIEWS["IPTC preview"]
    dataset = b"\x1c\x02\xca" + struct.pack(">H", len(preview)) + preview
    return b"".join(
        [
            resource(1028, CAPTION + dataset + CAPTION),
            resource(1033, thumbnail_head + PREVIEWS["resource 1033"]),
            resource(1036, thumbnail_head + PREVIEWS["resource 1036"]),
            resource(1058, camera_exif(thumbnail=PREVIEWS["resource 1058"])),
            resource(1049, b"\0\0\0\x1e"),
        ]
    )


def _encode_base64(name: str) -> str:
    return base64.b64encode(b"x" * 12 + MARKS[name]).decode()


def thumbnail_elements(name: str) -> str:
    """Return xmp:Thumbnails in the form with elements (XMP part 2, clause 8.4)."""
    return (
        '<xmp:Thumbnails><rdf:Alt><rdf:li rdf:parseType="Resource"><xmpGImg:width>8'
        "</xmpGImg:width><xmpGImg:format>JPEG</xmpGImg:format>"
        f"<xmpGImg:image>{_encode_base64(name)}</xmpGImg:image></rdf:li></rdf:Alt></xmp:Thumbnails>"
    )


def thumbnail_attributes(name: str) -> str:
    """Return xmp:Thumbnails in the form with attributes."""
    return (
        '<xmp:Thumbnails><rdf:Alt><rdf:li><rdf:Description xmpGImg:format="JPEG"'
        f' xmpGImg:image="{_encode_base64(name)}"/></rdf:li></rdf:Alt></xmp:Thumbnails>'
    )


def extension() -> bytes:
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/'
        '22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/"'
        f' {_NAMESPACES} dc:source="kept"'
        f' GImage:Data="{_encode_base64("depth metadata")}">'
        f"{thumbnail_elements('extended XMP')}</rdf:Description></rdf:RDF></x:xmpmeta>"
    ).encode()


def segment(marker: int, payload: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(payload) + 2) + payload


def jpeg_with_previews(height: int = 24, width: int = 40) -> bytes:
    """Return a JPEG with all previews of `PREVIEWS`, of orientation 6."""
    content = extension()
    guid = hashlib.md5(content).hexdigest().upper().encode()
    parts = [
        guid + struct.pack(">II", len(content), start) + content[start : start + 200]
        for start in range(0, len(content), 200)
    ]
    description = (
        f'{_NAMESPACES} xmlns:xmpNote="http://ns.adobe.com/xmp/note/"'
        f' xmpNote:HasExtendedXMP="{guid.decode()}" dc:source="kept">'
        f"{thumbnail_elements('XMP elements')}{thumbnail_attributes('XMP attribute')}"
        "</rdf:Description>"
    )
    exif = camera_exif(thumbnail=PREVIEWS["EXIF thumbnail"])
    note = b"MAKER\0" + PREVIEWS["maker's note"][:200]
    start, end = exif.index(b"MAKER\0\0\1"), 1024
    assert len(note) < end - start
    exif = exif[:start] + note.ljust(end - start, b"\0") + exif[end:]
    # The maker's note is the entry 0x927C, whose count is before its offset.
    entry = exif.index(struct.pack("<HH", 0x927C, 7))
    exif = exif[: entry + 4] + struct.pack("<I", len(note)) + exif[entry + 8 :]
    data = jpeg_bytes(photograph(height, width), quality=40)
    end = 4 + int.from_bytes(data[4:6], "big")
    return b"".join(
        [
            data[:end],
            segment(0xE0, b"JFXX\0\x10" + PREVIEWS["JFXX"]),
            segment(0xE1, b"Exif\0\0" + exif),
            segment(0xE1, XMP_PREFIX + packet(description)),
            *(segment(0xE1, EXTENSION_PREFIX + part) for part in parts),
            segment(0xED, b"Photoshop 3.0\0" + photoshop()),
            segment(0xE5, b"RICOH" + PREVIEWS["unknown segment"]),
            data[end:],
        ]
    )
