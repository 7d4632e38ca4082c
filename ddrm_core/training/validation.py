"""Validation of weights in training, on held-out photographs."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from jaxtyping import UInt8
from numpy.typing import NDArray
from PIL import Image

from ddrm_core.cancel import CancelToken
from ddrm_core.imaging.quantize_pixels import to_uint8
from ddrm_core.jpeg.read import read_jpeg
from ddrm_core.metrics.psnr import psnr
from ddrm_core.prior.architectures.compact import CompactNetwork
from ddrm_core.prior.denoiser import Prior
from ddrm_core.restoration.restore import restore
from ddrm_core.restoration.run import create_jpeg_run
from ddrm_core.sampler.protocols import GRAY_LEVELS_PER_UNIT
from ddrm_core.sampler.schedule import sigma_at
from ddrm_core.sampler.settings import PRESETS, Preset
from ddrm_core.training.trained_prior import (
    CropTensor,
    compute_estimate_errors,
    create_trained_prior,
)

HELD_OUT_CROP_SIDE = 160
"""Side of a held-out crop in pixels."""
VALIDATION_NOISE_LEVELS = (15, 25, 50)
"""Standard deviations of the noise in gray levels."""
VALIDATION_TIMESTEPS = (0, 20, 60, 120, 240)
"""Timesteps of the sampler's schedule."""
_VALIDATION_JPEG_QUALITY = 10
# Only every n-th crop is used: enough to show a trend.
_TIMESTEP_STRIDE, _BAND_ERROR_STRIDE, _RESTORATION_STRIDE = 3, 9, 7

HeldOutCrops = UInt8[NDArray[np.uint8], "b s s 3"]


@dataclass(frozen=True, slots=True)
class ValidationResult:
    """The PSNR of a network in dB, as means over held-out crops.

    Attributes:
        psnr_by_noise_level: PSNR of the estimate, by the noise's standard deviation in gray levels.
        psnr_by_timestep: PSNR of the estimate, by timestep of the sampler's schedule.
        restored_and_jpeg_psnr: PSNR of JPEGs at QF 10 that were restored with the preset "fast",
            followed by the PSNR of these JPEGs before restoration.
    """

    psnr_by_noise_level: dict[int, float]
    psnr_by_timestep: dict[int, float]
    restored_and_jpeg_psnr: tuple[float, float]


def crops_from_pixels(pixels: HeldOutCrops) -> CropTensor:
    """Convert 8-bit pixels of held-out crops, (n, s, s, 3), to (n, 3, s, s) in network units."""
    return torch.from_numpy(pixels).permute(0, 3, 1, 2).float() / GRAY_LEVELS_PER_UNIT - 1


def validate_network(
    network: CompactNetwork, held_out_crops: HeldOutCrops, device: torch.device, token: CancelToken
) -> ValidationResult:
    """Measure the PSNR of a network on held-out crops.

    The network is changed and must not be used afterwards.

    Raises:
        OperationCancelled: If `token` was cancelled.
    """
    poll = token.raise_if_cancelled
    crops = crops_from_pixels(held_out_crops)
    timestep_crops = crops[::_TIMESTEP_STRIDE]
    prior = create_trained_prior(network, crops[::_BAND_ERROR_STRIDE], device, poll)
    return ValidationResult(
        psnr_by_noise_level=measure_psnr_by_noise(prior, crops, VALIDATION_NOISE_LEVELS, poll),
        psnr_by_timestep={
            t: _measure_estimate_psnr(prior, timestep_crops, sigma_at(t), poll)
            for t in VALIDATION_TIMESTEPS
        },
        restored_and_jpeg_psnr=_measure_restored_psnr(
            prior, held_out_crops[::_RESTORATION_STRIDE], token
        ),
    )


def measure_psnr_by_noise(
    prior: Prior, crops: CropTensor, noise_levels: Sequence[int], poll: Callable[[], None]
) -> dict[int, float]:
    """Return the PSNR of the prior's estimates of noisy crops, in dB by noise level.

    Args:
        prior: Prior.
        crops: Clean crops in network units.
        noise_levels: Standard deviations of the noise in gray levels.
        poll: Function called between the network's blocks; an error that it raises ends the
            measurement.
    """
    return {
        level: _measure_estimate_psnr(prior, crops, level / GRAY_LEVELS_PER_UNIT, poll)
        for level in noise_levels
    }


def _measure_estimate_psnr(
    prior: Prior, crops: CropTensor, sigma: float, poll: Callable[[], None]
) -> float:
    errors = torch.cat(compute_estimate_errors(prior, crops, sigma, poll))
    clipped = (crops + errors).clamp(-1, 1) - crops
    squares = clipped.square().mean((1, 2, 3))
    return float((10 * torch.log10(4 / squares)).mean())


def _measure_restored_psnr(
    prior: Prior, held_out_crops: HeldOutCrops, token: CancelToken
) -> tuple[float, float]:
    restored_psnrs, jpeg_psnrs = [], []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "crop.jpg"
        for pixels in held_out_crops:
            Image.fromarray(pixels).save(
                path, "JPEG", quality=_VALIDATION_JPEG_QUALITY, subsampling="4:2:0"
            )
            run = create_jpeg_run(read_jpeg(path), prior, PRESETS[Preset.FAST], seed=0)
            restored_psnrs.append(psnr(to_uint8(restore(run, token).drain().image), pixels))
            with Image.open(path) as image:
                jpeg_psnrs.append(psnr(np.asarray(image), pixels))
    return float(np.mean(restored_psnrs)), float(np.mean(jpeg_psnrs))
