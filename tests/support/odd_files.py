"""JPEG files with an unusual end or continuation, made of intact files: bytes by name."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tests.support.jpeg_variants import segment
from tests.support.pictures import jpeg_bytes, photograph

TEXT = b"It was a bright cold day in April, and the clocks were striking thirteen.\r\n"
STRAYS = bytes([17, 130, 9, 200, 77, 31, 5, 99, 181, 64, 222, 3, 148, 55])


def intact() -> dict[str, bytes]:
    """Return an undamaged JPEG of each kind of coding, by name: of 333x251 and 37x31 pixels."""
    large, small = photograph(251, 333), photograph(31, 37)
    return {
        "4:2:0": jpeg_bytes(large),
        "4:2:0, optimized": jpeg_bytes(large, optimize=True, quality=90),
        "4:4:4": jpeg_bytes(large, subsampling=0, quality=50),
        "gray": jpeg_bytes(photograph(251, 333, grey=True)),
        "restart markers": jpeg_bytes(large, restart_marker_blocks=5),
        "progressive": jpeg_bytes(large, progressive=True),
        "37x31": jpeg_bytes(small),
        "37x31, gray": jpeg_bytes(photograph(31, 37, grey=True)),
    }


def random_bytes(count: int, seed: int = 0) -> bytes:
    return np.random.default_rng(seed).integers(256, size=count).astype(np.uint8).tobytes()


def _without_end(data: bytes) -> bytes:
    assert data.endswith(b"\xff\xd9")
    return data[:-2]


def _before(data: bytes, marker: int, strays: bytes, *, last: bool = False) -> bytes:
    """Return the JPEG with stray bytes before the first or the last marker of a type."""
    mark = bytes([0xFF, marker])
    place = data.rindex(mark) if last else data.index(mark)
    return data[:place] + strays + data[place:]


BEHIND: dict[str, bytes] = {
    "nothing": b"",
    "half an end marker": b"\xff",
    "three zeros": bytes(3),
    "zeros": bytes(4096),
    "ones": b"\xff" * 4096,
    "spaces": b" " * 500,
    "text": TEXT * 40,
    "a vendor's trailer": b"\0\0\x21\x0a\x0e\0\0\0Image_UTC_Data1489152430" + b"SEFHj\0\0\0SEFT",
    "another JPEG": jpeg_bytes(photograph(40, 56, seed=3)),
    "another JPEG's header": b"\xff\xe1\0\x10Exif\0\0" + random_bytes(900, 4),
}

# Files with a complete image, by their oddity.
WHOLE: dict[str, Callable[[bytes], bytes]] = {
    **{
        f"no end marker, {name} behind it": lambda data, rest=rest: _without_end(data) + rest
        for name, rest in BEHIND.items()
    },
    "three stray bytes before the end marker": lambda data: _before(
        data, 0xD9, STRAYS[:3], last=True
    ),
    "fourteen stray bytes before the end marker": lambda data: _before(
        data, 0xD9, STRAYS, last=True
    ),
    "fourteen stray bytes before a table": lambda data: _before(data, 0xDB, STRAYS),
    "stray bytes before a Huffman table": lambda data: _before(data, 0xC4, STRAYS),
    "stray bytes before the last Huffman table": lambda data: _before(
        data, 0xC4, STRAYS, last=True
    ),
    "stray bytes before the frame": lambda data: data.replace(
        b"\xff\xc0\0", STRAYS + b"\xff\xc0\0"
    ).replace(b"\xff\xc2\0", STRAYS + b"\xff\xc2\0"),
    "stray bytes before a scan": lambda data: _before(data, 0xDA, STRAYS),
    "stray bytes before the last scan": lambda data: _before(data, 0xDA, STRAYS, last=True),
    "stray bytes before metadata": lambda data: (
        data[:2] + STRAYS + segment(0xE5, b"Meta") + STRAYS + data[2:]
    ),
    "zeros behind the end marker": lambda data: data + bytes(4096),
    "text behind the end marker": lambda data: data + TEXT * 9,
}


def _sampling_zero(data: bytes) -> bytes:
    """Return the JPEG with a sampling factor of 0, which T.81 does not allow."""
    frame = max(data.find(b"\xff\xc0\0"), data.find(b"\xff\xc2\0"))
    return data[: frame + 11] + b"\x05" + data[frame + 12 :]


def _too_many_blocks(data: bytes) -> bytes:
    """Return the JPEG with 18 blocks in an MCU, while T.81 B.2.3 allows 10.

    A JPEG of a single component is not changed.
    """
    frame = max(data.find(b"\xff\xc0\0"), data.find(b"\xff\xc2\0"))
    if data[frame + 9] == 1:  # factors of a single component have no meaning (T.81 A.2.2)
        return data
    return data[: frame + 11] + b"\x44" + data[frame + 12 :]


def _wrong_huffman_tables(data: bytes) -> bytes:
    """Return the JPEG with an impossible first Huffman table.

    The table has more codes of some lengths than there can be.
    """
    table = data.index(b"\xff\xc4")
    return data[: table + 5] + b"\xff" * 4 + data[table + 9 :]


def _one_scan(data: bytes) -> bytes:
    """Return the JPEG with a scan header that states one component instead of all three."""
    scan = data.index(b"\xff\xda")
    header = data[scan : scan + 2 + int.from_bytes(data[scan + 2 : scan + 4])]
    alone = b"\xff\xda\0\x08\x01" + header[5:7] + header[-3:]
    return data[:scan] + alone + data[scan + len(header) :]


def _cut(share: float, rest: Callable[[int], bytes]) -> Callable[[bytes], bytes]:
    def cut(data: bytes) -> bytes:
        first = data.index(b"\xff\xda")
        place = first + int(share * (len(data) - first))
        return data[:place] + rest(len(data) - place)

    return cut


# Files with a part of an image, or with no image that can be restored.
DAMAGED: dict[str, Callable[[bytes], bytes]] = {
    "wrong Huffman tables": _wrong_huffman_tables,
    "illegal sampling": _sampling_zero,
    "too many blocks in an MCU": _too_many_blocks,
    "one scan": _one_scan,
    "an empty file": lambda _: b"",
    "only a start marker": lambda data: data[:2],
    "cut off in its header": lambda data: data[:200],
    "cut off behind its header": lambda data: data[: data.index(b"\xff\xda") + 40],
    "cut off": _cut(0.5, lambda _: b""),
    "cut off, with an end marker": _cut(0.5, lambda _: b"\xff\xd9"),
    "filled with zeros": _cut(0.5, bytes),
    "filled with text": _cut(0.6, lambda count: (TEXT * (count // len(TEXT) + 1))[:count]),
    "filled with random bytes": _cut(0.7, random_bytes),
    "Huffman codes called arithmetic": lambda data: data.replace(b"\xff\xc0\0", b"\xff\xc9\0"),
    "lossless": lambda data: data.replace(b"\xff\xc0\0", b"\xff\xc3\0"),
    "12 bits": lambda data: data.replace(b"\xff\xc0\0\x11\x08", b"\xff\xc0\0\x11\x0c"),
    "no frame": lambda data: data.replace(b"\xff\xc0\0", b"\xff\xe9\0"),
    "13,000 pixels square": lambda data: data.replace(
        data[data.index(b"\xff\xc0") + 5 :][:4] if b"\xff\xc0\0" in data else b"\xff\xc0",
        (13_000).to_bytes(2) * 2,
        1,
    ),
}
