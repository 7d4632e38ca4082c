"""XMP packets, read and edited without being written anew. Source: XMP part 1 (ISO 16684-1).

An edit puts bytes in or takes some out; all others stay the source's own. Packets with a document
type are refused: only that lets XML ask for more memory than it has bytes, or for other files.
"""

from __future__ import annotations

import hashlib
import re
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

NAMESPACE = "urn:ddrm-restore:provenance:1"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_DESCRIPTION, _ABOUT = f"{_RDF} Description", f"{_RDF} about"  # as expat names them
_EXIF, _TIFF = "http://ns.adobe.com/exif/1.0/", "http://ns.adobe.com/tiff/1.0/"
SIZES = (
    *(f"{_EXIF} PixelXDimension", f"{_EXIF} PixelYDimension"),
    *(f"{_TIFF} ImageWidth", f"{_TIFF} ImageLength"),
)
"""Properties of width and height in turn, by namespace and name. Source: XMP part 2."""
ORIENTATION = f"{_TIFF} Orientation"
_FRESH = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
    f'<rdf:RDF xmlns:rdf="{_RDF}"></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
).encode()
_NOTE = b"http://ns.adobe.com/xmp/note/"
_WRAPPER = re.compile(rb"<\?xpacket .*?\?>", re.DOTALL)
_RDF_TAG = re.compile(rb"<([\w.-]+:)?RDF[\s>]")
_MOST_BYTES = 2**18  # four full segments; parsed, elements take four hundred times as much
_TAG = re.compile(rb"<[^\s/>]+")
_ATTRIBUTE = re.compile(rb"""\s+([^\s=/>]+)\s*=\s*("[^"]*"|'[^']*')""")
_TAG_END = re.compile(rb"\s*/?>")
_PLACE = re.compile(r"gps.*|.*(latitude|longt?itude)", re.IGNORECASE)  # DJI's drones misspell it
_MENTION = re.compile(rb"gps|latitude|longt?itude", re.IGNORECASE)
_LEFT = re.compile(rb"gps(latitude|longt?itude)", re.IGNORECASE)
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def with_record(packet: bytes | None, properties: Mapping[str, str]) -> bytes | None:
    """The packet with these properties in place of an older record's.

    Args:
        packet: None where the file has none: a new one is made.
        properties: At least one. Names are XML's; what XML cannot hold in a value becomes U+FFFD.

    Returns:
        None where the packet is not XMP in UTF-8 that a description can be put into.
    """
    packet = without_record(packet) or _FRESH
    elements = _elements(packet)
    rdf = next((e for e in elements or () if e.name == f"{_RDF} RDF"), None)
    if elements is None or rdf is None or rdf.is_empty_tag:
        return None
    abouts = [a.value for e in elements for a in e.attributes if a.name == _ABOUT]
    facts = "".join(f' ddrm:{name}="{_escaped(value)}"' for name, value in properties.items())
    description = (
        f'<rdf:Description xmlns:rdf="{_RDF}" xmlns:ddrm="{NAMESPACE}"'
        f' rdf:about="{_escaped(abouts[0] if abouts else "")}"{facts}/>'
    )
    return packet[: rdf.close] + description.encode("ascii") + packet[rdf.close :]


def without_padding(packet: bytes) -> bytes:
    """Return the packet without its wrapper, and the white space that it keeps for edits."""
    return _WRAPPER.sub(b"", packet).strip()


def with_extension(packet: bytes, *, room: int) -> tuple[bytes, tuple[bytes, ...]] | None:
    """Return a packet as a JPEG holds one that is too large for a segment.

    Source: XMP part 3, clause 1.1.3.1.

    Args:
        packet: An XMP packet of any size.
        room: Bytes of a part.

    Returns:
        A packet of the record of a run and of the extension's name, and the parts of the extension:
        all of the source's own properties. None where the bytes are no packet.
    """
    record, plain = record_in(packet), without_record(packet)
    if plain is None or _RDF_TAG.search(plain) is None:
        return None
    content = without_padding(plain)
    guid = hashlib.md5(content, usedforsecurity=False).hexdigest().upper().encode("ascii")
    name = b' xmlns:xmpNote="%b" xmpNote:HasExtendedXMP="%b"/>' % (_NOTE, guid)
    description = b'<rdf:Description rdf:about=""' + name
    main = _FRESH.replace(b"</rdf:RDF>", description + b"</rdf:RDF>")
    if record is not None:
        main = with_record(main, record) or main
    head, size = guid + struct.pack(">I", len(content)), room - len(guid) - 8
    return main, tuple(
        head + struct.pack(">I", at) + content[at : at + size]
        for at in range(0, len(content), size)
    )


def without_record(packet: bytes | None) -> bytes | None:
    """The packet as it was before `with_record`; None where there was none."""
    spans: list[tuple[int, int]] = []
    for element in _elements(packet or b"") or ():
        ours = [a for a in element.attributes if _is_ours(a.name)]
        rest = {a.name for a in element.attributes} - {a.name for a in ours}
        alone = bool(ours) and element.is_empty_tag and rest <= {_ABOUT}
        if alone or _is_ours(element.name):
            spans.append((element.start, element.end))
        else:
            spans += [(a.start, a.end) for a in ours]
    left = _without(packet or b"", spans)
    return None if packet is None or (spans and left == _FRESH) else left


def record_in(packet: bytes) -> dict[str, str] | None:
    """The properties of a record, also where another program has rewritten the packet.

    None where there is none or the packet cannot be read.
    """
    found: dict[str, str] = {}
    for element in _elements(packet) or ():
        named = [(a.name, a.value) for a in element.attributes]
        named.append((element.name, "".join(element.text)))
        found |= {_local(name): value for name, value in named if _is_ours(name)}
    return found or None


def without_gps(packet: bytes) -> bytes | None:
    """The packet without what is named after GPS, latitude or longitude, in any namespace.

    None where the packet cannot be read, or tells of a place in another way.
    """
    elements = _elements(packet)
    if elements is None:
        return None
    spans = [(e.start, e.end) for e in elements if _PLACE.fullmatch(_local(e.name))]
    attributes = [a for e in elements for a in e.attributes]
    spans += [(a.start, a.end) for a in attributes if _PLACE.fullmatch(_local(a.name))]
    left = _without(packet, spans)
    return None if _LEFT.search(left) else left


def with_values(packet: bytes, values: Mapping[str, str]) -> bytes:
    """Return the packet with these values of properties, where it has them.

    Args:
        packet: An XMP packet; one that cannot be read is returned unchanged.
        values: Decimal digits, by namespace and name with a space between.
    """
    spans: list[tuple[int, int, bytes]] = []
    for element in _elements(packet) or ():
        named = [(a.name, a.value_start, a.end - 1) for a in element.attributes]
        if not element.is_empty_tag:
            named.append((element.name, element.inner, element.close))
        for name, start, end in named:
            if name in values and packet[start:end].strip().isdigit():
                spans.append((start, end, values[name].encode("ascii")))
    for start, end, value in sorted(spans, reverse=True):
        packet = packet[:start] + value + packet[end:]
    return packet


def mentions_gps(content: bytes) -> bool:
    """Whether any bytes, of text in UTF-8 or UTF-16, name GPS, latitude or longitude."""
    return _MENTION.search(content.replace(b"\0", b"")) is not None


@dataclass(frozen=True, slots=True)
class _Attribute:
    """`start` is that of the white space before it, `value_start` follows the opening quote."""

    name: str
    value: str
    start: int
    end: int
    value_start: int


@dataclass(slots=True)
class _Element:
    """Places in the packet: the tag `start` to `inner`, the closing one `close` to `end`."""

    name: str
    start: int
    inner: int
    close: int
    end: int
    is_empty_tag: bool
    attributes: list[_Attribute]
    text: list[str] = field(default_factory=list)


class _Refused(Exception):
    """The packet has a document type."""


class _Reader:
    """expat's handlers. expat knows where tags begin; attributes are found from there."""

    def __init__(self, packet: bytes) -> None:
        self.packet, self.elements = packet, list[_Element]()
        self._open: list[_Element] = []
        self._parser = expat.ParserCreate("utf-8", " ")
        self._parser.ordered_attributes = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.Parse(packet, True)

    def _start(self, name: str, named: list[str]) -> None:
        start = self._parser.CurrentByteIndex
        tag = _TAG.match(self.packet, start)
        position = tag.end() if tag else start
        places = list[tuple[int, int, int]]()
        while match := _ATTRIBUTE.match(self.packet, position):
            if match[1] != b"xmlns" and not match[1].startswith(b"xmlns:"):
                places.append((*match.span(), match.start(2) + 1))
            position = match.end()
        end = _TAG_END.match(self.packet, position)
        if end is None or 2 * len(places) != len(named):
            raise _Refused
        pairs = zip(named[::2], named[1::2], places, strict=True)
        attributes = [_Attribute(key, value, *place) for key, value, place in pairs]
        empty = end[0].endswith(b"/>")
        self._open.append(_Element(name, start, end.end(), end.end(), end.end(), empty, attributes))

    def _end(self, _name: str) -> None:
        element = self._open.pop()
        if not element.is_empty_tag:
            element.close = self._parser.CurrentByteIndex
            element.end = self.packet.index(b">", element.close) + 1
        self.elements.append(element)

    def _characters(self, text: str) -> None:
        self._open[-1].text.append(text)

    def _doctype(self, *_facts: object) -> None:
        raise _Refused


def _elements(packet: bytes) -> list[_Element] | None:
    """In the order in which they end; None where the packet is not safe, plain XML in UTF-8."""
    if len(packet) > _MOST_BYTES:
        return None
    try:
        return _Reader(packet[: packet.rfind(b">") + 1]).elements  # some cameras append a zero
    except (expat.ExpatError, _Refused):
        return None


def _without(packet: bytes, spans: Iterable[tuple[int, int]]) -> bytes:
    kept, position = [], 0
    for start, end in sorted(spans):
        kept.append(packet[position : max(start, position)])
        position = max(end, position)
    return b"".join([*kept, packet[position:]])


def _is_ours(name: str) -> bool:
    return name.startswith(f"{NAMESPACE} ")


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _escaped(text: str) -> str:
    """For an attribute of any encoding: what is not plain ASCII becomes a reference."""
    plain = _NO_XML.sub("\ufffd", text)
    return "".join(c if " " <= c <= "~" and c not in "&<>\"'" else f"&#{ord(c)};" for c in plain)
