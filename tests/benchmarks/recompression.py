"""Rates of correct and of false findings of a previous compression.

    .venv/bin/python tests/benchmarks/recompression.py FOLDER

Thresholds were chosen on images of even index by name; the others are reported. Every row of a
table uses other images than the row with which it is compared. Crops are 768x512, or the whole
image if it is smaller. Files are written by libjpeg through Pillow.
"""

from __future__ import annotations

import argparse
import io
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from ddrm_core.jpeg.read import read_jpeg
from ddrm_core.jpeg.recompression import (
    PreviousCompression,
    detect_from_coefficients,
    detect_from_pixels,
)

WIDE, TALL, LEAST = 768, 512, 500
GAPS = ((1, 5), (6, 10), (11, 20), (21, 40), (41, 75))


@dataclass(frozen=True)
class Case:
    """One test of the detection: a compressed image and the previous compression found.

    Attributes:
        quality: Quality factor of the previous compression; 0 if there was none.
        second: Quality factor of the file; 0 if pixels are examined without a file.
        left: Columns cropped after the previous compression.
        top: Rows cropped after the previous compression.
        sampling: Chroma sampling of the compressions.
        found: The detected previous compression; None if none was detected.
        seconds: Time of the detection.
    """

    quality: int
    second: int
    left: int
    top: int
    sampling: str
    found: PreviousCompression | None
    seconds: float


def encoded(image: Image.Image, quality: int, subsampling: int = 2) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality, subsampling=subsampling)
    return buffer.getvalue()


def decoded(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


def cropped(image: Image.Image, left: int, top: int) -> Image.Image:
    return image.crop((left, top, image.width, image.height))


def pictures(folder: Path, odd: bool) -> Iterator[Image.Image]:
    """Yield central crops of every second image: all unchanged, then mirrored, then flipped."""
    files = [f for f in sorted(folder.iterdir()) if f.suffix in (".webp", ".png")][odd::2]
    turns = [None, Image.Transpose.FLIP_LEFT_RIGHT, Image.Transpose.FLIP_TOP_BOTTOM]
    for turn in turns:
        for file in files:
            image = Image.open(file)
            if image.width < LEAST:
                continue
            left, top = max(0, image.width - WIDE) // 2, max(0, image.height - TALL) // 2
            piece = image.convert("RGB").crop(
                (left, top, min(image.width, left + WIDE), min(image.height, top + TALL))
            )
            yield piece if turn is None else piece.transpose(turn)


def in_file(data: bytes) -> tuple[PreviousCompression | None, float]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.jpg"
        path.write_bytes(data)
        image = read_jpeg(path)
    start = time.perf_counter()
    return detect_from_coefficients(image), time.perf_counter() - start


def in_pixels(image: Image.Image) -> tuple[PreviousCompression | None, float]:
    pixels = np.asarray(image)
    start = time.perf_counter()
    return detect_from_pixels(pixels), time.perf_counter() - start


def file_cases(source: Iterator[Image.Image], count: int, seed: int) -> list[Case]:
    """Return cases of `count` files compressed once, then of `count` files compressed twice.

    In every second file compressed twice, the block grids of the two compressions differ.
    """
    rng = np.random.default_rng(seed)
    cases = []
    for _ in range(count):
        second = int(rng.integers(21, 96))
        found = in_file(encoded(next(source), second))
        cases.append(Case(0, second, 0, 0, "4:2:0", *found))
    for index in range(count):
        first, second = (int(q) for q in sorted(rng.choice(np.arange(20, 96), 2, replace=False)))
        left, top = (int(n) for n in rng.integers(1, 8, 2)) if index % 2 else (0, 0)
        once = cropped(decoded(encoded(next(source), first)), left, top)
        cases.append(Case(first, second, left, top, "4:2:0", *in_file(encoded(once, second))))
    return cases


def pixel_cases(source: Iterator[Image.Image], count: int, seed: int) -> list[Case]:
    """Return cases of `count` images never compressed, then of `count` crops of decoded JPEGs."""
    rng = np.random.default_rng(seed)
    cases = [Case(0, 0, 0, 0, "", *in_pixels(next(source))) for _ in range(count)]
    for _ in range(count):
        quality = int(rng.integers(20, 96))
        left, top = (int(n) for n in rng.integers(0, 16, 2))
        piece = cropped(decoded(encoded(next(source), quality)), left, top)
        cases.append(Case(quality, 0, left, top, "4:2:0", *in_pixels(piece)))
    return cases


def row(name: str, cases: list[Case], near: int, period: int) -> str:
    """Return a table row that counts cases, detections, right grids and right quality factors.

    Args:
        name: Name in the first cell.
        cases: Cases to count.
        near: Largest error of a quality factor that counts as right.
        period: Period of the grid in pixels.
    """
    found = [(c, c.found) for c in cases if c.found is not None]
    right = sum(abs(f.quality - c.quality) <= near for c, f in found)
    offset = sum(
        (f.left % period, f.top % period) == (c.left % period, c.top % period) for c, f in found
    )
    return f"| {name} | {len(cases)} | {len(found)} | {offset} | {right} |"


def print_files(cases: list[Case]) -> None:
    once = [c for c in cases if c.quality == 0]
    twice = [c for c in cases if c.quality]
    wrong = [c for c in once if c.found is not None]
    print(f"JPEGs compressed once: {len(once)}; said to be compressed before: {len(wrong)}\n")
    print("| JPEGs compressed twice | files | found | offset right | QF1 within 2 |")
    print("|---|---|---|---|---|")
    print(row("all", twice, 2, 8))
    print(row("same grid", [c for c in twice if not c.left], 2, 8))
    print(row("shifted grid", [c for c in twice if c.left], 2, 8))
    for low, high in GAPS:
        for name, some in (("same", False), ("shifted", True)):
            chosen = [
                c for c in twice if low <= c.second - c.quality <= high and bool(c.left) == some
            ]
            print(row(f"{name}, QF2 - QF1 {low} to {high}", chosen, 2, 8))


def print_pixels(cases: list[Case]) -> None:
    never = [c for c in cases if c.quality == 0]
    once = [c for c in cases if c.quality]
    wrong = sum(c.found is not None for c in never)
    print(f"\nPNGs never compressed: {len(never)}; said to be: {wrong}\n")
    print("| PNGs compressed once, 4:2:0 | files | found | offset right | QF within 1 |")
    print("|---|---|---|---|---|")
    print(row("offset of luma (mod 8)", once, 1, 8))
    print(row("offset of chroma (mod 16)", once, 1, 16))
    sampled = sum(c.found is not None and c.found.sampling == c.sampling for c in once)
    print(f"\nChroma sampling right: {sampled}")


def print_confidence(cases: list[Case]) -> None:
    print("\n| confidence | findings | right in offset and in QF within 2 |\n|---|---|---|")
    found = [(c, c.found) for c in cases if c.found is not None]
    for level in sorted({f.confidence for _, f in found}):
        chosen = [(c, f) for c, f in found if f.confidence == level]
        right = sum(
            abs(f.quality - c.quality) <= 2 and (f.left - c.left) % 8 == (f.top - c.top) % 8 == 0
            for c, f in chosen
        )
        print(f"| {level} | {len(chosen)} | {right} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="lossless photographs, WebP or PNG")
    parser.add_argument("--count", type=int, default=40, help="files of each kind")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--tune", action="store_true", help="the pictures of even index instead")
    options = parser.parse_args()
    source = pictures(options.folder, odd=not options.tune)
    files = file_cases(source, options.count, options.seed)
    pixels = pixel_cases(source, options.count, options.seed + 1)
    print_files(files)
    print_pixels(pixels)
    print_confidence(files + pixels)
    print(f"\nSlowest: {max(c.seconds for c in files + pixels):.2f} s")


if __name__ == "__main__":
    main()
