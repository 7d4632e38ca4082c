"""Sizes of the results of a 12-megapixel photograph in all formats without loss.

    python tests/benchmarks/result_sizes.py FOLDER [--quality 95] [--rows 4] [--columns 5]

The photograph is a mosaic of squares of the photographs in FOLDER, each enlarged twofold with the
noise of a sensor, as a JPEG of 4:2:0. The result is the JPEG decoded without rounding: what the
prior changes at such a quality hardly changes the size of a file. No prior is evaluated.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
from PIL import Image

# The path contains the folder of this script instead.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from ddrm_core.formats.save import encode_image
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.jpeg.read import read_jpeg
from ddrm_core.metadata.model import NO_METADATA
from ddrm_core.problems.jpeg import create_jpeg_problem

KINDS = [
    *((".png", 8), (".png", 16), (".tif", 8), (".tif", 16), (".tif", 32), (".webp", 8)),
    *((".jxl", 8), (".jxl", 16), (".avif", 8), (".avif", 10), (".avif", 12)),
]
TILE_SIDE = 800
NOISE_GRAY_LEVELS = 1.5


def create_photograph(folder: Path, rows: int, columns: int) -> np.ndarray:
    """Return a mosaic of enlarged photographs with noise, (800 rows, 800 columns, 3)."""
    half = TILE_SIDE // 2
    tiles = []
    for path in sorted(folder.iterdir()):
        try:
            image = Image.open(path).convert("RGB")
        except OSError:
            continue
        if min(image.size) < half:
            continue
        left, top = (image.width - half) // 2, (image.height - half) // 2
        crop = image.crop((left, top, left + half, top + half))
        tiles.append(np.asarray(crop.resize((TILE_SIDE, TILE_SIDE), Image.Resampling.LANCZOS)))
        if len(tiles) == rows * columns:
            break
    else:
        raise SystemExit(f"{folder}: fewer than {rows * columns} photographs of {half} pixels")
    mosaic = np.vstack([np.hstack(tiles[n * columns : (n + 1) * columns]) for n in range(rows)])
    noise = np.random.default_rng(0).normal(0, NOISE_GRAY_LEVELS, mosaic.shape)
    return np.rint(mosaic + noise).clip(0, 255).astype(np.uint8)


def decode(path: Path) -> torch.Tensor:
    """Return the pixels of a JPEG in gray levels without rounding, (3, h, w)."""
    image = read_jpeg(path)
    with torch.no_grad():
        problem = create_jpeg_problem(image, torch.device("cpu"))
        tile = problem.create_tile(problem.canvas)
        return tile.to_pixels(tile.decoded_image, Rectangle(0, 0, *image.size))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="a folder of photographs")
    parser.add_argument("--quality", type=int, default=95)
    parser.add_argument("--rows", type=int, default=4)
    parser.add_argument("--columns", type=int, default=5)
    wish = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "a.jpg")
        photograph = create_photograph(wish.folder, wish.rows, wish.columns)
        Image.fromarray(photograph).save(source, quality=wish.quality)
        jpeg_bytes, pixels = source.stat().st_size, decode(source)
    height, width = pixels.shape[1:]
    print(f"JPEG of {width}x{height}, QF {wish.quality}: {jpeg_bytes / 1e6:.1f} MB")
    print("| format | bits | MB | times the JPEG | CPU seconds |\n|---|---|---|---|---|")
    for suffix, bits in KINDS:
        began = time.process_time()
        size = len(encode_image(pixels, Path(f"a{suffix}"), bits=bits, metadata=NO_METADATA).data)
        seconds = time.process_time() - began
        row = (suffix[1:], bits, f"{size / 1e6:.1f}", f"{size / jpeg_bytes:.1f}", f"{seconds:.0f}")
        print(f"| {' | '.join(map(str, row))} |", flush=True)


if __name__ == "__main__":
    main()
