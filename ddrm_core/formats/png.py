"""PNG files. Source: W3C PNG 3 (2025) for chunks; ImageMagick's "raw profile" for IPTC."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

import imagecodecs
import numpy as np

from ddrm_core.formats.encoded import (
    Encoded,
    SeveralPictures,
    Stored,
    density_or_none,
    density_per_metre,
    losses,
    per_metre,
    without_opaque_alpha,
)
from ddrm_core.imaging.array_types import Pixels
from ddrm_core.metadata.model import NO_METADATA, Density, Metadata

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_XMP_KEYWORD, _COMMENT_KEYWORD = b"XML:com.adobe.xmp", b"Comment"
_IPTC_KEYWORD = b"Raw profile type iptc"
_AFTER_HEADER = len(SIGNATURE) + 12 + 13  # IHDR, the first chunk, has 13 bytes
# zlib reaches a thousandfold; a profile of this size would be a bomb.
_MOST_TEXT = 64 << 20
_CODING = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")
_HEX_LINE = 72
_ROOM = 1000  # bytes for all chunks but the pixels'
_RAW_PROFILE = re.compile(rb"\s*[\w ]+\s+(\d+)\s+([0-9a-fA-F\s]*)", re.ASCII)


def encode_png(pixels: Pixels) -> memoryview:
    """A file without metadata, of (h, w, c) with 8 or 16 bits a channel; grey or RGB."""
    squeezed = pixels[:, :, 0] if pixels.shape[2] == 1 else pixels
    # Room of our own: imagecodecs makes a copy of what it has written to its own, which is too
    # small for many short rows. The system gives only the memory that is written to.
    out = np.empty((pixels.nbytes + len(pixels)) * 9 // 8 + _ROOM, np.uint8)
    given = imagecodecs.png_encode(
        np.ascontiguousarray(squeezed),
        out=out,  # type: ignore[arg-type]  # its stub does not say that any buffer will do
    )
    return memoryview(given)


def with_metadata(data: memoryview, metadata: Metadata) -> Encoded:
    """What `encode_png` made, with these blocks as chunks."""
    # A zero byte would end a text: PNG 3, clause 11.3.3.
    unfit = tuple(comment for comment in metadata.comments if b"\0" in comment)
    left_out = Metadata(
        xmp_extensions=metadata.xmp_extensions, others=metadata.others, comments=unfit
    )
    words = losses("PNG", left_out, comments="comments with zero bytes")
    chunks = [_chunk(kind, body) for kind, body in _bodies(metadata)]
    parts: list[bytes | memoryview] = [data[:_AFTER_HEADER], *chunks, data[_AFTER_HEADER:]]
    return Encoded(b"".join(parts), tuple(words))


def _bodies(metadata: Metadata) -> Iterator[tuple[bytes, bytes]]:
    """Kind and body of each chunk for these blocks, in the order that PNG 3, table 7 asks for."""
    if metadata.icc_profile:
        yield b"iCCP", b"ICC profile\0\0" + zlib.compress(metadata.icc_profile)
    if metadata.density is not None:
        yield b"pHYs", _physical(metadata.density)
    if metadata.exif:
        yield b"eXIf", metadata.exif
    if metadata.xmp:
        yield b"iTXt", _XMP_KEYWORD + b"\0\0\0\0\0" + metadata.xmp
    if metadata.iptc:
        yield b"zTXt", _IPTC_KEYWORD + b"\0\0" + zlib.compress(_raw_profile(metadata.iptc))
    for comment in metadata.comments:
        if b"\0" not in comment:
            yield _comment(comment)


def _comment(comment: bytes) -> tuple[bytes, bytes]:
    """tEXt, whose text is Latin-1, or iTXt where the comment is UTF-8."""
    try:
        international = not comment.isascii() and bool(comment.decode("utf-8"))
    except UnicodeDecodeError:
        international = False
    if international:
        return b"iTXt", _COMMENT_KEYWORD + b"\0\0\0\0\0" + comment
    return b"tEXt", _COMMENT_KEYWORD + b"\0" + comment


def _physical(density: Density) -> bytes:
    x, y = (density.x, density.y) if density.unit == 0 else per_metre(density)
    return struct.pack(">IIB", x, y, density.unit != 0)


def _raw_profile(block: bytes) -> bytes:
    digits = block.hex().encode("ascii")
    lines = (digits[i : i + _HEX_LINE] for i in range(0, len(digits), _HEX_LINE))
    return b"\niptc\n%8d\n%b\n" % (len(block), b"\n".join(lines))


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_size(data: bytes) -> tuple[int, int]:
    """Width and height as the header claims.

    Raises:
        ValueError, struct.error: It has no header.
    """
    if data[12:16] != b"IHDR":
        raise ValueError("no IHDR")
    width, height = struct.unpack_from(">II", data, 16)
    return width, height


def decode_png(data: bytes) -> Stored:
    """A PNG of any kind; palettes become RGB, fewer than 8 bits become 8.

    Raises:
        SeveralPictures: The PNG is animated.
        ValueError, struct.error, imagecodecs.PngError: It is damaged, or not opaque.
    """
    frames = _frames(data)
    if frames > 1:
        raise SeveralPictures(frames=frames)
    metadata = _metadata(data)
    # Without its metadata: libpng would look into it, and log what it finds.
    coding = [data[c.start : c.end] for c in _chunks(data) if c.kind in _CODING]
    pixels = np.asarray(imagecodecs.png_decode(b"".join([SIGNATURE, *coding])))
    if pixels.ndim == 2:
        pixels = pixels[:, :, None]
    colours = 1 if pixels.shape[2] < 3 else 3
    return Stored(without_opaque_alpha(pixels, colours=colours), metadata)


def _frames(data: bytes) -> int:
    """Return how many frames an animation has, 1 without one: PNG 3, clause 11.3.6.1."""
    for chunk in _chunks(data):
        if chunk.kind == b"IDAT":
            break
        if chunk.kind == b"acTL" and chunk.is_sound(data):
            return int.from_bytes(chunk.body(data)[:4], "big")
    return 1


def _metadata(data: bytes) -> Metadata:
    found = NO_METADATA
    for chunk in _chunks(data):
        if chunk.kind in _CODING or not chunk.is_sound(data):
            continue
        kind, body = chunk.kind, chunk.body(data)
        if kind == b"iCCP":
            found = replace(found, icc_profile=_inflated(body.partition(b"\0")[2][1:]))
        elif kind == b"pHYs":
            found = replace(found, density=_density(body))
        elif kind == b"eXIf":
            found = replace(found, exif=body.removeprefix(b"Exif\0\0") or None)
        elif kind in (b"tEXt", b"zTXt", b"iTXt"):
            found = _with_text(found, kind, body)
    return found


@dataclass(frozen=True, slots=True)
class _Found:
    """A chunk, from its length at `start` to the end of its checksum."""

    kind: bytes
    start: int
    end: int

    def body(self, data: bytes) -> bytes:
        return data[self.start + 8 : self.end - 4]

    def is_sound(self, data: bytes) -> bool:
        """Whether the checksum is right."""
        (checksum,) = struct.unpack_from(">I", data, self.end - 4)
        return bool(checksum == zlib.crc32(data[self.start + 4 : self.end - 4]))


def _chunks(data: bytes) -> Iterator[_Found]:
    """Each whole chunk."""
    place = len(SIGNATURE)
    while place + 12 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, place)
        end = place + 12 + length
        if end > len(data):
            return
        yield _Found(kind, place, end)
        place = end


def _with_text(found: Metadata, kind: bytes, body: bytes) -> Metadata:
    keyword, _, rest = body.partition(b"\0")
    if kind == b"zTXt":
        text = _inflated(rest[1:])
    elif kind == b"iTXt":
        # Flag, method, then language and translated keyword, each ended by a zero.
        text = rest[2:].split(b"\0", 2)[-1]
        text = _inflated(text) if rest[:1] == b"\1" else text
    else:
        text = rest
    if text is None:
        return found
    if keyword == _XMP_KEYWORD:
        return replace(found, xmp=text or None)
    if keyword == _IPTC_KEYWORD:
        return replace(found, iptc=_from_raw_profile(text))
    if keyword == _COMMENT_KEYWORD:
        return replace(found, comments=(*found.comments, text))
    return found


def _inflated(data: bytes) -> bytes | None:
    """None where it is damaged or a bomb: the picture counts for more than its metadata."""
    stream = zlib.decompressobj()
    try:
        text = stream.decompress(data, _MOST_TEXT)
    except zlib.error:
        return None
    return text if stream.eof else None


def _from_raw_profile(text: bytes) -> bytes | None:
    match = _RAW_PROFILE.fullmatch(text)
    if match is None:
        return None
    digits = b"".join(match[2].split())
    whole = len(digits) % 2 == 0 and len(digits) // 2 == int(match[1][:12])
    return bytes.fromhex(digits.decode("ascii")) or None if whole else None


def _density(body: bytes) -> Density | None:
    if len(body) != 9:
        return None
    x, y, unit = struct.unpack(">IIB", body)
    return density_per_metre(x, y) if unit == 1 else density_or_none(x, y, 0)
