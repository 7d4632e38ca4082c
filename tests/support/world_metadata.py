"""Small JPEGs with metadata as programs write them, valid or not, with what readers see in them."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from tests.support.color_profiles import (
    P3_PROFILE,
    cmyk_profile,
    grey_profile,
    unusable_profile,
)
from tests.support.hidden_previews import EXTENSION_PREFIX, XMP_PREFIX, segment
from tests.support.metadata_blocks import (
    ASCII,
    LONG,
    SHORT,
    Value,
    camera_exif,
    packed,
    packet,
    table,
)
from tests.support.metadata_samples import ICC
from tests.support.pictures import jpeg_bytes, photograph

BYTE, SIGNED_SHORT = 1, 8
LATIN_1 = "Größe: 5 €".replace("€", "¤").encode("latin-1")
LATIN_1_TEXT = "Größe: 5 ¤"


@dataclass(frozen=True)
class Row:
    """A file of the table, and what the source shows and its results hold.

    Attributes:
        data: Bytes of the JPEG.
        orientation: Orientation that counts, 1 to 8.
        profile: ICC profile with which the pixels are shown; None for sRGB.
        comment: Comment as text.
        xmp_orientation: Value of tiff:Orientation in the XMP packet or its extension; None without.
    """

    data: bytes
    orientation: int = 1
    profile: bytes | None = None
    comment: str | None = None
    xmp_orientation: int | None = None


def jpeg(*segments: bytes, **options: object) -> bytes:
    data = jpeg_bytes(photograph(24, 40), **({"quality": 50} | options))
    end = 4 + int.from_bytes(data[4:6], "big")
    return data[:end] + b"".join(segments) + data[end:]


def _orientation(*entries: tuple[int, int, bytes], order: str = "<") -> bytes:
    """Return an EXIF segment with entries of the tag Orientation: type, count and value."""
    rows = b"".join(
        packed(order, "HHL", 0x112, kind, count) + value.ljust(4, b"\0")
        for kind, count, value in entries
    )
    head = (b"II*\0" if order == "<" else b"MM\0*") + packed(order, "L", 8)
    block = head + packed(order, "H", len(entries)) + rows + bytes(4)
    return segment(0xE1, b"Exif\0\0" + block)


def _number(value: int, order: str = "<") -> bytes:
    return packed(order, "H", value)


def _upright_with_thumbnail_orientation(value: int) -> bytes:
    """Return an EXIF segment whose thumbnail directory states an orientation, the first one 6."""
    second: list[Value] = [(0x112, SHORT, _number(value))]
    first: list[Value] = [(0x112, SHORT, _number(6))]
    block = b"II*\0" + packed("<", "L", 8) + table("<", 8, first, 100)
    return segment(0xE1, b"Exif\0\0" + block.ljust(100, b"\0") + table("<", 100, second))


def _parts(*parts: tuple[int, int, bytes]) -> tuple[bytes, ...]:
    return tuple(segment(0xE2, b"ICC_PROFILE\0" + bytes([n, c]) + part) for n, c, part in parts)


def _whole(profile: bytes) -> tuple[bytes, ...]:
    return _parts((1, 1, profile))


def _xmp(description: str, encoding: str = "utf-8") -> bytes:
    return segment(0xE1, XMP_PREFIX + packet(description).decode().encode(encoding))


_TIFF = 'xmlns:tiff="http://ns.adobe.com/tiff/1.0/"'
_ATTRIBUTE = f'{_TIFF} tiff:Orientation="6"/>'
_ELEMENT = f"{_TIFF}><tiff:Orientation> 6 </tiff:Orientation></rdf:Description>"
_EXIF_6 = segment(0xE1, b"Exif\0\0" + camera_exif(thumbnail=None))


def _extended_orientation() -> tuple[bytes, bytes]:
    content = packet(_ATTRIBUTE)
    guid = b"0123456789ABCDEF" * 2
    note = f'xmlns:n="http://ns.adobe.com/xmp/note/" n:HasExtendedXMP="{guid.decode()}"/>'
    part = guid + struct.pack(">II", len(content), 0) + content
    return _xmp(note), segment(0xE1, EXTENSION_PREFIX + part)


ROWS: dict[str, Row] = {
    # Orientations. EXIF 2.32 clause 4.6.4: SHORT, count 1, 1 to 8.
    "orientation 6": Row(jpeg(_orientation((SHORT, 1, _number(6)))), orientation=6),
    "orientation 6, MM": Row(
        jpeg(_orientation((SHORT, 1, _number(6, ">")), order=">")), orientation=6
    ),
    "orientation 0": Row(jpeg(_orientation((SHORT, 1, _number(0))))),
    "orientation 9": Row(jpeg(_orientation((SHORT, 1, _number(9))))),
    "orientation 65535": Row(jpeg(_orientation((SHORT, 1, _number(65535))))),
    "orientation 9, MM": Row(jpeg(_orientation((SHORT, 1, _number(9, ">")), order=">"))),
    "orientation 6 as LONG": Row(jpeg(_orientation((LONG, 1, _number(6))))),
    "orientation 6 as BYTE": Row(jpeg(_orientation((BYTE, 1, b"\6")))),
    "orientation 6 as text": Row(jpeg(_orientation((ASCII, 2, b"6\0")))),
    "orientation 6 as SSHORT": Row(jpeg(_orientation((SIGNED_SHORT, 1, _number(6))))),
    "orientation of type 0": Row(jpeg(_orientation((0, 1, _number(6))))),
    "two orientations in one entry": Row(jpeg(_orientation((SHORT, 2, _number(6) * 2)))),
    "no orientation in its entry": Row(jpeg(_orientation((SHORT, 0, _number(6))))),
    "two entries, 8 and 3": Row(
        jpeg(_orientation((SHORT, 1, _number(8)), (SHORT, 1, _number(3)))), orientation=8
    ),
    "two entries, 9 and 3": Row(jpeg(_orientation((SHORT, 1, _number(9)), (SHORT, 1, _number(3))))),
    "thumbnail of orientation 99": Row(jpeg(_upright_with_thumbnail_orientation(99)), 6),
    # XMP states an orientation in either form, besides EXIF or alone.
    "XMP orientation, attribute": Row(jpeg(_EXIF_6, _xmp(_ATTRIBUTE)), 6, xmp_orientation=6),
    "XMP orientation, element": Row(jpeg(_EXIF_6, _xmp(_ELEMENT)), 6, xmp_orientation=6),
    "XMP orientation alone": Row(jpeg(_xmp(_ATTRIBUTE)), xmp_orientation=6),
    "XMP in UTF-16": Row(jpeg(_EXIF_6, _xmp(_ATTRIBUTE, "utf-16")), 6, xmp_orientation=6),
    "XMP in UTF-16BE": Row(jpeg(_EXIF_6, _xmp(_ELEMENT, "utf-16-be")), 6, xmp_orientation=6),
    "XMP in UTF-32": Row(jpeg(_EXIF_6, _xmp(_ATTRIBUTE, "utf-32")), 6, xmp_orientation=6),
    "orientation in extended XMP": Row(
        jpeg(_EXIF_6, *_extended_orientation()), 6, xmp_orientation=6
    ),
    # Profiles.
    "P3": Row(jpeg(*_whole(P3_PROFILE)), profile=P3_PROFILE),
    "P3 in parts, backwards": Row(
        jpeg(*_parts((2, 2, P3_PROFILE[900:]), (1, 2, P3_PROFILE[:900]))), profile=P3_PROFILE
    ),
    "zeros behind a profile": Row(jpeg(*_whole(ICC + bytes(9))), profile=ICC + bytes(9)),
    "last part missing": Row(jpeg(*_parts((1, 2, P3_PROFILE)))),
    "first part missing": Row(jpeg(*_parts((2, 2, P3_PROFILE)))),
    "counts disagree": Row(jpeg(*_parts((1, 2, P3_PROFILE[:900]), (2, 3, P3_PROFILE[900:])))),
    "more parts than counted": Row(
        jpeg(*_parts((1, 1, P3_PROFILE[:900]), (2, 1, P3_PROFILE[900:])))
    ),
    "a part without content": Row(jpeg(*_whole(b""))),
    "cut off": Row(jpeg(*_whole(P3_PROFILE[:-1]))),
    "cut off in its header": Row(jpeg(*_whole(P3_PROFILE[:100]))),
    "garbage": Row(jpeg(*_whole(b"garbage" * 60))),
    "zeros": Row(jpeg(*_whole(bytes(4096)))),
    "without a curve": Row(jpeg(*_whole(P3_PROFILE.replace(b"gTRC", b"none")))),
    "without any conversion": Row(jpeg(*_whole(unusable_profile(b"RGB ")))),
    "gray for RGB": Row(jpeg(*_whole(grey_profile(1.8)))),
    "CMYK for RGB": Row(jpeg(*_whole(cmyk_profile()))),
    # Comments.
    "comment in ASCII": Row(jpeg(segment(0xFE, b"plain")), comment="plain"),
    "comment in Latin-1": Row(jpeg(segment(0xFE, LATIN_1)), comment=LATIN_1_TEXT),
    "comment in UTF-8": Row(jpeg(segment(0xFE, "größe 写真".encode())), comment="größe 写真"),
    "comment in code page 1252": Row(
        jpeg(segment(0xFE, "„5 €“".encode("cp1252"))), comment="„5 €“"
    ),
    "comment in UTF-16": Row(jpeg(segment(0xFE, "größe".encode("utf-16"))), comment="größe"),
    "comment that a zero ends": Row(jpeg(segment(0xFE, b"Lavc58\0")), comment="Lavc58"),
}
