"""XMP properties that describe attachments, and their removal from a packet."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from ddrm_core.metadata.xmp_elements import XmlElement, parse_elements, remove_spans

_CAMERA_NAMESPACE = "http://ns.google.com/photos/1.0/camera/"
_OPLUS_CAMERA_NAMESPACE = "http://ns.oplus.com/photos/1.0/camera/"
_DYNAMIC_DEPTH_PREFIX = "http://ns.google.com/photos/dd/1.0/"
_CONTAINER_PREFIX = "http://ns.google.com/photos/1.0/container/"
_GAIN_MAP_NAMESPACES = (
    "http://ns.adobe.com/hdr-gain-map/1.0/",
    "http://ns.apple.com/HDRGainMap/1.0/",
)
_MOTION_PROPERTY = re.compile(r"MicroVideo\w*|MotionPhoto\w*|OLivePhoto\w*|VideoLength")
MICRO_VIDEO_OFFSET = f"{_CAMERA_NAMESPACE} MicroVideoOffset"
_NAMESPACE_DECLARATION = re.compile(rb"""(?<!\s)\s+xmlns:([\w.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_PREFIX_USE = re.compile(rb"[\s<]/?([\w.-]+):")

PropertyTest = Callable[[str], bool]
"""Function that takes a name in expat's notation: namespace, a space, and the local name."""


def describes_gain_map(name: str) -> bool:
    """Return whether a property describes a gain map (Ultra HDR, Apple)."""
    return name.rpartition(" ")[0] in _GAIN_MAP_NAMESPACES


def describes_motion(name: str) -> bool:
    """Return whether a property describes the video of a motion photo."""
    namespace, _, local = name.rpartition(" ")
    return (
        namespace in (_CAMERA_NAMESPACE, _OPLUS_CAMERA_NAMESPACE)
        and _MOTION_PROPERTY.fullmatch(local) is not None
    )


def describes_dynamic_depth(name: str) -> bool:
    """Return whether a property belongs to "Dynamic Depth"."""
    return name.startswith(_DYNAMIC_DEPTH_PREFIX)


def describes_container(name: str) -> bool:
    """Return whether a property belongs to a container directory of an Android format."""
    return name.startswith(_CONTAINER_PREFIX)


def describes_attachment(name: str) -> bool:
    """Return whether a property describes or places any attachment."""
    return any(
        describes(name)
        for describes in (
            describes_gain_map,
            describes_motion,
            describes_dynamic_depth,
            describes_container,
        )
    )


def has_property(elements: Iterable[XmlElement], is_searched: PropertyTest) -> bool:
    """Return whether an element or an attribute of a packet passes a test."""
    return any(
        is_searched(element.name) or any(is_searched(a.name) for a in element.attributes)
        for element in elements
    )


def list_attachment_properties(packet: bytes) -> set[str]:
    """Return the names of the properties in a packet that describe attachments."""
    elements = parse_elements(packet) or ()
    names = {e.name for e in elements} | {a.name for e in elements for a in e.attributes}
    return {name for name in names if describes_attachment(name)}


def mentions_attachments(content: bytes) -> bool:
    """Return whether XMP names a namespace whose properties describe attachments."""
    namespaces = (*_GAIN_MAP_NAMESPACES, _CONTAINER_PREFIX, _DYNAMIC_DEPTH_PREFIX)
    return any(namespace.encode("ascii") in content for namespace in namespaces)


def remove_properties(packet: bytes, tests: Sequence[PropertyTest]) -> bytes:
    """Return an XMP packet without the properties that pass one of the tests.

    Declarations of namespaces that are no longer used go, too. A packet that cannot be parsed is
    returned unchanged.
    """
    elements = parse_elements(packet)
    if elements is None or not tests:
        return packet
    spans: list[tuple[int, int]] = []
    namespaces: set[str] = set()
    for element in elements:
        named_spans = [(element.name, element.start, element.end)]
        named_spans += [(a.name, a.start, a.end) for a in element.attributes]
        for name, start, end in named_spans:
            if any(test(name) for test in tests):
                spans.append((start, end))
                namespaces.add(name.rpartition(" ")[0])
    remaining = remove_spans(packet, spans)
    return _remove_unused_declarations(remaining, namespaces) if spans else packet


def _remove_unused_declarations(packet: bytes, namespaces: set[str]) -> bytes:
    """Remove the declarations of namespaces whose prefix occurs nowhere in the packet.

    Namespaces inside of removed elements, such as that of a container's items, count as well.
    """
    spans = []
    used_prefixes = set(_PREFIX_USE.findall(packet))
    for declaration in _NAMESPACE_DECLARATION.finditer(packet):
        uri = (declaration[2] or declaration[3] or b"").decode("utf-8", "replace")
        is_candidate = uri in namespaces or any(
            uri.startswith(prefix) for prefix in (_CONTAINER_PREFIX, _DYNAMIC_DEPTH_PREFIX)
        )
        if is_candidate and declaration[1] not in used_prefixes:
            spans.append(declaration.span())
    return remove_spans(packet, spans)
