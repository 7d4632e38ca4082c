"""Photoshop image resources and the IPTC records in them.

Sources: Adobe Photoshop file formats (image resources); IPTC IIM 4.2, chapter 3.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

_SIGNATURES = (b"8BIM", b"MeSa", b"AgHg", b"PHUT", b"DCSR")
_IPTC, _THUMBNAILS, _METADATA_COPIES = 1028, (1033, 1036), (1058, 1059, 1060)
_PREVIEW_DATASETS = ((2, 200), (2, 201), (2, 202))  # format, version and data of the preview
_DATASET_MARKER, _EXTENDED_LENGTH = 0x1C, 0x8000


@dataclass(frozen=True, slots=True)
class PhotoshopPreviews:
    """Photoshop resources without their previews.

    Attributes:
        resources: Remaining resources; None if none remains.
        has_changed: Whether a preview was removed.
        is_damaged: Whether bytes at the end, which are no resources, were removed.
    """

    resources: bytes | None
    has_changed: bool
    is_damaged: bool


def remove_previews(resources: bytes, *, removes_copies: bool) -> PhotoshopPreviews:
    """Remove the thumbnails and the preview in the IPTC records from Photoshop resources.

    All other resources stay byte for byte. Bytes after the last readable resource are removed if
    thumbnails could be in them.

    Args:
        resources: Photoshop image resources.
        removes_copies: Whether to remove the copies of EXIF and XMP, too, which may have previews,
            and any unreadable bytes.
    """
    removed_kinds = (*_THUMBNAILS, *(_METADATA_COPIES if removes_copies else ()))
    kept, end, has_changed = list[bytes](), 0, False
    for resource in _parse_resources(resources):
        content = resource.read_content(resources)
        end = resource.end
        if resource.kind in removed_kinds:
            has_changed = True
        elif resource.kind == _IPTC and (edited := _remove_datasets(content)) != content:
            has_changed = True
            size = struct.pack(">I", len(edited)) + edited + bytes(len(edited) % 2)
            kept.append(resources[resource.start : resource.content_start - 4] + size)
        else:
            kept.append(resources[resource.start : resource.end])
    tail = resources[end:]
    has_thumbnail = any(b"8BIM" + struct.pack(">H", kind) in tail for kind in _THUMBNAILS)
    is_damaged = has_thumbnail or (removes_copies and bool(tail.strip(b"\0")))
    remaining = b"".join([*kept, b"" if is_damaged else tail])
    return PhotoshopPreviews(remaining or None, has_changed, is_damaged)


@dataclass(frozen=True, slots=True)
class _Resource:
    """A resource from `start` to `end`, whose content of `size` bytes is at `content_start`."""

    kind: int
    start: int
    content_start: int
    size: int
    end: int

    def read_content(self, resources: bytes) -> bytes:
        return resources[self.content_start : self.content_start + self.size]


def _parse_resources(resources: bytes) -> Iterator[_Resource]:
    """Yield the resources up to the first one that is damaged or cut off."""
    start = 0
    while start + 12 <= len(resources) and resources[start : start + 4] in _SIGNATURES:
        kind, name_length = struct.unpack_from(">HB", resources, start + 4)
        name_end = start + 7 + name_length + (name_length + 1) % 2
        if name_end + 4 > len(resources):
            return
        (size,) = struct.unpack_from(">I", resources, name_end)
        content_end = name_end + 4 + size
        if content_end > len(resources):
            return
        end = min(content_end + size % 2, len(resources))
        yield _Resource(kind, start, name_end + 4, size, end)
        start = end


def _remove_datasets(records: bytes) -> bytes:
    """Return IPTC records without their preview; records that cannot be parsed stay."""
    kept, position = list[bytes](), 0
    while position + 5 <= len(records) and records[position] == _DATASET_MARKER:
        record, dataset, size = struct.unpack_from(">BBH", records, position + 1)
        start = position + 5
        if size & _EXTENDED_LENGTH:
            length_bytes = size & ~_EXTENDED_LENGTH
            size = int.from_bytes(records[start : start + length_bytes], "big")
            start += length_bytes
        if start + size > len(records):
            break
        if (record, dataset) not in _PREVIEW_DATASETS:
            kept.append(records[position : start + size])
        position = start + size
    return b"".join([*kept, records[position:]])
