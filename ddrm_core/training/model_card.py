"""The model card that goes with an exported prior."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ddrm_core.prior.networks.compact import CompactConfig
from ddrm_core.sampler.protocols import GREY_LEVELS_PER_UNIT
from ddrm_core.training.noise_levels import SIGMA_RANGE


@dataclass(frozen=True, slots=True)
class Card:
    """What a card says.

    Attributes:
        file: The prior's name.
        header: Of its file.
        shape: Of its network.
        parameters: How many it has.
        psnr: In dB, by noise in grey levels, on held-out crops.
        held: How many of those, and their side in pixels.
        patches: That it was trained on.
    """

    file: str
    header: Mapping[str, str]
    shape: CompactConfig
    parameters: int
    psnr: Mapping[int, float]
    held: tuple[int, int]
    patches: int


def card_text(card: Card) -> str:
    """Markdown."""
    low, high = SIGMA_RANGE
    grey = f"{low * GREY_LEVELS_PER_UNIT:.0f} to {high * GREY_LEVELS_PER_UNIT:.0f} grey levels"
    channels = ", ".join(map(str, card.shape.channels))
    noise = "; ".join(f"{level}: {value:.2f} dB" for level, value in card.psnr.items())
    crops, side = card.held
    rows = {
        "Input": f"RGB in [-1, 1] plus noise of standard deviation {low} to {high} ({grey})",
        "Output": "the estimate of the clean picture, by the preconditioning of Karras et al. 2022"
        " with sigma_data 0.5",
        "Architecture": "U-Net of dense 3x3 convolutions on 2x2-unshuffled pixels,"
        f" channels {channels}; `ddrm_core/prior/networks/compact.py`",
        "Sides": f"any; padded inside to a multiple of {card.shape.size_multiple}",
        "Also in the file": "`band_error` at `band_error_sigma`: root mean square error of the"
        " estimate per DCT band in grey levels, for Y, Cb, Cr",
        "Trained on": f"{card.header['training_data']}; {card.patches:,} patches in"
        f" {card.header['iteration']} iterations; average {card.header['average']} of the weights",
        "PSNR by noise": f"{noise}; mean over {crops} held-out crops of {side}x{side} pixels",
        "Licence": card.header["licence"],
    }
    table = "\n".join(f"| {name} | {text} |" for name, text in rows.items())
    return (
        f"# Model card: the prior {card.header['name']}\n\n"
        f"`{card.file}` is an unconditional denoiser: given a picture plus Gaussian noise of known"
        " strength it\nestimates the clean picture."
        f" {card.parameters / 1e6:.2f} M parameters, float16 weights.\n\n"
        f"| | |\n|---|---|\n{table}\n"
    )
