"""Reading and in-place editing of XMP packets. Source: XMP part 1 (ISO 16684-1).

An edit inserts or removes bytes; all other bytes stay as in the source, except that a packet in
UTF-16 or UTF-32 becomes UTF-8, which JPEG, PNG and WebP demand.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from ddrm_core.metadata.extended_xmp import split_extension
from ddrm_core.metadata.xmp_elements import local_name, parse_elements, remove_spans
from ddrm_core.metadata.xmp_encoding import packet_to_utf8

RUN_RECORD_NAMESPACE = "urn:ddrm-restore:provenance:1"
_RDF_NAMESPACE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
# Names in expat's notation: namespace, space, local name.
_DESCRIPTION_NAME, _ABOUT_NAME = (
    f"{_RDF_NAMESPACE} Description",
    f"{_RDF_NAMESPACE} about",
)
_EXIF_NAMESPACE, _TIFF_NAMESPACE = "http://ns.adobe.com/exif/1.0/", "http://ns.adobe.com/tiff/1.0/"
SIZE_PROPERTIES = (
    *(f"{_EXIF_NAMESPACE} PixelXDimension", f"{_EXIF_NAMESPACE} PixelYDimension"),
    *(f"{_TIFF_NAMESPACE} ImageWidth", f"{_TIFF_NAMESPACE} ImageLength"),
)
"""Properties that hold a width or a height, alternately, as namespace and name.

Source: XMP part 2.
"""
ORIENTATION_PROPERTY = f"{_TIFF_NAMESPACE} Orientation"
_EMPTY_PACKET = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
    f'<rdf:RDF xmlns:rdf="{_RDF_NAMESPACE}"></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
).encode()
_XMP_NOTE_NAMESPACE = b"http://ns.adobe.com/xmp/note/"
_WRAPPER_PATTERN = re.compile(rb"<\?xpacket (?:(?!<\?).)*?\?>", re.DOTALL)
_RDF_TAG_PATTERN = re.compile(rb"<([\w.-]+:)?RDF[\s>]")
# "longtitude" is DJI's spelling.
_LOCATION_NAME_PATTERN = re.compile(r"gps.*|.*(latitude|longt?itude)", re.IGNORECASE)
_GPS_MENTION_PATTERN = re.compile(rb"gps|latitude|longt?itude", re.IGNORECASE)
_REMAINING_GPS_PATTERN = re.compile(rb"gps(latitude|longt?itude)", re.IGNORECASE)
_NON_XML_PATTERN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def set_run_record(packet: bytes | None, properties: Mapping[str, str]) -> bytes | None:
    """Return an XMP packet with a run record, which replaces an older run record.

    Args:
        packet: XMP packet; None to create a new one.
        properties: Values of the run record by name, at least one. Names must be valid in XML.
            Characters that XML cannot hold become U+FFFD in values.

    Returns:
        The new packet in UTF-8; None if `packet` is not XMP to which a description can be added.
    """
    packet = remove_run_record(packet) or _EMPTY_PACKET
    elements = parse_elements(packet)
    rdf = next((e for e in elements or () if e.name == f"{_RDF_NAMESPACE} RDF"), None)
    if elements is None or rdf is None or rdf.is_empty_tag:
        return None
    about_values = [a.value for e in elements for a in e.attributes if a.name == _ABOUT_NAME]
    about = _escape_attribute_value(about_values[0] if about_values else "")
    attributes_xml = "".join(
        f' ddrm:{name}="{_escape_attribute_value(value)}"' for name, value in properties.items()
    )
    description = (
        f'<rdf:Description xmlns:rdf="{_RDF_NAMESPACE}" xmlns:ddrm="{RUN_RECORD_NAMESPACE}"'
        f' rdf:about="{about}"{attributes_xml}/>'
    )
    return packet[: rdf.content_end] + description.encode("ascii") + packet[rdf.content_end :]


def remove_padding(packet: bytes) -> bytes:
    """Return an XMP packet without its wrapper and without the padding at its end."""
    return _WRAPPER_PATTERN.sub(b"", packet).strip()


def split_extended_packet(
    packet: bytes, *, max_part_bytes: int
) -> tuple[bytes, tuple[bytes, ...]] | None:
    """Split a packet that is too large for a JPEG segment into a main packet and parts.

    Source: XMP part 3, clause 1.1.3.1.

    Args:
        packet: An XMP packet of any size.
        max_part_bytes: Largest size of a part in bytes.

    Returns:
        The main packet with the run record and the extension's GUID, and the parts of the extension
        with all other properties. None if `packet` is not an XMP packet.
    """
    record, without_record_packet = read_run_record_properties(packet), remove_run_record(packet)
    if without_record_packet is None or _RDF_TAG_PATTERN.search(without_record_packet) is None:
        return None
    guid, parts = split_extension(
        remove_padding(without_record_packet), max_part_bytes=max_part_bytes
    )
    name = b' xmlns:xmpNote="%b" xmpNote:HasExtendedXMP="%b"/>' % (_XMP_NOTE_NAMESPACE, guid)
    description = b'<rdf:Description rdf:about=""' + name
    main_packet = _EMPTY_PACKET.replace(b"</rdf:RDF>", description + b"</rdf:RDF>")
    if record is not None:
        main_packet = set_run_record(main_packet, record) or main_packet
    return main_packet, parts


def remove_run_record(packet: bytes | None) -> bytes | None:
    """Return an XMP packet without its run record.

    Return None for None, and for a packet that `set_run_record` created only for its run record.
    """
    elements = parse_elements(packet_to_utf8(packet or b""))
    if packet is None or elements is None:
        return packet
    packet = packet_to_utf8(packet)
    spans: list[tuple[int, int]] = []
    for element in elements:
        record_attributes = [a for a in element.attributes if _is_record_name(a.name)]
        other_names = {a.name for a in element.attributes} - {a.name for a in record_attributes}
        is_record_element = (
            bool(record_attributes) and element.is_empty_tag and other_names <= {_ABOUT_NAME}
        )
        if is_record_element or _is_record_name(element.name):
            spans.append((element.start, element.end))
        else:
            spans += [(a.start, a.end) for a in record_attributes]
    remaining = remove_spans(packet, spans)
    return None if spans and remaining == _EMPTY_PACKET else remaining


def read_run_record_properties(packet: bytes) -> dict[str, str] | None:
    """Return the values of the run record in an XMP packet by name; None without a run record.

    The run record is also found in a packet that another program has rewritten. Return None, too,
    if the packet cannot be read.
    """
    properties: dict[str, str] = {}
    for element in parse_elements(packet_to_utf8(packet)) or ():
        named_values = [(a.name, a.value) for a in element.attributes]
        named_values.append((element.name, "".join(element.text_chunks)))
        properties |= {
            local_name(name): value for name, value in named_values if _is_record_name(name)
        }
    return properties or None


def remove_gps(packet: bytes) -> bytes | None:
    """Return an XMP packet without properties named after GPS, latitude or longitude.

    Properties of all namespaces are removed. Return None if the packet cannot be read, or if GPS
    coordinates are left in it.
    """
    packet = packet_to_utf8(packet)
    elements = parse_elements(packet)
    if elements is None:
        return None
    spans = [
        (e.start, e.end) for e in elements if _LOCATION_NAME_PATTERN.fullmatch(local_name(e.name))
    ]
    attributes = [a for e in elements for a in e.attributes]
    spans += [
        (a.start, a.end) for a in attributes if _LOCATION_NAME_PATTERN.fullmatch(local_name(a.name))
    ]
    remaining = remove_spans(packet, spans)
    return None if _REMAINING_GPS_PATTERN.search(remaining) else remaining


def remove_properties(packet: bytes, names: Collection[str]) -> bytes | None:
    """Return an XMP packet without the properties that have one of the names.

    Both forms of a property are removed: elements, with all elements in them, and attributes.

    Args:
        packet: XMP packet.
        names: Namespaces of properties, or namespace, a space and the property's name.

    Returns:
        The packet, unchanged without such a property; None if it cannot be read.
    """
    packet = packet_to_utf8(packet)
    elements = parse_elements(packet)
    if elements is None:
        return None
    named_spans = [(e.name, e.start, e.end) for e in elements]
    named_spans += [(a.name, a.start, a.end) for e in elements for a in e.attributes]
    spans = [
        (start, end)
        for name, start, end in named_spans
        if name in names or name.rpartition(" ")[0] in names
    ]
    return remove_spans(packet, spans)


def set_property_values(packet: bytes, values: Mapping[str, str]) -> bytes:
    """Return an XMP packet with new values for properties that the packet already has.

    Only values that consist of decimal digits are replaced.

    Args:
        packet: XMP packet; an unreadable packet is returned unchanged.
        values: New values in decimal digits by the property's namespace, a space and its name.
    """
    elements = parse_elements(packet_to_utf8(packet))
    if elements is None:
        return packet
    packet = packet_to_utf8(packet)
    spans: list[tuple[int, int, bytes]] = []
    for element in elements:
        named_ranges = [(a.name, a.value_start, a.end - 1) for a in element.attributes]
        if not element.is_empty_tag:
            named_ranges.append((element.name, element.content_start, element.content_end))
        for name, start, end in named_ranges:
            if name in values and packet[start:end].strip().isdigit():
                spans.append((start, end, values[name].encode("ascii")))
    for start, end, value in sorted(spans, reverse=True):
        packet = packet[:start] + value + packet[end:]
    return packet


def mentions_gps(content: bytes) -> bool:
    """Return whether UTF-8 or UTF-16 text contains "gps", "latitude" or "longitude"."""
    return _GPS_MENTION_PATTERN.search(content.replace(b"\0", b"")) is not None


def _is_record_name(name: str) -> bool:
    return name.startswith(f"{RUN_RECORD_NAMESPACE} ")


def _escape_attribute_value(text: str) -> str:
    """Escape an XML attribute's value so that it is valid in any encoding of the document.

    Characters other than printable ASCII, and those with a meaning in XML, become character
    references. Characters that XML cannot hold become U+FFFD.
    """
    plain = _NON_XML_PATTERN.sub("\ufffd", text)
    return "".join(c if " " <= c <= "~" and c not in "&<>\"'" else f"&#{ord(c)};" for c in plain)
