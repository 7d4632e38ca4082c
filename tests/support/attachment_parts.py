"""Further images, videos and trailers, and the metadata that describes them.

All are put together from public specifications. Each attachment contains a marked byte pattern, by
which a test finds it in a result.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Mapping, Sequence

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from tests.support.jpeg_variants import plain, segment, with_segments
from tests.support.metadata_blocks import camera_exif, packet
from tests.support.pictures import jpeg_bytes, photograph

APP1, APP2, COM = 0xE1, 0xE2, 0xFE
XMP_PREFIX, MPF_PREFIX = b"http://ns.adobe.com/xap/1.0/\0", b"MPF\0"
ISO_GAIN_MAP = b"urn:iso:std:iso:ts:21496:-1\0"
PHOTOS, DEPTH = "http://ns.google.com/photos/1.0", "http://ns.google.com/photos/dd/1.0"
MARK = b"MARKED/PATTERN/"
PREVIEW, DISPARITY, UNDEFINED = 0x010001, 0x020002, 0


def mark(name: str) -> bytes:
    """Return the pattern that marks the attachment `name`, with characters of Base64 only."""
    return MARK + name.replace(" ", "/").encode() + b"//"


def marked_jpeg(name: str, *segments: bytes, height: int = 16, width: int = 24) -> bytes:
    """Return a small JPEG with a comment that marks it, and other segments."""
    data = jpeg_bytes(photograph(height, width, seed=len(name)), quality=60)
    return with_segments(data, *segments, segment(COM, mark(name)))


def box(kind: bytes, content: bytes) -> bytes:
    """Return a box of ISO/IEC 14496-12 with a size of 32 bits."""
    return struct.pack(">I4s", 8 + len(content), kind) + content


def mp4(name: str = "video") -> bytes:
    """Return the top boxes of an MP4 file with marked media data; no player needs to play it."""
    media = struct.pack(">I4sQ", 1, b"mdat", 16 + 5000) + mark(name).ljust(5000, b"\7")
    return box(b"ftyp", b"mp42\0\0\0\0isommp42") + box(b"moov", bytes(96)) + media


def samsung_trailer(entries: Mapping[str, bytes], *, entry_type: int = 0x0A30) -> bytes:
    """Return Samsung's trailer with named entries: their data, the directory SEFH, the end SEFT."""
    blocks = [
        struct.pack("<HHI", 0, entry_type, len(name)) + name.encode() + content
        for name, content in entries.items()
    ]
    total, rows, start = sum(map(len, blocks)), b"", 0
    for block in blocks:
        rows += struct.pack("<HHII", 0, entry_type, total - start, len(block))
        start += len(block)
    directory = b"SEFH" + struct.pack("<II", 107, len(blocks)) + rows
    return b"".join(blocks) + directory + struct.pack("<I", len(directory)) + b"SEFT"


def container_xmp(
    items: Sequence[tuple[str, str, int]],
    *,
    properties: str = "",
    padding: int | None = 0,
    as_elements: bool = False,
) -> bytes:
    """Return an XMP packet with a container directory.

    Args:
        items: Meaning, MIME type and length of each item behind the image.
        properties: Further attributes of the description.
        padding: Padding of the image's own item; None to state none.
        as_elements: Whether properties of items are elements instead of attributes.
    """
    rows = [("Primary", "image/jpeg", 0), *items]
    listed = ""
    for semantic, mime, length in rows:
        values = {"Semantic": semantic, "Mime": mime, "Length": str(length)}
        if semantic == "Primary" and padding is not None:
            values["Padding"] = str(padding)
        if as_elements:
            inner = "".join(f"<Item:{k}>{v}</Item:{k}>" for k, v in values.items())
            item = f'<Container:Item rdf:parseType="Resource">{inner}</Container:Item>'
        else:
            inner = " ".join(f'Item:{k}="{v}"' for k, v in values.items())
            item = f"<Container:Item {inner}/>"
        listed += f'<rdf:li rdf:parseType="Resource">{item}</rdf:li>\n'
    return packet(
        f'xmlns:Container="{PHOTOS}/container/" xmlns:Item="{PHOTOS}/container/item/"\n'
        f'    xmlns:GCamera="{PHOTOS}/camera/" xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/"\n'
        f"    {properties}>\n"
        f"   <Container:Directory><rdf:Seq>\n{listed}</rdf:Seq></Container:Directory>\n"
        "  </rdf:Description>"
    )


MOTION = (
    'GCamera:MotionPhoto="1" GCamera:MotionPhotoVersion="1"'
    ' GCamera:MotionPhotoPresentationTimestampUs="500000"'
)


def micro_video_xmp(offset: int) -> bytes:
    """Return an XMP packet of the older motion photo format, whose video begins at -offset."""
    return packet(
        f'xmlns:GCamera="{PHOTOS}/camera/" GCamera:MicroVideo="1" GCamera:MicroVideoVersion="1"\n'
        f'    GCamera:MicroVideoOffset="{offset}"'
        ' GCamera:MicroVideoPresentationTimestampUs="500000"/>'
    )


def dynamic_depth_xmp(length: int, mime: str = "image/jpeg") -> bytes:
    """Return an XMP packet of "Dynamic Depth" with one depth map behind the image."""
    return packet(
        f'xmlns:Device="{DEPTH}/device/" xmlns:Container="{DEPTH}/container/"\n'
        f'    xmlns:Item="{DEPTH}/item/" xmlns:Camera="{DEPTH}/camera/"'
        f' xmlns:DepthMap="{DEPTH}/depthmap/">\n'
        "<Device:Container><Container:Directory><rdf:Seq>"
        '<rdf:li><Container:Item Item:Mime="image/jpeg" Item:Length="0" Item:DataURI="primary"/>'
        f'</rdf:li><rdf:li><Container:Item Item:Mime="{mime}" Item:Length="{length}"'
        ' Item:DataURI="android/depthmap"/></rdf:li>'
        "</rdf:Seq></Container:Directory></Device:Container>"
        '<Device:Cameras><rdf:Seq><rdf:li><Camera:DepthMap DepthMap:Near="1" DepthMap:Far="9"'
        ' DepthMap:DepthURI="android/depthmap"/></rdf:li></rdf:Seq></Device:Cameras>'
        "</rdf:Description>"
    )


def xmp_segment(content: bytes) -> bytes:
    return segment(APP1, XMP_PREFIX + content)


def mpf_payload(
    rows: Sequence[tuple[int, int, int, int, int]], *, order: str = ">", identifiers: bool = False
) -> bytes:
    """Return an MPF segment (CIPA DC-007) with these rows.

    Args:
        rows: Attribute, size, offset and two dependent images of each image.
        order: Byte order of `struct`.
        identifiers: Whether there is a list of identifiers, too.
    """
    tags = 4 if identifiers else 3
    list_at = 8 + 2 + 12 * tags + 4
    identifiers_at = list_at + 16 * len(rows)
    entries = struct.pack(order + "HHI4s", 0xB000, 7, 4, b"0100")
    entries += struct.pack(order + "HHII", 0xB001, 4, 1, len(rows))
    entries += struct.pack(order + "HHII", 0xB002, 7, 16 * len(rows), list_at)
    if identifiers:
        entries += struct.pack(order + "HHII", 0xB003, 7, 33 * len(rows), identifiers_at)
    header = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", 8)
    index = struct.pack(order + "H", tags) + entries + bytes(4)
    listed = b"".join(struct.pack(order + "IIIHH", *row) for row in rows)
    names = b"".join(b"%033d" % n for n in range(len(rows))) if identifiers else b""
    return MPF_PREFIX + header + index + listed + names


def assemble(
    parts: Sequence[bytes] = (),
    *,
    xmp: bytes | None = None,
    segments: Sequence[bytes] = (),
    mpf_types: Sequence[int] | None = None,
    mpf_parts: Sequence[int] | None = None,
    order: str = ">",
    identifiers: bool = False,
    image: bytes | None = None,
) -> bytes:
    """Return a JPEG of 37x31 pixels with parts behind it.

    Args:
        parts: Bytes behind the image, in order.
        xmp: XMP packet of the image.
        segments: Further segments of the image.
        mpf_types: Type code of each image in the index; None without an index.
        mpf_parts: Number of the part that is each image of the index; None for the first parts.
        order: Byte order of the index.
        identifiers: Whether the index has identifiers.
        image: The image, None for a plain one.
    """
    image = plain() if image is None else image
    heads = [xmp_segment(xmp)] if xmp is not None else []
    heads += segments
    if mpf_types is None:
        return with_segments(image, *heads) + b"".join(parts)
    numbers = list(range(len(mpf_types)) if mpf_parts is None else mpf_parts)

    def build(image_bytes: int, header_offset: int) -> bytes:
        rows = [(0x20030000, image_bytes, 0, 0, 0)]
        for code, number in zip(mpf_types, numbers, strict=True):
            start = image_bytes + sum(map(len, parts[:number]))
            rows.append((code, len(parts[number]), max(0, start - header_offset), 0, 0))
        payload = mpf_payload(rows, order=order, identifiers=identifiers)
        return with_segments(image, *heads, segment(APP2, payload))

    draft = build(0, 0)
    header_offset = draft.index(MPF_PREFIX) + len(MPF_PREFIX)
    return build(len(draft), header_offset) + b"".join(parts)


def xmp_gain_map() -> bytes:
    """Return a gain map of 24x16 pixels, described by XMP (Ultra HDR Image Format v1.1)."""
    xmp = packet(
        'xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" hdrgm:Version="1.0"'
        ' hdrgm:GainMapMin="0" hdrgm:GainMapMax="2" hdrgm:Gamma="1" hdrgm:OffsetSDR="0.015625"'
        ' hdrgm:OffsetHDR="0.015625" hdrgm:HDRCapacityMin="0" hdrgm:HDRCapacityMax="2"'
        ' hdrgm:BaseRenditionIsHDR="False"/>'
    )
    data = jpeg_bytes(photograph(16, 24, grey=True), quality=90)
    return with_segments(data, xmp_segment(xmp), segment(COM, mark("gain map")))


def apple_image(kind: str) -> bytes:
    """Return an auxiliary image whose XMP states Apple's name of its kind."""
    xmp = packet(
        'xmlns:apdi="http://ns.apple.com/pixeldatainfo/1.0/"'
        f' apdi:AuxiliaryImageType="urn:com:apple:photo:2020:aux:{kind}"/>'
    )
    return marked_jpeg(kind, xmp_segment(xmp))


def located_jpeg(name: str, *, exif_block: bytes | None = None) -> bytes:
    """Return a marked JPEG whose EXIF block and XMP packet hold coordinates."""
    block = camera_exif() if exif_block is None else exif_block
    xmp = packet('exif:GPSLatitude="48,8.2N"/>')
    return marked_jpeg(name, segment(APP1, b"Exif\0\0" + block), xmp_segment(xmp))


def png(name: str) -> bytes:
    """Return a PNG with a marked text chunk."""
    buffer, text = io.BytesIO(), PngInfo()
    text.add_text("Comment", mark(name).decode())
    Image.new("L", (12, 8)).save(buffer, "PNG", pnginfo=text)
    return buffer.getvalue()
