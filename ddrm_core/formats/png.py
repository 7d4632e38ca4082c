"""PNG files. Source: W3C PNG 3 (2025) for chunks; ImageMagick's "raw profile" for IPTC."""

from __future__ import annotations

import codecs
import re
import struct
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

import imagecodecs
import numpy as np

from ddrm_core.formats.common import (
    DecodedFile,
    EncodedFile,
    MultipleImagesError,
    density_from_pixels_per_meter,
    density_or_none,
    describe_losses,
    pixels_per_meter,
    remove_opaque_alpha,
)
from ddrm_core.formats.notes import FormatNote
from ddrm_core.imaging.array_types import PixelArray
from ddrm_core.metadata.model import NO_METADATA, Metadata, PixelDensity

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_XMP_KEYWORD, _COMMENT_KEYWORD = b"XML:com.adobe.xmp", b"Comment"
_IPTC_KEYWORD = b"Raw profile type iptc"
_IHDR_END = len(SIGNATURE) + 12 + 13  # IHDR, the first chunk, has 13 bytes
# zlib expands data up to a thousandfold; a profile of this size would be a decompression bomb.
_MAX_INFLATED_BYTES = 64 << 20
_CODING_CHUNKS = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")
_HEX_LINE_LENGTH = 72
_WINDOWS_PATTERN = re.compile(rb"[\x80-\x9f]")  # control characters of Latin-1
_OVERHEAD_BYTES = 1000  # bytes of all chunks except the pixels'
# Possessive quantifiers: with others, the time for a hostile text grows with the cube of its size.
_RAW_PROFILE_PATTERN = re.compile(rb"\s*+[\w ]*+\s++(\d++)\s++([0-9a-fA-F\s]*+)", re.ASCII)


def encode_png(pixels: PixelArray) -> memoryview:
    """Encode gray or RGB pixels (h, w, c) of 8 or 16 bits as a PNG without metadata."""
    squeezed = pixels[:, :, 0] if pixels.shape[2] == 1 else pixels
    # A buffer is passed because imagecodecs copies the output from a buffer of its own, which is
    # too small for many short rows. The system commits only memory that is written to.
    out = np.empty((pixels.nbytes + len(pixels)) * 9 // 8 + _OVERHEAD_BYTES, np.uint8)
    encoded = imagecodecs.png_encode(
        np.ascontiguousarray(squeezed),
        out=out,  # type: ignore[arg-type]  # the stub omits other buffers than bytes
    )
    return memoryview(encoded)


def insert_png_metadata(data: memoryview, metadata: Metadata) -> EncodedFile:
    """Insert metadata as chunks into the output of `encode_png`."""
    # A zero byte ends a text: PNG 3, clause 11.3.3.
    comments_with_zeros = tuple(c for c in metadata.comments if b"\0" in _strip_comment(c))
    left_out = Metadata(
        xmp_extensions=metadata.xmp_extensions, others=metadata.others, comments=comments_with_zeros
    )
    warnings = describe_losses("PNG", left_out, comments=FormatNote.COMMENTS_WITH_ZEROS)
    chunks = [
        _encode_png_chunk(chunk_type, body) for chunk_type, body in _build_metadata_chunks(metadata)
    ]
    parts: list[bytes | memoryview] = [data[:_IHDR_END], *chunks, data[_IHDR_END:]]
    return EncodedFile(b"".join(parts), warnings)


def _build_metadata_chunks(metadata: Metadata) -> Iterator[tuple[bytes, bytes]]:
    """Yield type and body of a PNG's chunks for `metadata`, in the order of PNG 3, table 7."""
    if metadata.icc_profile:
        yield b"iCCP", b"ICC profile\0\0" + zlib.compress(metadata.icc_profile)
    if metadata.density is not None:
        yield b"pHYs", _encode_phys(metadata.density)
    if metadata.exif:
        yield b"eXIf", metadata.exif
    if metadata.xmp:
        yield b"iTXt", _XMP_KEYWORD + b"\0\0\0\0\0" + metadata.xmp
    if metadata.iptc:
        yield b"zTXt", _IPTC_KEYWORD + b"\0\0" + zlib.compress(_encode_raw_profile(metadata.iptc))
    for comment in map(_strip_comment, metadata.comments):
        if b"\0" not in comment:
            yield _build_comment_chunk(comment)


def _strip_comment(comment: bytes) -> bytes:
    """Return a comment in UTF-8 or Latin-1, without the zeros by which some programs end it."""
    if comment.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and len(comment) > 2:
        with suppress(UnicodeDecodeError):
            return comment.decode("utf-16").rstrip("\0").encode()
    return comment.rstrip(b"\0")


def _build_comment_chunk(comment: bytes) -> tuple[bytes, bytes]:
    """Return type and body of the PNG chunk for a comment.

    A comment in UTF-8 beyond ASCII becomes iTXt. Any other comment is Latin-1 and becomes tEXt, or
    iTXt if it has characters that only Windows' extension of Latin-1 (code page 1252) prints.
    """
    latin_1_chunk = b"tEXt", _COMMENT_KEYWORD + b"\0" + comment
    if comment.isascii():
        return latin_1_chunk
    for encoding in ("utf-8", "cp1252") if _WINDOWS_PATTERN.search(comment) else ("utf-8",):
        with suppress(UnicodeDecodeError):
            text = comment.decode(encoding).encode()
            return b"iTXt", _COMMENT_KEYWORD + b"\0\0\0\0\0" + text
    return latin_1_chunk


def _encode_phys(density: PixelDensity) -> bytes:
    x, y = (density.x, density.y) if density.unit == 0 else pixels_per_meter(density)
    return struct.pack(">IIB", x, y, density.unit != 0)


def _encode_raw_profile(block: bytes) -> bytes:
    digits = block.hex().encode("ascii")
    lines = (digits[i : i + _HEX_LINE_LENGTH] for i in range(0, len(digits), _HEX_LINE_LENGTH))
    return b"\niptc\n%8d\n%b\n" % (len(block), b"\n".join(lines))


def _encode_png_chunk(chunk_type: bytes, body: bytes) -> bytes:
    return (
        struct.pack(">I", len(body))
        + chunk_type
        + body
        + struct.pack(">I", zlib.crc32(chunk_type + body))
    )


def read_png_size(data: bytes) -> tuple[int, int]:
    """Return width and height in pixels from the header of a PNG.

    Raises:
        ValueError, struct.error: If the header is missing.
    """
    if data[12:16] != b"IHDR":
        raise ValueError("no IHDR")
    width, height = struct.unpack_from(">II", data, 16)
    return width, height


def decode_png(data: bytes) -> DecodedFile:
    """Decode a PNG of any color type; palettes become RGB, fewer than 8 bits become 8.

    Raises:
        MultipleImagesError: If the PNG is animated.
        ValueError, struct.error, imagecodecs.PngError: If the file is damaged or not opaque.
    """
    frame_count = _count_png_frames(data)
    if frame_count > 1:
        raise MultipleImagesError(frame_count=frame_count)
    metadata = _read_png_metadata(data)
    # Metadata is removed, because libpng would parse it and log faults.
    coding_chunks = [
        data[c.start : c.end] for c in _parse_png_chunks(data) if c.chunk_type in _CODING_CHUNKS
    ]
    pixels = np.asarray(imagecodecs.png_decode(b"".join([SIGNATURE, *coding_chunks])))
    if pixels.ndim == 2:
        pixels = pixels[:, :, None]
    color_channels = 1 if pixels.shape[2] < 3 else 3
    return DecodedFile(remove_opaque_alpha(pixels, color_channels=color_channels), metadata)


def _count_png_frames(data: bytes) -> int:
    """Return the number of frames in a PNG, 1 without an animation. Source: PNG 3, 11.3.6.1."""
    for chunk in _parse_png_chunks(data):
        if chunk.chunk_type == b"IDAT":
            break
        if chunk.chunk_type == b"acTL" and chunk.has_valid_checksum(data):
            return int.from_bytes(chunk.body(data)[:4], "big")
    return 1


def _read_png_metadata(data: bytes) -> Metadata:
    metadata = NO_METADATA
    for chunk in _parse_png_chunks(data):
        if chunk.chunk_type in _CODING_CHUNKS:
            continue
        if not chunk.has_valid_checksum(data):
            if chunk.chunk_type == b"iCCP":
                metadata = replace(metadata, icc_profile=b"")
            continue
        chunk_type, body = chunk.chunk_type, chunk.body(data)
        if chunk_type == b"iCCP":
            inflated = _inflate(body.partition(b"\0")[2][1:])
            metadata = replace(metadata, icc_profile=inflated or b"")
        elif chunk_type == b"pHYs":
            metadata = replace(metadata, density=_parse_phys(body))
        elif chunk_type == b"eXIf":
            metadata = replace(metadata, exif=body.removeprefix(b"Exif\0\0") or None)
        elif chunk_type in (b"tEXt", b"zTXt", b"iTXt"):
            metadata = _add_text_chunk(metadata, chunk_type, body)
    return metadata


@dataclass(frozen=True, slots=True)
class _PngChunk:
    """A chunk of a PNG file, from its length field at `start` to the end of its checksum."""

    chunk_type: bytes
    start: int
    end: int

    def body(self, data: bytes) -> bytes:
        return data[self.start + 8 : self.end - 4]

    def has_valid_checksum(self, data: bytes) -> bool:
        (checksum,) = struct.unpack_from(">I", data, self.end - 4)
        return bool(checksum == zlib.crc32(data[self.start + 4 : self.end - 4]))


def _parse_png_chunks(data: bytes) -> Iterator[_PngChunk]:
    """Yield the chunks of a PNG in file order, up to the first chunk that is cut off."""
    offset = len(SIGNATURE)
    while offset + 12 <= len(data):
        length, chunk_type = struct.unpack_from(">I4s", data, offset)
        end = offset + 12 + length
        if end > len(data):
            return
        yield _PngChunk(chunk_type, offset, end)
        offset = end


def _add_text_chunk(metadata: Metadata, chunk_type: bytes, body: bytes) -> Metadata:
    keyword, _, payload = body.partition(b"\0")
    if chunk_type == b"zTXt":
        text = _inflate(payload[1:])
    elif chunk_type == b"iTXt":
        # Flag and method, then language and translated keyword, each ended by a zero byte.
        text = payload[2:].split(b"\0", 2)[-1]
        text = _inflate(text) if payload[:1] == b"\1" else text
    else:
        text = payload
    if text is None:
        return metadata
    if keyword == _XMP_KEYWORD:
        return replace(metadata, xmp=text or None)
    if keyword == _IPTC_KEYWORD:
        return replace(metadata, iptc=_decode_raw_profile(text))
    if keyword == _COMMENT_KEYWORD:
        return replace(metadata, comments=(*metadata.comments, text))
    return metadata


def _inflate(data: bytes) -> bytes | None:
    """Return decompressed zlib data of a metadata chunk.

    Return None if the data is damaged or expands to too many bytes. The image is then loaded
    without this metadata.
    """
    stream = zlib.decompressobj()
    try:
        inflated = stream.decompress(data, _MAX_INFLATED_BYTES)
    except zlib.error:
        return None
    return inflated if stream.eof else None


def _decode_raw_profile(text: bytes) -> bytes | None:
    match = _RAW_PROFILE_PATTERN.fullmatch(text)
    if match is None:
        return None
    digits = b"".join(match[2].split())
    is_complete = len(digits) % 2 == 0 and len(digits) // 2 == int(match[1][:12])
    return bytes.fromhex(digits.decode("ascii")) or None if is_complete else None


def _parse_phys(body: bytes) -> PixelDensity | None:
    if len(body) != 9:
        return None
    x, y, unit = struct.unpack(">IIB", body)
    return density_from_pixels_per_meter(x, y) if unit == 1 else density_or_none(x, y, 0)
