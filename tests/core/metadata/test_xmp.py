"""XMP packets, compared with ElementTree."""

from __future__ import annotations

import random
import re
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ddrm_core.metadata.xmp import (
    RUN_RECORD_NAMESPACE,
    mentions_gps,
    read_run_record_properties,
    remove_gps,
    remove_padding,
    remove_run_record,
    set_run_record,
)
from ddrm_core.metadata.xmp_encoding import packet_to_utf8
from tests.support.metadata_blocks import RDF, packet

FACTS = {"program": "DDRM Restore", "prior": 'a <"prior"> & more\n\u00e4\U0001f600', "eta": "1.0"}
PLACES = (
    'exif:GPSLatitude="48,8.2N" drone:GpsLongtitude = \'11.5\' exif:ISO="9>8" '
    "drone:AbsoluteLatitude='3'>\n"
    "<exif:GPSTimeStamp>2019-06-30T10:00:00Z</exif:GPSTimeStamp>"
    "<exif:GPSDest rdf:parseType='Resource'><exif:GPSDestLatitude>1</exif:GPSDestLatitude>"
    "</exif:GPSDest><exif:Flash/></rdf:Description>"
)
PACKETS = {
    "plain": packet(),
    "another prefix": packet(prefix="r"),
    "default prefix": packet(prefix="r").replace(b"r:RDF", b"RDF").replace(b"xmlns:r", b"xmlns", 1),
    "elements": packet('><xmp:Rating>5</xmp:Rating></rdf:Description><rdf:Description x="&gt;"/>'),
    "a zero at its end": packet() + b"\0",
    "without wrapper": re.sub(rb"<\?xpacket[^>]*>|</?x:xmpmeta[^>]*>", b"", packet()).strip(),
    "tight": packet().replace(b">\n", b">"),
}
PACKETS["default prefix"] = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><RDF xmlns="%s"><Description/></RDF></x:xmpmeta>'
    % RDF.encode()
)
LAUGHS = (
    b'<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
    b'<rdf:RDF xmlns:rdf="%s" xmlns:d="%s"><rdf:Description d:a="&b;"/></rdf:RDF>'
    % (RDF.encode(), RUN_RECORD_NAMESPACE.encode())
)
REFUSED = {
    "empty": b"",
    "text": b"no XML",
    "cut off": packet()[:300],
    "document type": LAUGHS,
    "UTF-16 with half a pair": packet().decode().encode("utf-16-le") + b"\x00\xd8\x3e\x00",
    "Latin 1": packet().decode().replace("\ufeff", "").encode("latin-1"),
    "no RDF": b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>",
    "RDF in name only": b"<rdf:RDF xmlns:rdf='urn:another'></rdf:RDF>",
    "unknown entity": packet().replace(b"&amp;", b"&what;"),
    "large": packet().replace(b" " * 100, b" " * 2**18),
}


def by_element_tree(xmp: bytes) -> dict[str, str]:
    """Return the attributes of all rdf:Description elements by name, read by ElementTree."""
    tree = ElementTree.fromstring(xmp[: xmp.rindex(b">") + 1])
    found: dict[str, str] = {}
    for description in tree.iter(f"{{{RDF}}}Description"):
        found |= description.attrib
    return found


@pytest.mark.parametrize("source", PACKETS.values(), ids=PACKETS)
def test_a_record_is_put_in_and_taken_out_again(source):
    result = set_run_record(source, FACTS)
    assert read_run_record_properties(source) is None
    assert read_run_record_properties(result) == FACTS
    assert remove_run_record(result) == source
    ours = f"{{{RUN_RECORD_NAMESPACE}}}"
    attributes = by_element_tree(result)
    assert {n.removeprefix(ours): v for n, v in attributes.items() if ours in n} == FACTS
    rest = {name: value for name, value in attributes.items() if ours not in name}
    assert rest == {f"{{{RDF}}}about": ""} | by_element_tree(source)


@pytest.mark.parametrize("source", PACKETS.values(), ids=PACKETS)
def test_a_record_takes_the_place_of_an_older_one(source):
    older = set_run_record(source, {"program": "old", "seed": "3"})
    assert set_run_record(older, FACTS) == set_run_record(source, FACTS)


def test_a_file_without_a_packet_gets_one_and_loses_it_again():
    fresh = set_run_record(None, FACTS)
    assert read_run_record_properties(fresh) == FACTS
    assert remove_run_record(fresh) is None
    assert remove_run_record(None) is None
    assert fresh.startswith(b"<?xpacket begin=")
    assert fresh.endswith(b'<?xpacket end="w"?>')


def test_a_record_is_about_what_the_packet_is_about():
    source = packet().replace(b'rdf:about=""', b"rdf:about='DJI &amp; Meta'")
    assert by_element_tree(set_run_record(source, FACTS))[f"{{{RDF}}}about"] == "DJI & Meta"


def test_a_record_that_another_program_rewrote_is_read_and_replaced():
    merged = packet(
        f'xmlns:q="{RUN_RECORD_NAMESPACE}" q:eta="0.5"><q:program>DDRM &amp; co</q:program>'
        "<xmp:Rating>5</xmp:Rating></rdf:Description>"
    )
    assert read_run_record_properties(merged) == {"eta": "0.5", "program": "DDRM & co"}
    result = set_run_record(merged, FACTS)
    assert read_run_record_properties(result) == FACTS
    assert b"<xmp:Rating>5</xmp:Rating>" in result
    assert "T\u00f6\u00f6l & more" in by_element_tree(result).values()


@pytest.mark.parametrize("source", REFUSED.values(), ids=REFUSED)
def test_what_is_not_safe_xmp_is_left_alone(source):
    assert read_run_record_properties(source) is None
    assert remove_run_record(source) == source
    if source:
        assert set_run_record(source, FACTS) is None


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_packets_in_other_encodings_are_read_and_edited_as_utf_8(encoding, mark):
    declaration = '<?xml version="1.0" encoding="UTF-16"?>'
    source = (mark + declaration + packet().decode()).encode(encoding)
    plain = (declaration.replace("16", "8") + packet().decode()).encode()
    assert remove_run_record(source) == plain
    edited = set_run_record(source, FACTS)
    assert edited == set_run_record(plain, FACTS)
    assert read_run_record_properties(edited.decode().encode(encoding)) == FACTS
    assert by_element_tree(edited).items() >= by_element_tree(plain).items()
    placed = packet('exif:GPSLatitude="48,8.2N"/>').decode()
    assert remove_gps(placed.encode(encoding)) == remove_gps(placed.encode())


@settings(max_examples=100)
@given(st.dictionaries(st.from_regex(r"[a-z_][a-z0-9_]{0,9}", fullmatch=True), st.text()))
def test_any_text_can_be_a_value(facts):
    result = set_run_record(PACKETS["plain"], facts | {"program": "x"})
    illegal = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
    expected = {name: illegal.sub("\ufffd", text) for name, text in facts.items()}
    assert read_run_record_properties(result) == expected | {"program": "x"}
    assert remove_run_record(result) == PACKETS["plain"]


def test_places_go_and_every_other_byte_stays():
    source = packet(PLACES)
    result = remove_gps(source)
    expected = source
    for gone in (
        b' exif:GPSLatitude="48,8.2N"',
        b" drone:GpsLongtitude = '11.5'",
        b" drone:AbsoluteLatitude='3'",
        b"<exif:GPSTimeStamp>2019-06-30T10:00:00Z</exif:GPSTimeStamp>",
        PLACES[PLACES.index("<exif:GPSDest ") : PLACES.index("<exif:Flash")].encode(),
    ):
        assert expected.count(gone) == 1
        expected = expected.replace(gone, b"")
    assert result == expected
    assert "9>8" in by_element_tree(result).values()
    assert remove_gps(result) == result


def test_another_prefix_does_not_hide_a_place():
    source = packet("exif:GPSLatitude='1'/>").replace(b"exif", b"e")
    assert not mentions_gps(remove_gps(source))


@pytest.mark.parametrize("source", PACKETS.values(), ids=PACKETS)
def test_a_packet_without_a_place_stays_as_it_is(source):
    assert remove_gps(source) == source


def test_a_place_that_cannot_be_removed_is_not_said_to_be():
    assert remove_gps(packet() + b"<!-- GPSLatitude 48.1 -->") is None
    for name in ("document type", "UTF-16 with half a pair", "cut off", "empty"):
        assert remove_gps(REFUSED[name]) is None


def test_mutated_packets_are_edited_or_refused():
    rng = random.Random(30)
    source = set_run_record(packet(PLACES), FACTS)
    edited = 0
    for _ in range(2000):
        mutated = bytearray(source)
        for _ in range(rng.randint(1, 2)):
            at = rng.randrange(len(mutated))
            mutated[at : at + rng.randrange(3)] = rng.choice(
                (b"<", b">", b"'", b'"', b"/", b" ", b"z", b"\0", b"xmlns", rng.randbytes(1))
            )
        result = set_run_record(bytes(mutated), FACTS)
        if result is not None:
            edited += 1
            assert read_run_record_properties(result).items() >= FACTS.items()
            ElementTree.fromstring(result[: result.rindex(b">") + 1])
        left = remove_gps(bytes(mutated))
        assert left is None or len(left) <= len(mutated)
        remove_run_record(bytes(mutated))
        read_run_record_properties(bytes(mutated))
    assert 200 < edited < 1800


def test_text_that_begins_again_and_again_is_read_once():
    """Reading was quadratic in the number of declarations and wrappers without an end."""
    hostile = ("<?xml encoding " * 200_000).encode("utf-16-le")
    assert packet_to_utf8(hostile) == b"<?xml encoding " * 200_000
    wrappers = b"<?xpacket " * 200_000
    assert remove_padding(wrappers) == wrappers.strip()
    assert remove_padding(b'<?xpacket begin="" id="a"?><a/>\n<?xpacket end="w"?>') == b"<a/>"
