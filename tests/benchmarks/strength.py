"""Strengths of a result: share of levels in their bins before rounding, and PSNR.

    python tests/benchmarks/strength.py

The sample image is restored, and an image of 161x127 pixels (QF 90, 4:2:0) with a kept area.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

import numpy as np
import torch
from PIL import Image

from app.config.prior_locations import find_default_prior, load_prior_by_name
from app.config.resources import EXAMPLE_IMAGE_PATH
from ddrm_core.cancel import CancelToken
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.jpeg.read import read_jpeg
from ddrm_core.metrics.psnr import psnr_from_mse
from ddrm_core.prior.denoiser import Prior
from ddrm_core.restoration.restore import restore
from ddrm_core.restoration.run import create_jpeg_run
from ddrm_core.restoration.strength import apply_strength, project_decoded_image
from ddrm_core.sampler.settings import PRESETS, Preset

STRENGTHS = (0.0, 0.25, 0.5, 0.75, 1.0)
ORIGINAL = EXAMPLE_IMAGE_PATH.with_name("budgie_branch_original.png")


def main() -> None:
    torch.set_num_threads(1)
    prior = load_prior_by_name(find_default_prior().name, "cpu", print)
    original = Image.open(ORIGINAL).convert("RGB")
    measure("sample", EXAMPLE_IMAGE_PATH, original, prior)
    with tempfile.TemporaryDirectory() as folder:
        cropped = original.crop((180, 30, 341, 157))
        path = Path(folder) / "161x127.jpg"
        cropped.save(path, quality=90, subsampling=2)
        measure("161x127, QF 90, 4:2:0", path, cropped, prior, Rectangle(50, 40, 30, 20))


def measure(name: str, path: Path, original: Image.Image, prior: Prior, *kept: Rectangle) -> None:
    """Print share and PSNR of each strength of one image's result."""
    run = create_jpeg_run(read_jpeg(path), prior, PRESETS[Preset.FAST], seed=0)
    steps = restore(run, CancelToken())
    list(steps)
    result, reference = steps.result, torch.from_numpy(np.array(original)).permute(2, 0, 1).float()
    tile = run.problem.create_tile(run.problem.canvas)
    decoded = tile.to_pixels(tile.decoded_image, run.output_region)
    projected = project_decoded_image(run)
    rows = [("decoded", decoded)]
    for strength in STRENGTHS:
        blend = apply_strength(run, result.image, strength, kept, projected_decoded_image=projected)
        rows.append((f"{strength:g}", blend))
    print(f"{name}{', with a kept area' if kept else ''}")
    for label, image in rows:
        components = run.problem.verify(image, run.region).consistency.components
        total = sum(c.coefficients for c in components)
        inside = sum(c.inside for c in components)
        psnr = psnr_from_mse(float((image.clamp(0, 255) - reference).square().mean()))
        print(f"  {label:8} {inside:,} of {total:,} in their bins, {psnr:.2f} dB")


if __name__ == "__main__":
    main()
