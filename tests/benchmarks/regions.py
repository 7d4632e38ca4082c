"""Difference between a region restored alone and in the whole image, per image and seed.

    .venv/bin/python tests/benchmarks/regions.py FOLDER [--pictures 3] [--seeds 3] [--regions 10]

Images of a folder are compressed at QF 5, 10, 30, ... in turn, 4:2:0. Regions are drawn at random,
of 16 to 300 pixels a side.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

# The path contains the folder of this script instead.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np
from PIL import Image

from ddrm_core.cancel import CancelToken
from ddrm_core.device.selection import choose_device
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from ddrm_core.prior.checkpoint import load_prior
from ddrm_core.restoration.restore import restore
from ddrm_core.restoration.run import create_jpeg_run
from ddrm_core.sampler.settings import PRESETS, Preset
from tests.benchmarks.quality import compressed

QUALITIES = (5, 10, 30)


def random_region(rng: np.random.Generator, width: int, height: int) -> Rectangle:
    sides = rng.integers(16, 300, 2)
    across, down = min(int(sides[0]), width), min(int(sides[1]), height)
    left, top = rng.integers(0, width - across + 1), rng.integers(0, height - down + 1)
    return Rectangle(int(left), int(top), across, down)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pictures", type=int, default=3)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--regions", type=int, default=10)
    parser.add_argument("--preset", type=Preset, default=Preset.FAST)
    options = parser.parse_args()
    prior = load_prior(BUNDLED_PRIOR_PATH, choose_device("auto"))
    settings, rng = PRESETS[options.preset], np.random.default_rng(0)
    print("| picture | QF | seed | regions | mean difference | largest |\n|" + "---|" * 6)
    for number, file in enumerate(sorted(options.folder.glob("*.png"))[: options.pictures]):
        quality = QUALITIES[number % len(QUALITIES)]
        image = Image.open(file).convert("RGB")
        jpeg, _ = compressed(image, quality)
        for seed in range(options.seeds):
            run = create_jpeg_run(jpeg, prior, settings, seed=seed)
            whole = restore(run, CancelToken()).drain()
            means, largest = [], []
            for _ in range(options.regions):
                region = random_region(rng, *jpeg.size)
                run = create_jpeg_run(jpeg, prior, settings, seed=seed, region=region)
                alone = restore(run, CancelToken()).drain().image
                place = region.slices_in(Rectangle(0, 0, *jpeg.size))
                difference = (alone - whole.image[:, *place]).abs()
                means.append(float(difference.mean()))
                largest.append(float(difference.max()))
            figures = f"{np.mean(means):.4f} | {max(largest):.3f}"
            print(f"| {file.stem} | {quality} | {seed} | {len(means)} | {figures} |", flush=True)


if __name__ == "__main__":
    main()
