"""Readers of motion photos and XMP that share no code with the product."""

from __future__ import annotations

import struct
from xml.etree import ElementTree

XMP_PREFIX = b"http://ns.adobe.com/xap/1.0/\0"
_RDF_ITEM = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}li"
_CONTAINER = "{http://ns.google.com/photos/1.0/container/}"
_ITEM = "{http://ns.google.com/photos/1.0/container/item/}"
_CAMERA = "{http://ns.google.com/photos/1.0/camera/}"
DESCRIBING_NAMESPACES = (
    "{http://ns.adobe.com/hdr-gain-map/1.0/}",
    "{http://ns.google.com/photos/1.0/container/",
    "{http://ns.google.com/photos/1.0/depthmap/",
    "{http://ns.google.com/photos/1.0/image/",
    "{http://ns.google.com/photos/dd/1.0/",
    "{http://ns.adobe.com/xmp/note/}",
)


def header_segments(data: bytes) -> list[tuple[int, bytes]]:
    """Return marker and payload of each segment of a JPEG before its first scan."""
    found, position = [], 2
    while data[position + 1] != 0xDA:
        (length,) = struct.unpack_from(">H", data, position + 2)
        found.append((data[position + 1], data[position + 4 : position + 2 + length]))
        position += 2 + length
    return found


def read_xmp(data: bytes) -> bytes | None:
    """Return the first XMP packet of a JPEG, None without one."""
    packets = [p for m, p in header_segments(data) if m == 0xE1 and p.startswith(XMP_PREFIX)]
    return packets[0].removeprefix(XMP_PREFIX) if packets else None


def property_names(xmp: bytes) -> set[str]:
    """Return the names of all elements and attributes of an XMP packet."""
    root = ElementTree.fromstring(xmp[: xmp.rindex(b">") + 1])
    return {name for e in root.iter() for name in (e.tag, *e.attrib)}


def describing_names(xmp: bytes) -> set[str]:
    """Return the names of all properties that describe something behind or beside an image."""
    names = property_names(xmp)
    described = {n for n in names if n.startswith(DESCRIBING_NAMESPACES)}
    return described | {n for n in names if n.startswith((f"{_CAMERA}M", f"{_CAMERA}Micro"))}


def _item_values(element: ElementTree.Element) -> dict[str, str]:
    values = {}
    for inner in element.iter():
        named = [*inner.attrib.items(), (inner.tag, inner.text or "")]
        values |= {n.removeprefix(_ITEM): v for n, v in named if n.startswith(_ITEM)}
    return values


def read_motion_video(data: bytes) -> bytes | None:
    """Return the video of a motion photo, None without one.

    The older format states the distance from the end of the file to the video's start. Otherwise
    readers find an item by the lengths of the items before it, with their padding, or without a
    padding by the lengths of the items from there to the end of the file ("Motion Photo format
    1.0", media data encoding).
    """
    xmp = read_xmp(data)
    if xmp is None:
        return None
    root = ElementTree.fromstring(xmp[: xmp.rindex(b">") + 1])
    attributes = {n: v for e in root.iter() for n, v in e.attrib.items()}
    if attributes.get(f"{_CAMERA}MicroVideo") == "1":
        return data[len(data) - int(attributes[f"{_CAMERA}MicroVideoOffset"]) :]
    if attributes.get(f"{_CAMERA}MotionPhoto") != "1":
        return None
    items = read_items(data)
    sizes = [int(item["Length"]) + int(item.get("Padding", "0")) for item in items]
    (number,) = [n for n, item in enumerate(items) if item["Semantic"] == "MotionPhoto"]
    position = image_end(data) + sum(sizes[:number])
    if "Padding" not in items[0]:
        position = len(data) - sum(sizes[number:])
    assert data[position + 4 : position + 8] == b"ftyp"
    return data[position : position + int(items[number]["Length"])]


def read_items(data: bytes) -> list[dict[str, str]]:
    """Return the properties of the items of a JPEG's container directory, none without one."""
    xmp = read_xmp(data) or b"<none/>"
    root = ElementTree.fromstring(xmp[: xmp.rindex(b">") + 1])
    directories = root.iter(f"{_CONTAINER}Directory")
    return [_item_values(e) for directory in directories for e in directory.iter(_RDF_ITEM)]


def image_end(data: bytes) -> int:
    """Return the offset after the end marker of a baseline JPEG's only scan."""
    scan = data.index(b"\xff\xda")
    position = scan + 2 + int.from_bytes(data[scan + 2 : scan + 4])
    while True:
        position = data.index(b"\xff", position)
        if data[position + 1] == 0xD9:
            return position + 2
        position += 1 if data[position + 1] == 0xFF else 2
