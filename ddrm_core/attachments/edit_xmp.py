"""Editing of the XMP packet of a file whose attachments move or are left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ddrm_core.attachments.container import (
    LENGTH,
    PADDING,
    ContainerItem,
    find_directories,
    is_dynamic_depth,
    read_items,
)
from ddrm_core.attachments.model import ByteRange
from ddrm_core.attachments.pointers import (
    MICRO_VIDEO_OFFSET,
    PropertyTest,
    describes_container,
    describes_dynamic_depth,
    describes_gain_map,
    describes_motion,
    remove_properties,
)
from ddrm_core.metadata.xmp import set_property_values
from ddrm_core.metadata.xmp_elements import XmlElement, parse_elements

_Edit = tuple[int, int, bytes]
"""Start and end of a span of the packet, and the bytes that replace the span."""


def adapt_packet(
    packet: bytes,
    new_ranges: Mapping[int, ByteRange],
    *,
    keeps_gain_map: bool,
    micro_video_from_end: int | None,
    has_video: bool,
) -> bytes:
    """Return an XMP packet that describes the attachments of a new file.

    Items that are left out are removed from their directories. All other properties stay, except
    those about attachments that the new file does not have. If an item of "Dynamic Depth" is left
    out, all properties of "Dynamic Depth" are removed. A packet that cannot be parsed is returned
    unchanged.

    Args:
        packet: XMP packet of the source.
        new_ranges: Bytes of the kept items by the item's number, counted from the end of the new
            file's image.
        keeps_gain_map: Whether the new file has a gain map.
        micro_video_from_end: Distance of the start of a motion photo's video from the end of the
            new file; None if no such distance is to be stated.
        has_video: Whether a motion photo's video is in the new file.
    """
    elements = parse_elements(packet)
    if elements is None:
        return packet
    items = read_items(elements)
    lost_directories = _find_lost_directories(elements, items, new_ranges)
    edits = list[_Edit]()
    for number in range(len(find_directories(elements))):
        if number not in lost_directories:
            edits += _edit_directory(
                [(n, item) for n, item in enumerate(items) if item.directory_number == number],
                new_ranges,
            )
    edited = _apply_edits(packet, edits)
    tests = list[PropertyTest]()
    if not keeps_gain_map:
        tests.append(describes_gain_map)
    if not has_video:
        tests.append(describes_motion)
    for number, directory in enumerate(find_directories(elements)):
        if number in lost_directories:
            depth = is_dynamic_depth(directory)
            tests.append(describes_dynamic_depth if depth else describes_container)
    edited = remove_properties(edited, tests)
    if micro_video_from_end is None:
        return remove_properties(edited, [lambda name: name == MICRO_VIDEO_OFFSET])
    return set_property_values(edited, {MICRO_VIDEO_OFFSET: str(micro_video_from_end)})


def _find_lost_directories(
    elements: Sequence[XmlElement],
    items: Sequence[ContainerItem],
    new_ranges: Mapping[int, ByteRange],
) -> set[int]:
    """Return the numbers of directories that are removed as a whole.

    A directory is removed if no further item is kept, or, of "Dynamic Depth", not all of them.
    """
    lost = set[int]()
    for number, directory in enumerate(find_directories(elements)):
        further = [
            n
            for n, item in enumerate(items)
            if item.directory_number == number and not item.is_primary
        ]
        kept = [n for n in further if n in new_ranges]
        if not kept or (is_dynamic_depth(directory) and len(kept) < len(further)):
            lost.add(number)
    return lost


def _edit_directory(
    numbered_items: Sequence[tuple[int, ContainerItem]], new_ranges: Mapping[int, ByteRange]
) -> list[_Edit]:
    """Return the edits that remove the items left out and set lengths and paddings of the others.

    Only properties that an item has are set. The length of the image itself is not stated (0), as
    the formats allow: readers find its end marker.
    """
    edits = list[_Edit]()
    kept = list[tuple[ContainerItem, ByteRange]]()
    for number, item in numbered_items:
        if item.is_primary:
            kept.append((item, ByteRange(0, 0)))
        elif number in new_ranges:
            kept.append((item, new_ranges[number]))
        else:
            edits.append((item.start, item.end, b""))
    for position, (item, new_range) in enumerate(kept):
        is_last = position + 1 == len(kept)
        padding = 0 if is_last else kept[position + 1][1].offset - new_range.end
        for name, value in ((LENGTH, new_range.length), (PADDING, max(0, padding))):
            found = item.properties.get(name)
            if found is not None and found.value.strip() != str(value):
                edits.append((found.value_start, found.value_end, str(value).encode("ascii")))
    return edits


def _apply_edits(packet: bytes, edits: Sequence[_Edit]) -> bytes:
    for start, end, replacement in sorted(edits, reverse=True):
        packet = packet[:start] + replacement + packet[end:]
    return packet
