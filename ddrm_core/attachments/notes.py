"""Texts about attachments: names with sizes, and notes about those that a result lacks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ddrm_core.attachments.embedded_data import EmbeddedData, EmbeddedDataKind
from ddrm_core.attachments.model import Attachment, AttachmentKind, Attachments
from ddrm_core.messages import Message, Reason, describe_size, tr_noop


class AttachmentText(Reason):
    """Name and size of attachments of one kind, or of all bytes that belong to no attachment."""

    IMAGE = tr_noop("further picture ({size})")
    IMAGES = tr_noop("{count} further pictures ({size})")
    PREVIEW = tr_noop("preview ({size})")
    PREVIEWS = tr_noop("{count} previews ({size})")
    GAIN_MAP = tr_noop("gain map ({size})")
    GAIN_MAPS = tr_noop("{count} gain maps ({size})")
    DEPTH_MAP = tr_noop("depth map ({size})")
    DEPTH_MAPS = tr_noop("{count} depth maps ({size})")
    VIDEO = tr_noop("video ({size})")
    VIDEOS = tr_noop("{count} videos ({size})")
    SAMSUNG_TRAILER = tr_noop("Samsung's trailer ({size})")
    AUDIO = tr_noop("audio recording ({size})")
    UNRECOGNIZED = tr_noop("data of unknown kind ({size})")
    LIST = tr_noop("{first}, {others}")


class AttachmentNote(Reason):
    """Note for the user: attachments of the source, or metadata about them, were left out."""

    FORMAT = tr_noop(
        "Left out with the metadata about it, because {format} cannot hold it: {parts}"
    )
    OUTSIDE_REGION = tr_noop(
        "Left out with the metadata about it, because it shows what was cut away: {parts}"
    )
    TURNED = tr_noop("Left out with the metadata about it, because the picture was turned: {parts}")
    PLACE = tr_noop("Left out with the metadata about it, because it may hold a place: {parts}")
    ALL_METADATA = tr_noop("Left out with all metadata: {parts}")
    CHANGED = tr_noop(
        "Left out with the metadata about it, because the file is gone or has changed since it was"
        " opened: {parts}"
    )
    UNRECOGNIZED = tr_noop("Left out from behind the picture: {parts}")
    STALE = tr_noop(
        "Metadata about a gain map, a video or further pictures was left out, because the result"
        " has none."
    )
    EMBEDDED_DATA = tr_noop("Left out from the XMP packet: {parts}")
    XMP_UNCHANGED = tr_noop(
        "The XMP packet is damaged: it may still describe data behind the picture."
    )


_TEXTS = {
    AttachmentKind.IMAGE: (AttachmentText.IMAGE, AttachmentText.IMAGES),
    AttachmentKind.PREVIEW: (AttachmentText.PREVIEW, AttachmentText.PREVIEWS),
    AttachmentKind.GAIN_MAP: (AttachmentText.GAIN_MAP, AttachmentText.GAIN_MAPS),
    AttachmentKind.DEPTH_MAP: (AttachmentText.DEPTH_MAP, AttachmentText.DEPTH_MAPS),
    AttachmentKind.VIDEO: (AttachmentText.VIDEO, AttachmentText.VIDEOS),
}
_EMBEDDED_TEXTS = {
    EmbeddedDataKind.DEPTH_MAP: AttachmentText.DEPTH_MAP,
    EmbeddedDataKind.IMAGE: AttachmentText.IMAGE,
    EmbeddedDataKind.AUDIO: AttachmentText.AUDIO,
}


def describe_attachments(attachments: Attachments) -> Message | None:
    """Return names and sizes of everything behind an image; None if nothing is there."""
    texts = _describe_kinds(attachments.parts)
    if attachments.unrecognized_bytes:
        texts.append(describe_unrecognized(attachments.unrecognized_bytes))
    return _join(texts) if texts else None


def describe_embedded_data(data: Iterable[EmbeddedData]) -> Message:
    """Return names and sizes of at least one depth map, picture or recording inside of XMP."""
    return _join(
        [Message(_EMBEDDED_TEXTS[part.kind], {"size": describe_size(part.size)}) for part in data]
    )


def describe_parts(parts: Iterable[Attachment]) -> Message:
    """Return names and sizes of at least one attachment."""
    return _join(_describe_kinds(parts))


def describe_unrecognized(byte_count: int) -> Message:
    """Return a text about bytes that belong to no attachment."""
    return Message(AttachmentText.UNRECOGNIZED, {"size": describe_size(byte_count)})


def _describe_kinds(parts: Iterable[Attachment]) -> list[Message]:
    sizes: dict[AttachmentKind, list[int]] = {}
    for part in parts:
        sizes.setdefault(part.kind, []).append(part.range.length)
    return [_describe_kind(kind, lengths) for kind, lengths in sizes.items()]


def _describe_kind(kind: AttachmentKind, lengths: Sequence[int]) -> Message:
    size = describe_size(sum(lengths))
    if kind is AttachmentKind.SAMSUNG_TRAILER:  # a file has one at most, at its end
        return Message(AttachmentText.SAMSUNG_TRAILER, {"size": size})
    one, several = _TEXTS[kind]
    if len(lengths) == 1:
        return Message(one, {"size": size})
    return Message(several, {"count": len(lengths), "size": size})


def _join(texts: Sequence[Message]) -> Message:
    first, *others = texts
    if not others:
        return first
    return Message(AttachmentText.LIST, {"first": first, "others": _join(others)})
