"""The model card of an exported prior."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ddrm_core.prior.architectures.compact import CompactConfig
from ddrm_core.sampler.protocols import GRAY_LEVELS_PER_UNIT
from ddrm_core.training.noise_levels import SIGMA_RANGE


@dataclass(frozen=True, slots=True)
class ModelCard:
    """The contents of a model card.

    Attributes:
        file_name: Name of the prior's file.
        header: Header of the prior's file.
        config: Configuration of the network.
        parameter_count: Number of the network's parameters.
        psnr_by_noise_level: PSNR in dB on held-out crops, by noise in gray levels.
        crop_count_and_side: Number of held-out crops and their side in pixels.
        patch_count: Number of patches in training.
    """

    file_name: str
    header: Mapping[str, str]
    config: CompactConfig
    parameter_count: int
    psnr_by_noise_level: Mapping[int, float]
    crop_count_and_side: tuple[int, int]
    patch_count: int


def format_model_card(card: ModelCard) -> str:
    """Return a model card in Markdown."""
    low, high = SIGMA_RANGE
    gray_range = (
        f"{low * GRAY_LEVELS_PER_UNIT:.0f} to {high * GRAY_LEVELS_PER_UNIT:.0f} gray levels"
    )
    channels = ", ".join(map(str, card.config.channels))
    psnr_text = "; ".join(
        f"{level}: {value:.2f} dB" for level, value in card.psnr_by_noise_level.items()
    )
    crop_count, side = card.crop_count_and_side
    rows = {
        "Input": f"RGB in [-1, 1] plus noise of standard deviation {low} to {high} ({gray_range})",
        "Output": "the estimate of the clean picture, by the preconditioning of Karras et al. 2022"
        " with sigma_data 0.5",
        "Architecture": "U-Net of dense 3x3 convolutions on 2x2-unshuffled pixels,"
        f" channels {channels}; `ddrm_core/prior/architectures/compact.py`",
        "Sides": f"any; padded inside to a multiple of {card.config.size_multiple}",
        "Also in the file": "`band_error` at `band_error_sigma`: root mean square error of the"
        " estimate per DCT band in gray levels, for Y, Cb, Cr",
        "Trained on": f"{card.header['training_data']}; {card.patch_count:,} patches in"
        f" {card.header['iteration']} iterations; average {card.header['average']} of the weights",
        "PSNR by noise": f"{psnr_text}; mean over {crop_count} held-out crops"
        f" of {side}x{side} pixels",
        "License": card.header["licence"],
    }
    if "teacher" in card.header:
        rows["Teacher"] = card.header["teacher"]
    table = "\n".join(f"| {name} | {text} |" for name, text in rows.items())
    return (
        f"# Model card: the prior {card.header['name']}\n\n"
        f"`{card.file_name}` is an unconditional denoiser: given a picture plus Gaussian noise of"
        " known strength it\nestimates the clean picture."
        f" {card.parameter_count / 1e6:.2f} M parameters, float16 weights.\n\n"
        f"| | |\n|---|---|\n{table}\n"
    )
