"""Mean RGB PSNR of dequantization over lossless images: the table in docs/RESULTS.md.

    .venv/bin/python tests/benchmarks/dequantize.py FOLDER --bits 3 --record FILE
    .venv/bin/python tests/benchmarks/dequantize.py FOLDER --central 160 --every 2 --most 10 \
        --record FILE --pictures FOLDER

Images keep their first bits. Every figure is appended to the record immediately. Started again with
the same record, the benchmark computes missing figures only.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from ddrm_core.cancel import CancelToken
from ddrm_core.device.selection import choose_device
from ddrm_core.imaging.quantize_pixels import to_uint8
from ddrm_core.metadata.model import NO_METADATA
from ddrm_core.metrics.psnr import psnr
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from ddrm_core.prior.checkpoint import load_prior
from ddrm_core.prior.denoiser import Prior
from ddrm_core.problems.bit_depth.image import QuantizedImage, quantized_image_from_pixels
from ddrm_core.problems.bit_depth.problem import BitDepthProblem
from ddrm_core.problems.bit_depth.settings import ReconstructionPoint
from ddrm_core.restoration.restore import restore
from ddrm_core.restoration.run import create_bit_depth_run
from ddrm_core.sampler.corrections.bins import BinsParameters
from ddrm_core.sampler.settings import PRESETS, Preset, SamplerSettings

METHODS = ("lower-edge", "mid-bin", "paper", "bins")
SUFFIXES = (".png", ".bmp")
GAP = 4  # pixels between images side by side


def central(image: Image.Image, side: int | None) -> Image.Image:
    """Return the central square of an image with sides of `side` pixels; None: the image."""
    if side is None:
        return image
    left, top = (image.width - side) // 2, (image.height - side) // 2
    return image.crop((left, top, left + side, top + side))


def quantized(original: np.ndarray, bits: int) -> QuantizedImage:
    picture = torch.from_numpy(original.astype(np.float32)).permute(2, 0, 1)
    return quantized_image_from_pixels(
        picture, path=Path("none.png"), metadata=NO_METADATA, bits=bits
    )


def settings_of(method: str, preset: Preset, options: argparse.Namespace) -> SamplerSettings:
    settings = replace(PRESETS[preset], correction=method)
    if options.start_factor is not None:
        settings = replace(settings, start_factor=options.start_factor)
    if options.error_factor is not None:
        settings = settings.with_parameters(BinsParameters(options.error_factor))
    return settings


def solved(
    original: np.ndarray, method: str, prior: Prior, options: argparse.Namespace
) -> tuple[np.ndarray, dict[str, float]]:
    """Restore an image reduced to few bits per channel, and return the result.

    Args:
        original: The original in 8 bits.
        method: Name of a correction, or of a reconstruction point for a result without a prior.
        prior: The prior.
        options: Options of the command line.

    Returns:
        The restored image in 8 bits, and its measurements by name.
    """
    image = quantized(original, options.bits)
    if method in tuple(ReconstructionPoint):
        problem = BitDepthProblem(image, torch.device("cpu"), ReconstructionPoint(method))
        part = problem.create_tile(problem.canvas)
        return to_uint8(part.to_pixels(part.decoded_image, problem.canvas)), {}
    settings = settings_of(method, options.preset, options)
    run = create_bit_depth_run(image, prior, settings, seed=0)
    result = restore(run, CancelToken()).drain()
    after = run.problem.verify(result.image.round().clamp(0, 255)).consistency.inside_fraction
    return to_uint8(result.image), {
        "start": run.start,
        "seconds": result.seconds,
        "inside": result.consistency.inside_fraction,
        "inside_as_saved": after,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--central", type=int, help="side of a central square, in pixels")
    parser.add_argument("--every", type=int, default=1, help="of the pictures by name")
    parser.add_argument("--most", type=int, help="how many pictures")
    parser.add_argument("--bits", type=int, default=3, help="per channel")
    parser.add_argument("--preset", type=Preset, default=Preset.FAST)
    parser.add_argument("--methods", choices=METHODS, nargs="+", default=list(METHODS))
    parser.add_argument("--start-factor", type=float, help="another than the preset's")
    parser.add_argument("--error-factor", type=float, help="another than the preset's")
    parser.add_argument("--prior", type=Path, default=BUNDLED_PRIOR_PATH)
    parser.add_argument("--record", type=Path, required=True)
    parser.add_argument("--pictures", type=Path, help="a folder for all methods side by side")
    options = parser.parse_args()
    prior = load_prior(options.prior, choose_device("auto"))
    record = options.record
    rows = [json.loads(r) for r in record.read_text().splitlines()] if record.exists() else []
    known = {(r["name"], r["method"]) for r in rows}
    files = sorted(f for f in options.folder.iterdir() if f.suffix.lower() in SUFFIXES)
    for file in files[:: options.every][: options.most]:
        with Image.open(file) as opened:
            original = np.asarray(central(opened.convert("RGB"), options.central))
        shown = []
        for method in options.methods:
            if (file.stem, method) in known and options.pictures is None:
                continue
            picture, facts = solved(original, method, prior, options)
            shown.append(picture)
            if (file.stem, method) not in known:
                figures = {"psnr": psnr(picture, original), **facts}
                rows.append({"name": file.stem, "method": method, **figures})
                with record.open("a") as lines:
                    lines.write(json.dumps(rows[-1]) + "\n")
        if options.pictures is not None:
            side_by_side([*shown, original]).save(options.pictures / f"{file.stem}.png")
    print_table(rows, options)


def side_by_side(pictures: list[np.ndarray]) -> Image.Image:
    height = pictures[0].shape[0]
    gap = np.full((height, GAP, 3), 255, np.uint8)
    parts = [part for picture in pictures for part in (gap, picture)][1:]
    return Image.fromarray(np.concatenate(parts, 1))


def print_table(rows: list[dict], options: argparse.Namespace) -> None:
    day = time.strftime("%Y-%m-%d")
    print(f"Measured on {day}: {options.bits} bits per channel, preset {options.preset}.")
    heads = ["method", "pictures", "PSNR dB", "gain dB", "in bins", "as saved", "s"]
    print("|", " | ".join(heads), "|\n|" + "---|" * len(heads))
    before = np.mean([r["psnr"] for r in rows if r["method"] == "lower-edge"] or [np.nan])
    for method in METHODS:
        chosen = [r for r in rows if r["method"] == method]
        if not chosen:
            continue
        mean = np.mean([r["psnr"] for r in chosen])
        cells = [method, str(len(chosen)), f"{mean:.2f}", f"{mean - before:+.2f}"]
        if "seconds" in chosen[0]:
            names = ("inside", "inside_as_saved", "seconds")
            inside, saved, seconds = (np.mean([r[n] for r in chosen]) for n in names)
            cells += [f"{inside:.4%}", f"{saved:.4%}", f"{seconds:.1f}"]
        print("|", " | ".join(cells), "|")


if __name__ == "__main__":
    main()
