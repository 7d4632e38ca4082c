"""EXIF blocks and XMP packets as cameras and programs write them, and the record of a run."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from ddrm_core.export.run_record import JpegRunRecord
from ddrm_core.sampler.settings import SamplerSettings
from tests.support.pictures import jpeg_bytes, photograph

ASCII, SHORT, LONG, RATIONAL, UNDEFINED = 2, 3, 4, 5, 7
UNITS = {ASCII: 1, SHORT: 2, LONG: 4, RATIONAL: 8, UNDEFINED: 1}
THUMBNAIL = jpeg_bytes(photograph(24, 32), quality=60)
LATITUDE = ((48, 1), (8, 1), (1234567, 100000))
Value = tuple[int, int, bytes]  # tag, field type, content


def packed(order: str, form: str, *numbers: int) -> bytes:
    return struct.pack(order + form, *numbers)


def table(order: str, at: int, values: Sequence[Value], following: int = 0) -> bytes:
    """Return a TIFF directory, followed by those of its values that are outside of it.

    Args:
        order: Byte order of `struct`: "<" or ">".
        at: Offset at which the directory will be stored.
        values: Tag, field type and content of each entry.
        following: Offset of the next directory, 0 for none.
    """
    rows, outside = b"", b""
    values_at = at + 2 + 12 * len(values) + 4
    for tag, kind, content in values:
        held = content.ljust(4, b"\0")
        if len(content) > 4:
            outside += bytes((values_at + len(outside)) % 2)
            held = packed(order, "L", values_at + len(outside))
            outside += content
        rows += packed(order, "HHL", tag, kind, len(content) // UNITS[kind]) + held
    return packed(order, "H", len(values)) + rows + packed(order, "L", following) + outside


def maker_note(order: str, at: int) -> bytes:
    """Return a maker's note whose offsets count from the start of the EXIF block.

    Args:
        order: Byte order of `struct`: "<" or ">".
        at: Offset at which the note will be stored in the EXIF block.
    """
    inner = table(order, at + 8, [(1, ASCII, b"inner text that is far\0"), (2, SHORT, b"\1\2")])
    return b"MAKER\0\0\1" + inner


def camera_exif(
    order: str = "<",
    *,
    orientation: int | None = 6,
    gps: bool = True,
    thumbnail: bytes | None = THUMBNAIL,
    software: bytes | None = b"Firmware 1.0\0",
) -> bytes:
    """Return an EXIF block as a camera writes it, with directories 512 bytes apart.

    The maker's note is at offset 600, the thumbnail at the end. `order` is the byte order of
    `struct`: "<" or ">". None omits an entry.
    """
    first_at, exif_at, note_at, gps_at, second_at, picture_at = 8, 512, 600, 1024, 1536, 1700
    note = maker_note(order, note_at)
    first: list[Value] = [(0x10F, ASCII, b"Maker of cameras\0"), (0x110, ASCII, b"Model 7\0")]
    if orientation is not None:
        first.append((0x112, SHORT, packed(order, "H", orientation)))
    first.append((0x11A, RATIONAL, packed(order, "LL", 72, 1)))
    if software is not None:
        first.append((0x131, ASCII, software))
    first.append((0x8769, LONG, packed(order, "L", exif_at)))
    if gps:
        first.append((0x8825, LONG, packed(order, "L", gps_at)))
    parts = {
        0: (b"II*\0" if order == "<" else b"MM\0*") + packed(order, "L", first_at),
        first_at: table(order, first_at, first, second_at if thumbnail is not None else 0),
        exif_at: packed(order, "H", 2)
        + packed(order, "HHLL", 0x9003, ASCII, 20, 570)
        + packed(order, "HHLL", 0x927C, UNDEFINED, len(note), note_at)
        + bytes(4),
        570: b"2019:06:30 12:34:56\0",
        note_at: note,
    }
    if gps:
        degrees = packed(order, "6L", *(n for pair in LATITUDE for n in pair))
        place: list[Value] = [(1, ASCII, b"N\0"), (2, RATIONAL, degrees)]
        parts[gps_at] = table(order, gps_at, [*place, (29, ASCII, b"2019:06:30\0")])
    if thumbnail is not None:
        small: list[Value] = [(0x103, SHORT, packed(order, "H", 6))]
        small.append((0x201, LONG, packed(order, "L", picture_at)))
        small.append((0x202, LONG, packed(order, "L", len(thumbnail))))
        parts[second_at] = table(order, second_at, small)
        parts[picture_at] = thumbnail
    block = bytearray()
    for at, content in parts.items():
        block = block.ljust(at, b"\0")
        block += content
    return bytes(block)


RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


def packet(description: str = "", *, prefix: str = "rdf") -> bytes:
    """Return a padded XMP packet with one rdf:Description, as Adobe's programs write it.

    Args:
        description: Rest of the description's element after its own attributes; empty to close it.
        prefix: Prefix of the RDF namespace.
    """
    p = prefix
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="Some Toolkit 5.6">\n'
        f' <{p}:RDF xmlns:{p}="{RDF}">\n'
        f'  <{p}:Description {p}:about=""\n'
        '    xmlns:xmp="http://ns.adobe.com/xap/1.0/"\n'
        '    xmlns:exif="http://ns.adobe.com/exif/1.0/"\n'
        '    xmlns:drone="http://www.dji.com/drone-dji/1.0/"\n'
        f'    xmp:CreatorTool="Tööl &amp; more" {description or "/>"}\n'
        f" </{p}:RDF>\n</x:xmpmeta>\n" + " " * 100 + '\n<?xpacket end="w"?>'
    ).encode()


RECORD = JpegRunRecord(
    program="DDRM Restore",
    version="1.2.0",
    prior="compact",
    prior_sha256="0123456789abcdef" * 4,
    sampler=SamplerSettings(steps=12, samples=2, start=187, temperature=0.9, momentum=0.5),
    correction_origin=None,
    architecture_origin=None,
    sharpness=0.25,
    sample=3,
    complete=False,
    seed=2**63 - 1,
    quality=10,
    quality_source="tables",
    grid=(0, 0),
    sampling="4:2:0",
    device="cuda:0",
    precision="float32",
    inside=0.9999999999999999,
    exact=1 / 3,
    baked_orientation=1,
    region=None,
)
