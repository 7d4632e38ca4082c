"""Data in XMP as Base64 text, found in packets of every form and size."""

from __future__ import annotations

import base64

from ddrm_core.attachments.embedded_data import EmbeddedData, EmbeddedDataKind, find_embedded_data
from ddrm_core.attachments.pointers import describes_gain_map, remove_properties

DEPTH, IMAGE = EmbeddedDataKind.DEPTH_MAP, EmbeddedDataKind.IMAGE
TEXT = base64.b64encode(bytes(range(240)))
GAIN_MAP = b'xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" hdrgm:Version="1.0"'


def declaration(prefix: str, kind: EmbeddedDataKind) -> bytes:
    return f'xmlns:{prefix}="{kind.value}"'.encode()


def test_attributes_and_elements_are_found_under_their_own_prefix():
    content = b" ".join(
        [
            b"<rdf:Description",
            declaration("d", DEPTH),
            declaration("i", IMAGE),
            b'other.d:Data="AAAA" d:Data = "%b">' % TEXT,
            b"<i:Data>%b</i:Data><i:Data>AAAA</i:Data></rdf:Description>" % TEXT,
        ]
    )
    assert find_embedded_data(content) == (EmbeddedData(DEPTH, 240), EmbeddedData(IMAGE, 240))


def test_declarations_without_data_are_no_data():
    """Each of 40,000 declarations was searched for in all megabytes of an extended packet."""
    declarations = b" ".join(declaration(f"p{number}", IMAGE) for number in range(40_000))
    content = declarations + b' p7:Data="%b"' % TEXT + b"a" * 1_000_000
    assert find_embedded_data(content) == (EmbeddedData(IMAGE, 240),)


def test_declarations_that_nothing_uses_go_with_the_properties():
    container = b'xmlns:Container="http://ns.google.com/photos/1.0/container/"'
    used = container.replace(b"Container=", b"Used=")
    description = b"<a %b\n \t%b  %b Used:Directory='1'>%b</a>"
    packet = description % (GAIN_MAP, container, used, b" " * 9)
    expected = b"<a  %b Used:Directory='1'>%b</a>" % (used, b" " * 9)
    remaining = remove_properties(packet, [describes_gain_map])
    assert remaining.split() == expected.split()
    assert remaining.endswith(b">" + b" " * 9 + b"</a>")
