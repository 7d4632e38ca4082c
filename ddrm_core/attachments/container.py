"""Items of an XMP container directory, which describe the files behind an image.

Sources: "Ultra HDR Image Format v1.1" and "Motion Photo format 1.0" (Android), "Dynamic Depth 1.0".
The items follow the image and each other in the order of the directory.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ddrm_core.attachments.model import AttachmentKind, ByteRange, Placement
from ddrm_core.metadata.xmp_elements import XmlElement, local_name

_RDF_ITEM = "http://www.w3.org/1999/02/22-rdf-syntax-ns# li"
_PHOTOS, _DYNAMIC_DEPTH = "http://ns.google.com/photos/1.0", "http://ns.google.com/photos/dd/1.0"
_DIRECTORY_NAMES = (f"{_PHOTOS}/container/ Directory", f"{_DYNAMIC_DEPTH}/container/ Directory")
_ITEM_NAMESPACES = (f"{_PHOTOS}/container/item/ ", f"{_DYNAMIC_DEPTH}/item/ ")
LENGTH, PADDING = "Length", "Padding"
_MAX_ITEMS = 256
_MAX_DIRECTORIES = 8
_KINDS = {
    "gainmap": AttachmentKind.GAIN_MAP,
    "depth": AttachmentKind.DEPTH_MAP,
    "confidence": AttachmentKind.DEPTH_MAP,
    "motionphoto": AttachmentKind.VIDEO,
}


@dataclass(frozen=True, slots=True)
class ItemProperty:
    """A property of an item with the offsets of its value in the packet."""

    value: str
    value_start: int
    value_end: int


@dataclass(frozen=True, slots=True)
class ContainerItem:
    """An item of a directory; the first item of a directory is the image itself.

    Attributes:
        directory_number: Number of the directory in the packet, from 0.
        is_primary: Whether the item is the first one of its directory.
        start: Offset of the item's element in the packet.
        end: Offset of the byte after the item's element in the packet.
        properties: Properties by their local names, such as "Length".
    """

    directory_number: int
    is_primary: bool
    start: int
    end: int
    properties: dict[str, ItemProperty]

    @property
    def length(self) -> int:
        """Stated size of the item in bytes, 0 if none is stated."""
        return self._read_number(LENGTH)

    @property
    def padding(self) -> int:
        """Stated number of bytes between this item and the next one, 0 if none is stated."""
        return self._read_number(PADDING)

    @property
    def mime(self) -> str:
        found = self.properties.get("Mime")
        name = "" if found is None else found.value.strip().lower()
        return "image/jpeg" if name == "image/jpg" else name

    @property
    def kind(self) -> AttachmentKind:
        """Content of the item by its meaning, its type or its URI."""
        semantic, uri = self.properties.get("Semantic"), self.properties.get("DataURI")
        if semantic is not None and semantic.value.lower() in _KINDS:
            return _KINDS[semantic.value.lower()]
        if self.mime.startswith("video/"):
            return AttachmentKind.VIDEO
        if uri is not None and any(word in uri.value.lower() for word in ("depth", "confidence")):
            return AttachmentKind.DEPTH_MAP
        return AttachmentKind.IMAGE

    def _read_number(self, name: str) -> int:
        found = self.properties.get(name)
        text = "" if found is None else found.value.strip()
        return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else 0


def find_directories(elements: Sequence[XmlElement]) -> list[XmlElement]:
    """Return the elements of the first eight container directories, in the packet's order."""
    found = [e for e in elements if e.name in _DIRECTORY_NAMES]
    return sorted(found, key=lambda element: element.start)[:_MAX_DIRECTORIES]


def is_dynamic_depth(directory: XmlElement) -> bool:
    """Return whether a directory is that of "Dynamic Depth"."""
    return directory.name.startswith(_DYNAMIC_DEPTH)


def read_items(elements: Sequence[XmlElement]) -> list[ContainerItem]:
    """Return the items of all directories of an XMP packet, in the order of the packet.

    Return no items if there are more than 256.
    """
    items = list[ContainerItem]()
    ordered = sorted(elements, key=lambda element: element.start)
    starts = [element.start for element in ordered]
    for number, directory in enumerate(find_directories(elements)):
        inside = ordered[bisect_left(starts, directory.start) : bisect_left(starts, directory.end)]
        list_elements = [element for element in inside if element.name == _RDF_ITEM]
        if len(items) + len(list_elements) > _MAX_ITEMS:
            return []
        for position, element in enumerate(list_elements):
            parts = ordered[bisect_left(starts, element.start) : bisect_left(starts, element.end)]
            items.append(
                ContainerItem(
                    number, position == 0, element.start, element.end, _read_properties(parts)
                )
            )
    return items


def _read_properties(elements: Sequence[XmlElement]) -> dict[str, ItemProperty]:
    properties: dict[str, ItemProperty] = {}
    for element in elements:
        for attribute in element.attributes:
            if attribute.name.startswith(_ITEM_NAMESPACES):
                properties[local_name(attribute.name)] = ItemProperty(
                    attribute.value, attribute.value_start, attribute.end - 1
                )
        if element.name.startswith(_ITEM_NAMESPACES) and not element.is_empty_tag:
            properties[local_name(element.name)] = ItemProperty(
                "".join(element.text_chunks), element.content_start, element.content_end
            )
    return properties


def place_items(
    items: Sequence[ContainerItem],
    image_end: int,
    file_size: int,
    is_complete: Callable[[ContainerItem, ByteRange], bool],
) -> list[Placement]:
    """Return the places of the items of a packet that are complete files.

    Writers count the places from the end of the image, with the padding of each item, or from the
    end of the file. The way that gives more complete items is taken for each directory.

    Args:
        items: Items of `read_items`.
        image_end: Offset of the byte after the image's end marker.
        file_size: Size of the file in bytes.
        is_complete: Function that tells whether a range of the file's bytes is the whole item.
    """
    placements = list[Placement]()
    for directory_number in sorted({item.directory_number for item in items}):
        numbered = [
            (n, item) for n, item in enumerate(items) if item.directory_number == directory_number
        ]
        further = [(n, item) for n, item in numbered if not item.is_primary and item.length]
        position = image_end + numbered[0][1].padding
        forward = list[Placement]()
        for number, item in further:
            forward.append(Placement(number, ByteRange(position, item.length)))
            position += item.length + item.padding
        shift = file_size - position
        backward = [
            Placement(p.number, ByteRange(p.range.offset + shift, p.range.length)) for p in forward
        ]
        complete_forward, complete_backward = (
            [
                p
                for p in way
                if image_end <= p.range.offset
                and p.range.end <= file_size
                and is_complete(items[p.number], p.range)
            ]
            for way in (forward, backward)
        )
        is_forward = len(complete_forward) >= len(complete_backward)
        placements += complete_forward if is_forward else complete_backward
    return placements
