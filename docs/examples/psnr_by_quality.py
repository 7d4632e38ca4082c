"""Print the PSNR of JPEGs and of their restorations against an original, by quality factor.

Run `python docs/examples/psnr_by_quality.py original.png 5 10 20 40`.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PIL import Image

import ddrm_core as ddrm
from ddrm_core.imaging.quantize_pixels import to_uint8
from ddrm_core.metrics.psnr import psnr


def print_psnr_by_quality(original: Image.Image, qualities: list[int]) -> None:
    """Compress an original at each quality factor, restore it, and print both PSNR in dB."""
    prior = ddrm.load_prior(ddrm.BUNDLED_PRIOR_PATH, ddrm.choose_device("auto"))
    settings = ddrm.PRESETS[ddrm.Preset.FAST]
    print("quality   JPEG  restored")
    with TemporaryDirectory() as folder:
        for quality in qualities:
            path = Path(folder) / f"{quality}.jpg"
            original.save(path, quality=quality)
            with Image.open(path) as decoded:
                before = psnr(np.asarray(decoded), np.asarray(original))
            run = ddrm.create_jpeg_run(ddrm.read_jpeg(path), prior, settings, seed=0)
            result = ddrm.restore(run, ddrm.CancelToken()).drain()
            after = psnr(to_uint8(result.image), np.asarray(original))
            print(f"{quality:7}  {before:5.2f}     {after:5.2f}")


if __name__ == "__main__":
    with Image.open(sys.argv[1]) as image:
        print_psnr_by_quality(image.convert("RGB"), [int(text) for text in sys.argv[2:]])
