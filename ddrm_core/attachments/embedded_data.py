"""Depth maps, pictures and audio recordings inside of XMP, as Base64 text.

Source: "Depthmap Metadata" and "Cardboard camera" (Google). The main packet describes the data, and
the extended packet holds the data.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from ddrm_core.metadata.extended_xmp import (
    MAX_EXTENSION_PART_BYTES,
    join_extension,
    replace_extension,
)
from ddrm_core.metadata.model import Metadata
from ddrm_core.metadata.xmp import remove_properties


class EmbeddedDataKind(StrEnum):
    """The kind of data inside of XMP; each value is the namespace of the data's properties."""

    DEPTH_MAP = "http://ns.google.com/photos/1.0/depthmap/"
    IMAGE = "http://ns.google.com/photos/1.0/image/"  # the picture before an effect
    AUDIO = "http://ns.google.com/photos/1.0/audio/"


_NAMESPACES = tuple(kind.value for kind in EmbeddedDataKind)
_EXTENDED_XMP_NAME = "http://ns.adobe.com/xmp/note/ HasExtendedXMP"
# Both forms of a property, an attribute and an element, with the prefix and the text of each.
_DATA_PROPERTY = re.compile(
    rb"""(?<![\w.-])([\w.-]+):Data\s*=\s*["']([\w+/=\s]+)|<([\w.-]+):Data>([\w+/=\s]+)"""
)
_DECLARATION = re.compile(rb"""xmlns:([\w.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")


@dataclass(frozen=True, slots=True)
class EmbeddedData:
    """Data inside of XMP with its size in bytes, without the Base64 encoding."""

    kind: EmbeddedDataKind
    size: int


def find_embedded_data(content: bytes) -> tuple[EmbeddedData, ...]:
    """Return the data in the content of an XMP packet, one for each kind and prefix.

    Extended packets are not parsed, because they can be larger than the limit of the XML parser.
    """
    found = list[EmbeddedData]()
    texts: dict[bytes, bytes] = {}
    for match in _DATA_PROPERTY.finditer(content):
        texts.setdefault(match[1] or match[3], match[2] or match[4])
    for declaration in dict.fromkeys(_DECLARATION.findall(content)):
        prefix, uri = declaration[0], declaration[1] or declaration[2]
        kind = next((k for k in EmbeddedDataKind if k.value.encode() == uri), None)
        if kind is not None and prefix in texts:
            found.append(EmbeddedData(kind, len(texts[prefix]) * 3 // 4))
    return tuple(found)


def leave_out_extension(metadata: Metadata) -> Metadata:
    """Return metadata whose XMP packet does not refer to its extension.

    If the extension holds data, the extension and the properties about the data are left out.
    Otherwise the extension stays, so that its loss is noted when a file is encoded.
    """
    if not metadata.xmp_extensions or metadata.xmp is None:
        return metadata
    if not _mentions_data(join_extension(metadata.xmp_extensions)):
        return replace(metadata, xmp=_edit_packet(metadata.xmp, [_EXTENDED_XMP_NAME]))
    packet = _edit_packet(metadata.xmp, [*_NAMESPACES, _EXTENDED_XMP_NAME])
    return replace(metadata, xmp=packet, xmp_extensions=())


def remove_embedded_data(metadata: Metadata) -> Metadata:
    """Return metadata without data inside of XMP and the properties about the data.

    Other properties of the extension stay, except if the extension is too large to be edited.
    """
    content = join_extension(metadata.xmp_extensions)
    if metadata.xmp is None or not _mentions_data(content + metadata.xmp):
        return metadata
    packet = _edit_packet(metadata.xmp, _NAMESPACES)
    if not content:
        return replace(metadata, xmp=packet)
    remaining = remove_properties(content, _NAMESPACES)
    extended = None
    if remaining is not None and not find_embedded_data(remaining):
        extended = replace_extension(
            packet, metadata.xmp_extensions, remaining, max_part_bytes=MAX_EXTENSION_PART_BYTES
        )
    if extended is None:
        return leave_out_extension(metadata)
    packet, parts = extended
    return replace(metadata, xmp=packet, xmp_extensions=parts)


def _edit_packet(packet: bytes, names: Sequence[str]) -> bytes:
    """Return a packet without properties, see `remove_properties`; unchanged if it is damaged."""
    edited = remove_properties(packet, names)
    return packet if edited is None else edited


def _mentions_data(content: bytes) -> bool:
    return any(namespace.encode() in content for namespace in _NAMESPACES)
