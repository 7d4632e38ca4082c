"""The XML elements of an XMP packet with their offsets. Source: XMP part 1 (ISO 16684-1).

Packets with a document type are rejected, because only a document type lets XML use more memory
than its size or refer to other files.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from xml.parsers import expat

_MAX_PACKET_BYTES = 2**18  # four full segments; parsed elements take 400 times the memory
_TAG_PATTERN = re.compile(rb"<[^\s/>]+")
_ATTRIBUTE_PATTERN = re.compile(rb"""\s+([^\s=/>]+)\s*=\s*("[^"]*"|'[^']*')""")
_TAG_END_PATTERN = re.compile(rb"\s*/?>")


@dataclass(frozen=True, slots=True)
class XmlAttribute:
    """An XML attribute with its offsets in the packet.

    The attribute is from `start`, at the preceding white space, to `end`. `value_start` is the
    offset of the first character after the opening quote.
    """

    name: str
    value: str
    start: int
    end: int
    value_start: int


@dataclass(slots=True)
class XmlElement:
    """An XML element with its offsets in the packet.

    The start tag is from `start` to `content_start`, the end tag from `content_end` to `end`.
    """

    name: str
    start: int
    content_start: int
    content_end: int
    end: int
    is_empty_tag: bool
    attributes: list[XmlAttribute]
    text_chunks: list[str] = field(default_factory=list)


class _UnsafePacketError(Exception):
    """The error that an XMP packet has a document type or unexpected syntax."""


class _PacketParser:
    """A parser that collects the XML elements of an XMP packet with their offsets.

    expat gives the offsets of tags; the offsets of attributes are found from there.
    """

    def __init__(self, packet: bytes) -> None:
        self.packet, self.elements = packet, list[XmlElement]()
        self._open_elements: list[XmlElement] = []
        self._parser = expat.ParserCreate("utf-8", " ")
        self._parser.ordered_attributes = True
        self._parser.StartElementHandler = self._on_start_element
        self._parser.EndElementHandler = self._on_end_element
        self._parser.CharacterDataHandler = self._on_character_data
        self._parser.StartDoctypeDeclHandler = self._on_doctype
        self._parser.Parse(packet, True)

    def _on_start_element(self, name: str, names_and_values: list[str]) -> None:
        start = self._parser.CurrentByteIndex
        tag = _TAG_PATTERN.match(self.packet, start)
        position = tag.end() if tag else start
        attribute_positions = list[tuple[int, int, int]]()
        while match := _ATTRIBUTE_PATTERN.match(self.packet, position):
            if match[1] != b"xmlns" and not match[1].startswith(b"xmlns:"):
                attribute_positions.append((*match.span(), match.start(2) + 1))
            position = match.end()
        end = _TAG_END_PATTERN.match(self.packet, position)
        if end is None or 2 * len(attribute_positions) != len(names_and_values):
            raise _UnsafePacketError
        pairs = zip(names_and_values[::2], names_and_values[1::2], attribute_positions, strict=True)
        attributes = [
            XmlAttribute(key, value, *attribute_position)
            for key, value, attribute_position in pairs
        ]
        is_empty_tag = end[0].endswith(b"/>")
        self._open_elements.append(
            XmlElement(name, start, end.end(), end.end(), end.end(), is_empty_tag, attributes)
        )

    def _on_end_element(self, _name: str) -> None:
        element = self._open_elements.pop()
        if not element.is_empty_tag:
            element.content_end = self._parser.CurrentByteIndex
            element.end = self.packet.index(b">", element.content_end) + 1
        self.elements.append(element)

    def _on_character_data(self, text: str) -> None:
        self._open_elements[-1].text_chunks.append(text)

    def _on_doctype(self, *_facts: object) -> None:
        raise _UnsafePacketError


def parse_elements(packet: bytes) -> list[XmlElement] | None:
    """Return the XML elements of an XMP packet in the order of their end tags.

    Return None if the packet is too large, has a document type, or is not XML in UTF-8.
    """
    if len(packet) > _MAX_PACKET_BYTES:
        return None
    try:
        # Some cameras append a zero byte.
        return _PacketParser(packet[: packet.rfind(b">") + 1]).elements
    except (expat.ExpatError, _UnsafePacketError):
        return None


def remove_spans(packet: bytes, spans: Iterable[tuple[int, int]]) -> bytes:
    kept, position = [], 0
    for start, end in sorted(spans):
        kept.append(packet[position : max(start, position)])
        position = max(end, position)
    return b"".join([*kept, packet[position:]])


def local_name(name: str) -> str:
    return name.rpartition(" ")[2]
