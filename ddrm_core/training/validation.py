"""How good weights in training are, on photographs that they never saw."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from jaxtyping import UInt8
from numpy.typing import NDArray
from PIL import Image

from ddrm_core.cancel import CancelToken
from ddrm_core.imaging.quantize_pixels import rounded
from ddrm_core.jpeg.read import read_jpeg
from ddrm_core.metrics.psnr import psnr
from ddrm_core.prior.denoiser import Prior
from ddrm_core.prior.networks.compact import CompactNetwork
from ddrm_core.restoration.restore import Restoration, restore
from ddrm_core.restoration.run import create_jpeg_run
from ddrm_core.restoration.step import RunStep
from ddrm_core.sampler.protocols import GREY_LEVELS_PER_UNIT
from ddrm_core.sampler.schedule import sigma_at
from ddrm_core.sampler.settings import PRESETS, Preset
from ddrm_core.training.trained_prior import Crops, differences, trained_prior

HELD_SIDE = 160
"""Of the crops, in pixels."""
NOISE_LEVELS = (15, 25, 50)
"""Grey levels."""
TIMESTEPS = (0, 20, 60, 120, 240)
"""Of the sampler's schedule."""
_QUALITY = 10
# Every how many crops are enough where a trend is looked for, not a figure to publish.
_OF_TIMESTEPS, _OF_BANDS, _OF_RESTORED = 3, 9, 7

HeldPixels = UInt8[NDArray[np.uint8], "b s s 3"]


@dataclass(frozen=True, slots=True)
class Validation:
    """PSNR in dB, the mean over crops.

    Attributes:
        noise: Of the estimate, by the noise's standard deviation in grey levels.
        timesteps: Of the estimate, by timestep of the sampler's schedule.
        restored: Of DDRM from QF 10, preset fast, and of the JPEG itself.
    """

    noise: dict[int, float]
    timesteps: dict[int, float]
    restored: tuple[float, float]


def as_crops(pixels: HeldPixels) -> Crops:
    """In network units."""
    return torch.from_numpy(pixels).permute(0, 3, 1, 2).float() / GREY_LEVELS_PER_UNIT - 1


def validate(
    network: CompactNetwork, held: HeldPixels, device: torch.device, token: CancelToken
) -> Validation:
    """Of weights that will not be used for anything else.

    Raises:
        Cancelled: `token` was cancelled.
    """
    poll = token.raise_if_cancelled
    crops = as_crops(held)
    some = crops[::_OF_TIMESTEPS]
    prior = trained_prior(network, crops[::_OF_BANDS], device, poll)
    return Validation(
        noise=psnr_by_noise(prior, crops, NOISE_LEVELS, poll),
        timesteps={t: _psnr_at(prior, some, sigma_at(t), poll) for t in TIMESTEPS},
        restored=_restored_psnr(prior, held[::_OF_RESTORED], token),
    )


def psnr_by_noise(
    prior: Prior, crops: Crops, levels: Sequence[int], poll: Callable[[], None]
) -> dict[int, float]:
    """Of the estimate at noise of so many grey levels."""
    return {level: _psnr_at(prior, crops, level / GREY_LEVELS_PER_UNIT, poll) for level in levels}


def _psnr_at(prior: Prior, crops: Crops, sigma: float, poll: Callable[[], None]) -> float:
    errors = torch.cat(differences(prior, crops, sigma, poll))
    clipped = (crops + errors).clamp(-1, 1) - crops
    squares = clipped.square().mean((1, 2, 3))
    return float((10 * torch.log10(4 / squares)).mean())


def _restored_psnr(prior: Prior, held: HeldPixels, token: CancelToken) -> tuple[float, float]:
    gained, plain = [], []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "crop.jpg"
        for pixels in held:
            Image.fromarray(pixels).save(path, "JPEG", quality=_QUALITY, subsampling="4:2:0")
            run = create_jpeg_run(read_jpeg(path), prior, PRESETS[Preset.FAST], seed=0)
            gained.append(psnr(rounded(_finished(restore(run, token)).image), pixels))
            with Image.open(path) as image:
                plain.append(psnr(np.asarray(image), pixels))
    return float(np.mean(gained)), float(np.mean(plain))


def _finished(steps: Generator[RunStep, None, Restoration]) -> Restoration:
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result: Restoration = end.value
            return result
