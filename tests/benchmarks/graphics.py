"""Drawings and flat colors: gain over the JPEG, and the largest additional deviation.

    .venv/bin/python tests/benchmarks/graphics.py --presets fast balanced --priors compact \
        --record graphics.jsonl
    .venv/bin/python tests/benchmarks/graphics.py --flat --quality 10 --only magenta green \
        --images FOLDER

The images are made by `tests/support/drawings.py` and compressed by libjpeg through Pillow. For
drawings, a table has the gain in PSNR over the JPEG in dB. For flat colors, also beside text and
lines, a table has the largest additional deviation in gray levels: at each pixel of the flat color,
how much further the result is from the original than the JPEG is within 8 pixels. The maximum over
all channels is given for pixels up to 8 pixels from the edges of the image and for all others; it
is negative if the result is nearer to the original everywhere.

Every figure is appended to the record immediately. Started again with the same record, the
benchmark computes missing figures only.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

# The path contains the folder of this script instead.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np
from PIL import Image
from scipy.ndimage import maximum_filter

from app.config.prior_locations import create_prior_library
from ddrm_core.cancel import CancelToken
from ddrm_core.device.selection import choose_device
from ddrm_core.imaging.quantize_pixels import to_uint8
from ddrm_core.jpeg.read import read_jpeg
from ddrm_core.metrics.psnr import psnr
from ddrm_core.prior.denoiser import Prior
from ddrm_core.restoration.restore import restore
from ddrm_core.restoration.run import create_jpeg_run
from ddrm_core.sampler.settings import PRESETS, Preset
from tests.support.drawings import DRAWINGS, FLAT_COLORS, FLAT_VARIANTS

DRAWING_QUALITIES, FLAT_QUALITIES = (10, 30, 60, 85), (5, 10, 30, 60)
# Width of the area at the edges, and distance up to which a deviation of the JPEG excuses one of
# the result: the JPEG's error of a block depends on the phase of its content.
EDGE_PX = NEIGHBORHOOD_PX = 8
PILLOW_SAMPLING = {"4:4:4": 0, "4:2:2": 1, "4:2:0": 2}
AREAS = ("edge", "inside")
Row = dict[str, object]


def iter_images(options: argparse.Namespace) -> Iterator[tuple[str, str, Image.Image]]:
    """Yield kind (drawing, or variant of a flat color), name and original of the chosen images."""

    def is_chosen(name: str) -> bool:
        return options.only is None or any(part in name for part in options.only)

    if not options.flat:
        for name, draw in DRAWINGS.items():
            if is_chosen(name):
                yield "drawing", name, draw()
    if not options.drawings:
        for variant, draw_variant in FLAT_VARIANTS.items():
            for name, color in FLAT_COLORS.items():
                if is_chosen(name):
                    yield variant, name, draw_variant(color)


def restore_drawing(
    original: Image.Image, quality: int, preset: Preset, prior: Prior, options: argparse.Namespace
) -> tuple[np.ndarray, np.ndarray, float]:
    """Compress and restore an image.

    Returns:
        Decoded JPEG and result, (h, w, 3), and the share of levels in their bins before rounding.
    """
    buffer = io.BytesIO()
    subsampling = PILLOW_SAMPLING[options.sampling]
    original.save(buffer, "JPEG", quality=quality, subsampling=subsampling)
    with tempfile.NamedTemporaryFile(suffix=".jpg") as file:
        file.write(buffer.getvalue())
        file.flush()
        run = create_jpeg_run(read_jpeg(Path(file.name)), prior, PRESETS[preset], seed=0)
    result = restore(run, CancelToken()).drain()
    decoded = np.asarray(Image.open(buffer).convert("RGB"))
    restored = to_uint8(result.image)
    if restored.ndim == 2:
        restored = np.repeat(restored[..., None], 3, 2)
    return decoded, restored, result.consistency.inside_fraction


def find_additional_deviation(
    original: np.ndarray, decoded: np.ndarray, restored: np.ndarray
) -> dict[str, int]:
    """Return the largest additional deviation of a result, in gray levels, by area.

    Only pixels of the color of the original's first pixel count: the flat color beside text and
    lines.
    """

    def deviation(pixels: np.ndarray) -> np.ndarray:
        return np.abs(pixels.astype(int) - original).max(2)

    side = 2 * NEIGHBORHOOD_PX + 1
    additional = deviation(restored) - maximum_filter(deviation(decoded), side, mode="nearest")
    is_flat = (original == original[0, 0]).all(2)
    is_inside = np.zeros(additional.shape, bool)
    is_inside[EDGE_PX:-EDGE_PX, EDGE_PX:-EDGE_PX] = True
    return {
        "edge": int(additional[is_flat & ~is_inside].max()),
        "inside": int(additional[is_flat & is_inside].max()),
    }


def measure(
    row: Row, original: Image.Image, preset: Preset, prior: Prior, options: argparse.Namespace
) -> Row:
    """Return `row` with the measurements of one image, and write the images if requested."""
    quality = int(str(row["quality"]))
    decoded, restored, inside = restore_drawing(original, quality, preset, prior, options)
    pixels = np.asarray(original)
    if options.images is not None:
        options.images.mkdir(parents=True, exist_ok=True)
        stem = "_".join(str(row[k]).replace(" ", "-") for k in ("kind", "name", "quality"))
        beside = np.concatenate([pixels, decoded, restored], 1)
        name = f"{stem}_{row['preset']}_{prior.info.name}.png"
        Image.fromarray(beside).save(options.images / name)
    is_drawing = row["kind"] == "drawing"
    return row | {
        # An exact image has no finite PSNR.
        "jpeg": min(psnr(decoded, pixels), 99.0),
        "psnr": min(psnr(restored, pixels), 99.0),
        "in_bins": inside,
        **({} if is_drawing else find_additional_deviation(pixels, decoded, restored)),
    }


def print_drawings(rows: list[Row], qualities: list[int], preset: str, prior: str) -> None:
    """Print the gain over the JPEG in dB: a row per drawing, a column per quality factor."""
    print(f"\nDrawings, `{preset}`, {prior}: gain over the JPEG, dB\n")
    print(
        "| | " + " | ".join(f"QF {q}" for q in qualities) + " |\n|" + "---|" * (len(qualities) + 1)
    )
    gains: list[list[float]] = []
    for name in dict.fromkeys(str(r["name"]) for r in rows):
        by_quality = {r["quality"]: r for r in rows if r["name"] == name}
        gains.append([by_quality[q]["psnr"] - by_quality[q]["jpeg"] for q in qualities])
        print(f"| {name} | " + " | ".join(f"{gain:+.2f}" for gain in gains[-1]) + " |")
    for title, summary in (("mean", np.mean), ("lowest", np.min)):
        print(f"| *{title}* | " + " | ".join(f"{g:+.2f}" for g in summary(gains, axis=0)) + " |")


def print_flat_colors(rows: list[Row], qualities: list[int], preset: str, prior: str) -> None:
    """Print the largest additional deviation: columns are quality factors, cells edge / inside."""
    print(
        f"\nFlat colors, `{preset}`, {prior}: largest additional deviation, {' / '.join(AREAS)}\n"
    )
    variants = list(dict.fromkeys(str(r["kind"]) for r in rows))
    heads = [f"{variant}, QF {q}" for variant in variants for q in qualities]
    print("| | " + " | ".join(heads) + " |\n|" + "---|" * (len(heads) + 1))
    columns = [(variant, q) for variant in variants for q in qualities]
    worst = {column: [-255] * len(AREAS) for column in columns}
    for name in dict.fromkeys(str(r["name"]) for r in rows):
        found = {(str(r["kind"]), r["quality"]): r for r in rows if r["name"] == name}
        cells = []
        for column in columns:
            values = [int(str(found[column][area])) for area in AREAS]
            worst[column] = [max(pair) for pair in zip(worst[column], values, strict=True)]
            cells.append(" / ".join(map(str, values)))
        print(f"| {name} | " + " | ".join(cells) + " |")
    cells = [" / ".join(map(str, worst[column])) for column in columns]
    print("| *largest* | " + " | ".join(cells) + " |")


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--presets", type=Preset, nargs="+", default=[Preset.FAST])
    parser.add_argument("--priors", nargs="+", default=["compact"], help="names or files")
    parser.add_argument("--quality", type=int, nargs="+", help="10 30 60 85; flat: 5 10 30 60")
    parser.add_argument("--sampling", choices=PILLOW_SAMPLING, default="4:2:0")
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--flat", action="store_true", help="flat colors only")
    only.add_argument("--drawings", action="store_true", help="drawings only")
    parser.add_argument("--only", nargs="+", help="images whose names contain one of these")
    parser.add_argument("--images", type=Path, help="folder for original, JPEG, result as PNG")
    parser.add_argument("--record", type=Path, help="file of all figures")
    return parser.parse_args()


def main() -> None:
    options = parse_options()
    record: Path | None = options.record
    known: dict[tuple[object, ...], Row] = {}
    keys = ("kind", "name", "quality", "sampling", "preset", "prior")
    if record is not None and record.exists():
        rows = [json.loads(line) for line in record.read_text().splitlines()]
        known = {tuple(row[k] for k in keys): row for row in rows}
    for prior_name in options.priors:
        prior = create_prior_library().load(prior_name, choose_device("auto"))
        for preset in options.presets:
            chosen: list[Row] = []
            for kind, name, original in iter_images(options):
                default = DRAWING_QUALITIES if kind == "drawing" else FLAT_QUALITIES
                for quality in options.quality or default:
                    identity = (kind, name, quality, options.sampling, preset.value, prior_name)
                    row = dict(zip(keys, identity, strict=True))
                    if identity not in known:
                        known[identity] = measure(row, original, preset, prior, options)
                        if record is not None:
                            with record.open("a") as file:
                                file.write(json.dumps(known[identity]) + "\n")
                    chosen.append(known[identity])
            drawings = [r for r in chosen if r["kind"] == "drawing"]
            flat = [r for r in chosen if r["kind"] != "drawing"]
            if drawings:
                qualities = options.quality or list(DRAWING_QUALITIES)
                print_drawings(drawings, qualities, preset.value, prior_name)
            if flat:
                print_flat_colors(
                    flat, options.quality or list(FLAT_QUALITIES), preset.value, prior_name
                )
            lowest = min(float(str(r["in_bins"])) for r in chosen)
            print(f"\nLowest share of levels in their bins: {lowest:.4%}")


if __name__ == "__main__":
    main()
