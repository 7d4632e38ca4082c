"""The container of AVIF files.

Sources: AV1 Image File Format 1.1; ISO/IEC 23008-12:2022 (HEIF), ISO/IEC 14496-12 (boxes).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ddrm_core.formats.iso_boxes import (
    Box,
    encode_box,
    encode_exif_content,
    encode_full_box,
    parse_boxes,
    parse_exif_content,
)

_BRANDS = (b"avif", b"mif1", b"miaf")
_IMAGE_ITEM, _EXIF_ITEM, _XMP_ITEM = 1, 2, 3
_XMP_TYPE = b"application/rdf+xml\0"
_ESSENTIAL = 0x80
_FULL_BOX_BYTES = 4
# Limits of the cost of hostile files; an extent is a part of an item.
_MAX_ITEMS, _MAX_EXTENTS = 1000, 10_000


@dataclass(frozen=True, slots=True)
class AvifImage:
    """The coded image of an AVIF file, with its properties and metadata.

    Attributes:
        coded: Bytes of the primary item, an AV1 still picture.
        configuration: Content of the av1C property.
        width: Width in pixels.
        height: Height in pixels.
        bits: Bits per channel, by channel.
        color: Content of the colr property of type nclx, without the type; empty without one.
        icc_profile: ICC profile; None without one.
        exif: EXIF block from its TIFF header on; None without one.
        xmp: XMP packet; None without one.
        quarter_turns: Quarter turns anti-clockwise, 0 to 3 (irot).
        mirror_axis: Parts that are exchanged after the turns: 0 top and bottom, 1 left and right,
            None for no mirroring (imir).
    """

    coded: bytes
    configuration: bytes
    width: int
    height: int
    bits: tuple[int, ...]
    color: bytes = b""
    icc_profile: bytes | None = None
    exif: bytes | None = None
    xmp: bytes | None = None
    quarter_turns: int = 0
    mirror_axis: int | None = None


def is_avif(data: bytes) -> bool:
    """Return whether the first bytes of a file name the brand of an AVIF image."""
    size = int.from_bytes(data[:4], "big")
    brands = data[8:12] + data[16 : min(size, len(data))]
    return data[4:8] == b"ftyp" and b"avif" in [brands[i : i + 4] for i in range(0, len(brands), 4)]


def encode_container(image: AvifImage) -> bytes:
    """Return an AVIF file with an image and its metadata. The image is not turned."""
    items = [(_IMAGE_ITEM, b"av01", image.coded)]
    if image.exif:
        items.append((_EXIF_ITEM, b"Exif", encode_exif_content(image.exif)))
    if image.xmp:
        items.append((_XMP_ITEM, b"mime", image.xmp))
    file_type = encode_box(b"ftyp", _BRANDS[0], bytes(4), *_BRANDS)
    entries = [
        encode_full_box(
            b"infe",
            struct.pack(">HH", number, 0),
            kind + b"\0",
            _XMP_TYPE if kind == b"mime" else b"",
            version=2,
        )
        for number, kind, _ in items
    ]
    references = [
        encode_box(b"cdsc", struct.pack(">HHH", number, 1, _IMAGE_ITEM))
        for number, _, _ in items[1:]
    ]
    before = [
        encode_full_box(b"hdlr", bytes(4), b"pict", bytes(13)),
        encode_full_box(b"pitm", struct.pack(">H", _IMAGE_ITEM)),
    ]
    after = [
        encode_full_box(b"iinf", struct.pack(">H", len(items)), *entries),
        *([encode_full_box(b"iref", *references)] if references else []),
        _encode_properties(image),
    ]
    sizes = [len(content) for _, _, content in items]
    # The offsets do not change the size of the boxes before the data.
    head_bytes = len(_encode_meta(before, _encode_locations(0, sizes), after))
    data_offset = len(file_type) + head_bytes + len(encode_box(b"mdat"))
    meta = _encode_meta(before, _encode_locations(data_offset, sizes), after)
    return b"".join([file_type, meta, encode_box(b"mdat", *(content for _, _, content in items))])


def _encode_meta(before: Sequence[bytes], locations: bytes, after: Sequence[bytes]) -> bytes:
    return encode_full_box(b"meta", *before, locations, *after)


def _encode_locations(offset: int, sizes: Sequence[int]) -> bytes:
    """Return the iloc box of items that follow each other from `offset` on."""
    rows = []
    for number, size in enumerate(sizes, 1):
        rows.append(struct.pack(">HHHII", number, 0, 1, offset, size))
        offset += size
    return encode_full_box(b"iloc", b"\x44\0", struct.pack(">H", len(sizes)), *rows)


def _encode_properties(image: AvifImage) -> bytes:
    properties = [
        encode_full_box(b"ispe", struct.pack(">II", image.width, image.height)),
        encode_full_box(b"pixi", bytes([len(image.bits), *image.bits])),
        encode_box(b"av1C", image.configuration),
        encode_box(b"colr", b"nclx", image.color),
    ]
    if image.icc_profile is not None:
        properties.append(encode_box(b"colr", b"prof", image.icc_profile))
    numbers = [
        number | (_ESSENTIAL if box[4:8] == b"av1C" else 0)
        for number, box in enumerate(properties, 1)
    ]
    associations = encode_full_box(
        b"ipma", struct.pack(">IHB", 1, _IMAGE_ITEM, len(numbers)), bytes(numbers)
    )
    return encode_box(b"iprp", encode_box(b"ipco", *properties), associations)


def parse_container(data: bytes) -> AvifImage:
    """Return the primary image of an AVIF file.

    Raises:
        ValueError, struct.error, LookupError: If the file is damaged, or its primary item is no
            single coded image.
    """
    boxes = _find_boxes(data, 0, len(data))
    meta = boxes[b"meta"]
    items = _ItemReader(data, _find_boxes(data, meta.start + _FULL_BOX_BYTES, meta.end))
    properties = items.read_properties(items.primary)
    if items.kinds[items.primary][0] != b"av01":
        raise ValueError("no single coded image")
    width, height = struct.unpack_from(">II", properties[b"ispe"], _FULL_BOX_BYTES)
    bits = properties[b"pixi"][_FULL_BOX_BYTES + 1 :] if b"pixi" in properties else b""
    exif, xmp = b"", b""
    for number, (kind, content_type) in items.kinds.items():
        if kind == b"Exif" and not exif:
            exif = items.read_item(number)
        elif kind == b"mime" and content_type == _XMP_TYPE[:-1] and not xmp:
            xmp = items.read_item(number)
    turns, mirror = properties.get(b"irot", b"\0"), properties.get(b"imir")
    return AvifImage(
        coded=items.read_item(items.primary),
        configuration=properties[b"av1C"],
        width=width,
        height=height,
        bits=tuple(bits),
        color=properties.get(b"nclx", b""),
        icc_profile=properties.get(b"prof", properties.get(b"rICC")),
        exif=parse_exif_content(exif) or None,
        xmp=xmp or None,
        quarter_turns=turns[0] & 3,
        mirror_axis=None if mirror is None else mirror[0] & 1,
    )


def _find_boxes(data: bytes, start: int, end: int) -> dict[bytes, Box]:
    """Return the first box of each kind between two offsets."""
    found: dict[bytes, Box] = {}
    for box in parse_boxes(data, start, end):
        found.setdefault(box.kind, box)
    return found


@dataclass(slots=True)
class _ItemReader:
    """A reader of the items in the meta box of a file.

    Attributes:
        data: Bytes of the file.
        boxes: Boxes in the meta box by kind.
        primary: Number of the primary item.
        kinds: Type and content type of each item by its number.
    """

    data: bytes
    boxes: dict[bytes, Box]
    primary: int = field(init=False)
    kinds: dict[int, tuple[bytes, bytes]] = field(init=False)

    def __post_init__(self) -> None:
        box = self.boxes[b"pitm"]
        form = ">H" if self.data[box.start] == 0 else ">I"
        (self.primary,) = struct.unpack_from(form, self.data, box.start + _FULL_BOX_BYTES)
        self.kinds = dict(self._iterate_kinds())

    def _iterate_kinds(self) -> Iterator[tuple[int, tuple[bytes, bytes]]]:
        box = self.boxes[b"iinf"]
        start = box.start + _FULL_BOX_BYTES + (2 if self.data[box.start] == 0 else 4)
        for entry in parse_boxes(self.data, start, box.end):
            version = self.data[entry.start]
            if entry.kind != b"infe" or version not in (2, 3):
                continue
            number_form = ">HH" if version == 2 else ">IH"
            number, _ = struct.unpack_from(number_form, self.data, entry.start + _FULL_BOX_BYTES)
            kind_start = entry.start + _FULL_BOX_BYTES + struct.calcsize(number_form)
            texts = self.data[kind_start + 4 : entry.end].split(b"\0")
            content_type = texts[1] if len(texts) > 1 else b""
            yield number, (self.data[kind_start : kind_start + 4], content_type)

    def read_item(self, number: int) -> bytes:
        """Return the content of an item.

        Raise ValueError or KeyError if it is not in the file, or if its extents are too many or
        together larger than the file.
        """
        box = self.boxes[b"iloc"]
        version, position = self.data[box.start], box.start + _FULL_BOX_BYTES
        sizes, base_sizes = self.data[position], self.data[position + 1]
        offset_bytes, length_bytes, base_bytes = sizes >> 4, sizes & 15, base_sizes >> 4
        index_bytes = base_sizes & 15 if version else 0
        number_bytes = 4 if version == 2 else 2
        cursor = _Cursor(self.data, position + 2)
        extent_count = 0
        for _ in range(min(cursor.read(number_bytes), _MAX_ITEMS)):
            found_number = cursor.read(number_bytes)
            method = cursor.read(2) & 15 if version else 0
            cursor.read(2)
            base_offset = cursor.read(base_bytes)
            extents = []
            item_extent_count = cursor.read(2)
            extent_count += item_extent_count
            if extent_count > _MAX_EXTENTS:
                raise ValueError("too many extents")
            for _ in range(item_extent_count):
                cursor.read(index_bytes)
                extents.append((cursor.read(offset_bytes), cursor.read(length_bytes)))
            if found_number == number:
                return self._join_extents(method, base_offset, extents)
        raise ValueError("an item without a place")

    def _join_extents(
        self, method: int, base_offset: int, extents: Sequence[tuple[int, int]]
    ) -> bytes:
        parts, size = list[bytes](), 0
        for offset, length in extents:
            parts.append(self._read_extent(method, base_offset + offset, length))
            size += len(parts[-1])
            if size > len(self.data):
                raise ValueError("an item larger than the file")
        return b"".join(parts)

    def _read_extent(self, method: int, offset: int, length: int) -> bytes:
        start, end = 0, len(self.data)
        if method == 1:
            start, end = self.boxes[b"idat"].start, self.boxes[b"idat"].end
        first = start + offset
        last = first + length if length else end
        if method > 1 or last > end:
            raise ValueError("an item past the end")
        return self.data[first:last]

    def read_properties(self, number: int) -> dict[bytes, bytes]:
        """Return the properties of an item by kind; those of colr by the type of color."""
        outer = self.boxes[b"iprp"]
        boxes = _find_boxes(self.data, outer.start, outer.end)
        container, association = boxes[b"ipco"], boxes[b"ipma"]
        properties = list(parse_boxes(self.data, container.start, container.end))
        is_wide = bool(self.data[association.start + 3] & 1)
        number_bytes = 2 if self.data[association.start] == 0 else 4
        cursor = _Cursor(self.data, association.start + _FULL_BOX_BYTES)
        found: dict[bytes, bytes] = {}
        for _ in range(min(cursor.read(4), _MAX_ITEMS)):
            found_number = cursor.read(number_bytes)
            indexes = [cursor.read(2 if is_wide else 1) for _ in range(cursor.read(1))]
            for index in indexes if found_number == number else ():
                box = properties[(index & (0x7FFF if is_wide else 0x7F)) - 1]
                content = self.data[box.start : box.end]
                is_color = box.kind == b"colr"
                found.setdefault(
                    content[:4] if is_color else box.kind, content[4:] if is_color else content
                )
        return found


@dataclass(slots=True)
class _Cursor:
    """A position in the bytes of a file, from which big-endian integers are read."""

    data: bytes
    position: int

    def read(self, byte_count: int) -> int:
        """Return the next integer. Raise ValueError at the end of the data."""
        end = self.position + byte_count
        if end > len(self.data):
            raise ValueError("a number past the end")
        value = int.from_bytes(self.data[self.position : end], "big")
        self.position = end
        return value
