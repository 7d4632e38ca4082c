"""ICC profiles in JPEG XL codestreams. Source: ISO/IEC 18181-1:2024, clause 6.4 and annexes C, E.

A profile is written without compression: all bytes have a prefix code of 8 bits. Only profiles of
this form are read; a decoder for the compressed form would need the entropy coder of the image.
"""

from __future__ import annotations

import struct

from ddrm_core.formats.jpegxl.bits import BitReader, BitWriter

_HEADER_BYTES = 128
_INSERT_COMMAND = 1
_REVERSED_BITS = bytes(int(f"{value:08b}"[::-1], 2) for value in range(256))
_CODE_LENGTH_SYMBOLS = 18  # in the order of RFC 7932, clause 3.5: symbol 8 is the eleventh
_PLACE_OF_LENGTH_8 = 10
_MAX_VARINT_BYTES = 9


def write_icc_profile(writer: BitWriter, profile: bytes) -> None:
    """Append an ICC profile in the coded form to a codestream's header."""
    stream = _encode_profile(profile)
    writer.write_u64(len(stream))
    _write_code_description(writer)
    reversed_bytes = stream.translate(_REVERSED_BITS)
    writer.write(int.from_bytes(reversed_bytes, "little"), 8 * len(stream))


def read_icc_profile(reader: BitReader) -> bytes | None:
    """Return an ICC profile in the form of `write_icc_profile`; None if it has another form.

    Raises:
        ValueError: If the codestream ends in the profile.
    """
    size = reader.read_u64()
    expected = BitWriter()
    _write_code_description(expected)
    if reader.read(expected.position) != expected.value:
        return None
    coded = reader.read(8 * size).to_bytes(size, "little").translate(_REVERSED_BITS)
    return _decode_profile(coded)


def _write_code_description(writer: BitWriter) -> None:
    """Append the description of a code of 8 bits per byte, for all contexts (annex C.2)."""
    writer.write(0, 1)  # no LZ77
    writer.write(0b001, 3)  # simple context map with entries of no bits: a single distribution
    writer.write(1, 1)  # prefix code
    # Hybrid integer: values below 2**8 are tokens; no bits of the value are in the token besides.
    for value, count in ((8, 4), (0, 4), (0, 4)):
        writer.write(value, count)
    # Alphabet of 1 + 2**7 + 127 symbols.
    for value, count in ((1, 1), (7, 4), (127, 7)):
        writer.write(value, count)
    writer.write(0, 2)  # complex prefix code, no code length skipped
    for place in range(_CODE_LENGTH_SYMBOLS):
        # A single code length, 8, has a code (of length 4), so it takes no bits for each symbol.
        writer.write(0b01 if place == _PLACE_OF_LENGTH_8 else 0b00, 2)


def _encode_profile(profile: bytes) -> bytes:
    """Return the bytes that are coded for a profile (annex E.4.3 to E.4.5).

    The header is coded as differences from predictions, the rest is inserted as it is.
    """
    rest = profile[_HEADER_BYTES:]
    commands = b"\0" + (bytes([_INSERT_COMMAND]) + _encode_varint(len(rest)) if rest else b"")
    header = bytes(
        byte - predicted & 0xFF
        for byte, predicted in zip(profile, _predict_header(profile), strict=False)
    )
    sizes = _encode_varint(len(profile)) + _encode_varint(len(commands))
    return sizes + commands + header + rest


def _decode_profile(coded: bytes) -> bytes | None:
    """Return the profile in the bytes that `_encode_profile` returned, None for other bytes."""
    size, position = _decode_varint(coded, 0)
    command_size, position = _decode_varint(coded, position)
    position += command_size
    if len(coded) - position != size:
        return None
    profile = bytearray(struct.pack(">I", size))
    for index in range(min(size, _HEADER_BYTES)):
        byte = coded[position + index] + _predict_header(bytes(profile), size)[index] & 0xFF
        profile[index : index + 1] = bytes([byte])
    decoded = bytes(profile[:size]) + coded[position + _HEADER_BYTES :]
    return decoded if _encode_profile(decoded) == coded else None


def _predict_header(profile: bytes, size: int | None = None) -> bytes:
    """Return the predicted header of a profile of `size` bytes (annex E.4.3).

    A byte is predicted from earlier bytes of `profile`.
    """
    header = bytearray(_HEADER_BYTES)
    header[0:4] = struct.pack(">I", len(profile) if size is None else size)
    header[8], header[12:24], header[36:40] = 4, b"mntrRGB XYZ ", b"acsp"
    header[68:80] = struct.pack(">3i", 0xF6D6, 0x10000, 0xD32D)
    header[80:84] = profile[4:8].ljust(4, b"\0")
    for start in (b"APPL", b"MSFT", b"SGI ", b"SUNW"):
        known = 2 if start[:1] == b"S" else 1
        if profile[40 : 40 + known] == start[:known]:
            header[40 + known : 44] = start[known:]
    return bytes(header)


def _encode_varint(value: int) -> bytes:
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*encoded, value])


def _decode_varint(data: bytes, position: int) -> tuple[int, int]:
    """Return an integer and the position after it.

    Raise IndexError at the end of the data, and ValueError for more than nine bytes.
    """
    value = shift = 0
    while data[position] & 0x80:
        value |= (data[position] & 0x7F) << shift
        position, shift = position + 1, shift + 7
        if shift >= 7 * _MAX_VARINT_BYTES:
            raise ValueError("a number of too many bytes")
    return value | data[position] << shift, position + 1
