"""Measure the color calibration of a packaged prior: a file in resources/priors.

    .venv/bin/python tests/benchmarks/color_calibration.py ffdnet-color

The prior estimates 9x9x9 flat colors without noise, in float32, at each noise level. The bias in
noise of the same level is nearly the same, and rounding to bfloat16 is not part of it.
"""

from __future__ import annotations

import argparse

import torch
from safetensors.torch import save_file
from torch import Tensor

from ddrm_core.prior.color_calibration import measure_color_calibration
from ddrm_core.prior.store.load_packaged import load_packaged_weights
from ddrm_core.prior.store.packaged import find_packaged_prior

NOISE_LEVELS = (0.01, 0.03, 0.06, 0.12, 0.2, 0.3, 0.42, 0.588)
COLORS_PER_AXIS = 9
COLORS_PER_EVALUATION = 81


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("name", help="name of the prior")
    packaged = find_packaged_prior(parser.parse_args().name)
    if packaged is None:
        parser.error("no packaged prior has this name")
    prior = load_packaged_weights(packaged, torch.device("cpu"), precision=torch.float32)
    side = prior.info.size_multiple

    def estimate_flat_colors(colors: Tensor, sigma: float) -> Tensor:
        areas = colors[:, :, None, None].expand(-1, -1, side, side).contiguous()
        batches = areas.split(COLORS_PER_EVALUATION)
        estimates = torch.cat([prior.denoise(batch, sigma, lambda: None) for batch in batches])
        return estimates.mean((2, 3))

    calibration = measure_color_calibration(
        estimate_flat_colors, torch.tensor(NOISE_LEVELS), COLORS_PER_AXIS
    )
    save_file(
        {"sigma": calibration.sigmas, "offset": calibration.offsets.half()},
        packaged.color_calibration_path,
        {"prior": packaged.name, "sha256": packaged.sha256, "made by": "color_calibration.py"},
    )
    for sigma, offsets in zip(NOISE_LEVELS, calibration.offsets * 127.5, strict=True):
        inner = offsets[4:-4, 4:-4, 4:-4]
        print(
            f"sigma {sigma}: root mean square {offsets.square().mean().sqrt():.2f} gray levels,"
            f" largest {offsets.abs().max():.1f}; inner half {inner.square().mean().sqrt():.2f},"
            f" {inner.abs().max():.1f}"
        )


if __name__ == "__main__":
    main()
