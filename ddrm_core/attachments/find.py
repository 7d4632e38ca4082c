"""Search for the attachments of a JPEG."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from ddrm_core.attachments.container import ContainerItem, place_items, read_items
from ddrm_core.attachments.further_image import detect_kind_from_metadata
from ddrm_core.attachments.media import (
    JPEG_MIME,
    MP4_MIME,
    VIDEO_MIMES,
    is_complete_file,
    measure_video,
)
from ddrm_core.attachments.model import (
    MAX_ATTACHMENT_BYTES,
    MAX_ATTACHMENTS,
    Attachment,
    AttachmentKind,
    Attachments,
    ByteRange,
    Placement,
    find_containing,
)
from ddrm_core.attachments.mpf import MpfEntry, parse_mpf_entries
from ddrm_core.attachments.pointers import MICRO_VIDEO_OFFSET
from ddrm_core.attachments.samsung import find_samsung_trailer
from ddrm_core.metadata.jpeg_segments import JpegSegment, find_jpeg_extent, parse_jpeg_segments
from ddrm_core.metadata.segments import APP1, APP2, MPF_PREFIX, XMP_PREFIX
from ddrm_core.metadata.xmp_elements import XmlElement, parse_elements
from ddrm_core.metadata.xmp_encoding import packet_to_utf8

_SEGMENT_HEADER_BYTES = 4  # marker and length


def find_attachments(data: bytes, trailing_start: int) -> Attachments:
    """Return everything behind the image of a JPEG.

    An attachment is recognized if the Multi-Picture Format index, a container directory or the
    offset of a motion photo in XMP, or Samsung's directory points to it, and if it is complete.
    Ranges that overlap the image or partly overlap another attachment are not recognized.

    Args:
        data: Bytes of the file.
        trailing_start: Offset of the byte after the image's end marker.
    """
    if trailing_start >= len(data):
        return Attachments(len(data))
    segments = _read_directory_segments(data)
    collector = _Collector(data, trailing_start)
    collector.add_samsung_trailer()
    elements = _read_xmp_elements(segments)
    placements = collector.add_container_items(read_items(elements))
    mpf_placements = collector.add_mpf_images(_read_mpf_entries(segments))
    micro_video_offset = collector.add_micro_video(_read_micro_video_length(elements))
    parts = tuple(
        replace(part, sha256=hashlib.sha256(_view(data, part.range)).hexdigest())
        for part in sorted(collector.parts, key=lambda part: part.range.offset)
    )
    trailing_bytes = len(data) - trailing_start
    return Attachments(
        file_size=len(data),
        parts=parts,
        unrecognized_bytes=trailing_bytes - sum(part.range.length for part in parts),
        mpf_placements=mpf_placements,
        item_placements=placements,
        micro_video_offset=micro_video_offset,
    )


@dataclass(frozen=True, slots=True)
class _Collector:
    """The attachments found so far, to which complete ranges are added."""

    data: bytes
    trailing_start: int
    parts: list[Attachment] = field(default_factory=list)

    def add_samsung_trailer(self) -> None:
        trailer = find_samsung_trailer(self.data, self.trailing_start)
        if trailer is not None:
            names = trailer.entry_names
            self._add(Attachment(AttachmentKind.SAMSUNG_TRAILER, trailer.range, "", names))

    def add_container_items(self, items: Sequence[ContainerItem]) -> tuple[Placement, ...]:
        """Add the items of all directories; return the places of those that are attachments."""
        placements = place_items(items, self.trailing_start, len(self.data), self._is_complete_item)
        accepted = list[Placement]()
        for placement in placements:
            item, place = items[placement.number], self._trim_video(items, placement)
            if self._add_file(item.kind, place, item.mime):
                accepted.append(Placement(placement.number, place))
        return tuple(accepted)

    def add_mpf_images(self, entries: Sequence[MpfEntry]) -> tuple[Placement, ...]:
        """Add the further images of an index; return the places of those that are attachments.

        An entry that overlaps an earlier one is left out.
        """
        accepted, searched = list[Placement](), list[ByteRange]()
        for number, entry in enumerate(entries[1:], start=1):
            if not entry.is_jpeg or any(entry.range.overlaps(other) for other in searched):
                continue
            searched.append(entry.range)
            # Some writers count padding in one directory and not in the other.
            known = next((p for p in self.parts if p.range.offset == entry.range.offset), None)
            kind = AttachmentKind.PREVIEW if entry.is_preview else AttachmentKind.IMAGE
            if known is not None:
                accepted.append(Placement(number, known.range))
            elif self._is_complete(entry.range, JPEG_MIME) and self._add_file(
                kind, entry.range, JPEG_MIME
            ):
                accepted.append(Placement(number, entry.range))
        return tuple(accepted)

    def add_micro_video(self, bytes_from_end: int | None) -> int | None:
        """Add the video of an older motion photo; return its offset, None without the video.

        `bytes_from_end` is the distance of the video's start from the end of the file.
        """
        if bytes_from_end is None:
            return None
        start = len(self.data) - bytes_from_end
        if not self.trailing_start <= start < len(self.data):
            return None
        later = [p.range.offset for p in self.parts if p.range.offset > start]
        available = ByteRange(start, min(later, default=len(self.data)) - start)
        containing = find_containing(self.parts, ByteRange(start, 1))
        if containing is not None:
            available = ByteRange(start, containing.range.end - start)
        length = measure_video(self.data, available)
        if length is None:
            return None
        is_added = self._add_file(AttachmentKind.VIDEO, ByteRange(start, length), MP4_MIME)
        return start if is_added else None

    def _is_complete_item(self, item: ContainerItem, byte_range: ByteRange) -> bool:
        """Return whether a range is a complete item.

        The stated length of a video may count bytes behind its boxes: Samsung's trailer, or data of
        the camera.
        """
        if item.kind is AttachmentKind.VIDEO and item.mime in VIDEO_MIMES:
            return measure_video(self.data, byte_range) is not None
        return self._is_complete(byte_range, item.mime)

    def _trim_video(self, items: Sequence[ContainerItem], placement: Placement) -> ByteRange:
        """Return the place of an item, of a video without bytes behind its boxes.

        An item inside of Samsung's trailer keeps its stated length.
        """
        place = placement.range
        is_video = items[placement.number].kind is AttachmentKind.VIDEO
        if not is_video or find_containing(self.parts, place) is not None:
            return place
        return ByteRange(place.offset, measure_video(self.data, place) or place.length)

    def _is_complete(self, byte_range: ByteRange, mime: str) -> bool:
        is_behind = self.trailing_start <= byte_range.offset and byte_range.end <= len(self.data)
        return is_behind and is_complete_file(self.data, byte_range, mime)

    def _add_file(self, kind: AttachmentKind, byte_range: ByteRange, mime: str) -> bool:
        """Add a complete file; return whether an attachment contains it afterwards."""
        is_clean = False
        if mime == JPEG_MIME:
            kind = detect_kind_from_metadata(self.data, byte_range.offset) or kind
            extent = find_jpeg_extent(self.data, byte_range.offset, byte_range.end)
            is_clean = extent is not None and extent.is_clean and extent.end == byte_range.end
        return self._add(Attachment(kind, byte_range, mime, (), is_clean))

    def _add(self, part: Attachment) -> bool:
        """Add a part, unless another one contains it; return whether one does afterwards."""
        if find_containing(self.parts, part.range) is not None:
            return True
        total = part.range.length + sum(other.range.length for other in self.parts)
        if (
            any(part.range.overlaps(other.range) for other in self.parts)
            or len(self.parts) >= MAX_ATTACHMENTS
            or total > MAX_ATTACHMENT_BYTES
        ):
            return False
        self.parts.append(part)
        return True


def _view(data: bytes, byte_range: ByteRange) -> memoryview:
    return memoryview(data)[byte_range.offset : byte_range.end]


def _read_directory_segments(data: bytes) -> dict[bytes, JpegSegment]:
    """Return the first XMP segment and the first MPF segment by their prefixes."""
    found = dict[bytes, JpegSegment]()
    try:
        for segment in parse_jpeg_segments(data):
            for marker, prefix in ((APP1, XMP_PREFIX), (APP2, MPF_PREFIX)):
                if segment.marker == marker and segment.payload.startswith(prefix):
                    found.setdefault(prefix, segment)
    except (ValueError, struct.error):
        return {}
    return found


def _read_xmp_elements(segments: Mapping[bytes, JpegSegment]) -> Sequence[XmlElement]:
    segment = segments.get(XMP_PREFIX)
    if segment is None:
        return ()
    return parse_elements(packet_to_utf8(segment.payload.removeprefix(XMP_PREFIX))) or ()


def _read_mpf_entries(segments: Mapping[bytes, JpegSegment]) -> tuple[MpfEntry, ...]:
    segment = segments.get(MPF_PREFIX)
    if segment is None:
        return ()
    header_offset = segment.offset + _SEGMENT_HEADER_BYTES + len(MPF_PREFIX)
    return parse_mpf_entries(segment.payload, header_offset)


def _read_micro_video_length(elements: Sequence[XmlElement]) -> int | None:
    """Return the distance of a video's start from the end of the file, as XMP states it."""
    values = [a.value for e in elements for a in e.attributes if a.name == MICRO_VIDEO_OFFSET]
    values += ["".join(e.text_chunks) for e in elements if e.name == MICRO_VIDEO_OFFSET]
    text = values[0].strip() if values else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None
