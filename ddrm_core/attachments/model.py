"""Data classes for the attachments of a JPEG."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

MAX_ATTACHMENTS = 64
"""Most attachments of a file; further ones count as unrecognized."""
MAX_ATTACHMENT_BYTES = 256 << 20
"""Largest total size in bytes of the attachments of a file; further ones are unrecognized."""


class AttachmentKind(StrEnum):
    """The content of an attachment; reports contain the values."""

    IMAGE = "image"  # the other eye of a stereo pair, or a frame of a panorama
    PREVIEW = "preview"  # a smaller copy of the image
    GAIN_MAP = "gain_map"
    DEPTH_MAP = "depth_map"  # also its confidence, and mattes
    VIDEO = "video"
    SAMSUNG_TRAILER = "samsung_trailer"


IMAGE_KINDS = frozenset(
    {
        AttachmentKind.IMAGE,
        AttachmentKind.PREVIEW,
        AttachmentKind.GAIN_MAP,
        AttachmentKind.DEPTH_MAP,
    }
)
"""Kinds of attachments that show the image itself or belong to its pixels."""


@dataclass(frozen=True, slots=True)
class ByteRange:
    """A range of bytes of a file.

    Attributes:
        offset: Offset of the first byte in the file.
        length: Number of bytes.
    """

    offset: int
    length: int

    @property
    def end(self) -> int:
        """Offset of the byte after the range."""
        return self.offset + self.length

    def contains(self, other: ByteRange) -> bool:
        return self.offset <= other.offset and other.end <= self.end

    def overlaps(self, other: ByteRange) -> bool:
        return self.offset < other.end and other.offset < self.end


@dataclass(frozen=True, slots=True)
class Attachment:
    """A recognized and complete part of a file behind its image.

    Attributes:
        kind: Content of the attachment.
        range: Bytes of the attachment in the file.
        mime: MIME type; empty for a vendor's trailer.
        entry_names: Names of the entries in a vendor's trailer.
        is_clean_jpeg: Whether the bytes are one JPEG without metadata after its first scan and
            without bytes after its end marker.
        sha256: SHA-256 of the bytes, in hexadecimal.
    """

    kind: AttachmentKind
    range: ByteRange
    mime: str
    entry_names: tuple[str, ...] = ()
    is_clean_jpeg: bool = False
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Placement:
    """The bytes to which an entry of a directory points.

    Attributes:
        number: Number of the entry in its directory, from 0.
        range: Bytes in the file, which belong to an attachment.
    """

    number: int
    range: ByteRange


@dataclass(frozen=True, slots=True)
class Attachments:
    """Everything behind the image of a JPEG.

    Attributes:
        file_size: Size of the file in bytes.
        parts: Attachments in file order, without overlaps.
        unrecognized_bytes: Number of bytes behind the image that belong to no attachment.
        mpf_placements: Further images of the Multi-Picture Format index that are attachments.
        item_placements: Items of XMP container directories that are attachments or in one; the
            number counts the items of all directories.
        micro_video_offset: Offset of the video of the older motion photo format; None without it.
    """

    file_size: int
    parts: tuple[Attachment, ...] = ()
    unrecognized_bytes: int = 0
    mpf_placements: tuple[Placement, ...] = ()
    item_placements: tuple[Placement, ...] = ()
    micro_video_offset: int | None = None


NO_ATTACHMENTS = Attachments(0)


def find_containing(parts: Iterable[Attachment], byte_range: ByteRange) -> Attachment | None:
    """Return the first attachment that contains a range of bytes, or None."""
    return next((part for part in parts if part.range.contains(byte_range)), None)
