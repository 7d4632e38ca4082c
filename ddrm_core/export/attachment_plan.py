"""Selection of the attachments of a source that a result keeps, and their new places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ddrm_core.attachments.edit_xmp import adapt_packet
from ddrm_core.attachments.embedded_data import (
    find_embedded_data,
    leave_out_extension,
    remove_embedded_data,
)
from ddrm_core.attachments.further_image import remove_coordinates
from ddrm_core.attachments.model import (
    IMAGE_KINDS,
    NO_ATTACHMENTS,
    Attachment,
    AttachmentKind,
    Attachments,
    ByteRange,
    Placement,
)
from ddrm_core.attachments.mpf import rewrite_mpf_payload
from ddrm_core.attachments.notes import (
    AttachmentNote,
    describe_embedded_data,
    describe_parts,
    describe_unrecognized,
)
from ddrm_core.attachments.pointers import (
    list_attachment_properties,
    mentions_attachments,
)
from ddrm_core.errors import UnreadableFile
from ddrm_core.export.result_content import (
    ContentSpan,
    FileSpan,
    compute_range_sha256,
    count_bytes,
    read_span,
)
from ddrm_core.formats.capabilities import SaveFormat
from ddrm_core.jpeg.header import JpegHeader, MetadataSegment
from ddrm_core.messages import Description, Message
from ddrm_core.metadata.extended_xmp import join_extension
from ddrm_core.metadata.jpeg_segments import parse_jpeg_segments
from ddrm_core.metadata.model import Metadata, MetadataPolicy, UnknownSegment
from ddrm_core.metadata.segments import APP2, GAIN_MAP_PREFIX, MPF_PREFIX
from ddrm_core.metadata.xmp_elements import parse_elements
from ddrm_core.metadata.xmp_encoding import packet_to_utf8

_SEGMENT_HEADER_BYTES = 4  # marker and length
_MAX_HEAD_BYTES = 4 << 20  # of a further image, up to its first scan


@dataclass(frozen=True, slots=True)
class ResultPurpose:
    """The properties of a result that decide which attachments it keeps.

    Attributes:
        save_format: File format.
        policy: Metadata policy.
        is_region: Whether the result shows a region of the source.
        is_turned: Whether the pixels were turned upright.
    """

    save_format: SaveFormat
    policy: MetadataPolicy
    is_region: bool
    is_turned: bool

    def find_obstacle(self, part: Attachment) -> AttachmentNote | None:
        """Return why a result cannot keep an attachment, None if it can."""
        if self.is_region:
            return AttachmentNote.OUTSIDE_REGION
        if self.policy is MetadataPolicy.NONE:
            return AttachmentNote.ALL_METADATA
        if self.save_format is not SaveFormat.JPEG:
            return AttachmentNote.FORMAT
        if self.is_turned and (part.kind in IMAGE_KINDS or _holds_depth_map(part)):
            return AttachmentNote.TURNED
        if self.policy is MetadataPolicy.NO_GPS and part.kind not in IMAGE_KINDS:
            return AttachmentNote.PLACE
        return None


@dataclass(frozen=True, slots=True)
class _KeptPart:
    """An attachment with the spans of its bytes, and its place behind the new image."""

    part: Attachment
    spans: tuple[ContentSpan, ...]
    offset: int

    @property
    def length(self) -> int:
        return count_bytes(self.spans)

    def map_range(self, byte_range: ByteRange) -> ByteRange | None:
        """Return the new place of a range inside of the attachment.

        None if the attachment was changed and the range is a part of it only.
        """
        if byte_range == self.part.range:
            return ByteRange(self.offset, self.length)
        if self.length != self.part.range.length:
            return None
        shift = self.offset - self.part.range.offset
        return ByteRange(byte_range.offset + shift, byte_range.length)


@dataclass(frozen=True, slots=True)
class AttachmentPlan:
    """The attachments of a result, and the metadata that fits them.

    Attributes:
        metadata: Metadata of the source, whose XMP describes the attachments of the result.
        segments: Segments that a JPEG result needs besides the metadata.
        spans: Bytes behind the image.
        mpf_ranges: Bytes of the further images of the Multi-Picture Format index by the number of
            their entry, counted from the end of the image.
        notes: Notes about attachments and metadata that were left out.
    """

    metadata: Metadata
    segments: tuple[UnknownSegment, ...]
    spans: tuple[ContentSpan, ...]
    mpf_ranges: Mapping[int, ByteRange]
    notes: tuple[Description, ...]

    @property
    def byte_count(self) -> int:
        """Number of bytes behind the image."""
        return count_bytes(self.spans)

    def place_mpf_images(self, image: bytes) -> bytes:
        """Return an encoded JPEG whose Multi-Picture Format index points behind it."""
        if not self.mpf_ranges:
            return image
        for segment in parse_jpeg_segments(image):
            if segment.marker == APP2 and segment.payload.startswith(MPF_PREFIX):
                start = segment.offset + _SEGMENT_HEADER_BYTES
                ranges = {
                    number: ByteRange(len(image) + place.offset, place.length)
                    for number, place in self.mpf_ranges.items()
                }
                payload = rewrite_mpf_payload(
                    segment.payload, start + len(MPF_PREFIX), len(image), ranges
                )
                return image[:start] + payload + image[start + len(payload) :]
        raise ValueError("no MPF segment")


def plan_attachments(
    path: Path, header: JpegHeader | None, metadata: Metadata, purpose: ResultPurpose
) -> AttachmentPlan:
    """Choose the attachments that a result keeps, and adapt the metadata that describes them.

    Args:
        path: Path of the source.
        header: Header of the source, None if it is not a JPEG.
        metadata: Metadata of the source.
        purpose: Properties of the result.
    """
    attachments = NO_ATTACHMENTS if header is None else header.attachments
    kept, notes = _keep_parts(path, attachments, purpose)
    if attachments.unrecognized_bytes:
        text = describe_unrecognized(attachments.unrecognized_bytes)
        notes.append(Message(AttachmentNote.UNRECOGNIZED, {"parts": text}))
    mpf_ranges = _map_placements(attachments.mpf_placements, kept)
    describing_segments = [] if header is None else _list_describing_segments(header)
    segments = [s for s in describing_segments if _is_segment_kept(s, kept, mpf_ranges)]
    source_packet = packet_to_utf8(metadata.xmp or b"")
    packet = _adapt_packet(source_packet, attachments, kept)
    is_anything_stale = len(segments) < len(describing_segments) or (
        list_attachment_properties(packet) < list_attachment_properties(source_packet)
    )
    if is_anything_stale and not notes and purpose.policy is not MetadataPolicy.NONE:
        notes.append(AttachmentNote.STALE)
    if mentions_attachments(packet) and parse_elements(packet) is None:
        notes.append(AttachmentNote.XMP_UNCHANGED)
    edited = metadata if packet == source_packet else replace(metadata, xmp=packet)
    edited, extension_notes = _adapt_extended_xmp(edited, purpose)
    return AttachmentPlan(
        edited,
        tuple(UnknownSegment(s.marker, s.payload) for s in segments),
        tuple(span for part in kept for span in part.spans),
        mpf_ranges,
        (*notes, *extension_notes),
    )


def _keep_parts(
    path: Path, attachments: Attachments, purpose: ResultPurpose
) -> tuple[list[_KeptPart], list[Description]]:
    """Return the attachments that a result keeps, and a note per reason for the others."""
    kept, lost = list[_KeptPart](), dict[AttachmentNote, list[Attachment]]()
    offset = 0
    for part in attachments.parts:
        obstacle, spans = purpose.find_obstacle(part), tuple[ContentSpan, ...]()
        if obstacle is None:
            try:
                spans = _collect_spans(path, part, purpose.policy)
                obstacle = None if spans else AttachmentNote.PLACE
            except UnreadableFile:
                obstacle = AttachmentNote.CHANGED
        if obstacle is not None:
            lost.setdefault(obstacle, []).append(part)
            continue
        kept.append(_KeptPart(part, spans, offset))
        offset += kept[-1].length
    notes = list[Description]()
    for reason, parts in lost.items():
        facts: dict[str, object] = {"parts": describe_parts(parts)}
        if reason is AttachmentNote.FORMAT:
            facts["format"] = purpose.save_format.value
        notes.append(Message(reason, facts))
    return kept, notes


def _collect_spans(path: Path, part: Attachment, policy: MetadataPolicy) -> tuple[ContentSpan, ...]:
    """Return the spans of an attachment; none if its coordinates cannot be removed.

    Raises:
        UnreadableFile: If the file cannot be read or has changed.
    """
    span = FileSpan(path, part.range.offset, part.range.length, part.sha256)
    head = b""
    for chunk in read_span(span):
        head += chunk[: max(0, _MAX_HEAD_BYTES - len(head))]
    if policy is not MetadataPolicy.NO_GPS:
        return (span,)
    new_head = remove_coordinates(head) if part.is_clean_jpeg else None
    if new_head is None:
        return ()
    content, old_bytes = new_head
    start, length = span.offset + old_bytes, span.length - old_bytes
    return content, FileSpan(path, start, length, compute_range_sha256(path, start, length))


def _map_placements(
    placements: Sequence[Placement], kept: Sequence[_KeptPart]
) -> dict[int, ByteRange]:
    """Return new places by the number of the entry, without those of attachments left out."""
    new_ranges = dict[int, ByteRange]()
    for placement in placements:
        for part in kept:
            if part.part.range.contains(placement.range) and (
                place := part.map_range(placement.range)
            ):
                new_ranges[placement.number] = place
    return new_ranges


def _list_describing_segments(header: JpegHeader) -> list[MetadataSegment]:
    """Return the first MPF segment and the segments about a gain map (ISO 21496-1)."""
    in_app2 = [segment for segment in header.segments if segment.marker == APP2]
    mpf_segments = [s for s in in_app2 if s.payload.startswith(MPF_PREFIX)]
    return [*(s for s in in_app2 if s.payload.startswith(GAIN_MAP_PREFIX)), *mpf_segments[:1]]


def _is_segment_kept(
    segment: MetadataSegment, kept: Sequence[_KeptPart], mpf_ranges: Mapping[int, ByteRange]
) -> bool:
    if segment.payload.startswith(MPF_PREFIX):
        return bool(mpf_ranges)
    return any(part.part.kind is AttachmentKind.GAIN_MAP for part in kept)


def _adapt_packet(packet: bytes, attachments: Attachments, kept: Sequence[_KeptPart]) -> bytes:
    """Return an XMP packet that describes the kept attachments, and no others."""
    video_offset = None
    if attachments.micro_video_offset is not None:
        start = Placement(0, ByteRange(attachments.micro_video_offset, 1))
        place = _map_placements([start], kept).get(0)
        video_offset = None if place is None else place.offset
    else:
        offsets = [part.offset for part in kept if part.part.kind is AttachmentKind.VIDEO]
        video_offset = min(offsets, default=None)
    has_video = video_offset is not None or any(
        "MotionPhoto" in name for part in kept for name in part.part.entry_names
    )
    total = sum(part.length for part in kept)
    return adapt_packet(
        packet,
        _map_placements(attachments.item_placements, kept),
        keeps_gain_map=any(part.part.kind is AttachmentKind.GAIN_MAP for part in kept),
        micro_video_from_end=None if video_offset is None else total - video_offset,
        has_video=has_video,
    )


def _adapt_extended_xmp(
    metadata: Metadata, purpose: ResultPurpose
) -> tuple[Metadata, tuple[Description, ...]]:
    """Remove pictures, depth maps and audio from extended XMP if a result cannot keep them.

    Of a region, `remove_old_previews` removes them. Other formats than JPEG have no extended XMP,
    so that references to it go.
    """
    data = find_embedded_data(join_extension(metadata.xmp_extensions))
    if purpose.save_format is not SaveFormat.JPEG:
        edited = leave_out_extension(metadata)
    elif purpose.is_turned or purpose.policy is MetadataPolicy.NO_GPS:
        edited = remove_embedded_data(metadata)
    else:
        return metadata, ()
    if not data or purpose.policy is MetadataPolicy.NONE:
        return edited, ()
    return edited, (Message(AttachmentNote.EMBEDDED_DATA, {"parts": describe_embedded_data(data)}),)


def _holds_depth_map(part: Attachment) -> bool:
    return any("DepthMap" in name for name in part.entry_names)
