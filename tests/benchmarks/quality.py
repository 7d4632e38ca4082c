"""PSNR, SSIM and LPIPS of the presets over a folder of lossless images: tables in docs.

    .venv/bin/python tests/benchmarks/quality.py FOLDER --presets fast balanced --record FILE
    .venv/bin/python tests/benchmarks/quality.py FOLDER --central 160 --every 2 --most 10 \
        --record FILE

Images are compressed by libjpeg through Pillow, 4:2:0. Every figure is appended to the record
immediately. Started again with the same record, the benchmark computes missing figures only.
"""

from __future__ import annotations

import argparse
import io
import json
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from app.config.prior_locations import create_prior_library
from ddrm_core.cancel import CancelToken
from ddrm_core.device.selection import choose_device
from ddrm_core.imaging.quantize_pixels import to_uint8
from ddrm_core.jpeg.image import JpegImage
from ddrm_core.jpeg.read import read_jpeg
from ddrm_core.metrics.lpips import LpipsMetric, load_lpips
from ddrm_core.metrics.psnr import psnr
from ddrm_core.metrics.ssim import ssim
from ddrm_core.prior.denoiser import Prior
from ddrm_core.restoration.executor import OutputSelection
from ddrm_core.restoration.restore import Restoration, restore
from ddrm_core.restoration.run import create_jpeg_run
from ddrm_core.sampler.settings import PRESETS, Preset


def central(image: Image.Image, side: int | None) -> Image.Image:
    """Return the central square of an image with sides of `side` pixels; None: the image."""
    if side is None:
        return image
    left, top = (image.width - side) // 2, (image.height - side) // 2
    return image.crop((left, top, left + side, top + side))


def compressed(image: Image.Image, quality: int) -> tuple[JpegImage, np.ndarray]:
    """Compress an image; return the JPEG with its levels, and its pixels decoded by Pillow."""
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality, subsampling=2)
    with tempfile.NamedTemporaryFile(suffix=".jpg") as file:
        file.write(buffer.getvalue())
        file.flush()
        return read_jpeg(Path(file.name)), np.asarray(Image.open(buffer))


def measure(
    image: Image.Image,
    quality: int,
    preset: Preset,
    prior: Prior,
    samples: int | None,
    lpips: LpipsMetric | None,
) -> dict[str, float]:
    """Restore a compressed image, and return measurements of the JPEG and the result by name.

    The measurements are PSNR in dB, SSIM, LPIPS, the share of levels in their bins and seconds per
    megapixel. If fewer samples than the preset's are computed, SSIM and LPIPS are those of their
    mean; the PSNR and the time are extrapolated.

    Args:
        image: The original.
        quality: Quality factor of the JPEG.
        preset: Preset of the run.
        prior: The prior.
        samples: Number of samples, None for that of the preset.
        lpips: The LPIPS metric, None to omit LPIPS.
    """
    jpeg, decoded = compressed(image, quality)
    original = np.asarray(image)
    published = PRESETS[preset]
    settings = published if samples is None else replace(published, samples=samples)
    run = create_jpeg_run(jpeg, prior, settings, seed=0)
    result = restore(run, CancelToken(), OutputSelection(sample_count=settings.samples)).drain()
    figures = {"jpeg": psnr(decoded, original), "psnr": psnr(to_uint8(result.image), original)}
    for name, pixels in (
        ("jpeg", decoded),
        ("mean", to_uint8(result.image)),
        ("single", to_uint8(result.samples[0])),
    ):
        figures[f"{name}_ssim"] = ssim(pixels, original)
        if lpips is not None:
            figures[f"{name}_lpips"] = lpips(pixels, original)
    if settings.samples < published.samples:
        figures["psnr"] = extrapolated(result, original, published.samples)
    megapixels = image.width * image.height / 1e6
    seconds = result.seconds * published.samples / settings.samples
    return figures | {
        "single": float(np.mean([psnr(to_uint8(s), original) for s in result.samples])),
        "seconds_per_megapixel": seconds / megapixels,
        "inside": result.consistency.inside_fraction,
    }


def extrapolated(result: Restoration, original: np.ndarray, count: int) -> float:
    """Extrapolate the PSNR of the mean of `count` independent samples from fewer samples.

    The squared error of a mean of n samples is that of the mean of infinitely many samples, plus
    the variance of the samples over n.
    """
    samples = torch.stack(result.samples).clamp(0, 255)
    truth = torch.from_numpy(original.astype(np.float32)).permute(2, 0, 1)
    error = float((samples.mean(0) - truth).square().mean())
    variance = float(samples.var(0).mean())
    return float(10 * np.log10(255**2 / (error + variance * (1 / count - 1 / len(samples)))))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--central", type=int, help="side of a central square, in pixels")
    parser.add_argument("--every", type=int, default=1, help="of the pictures by name")
    parser.add_argument("--most", type=int, help="how many pictures")
    parser.add_argument("--quality", type=int, nargs="+", default=[5, 10, 30])
    parser.add_argument("--presets", type=Preset, nargs="+", default=list(Preset))
    parser.add_argument("--samples", type=int, help="fewer samples than the preset's; extrapolated")
    parser.add_argument("--prior", default="compact", help="name or file; one in each record")
    parser.add_argument("--lpips", type=Path, help="weights, as of `evaluate`")
    parser.add_argument("--record", type=Path, required=True)
    options = parser.parse_args()
    prior = create_prior_library().load(options.prior, choose_device("auto"))
    lpips = None if options.lpips is None else load_lpips(options.lpips)
    rows = (
        [json.loads(r) for r in options.record.read_text().splitlines()]
        if options.record.exists()
        else []
    )
    known = {(r["name"], r["quality"], r["preset"]) for r in rows}
    files = sorted(options.folder.glob("*.png"))[:: options.every][: options.most]
    images = {f.stem: central(Image.open(f).convert("RGB"), options.central) for f in files}
    for preset in options.presets:
        for quality in options.quality:
            for name, image in images.items():
                if (name, quality, preset.value) in known:
                    continue
                figures = measure(image, quality, preset, prior, options.samples, lpips)
                row = {"name": name, "quality": quality, "preset": preset.value, **figures}
                rows.append(row)
                with options.record.open("a") as file:
                    file.write(json.dumps(row) + "\n")
    print_table(rows, options.quality, time.strftime("%Y-%m-%d"))


def print_table(rows: list[dict], qualities: list[int], day: str) -> None:
    """Print a table of the mean PSNR / SSIM / LPIPS over images, per quality factor and preset.

    The columns are the JPEG, the mean of the samples and one sample, then the seconds per
    megapixel.
    """
    print(f"Measured on {day}; means over pictures.")
    print("| QF | preset | pictures | JPEG | mean of samples | one sample | s/MP |\n|" + "---|" * 7)
    for quality in qualities:
        for preset in Preset:
            chosen = [r for r in rows if (r["quality"], r["preset"]) == (quality, preset.value)]
            if not chosen:
                continue
            cells = [
                cell(chosen, psnr_name, name)
                for psnr_name, name in (("jpeg", "jpeg"), ("psnr", "mean"), ("single", "single"))
            ]
            seconds = np.mean([r["seconds_per_megapixel"] for r in chosen])
            print(f"| {quality} | {preset} | {len(chosen)} | {' | '.join(cells)} | {seconds:.1f} |")


def cell(rows: list[dict], psnr_name: str, name: str) -> str:
    figures = [f"{np.mean([r[psnr_name] for r in rows]):.2f}"]
    for metric in ("ssim", "lpips"):
        values = [r[f"{name}_{metric}"] for r in rows if f"{name}_{metric}" in r]
        figures += [f"{np.mean(values):.3f}"] if values else []
    return " / ".join(figures)


if __name__ == "__main__":
    main()
