"""A trained average as a prior's file with its model card."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import save

from ddrm_core.cancel import CancelToken
from ddrm_core.errors import InvalidSetting
from ddrm_core.files.atomic_write import write_atomically
from ddrm_core.prior.checkpoint import PRIOR_FORMAT
from ddrm_core.prior.networks.compact import CompactConfig, CompactNetwork
from ddrm_core.training.model_card import Card, card_text
from ddrm_core.training.noise_levels import SIGMA_RANGE
from ddrm_core.training.state import TrainingState, averaged_network
from ddrm_core.training.trained_prior import trained_prior
from ddrm_core.training.validation import NOISE_LEVELS, HeldPixels, as_crops, psnr_by_noise


@dataclass(frozen=True, slots=True)
class Naming:
    """What only the person who trained a prior can say of it.

    Attributes:
        name: Of the prior.
        licence: Of the weights, which the photographs' licences bound.
        training_data: In words, e.g. "538 freely licensed photographs".
    """

    name: str
    licence: str
    training_data: str


def export_prior(
    path: Path,
    state: TrainingState,
    held: HeldPixels,
    naming: Naming,
    *,
    average: float | None,
    device: torch.device,
) -> Card:
    """Write a prior that `load_prior` reads, and its model card beside it (.md).

    Weights are float16, and everything is measured with them as they are in the file.

    Args:
        path: A safetensors file, replaced where it exists.
        state: The run.
        held: Crops of held-out photographs.
        naming: For the header and the card.
        average: The decay of the average to take; None for the better PSNR.
        device: Where to measure.

    Raises:
        InvalidSetting: There is no such average.
        UnwritableOutput: The system refused.
    """
    if average is not None and average not in state.averages:
        known = ", ".join(map(str, state.averages))
        raise InvalidSetting("average", average, known)
    decays = list(state.averages) if average is None else [average]
    candidates = [_measured(state, decay, held, device) for decay in decays]
    decay, psnr, tensors = max(candidates, key=lambda candidate: sum(candidate[1].values()))
    header = {
        "format": PRIOR_FORMAT,
        "name": naming.name,
        "architecture": architecture(state.shape),
        "range": "RGB in [-1, 1]",
        "sigma": "{} to {}".format(*SIGMA_RANGE),
        "size_multiple": str(state.shape.size_multiple),
        "iteration": str(state.iteration),
        "average": str(decay),
        "validation_psnr": json.dumps({str(k): round(v, 3) for k, v in psnr.items()}),
        "training_data": naming.training_data,
        "licence": naming.licence,
    }
    parameters = sum(t.numel() for t in tensors.values() if t.dtype == torch.float16)
    card = Card(path.name, header, state.shape, parameters, psnr, held.shape[:2], state.patches)
    write_atomically(path, save(tensors, header))
    write_atomically(path.with_suffix(".md"), card_text(card).encode())
    return card


def architecture(shape: CompactConfig) -> str:
    """As the header of a prior's file has it."""
    numbers = {
        "kind": "compact",
        "channels": list(shape.channels),
        "blocks": shape.blocks,
        "middle": shape.middle,
        "embedding": shape.embedding,
        "unshuffle": 2,
    }
    return json.dumps(numbers)


def _measured(
    state: TrainingState, decay: float, held: HeldPixels, device: torch.device
) -> tuple[float, dict[int, float], dict[str, torch.Tensor]]:
    """An average, its PSNR by noise, and the file's tensors."""
    network = averaged_network(state, decay)
    tensors = {name: t.half().contiguous() for name, t in network.state_dict().items()}
    as_stored = CompactNetwork(state.shape)
    as_stored.load_state_dict({name: t.float() for name, t in tensors.items()})
    crops = as_crops(held)
    poll = CancelToken().raise_if_cancelled  # an export is finished once begun
    prior = trained_prior(as_stored, crops, device, poll)
    errors, sigmas = prior.info.band_error, prior.info.band_error_sigma
    assert errors is not None  # they have just been measured
    assert sigmas is not None
    tensors |= {"band_error": errors.contiguous(), "band_error_sigma": sigmas}
    return decay, psnr_by_noise(prior, crops, NOISE_LEVELS, poll), tensors
