"""Small files of every kind, and random mutations that a number and a seed reproduce."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import imagecodecs
import numpy as np
from numpy.random import Generator
from PIL import Image

from ddrm_core.formats.iso_boxes import encode_box
from ddrm_core.formats.jpegxl.file import CONTAINER_SIGNATURE
from ddrm_core.formats.save import encode_image
from ddrm_core.metadata.model import NO_METADATA
from tests.support.attached_files import FILES
from tests.support.color_profiles import P3_PROFILE
from tests.support.irregular_jpegs import (
    arithmetic,
    arithmetic_progressive,
    arithmetic_with_restarts,
    scan_per_component,
    with_late_height,
)
from tests.support.metadata_samples import EXIFS, FULL, XMP, noise


def bases() -> dict[str, bytes]:
    """Return a small valid JPEG of each kind, by name, from which mutated files are made."""
    rng = np.random.default_rng(1)
    y, x = np.mgrid[:41, :51] / 9.0
    waves = 128 + 90 * np.sin(x + rng.uniform(0, 6, (3, 1, 1))) * np.cos(y)
    pixels = (waves + rng.normal(0, 8, waves.shape)).clip(0, 255).astype(np.uint8)
    rgb = Image.fromarray(np.ascontiguousarray(pixels.transpose(1, 2, 0)))
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Maker"
    exif[0x8769] = {0x927C: bytes(range(200))}
    packet = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF/></x:xmpmeta>'
    full = {"exif": exif, "xmp": packet, "icc_profile": bytes(300), "comment": b"fuzz"}

    def saved(image: Image.Image, **options: object) -> bytes:
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", **{"quality": 60, **options})
        return buffer.getvalue()

    return {
        "4:2:0": saved(rgb),
        "4:4:4": saved(rgb, subsampling=0, quality=95),
        "progressive": saved(rgb, progressive=True),
        "restart": saved(rgb, restart_marker_blocks=2),
        "grey": saved(rgb.convert("L")),
        "grey progressive": saved(rgb.convert("L"), progressive=True),
        "CMYK": saved(rgb.convert("CMYK")),
        "RGB": saved(rgb, keep_rgb=True),
        "metadata": saved(rgb, **full),
        "metadata progressive": saved(rgb, progressive=True, **full),
        "4:1:1": _four_one_one(np.asarray(rgb)),
        "two": saved(rgb) + saved(rgb.convert("L")),
        "arithmetic": arithmetic(saved(rgb)),
        "arithmetic progressive": arithmetic_progressive(),
        "arithmetic restart": arithmetic_with_restarts(5),
        "late height": with_late_height(saved(rgb, restart_marker_blocks=2)),
        "scan per component": scan_per_component(20, 60, 90, subsampled=True),
        **{f"attached: {name}": file.make() for name, file in FILES.items()},
    }


def box_bases() -> dict[str, bytes]:
    """Return small valid JPEG XL and AVIF files, of this program and of other encoders, by name."""
    full = replace(FULL, icc_profile=P3_PROFILE)
    kinds = [(".jxl", 8), (".jxl", 16), (".avif", 8), (".avif", 10), (".avif", 12)]
    results = {
        f"result{suffix} {bits} {name}": encode_image(
            noise(channels), Path(f"a{suffix}"), bits=bits, metadata=metadata
        ).data
        for suffix, bits in kinds
        for name, channels, metadata in (("gray", 1, NO_METADATA), ("RGB", 3, full))
    }
    pixels = noise(3).clamp(0, 255).byte().numpy().transpose(1, 2, 0)
    exif = Image.Exif()
    exif[0x0112] = 5  # a quarter turn and a mirroring
    turned = io.BytesIO()
    Image.fromarray(pixels).save(turned, "AVIF", exif=exif, xmp=XMP, icc_profile=P3_PROFILE)
    codestream = bytes(imagecodecs.jpegxl_encode(np.ascontiguousarray(pixels), lossless=True))
    return results | {
        "AVIF of Pillow": turned.getvalue(),
        "codestream": codestream,
        "compressed boxes": b"".join(
            [
                CONTAINER_SIGNATURE,
                encode_box(b"ftyp", b"jxl \0\0\0\0jxl "),
                *(
                    encode_box(b"brob", kind, bytes(imagecodecs.brotli_encode(content)))
                    for kind, content in ((b"Exif", bytes(4) + EXIFS["big"]), (b"xml ", XMP))
                ),
                encode_box(b"jxlp", bytes(4), codestream[:100]),
                encode_box(b"jxlp", b"\x80\0\0\1", codestream[100:]),
            ]
        ),
    }


def _four_one_one(pixels: np.ndarray) -> bytes:
    import jpeglib

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.jpg")
        image = jpeglib.from_spatial(pixels)
        image.samp_factor = "4:1:1"
        image.write_spatial(str(path))
        return path.read_bytes()


def mutated(number: int, seed: int, originals: dict[str, bytes]) -> bytes:
    """Return the mutated file `number` of a seed: an original with one to three mutations."""
    rng = np.random.default_rng([seed, number])
    names = list(originals)
    data = originals[names[number % len(names)]]
    for _ in range(int(rng.integers(1, 4))):
        mutations = MUTATIONS if data.startswith(b"\xff\xd8") else BOX_MUTATIONS
        mutation = mutations[rng.integers(len(mutations))]
        data = mutation(data, rng) if len(data) > 4 else data
    return data


def _flip_bits(data: bytes, rng: Generator) -> bytes:
    changed = bytearray(data)
    for place in rng.integers(2, len(data), rng.integers(1, 9)):
        changed[place] ^= 1 << int(rng.integers(8))
    return bytes(changed)


def _change_bytes(data: bytes, rng: Generator) -> bytes:
    changed = bytearray(data)
    for place in rng.integers(2, len(data), rng.integers(1, 17)):
        changed[place] = int(rng.choice([0, 1, 127, 128, 255, rng.integers(256)]))
    return bytes(changed)


def _change_header(data: bytes, rng: Generator) -> bytes:
    changed, end = bytearray(data), max(data.find(b"\xff\xda") + 12, 4)
    for place in rng.integers(2, min(end, len(data)), rng.integers(1, 5)):
        changed[place] = int(rng.integers(256))
    return bytes(changed)


def _truncate(data: bytes, rng: Generator) -> bytes:
    end = b"\xff\xd9" if rng.random() < 0.3 else b""
    return data[: rng.integers(2, len(data))] + end


def _cut_out(data: bytes, rng: Generator) -> bytes:
    first, last = sorted(rng.integers(2, len(data), 2).tolist())
    return data[:first] + data[last:]


def _repeat(data: bytes, rng: Generator) -> bytes:
    first, last = sorted(rng.integers(2, len(data), 2).tolist())
    return data[:last] + data[first:last] * int(rng.integers(1, 4)) + data[last:]


def _insert(data: bytes, rng: Generator) -> bytes:
    place, fill = int(rng.integers(2, len(data))), rng.integers(256, size=rng.integers(1, 80))
    return data[:place] + fill.astype(np.uint8).tobytes() + data[place:]


def _segments(data: bytes) -> list[tuple[int, int]]:
    """Return the start and end offsets of each segment of a JPEG before its first scan."""
    found, position = [], 2
    while position + 4 <= len(data) and data[position] == 0xFF and data[position + 1] != 0xDA:
        end = position + 2 + int.from_bytes(data[position + 2 : position + 4])
        found.append((position, end))
        position = end
    return found


def _rearrange(data: bytes, rng: Generator) -> bytes:
    """Return the JPEG with a segment before its first scan swapped, repeated or removed."""
    places = _segments(data)
    if len(places) < 2:
        return data
    parts = [data[first:last] for first, last in places]
    one, other = rng.integers(len(parts), size=2).tolist()
    match rng.integers(3):
        case 0:
            parts[one], parts[other] = parts[other], parts[one]
        case 1:
            parts.insert(one, parts[other] * int(rng.integers(1, 40)))
        case _:
            del parts[one]
    return data[:2] + b"".join(parts) + data[places[-1][1] :]


def _directories(data: bytes, rng: Generator) -> bytes:
    """Return the JPEG with other numbers in a directory of its attachments.

    The directory is the Multi-Picture Format index, Samsung's, or the lengths in XMP.
    """
    marks = [
        mark for mark in (b"MPF\0", b"SEFH", b"Length", b"Padding", b"Offset=") if mark in data
    ]
    if not marks:
        return data
    changed, mark = bytearray(data), marks[rng.integers(len(marks))]
    start = data.index(mark) + len(mark)
    for place in rng.integers(start, min(start + 120, len(data)), rng.integers(1, 6)):
        is_digit = 0x30 <= changed[place] <= 0x39
        changed[place] = int(rng.integers(0x30, 0x3A) if is_digit else rng.integers(256))
    return bytes(changed)


def _lengths(data: bytes, rng: Generator) -> bytes:
    places = _segments(data)
    if not places:
        return data
    first = places[rng.integers(len(places))][0]
    length = int(rng.choice([0, 1, 2, 3, 65535, rng.integers(65536)]))
    return data[: first + 2] + length.to_bytes(2) + data[first + 4 :]


def _frame(data: bytes, rng: Generator) -> bytes:
    """Return the JPEG with a random change of its frame header: sides, factors or others."""
    frames = [f for f, _ in _segments(data) if data[f + 1] in (0xC0, 0xC1, 0xC2, 0xC9, 0xCA)]
    if not frames or frames[0] + 19 > len(data):
        return data
    changed, frame = bytearray(data), frames[0]
    match rng.integers(4):
        case 0:
            sides = [1, 7, 8, 64, 500, 4000, 12_000, 65_500, 65_535, int(rng.integers(65536))]
            changed[frame + 5 : frame + 7] = int(rng.choice(sides)).to_bytes(2)
            changed[frame + 7 : frame + 9] = int(rng.choice(sides)).to_bytes(2)
        case 1:
            for component in range(data[frame + 9]):
                if frame + 11 + 3 * component < len(data):
                    factors = int(rng.integers(1, 5)) << 4 | int(rng.integers(1, 5))
                    changed[frame + 11 + 3 * component] = factors
        case 2:
            changed[frame + int(rng.integers(9, 19))] = int(rng.integers(8))
        case _:
            changed[frame + 1] = int(rng.integers(0xC0, 0xD0))
    return bytes(changed)


def _boxes(data: bytes, rng: Generator) -> bytes:
    """Return the file with another size or kind of a box, or with the box repeated or removed."""
    kinds = [kind for kind in BOX_KINDS if kind in data]
    if not kinds:
        return data
    kind = kinds[rng.integers(len(kinds))]
    start = max(data.index(kind) - 4, 0)
    size = int.from_bytes(data[start : start + 4])
    box = data[start : start + size]
    match rng.integers(5):
        case 0:
            sizes = [0, 1, 7, 8, 9, len(data), 2**31, 2**32 - 1, int(rng.integers(2 * size + 1))]
            return data[:start] + int(rng.choice(sizes)).to_bytes(4) + data[start + 4 :]
        case 1:
            other = BOX_KINDS[rng.integers(len(BOX_KINDS))]
            return data[: start + 4] + other + data[start + 8 :]
        case 2:
            return data[:start] + box * int(rng.integers(2, 40)) + data[start + size :]
        case 3:
            return data[:start] + data[start + size :]
        case _:  # the fields at the beginning of the box
            changed = bytearray(data)
            for place in rng.integers(start + 8, start + 40, rng.integers(1, 5)):
                if place < len(data):
                    changed[place] = int(rng.choice([0, 1, 255, rng.integers(256)]))
            return bytes(changed)


BOX_KINDS = [
    *(b"ftyp", b"jxll", b"jxlc", b"jxlp", b"brob", b"Exif", b"xml ", b"meta", b"hdlr", b"pitm"),
    *(b"iloc", b"iinf", b"infe", b"iref", b"iprp", b"ipco", b"ispe", b"pixi", b"av1C", b"colr"),
    *(b"irot", b"imir", b"ipma", b"mdat"),
]

MUTATIONS: list[Callable[[bytes, Generator], bytes]] = [
    _flip_bits,
    _change_bytes,
    _change_header,
    _truncate,
    _cut_out,
    _repeat,
    _insert,
    _rearrange,
    _lengths,
    _frame,
    _directories,
]

BOX_MUTATIONS: list[Callable[[bytes, Generator], bytes]] = [
    _flip_bits,
    _change_bytes,
    _truncate,
    _cut_out,
    _repeat,
    _insert,
    *[_boxes] * 5,
]
