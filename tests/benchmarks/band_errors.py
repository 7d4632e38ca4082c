"""Band errors of a prior whose file has none, measured on held-out photographs.

python tests/benchmarks/band_errors.py FOLDER FILE

FOLDER is the folder of photographs that the bundled prior was trained on: every 20th of them was
held out, see `ddrm_core/training/photographs/dataset.py`. FILE becomes a safetensors file with the
tensors `band_error`, (noise levels, 3 for Y, Cb and Cr, 64) in gray levels, and `band_error_sigma`,
and the PSNR of the estimate by noise in its header. The file of ffdnet-color in `resources/priors`
was made this way.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import torch
from safetensors.torch import save_file

from ddrm_core.device.selection import choose_device
from ddrm_core.prior.store.load_packaged import load_packaged_weights
from ddrm_core.prior.store.packaged import FFDNET_COLOR
from ddrm_core.training.photographs.dataset import collect_photographs, read_central_crops
from ddrm_core.training.trained_prior import BAND_ERROR_SIGMAS, measure_band_error
from ddrm_core.training.validation import (
    HELD_OUT_CROP_SIDE,
    crops_from_pixels,
    measure_psnr_by_noise,
)

NOISE_LEVELS = (5, 15, 25, 50)  # standard deviations in gray levels, of which PSNR is measured
# Short side of the smallest photographs that the bundled prior was trained on.
_MIN_SHORT_SIDE = 96


def do_nothing() -> None:
    """Let the evaluation continue."""


def main(folder: Path, file: Path) -> None:
    prior = load_packaged_weights(FFDNET_COLOR, choose_device("auto"))
    photographs = collect_photographs(
        folder, min_short_side=_MIN_SHORT_SIDE, min_held_out_side=HELD_OUT_CROP_SIDE
    )
    pixels = read_central_crops(photographs.held_out, HELD_OUT_CROP_SIDE)
    crops = crops_from_pixels(pixels)
    low, high = prior.info.sigma_range
    sigmas = sorted({high, *(sigma for sigma in BAND_ERROR_SIGMAS if low <= sigma < high)})
    errors = []
    for sigma in sigmas:
        error = measure_band_error(prior, crops, sigma, do_nothing)
        errors.append(error)
        luma, cb, cr = (float(e.square().mean().sqrt()) for e in error)
        print(f"sigma {sigma:.4f}: Y {luma:.2f}, Cb {cb:.2f}, Cr {cr:.2f} gray levels", flush=True)
    psnr = measure_psnr_by_noise(prior, crops, NOISE_LEVELS, do_nothing)
    print(", ".join(f"noise {level}: {value:.2f} dB" for level, value in psnr.items()))
    description = {
        "prior": FFDNET_COLOR.name,
        "sha256": FFDNET_COLOR.sha256,
        "crops": f"{len(crops)} of {HELD_OUT_CROP_SIDE}x{HELD_OUT_CROP_SIDE}",
        "precision": str(prior.precision).removeprefix("torch."),
        "validation_psnr": json.dumps({level: round(value, 3) for level, value in psnr.items()}),
        "made by": "tests/benchmarks/band_errors.py",
    }
    tensors = {"band_error": torch.stack(errors), "band_error_sigma": torch.tensor(sigmas)}
    save_file(tensors, file, description)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
