"""Export of a weight average as a prior's file with its model card."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import save

from ddrm_core.cancel import CancelToken
from ddrm_core.errors import InvalidSetting
from ddrm_core.files.atomic_write import write_atomically
from ddrm_core.prior.architectures.compact import COMPACT, CompactNetwork
from ddrm_core.prior.checkpoint import build_prior_header
from ddrm_core.training.model_card import ModelCard, format_model_card
from ddrm_core.training.noise_levels import SIGMA_RANGE
from ddrm_core.training.state import TrainingState, build_averaged_network
from ddrm_core.training.teacher import TeacherSettings
from ddrm_core.training.trained_prior import create_trained_prior
from ddrm_core.training.validation import (
    VALIDATION_NOISE_LEVELS,
    HeldOutCrops,
    crops_from_pixels,
    measure_psnr_by_noise,
)


@dataclass(frozen=True, slots=True)
class PriorAttribution:
    """The facts about a prior that the person who trains the prior has to state.

    Attributes:
        name: Name of the prior.
        license: License of the weights, limited by the licenses of the photographs.
        training_data: Description of the training data, e.g. "538 freely licensed photographs".
    """

    name: str
    license: str
    training_data: str


def export_prior(
    path: Path,
    state: TrainingState,
    held_out_crops: HeldOutCrops,
    attribution: PriorAttribution,
    *,
    average_decay: float | None,
    device: torch.device,
    teacher: TeacherSettings | None = None,
) -> ModelCard:
    """Write a trained prior to a file, and its model card to a file with the suffix .md.

    Weights are float16. All measurements use the weights as stored in the file.

    Args:
        path: Safetensors file, replaced if it exists.
        state: State of the training run.
        held_out_crops: Crops of held-out photographs, to measure the prior.
        attribution: Facts for header and model card.
        average_decay: Decay of the exponential average of weights to export; None for the average
            with the best PSNR.
        device: Device for the measurement.
        teacher: Teacher of the run for header and model card, None for a run without one.

    Raises:
        InvalidSetting: If no average has this decay.
        UnwritableOutput: If a file cannot be written.
    """
    if average_decay is not None and average_decay not in state.averages:
        known_decays = ", ".join(map(str, state.averages))
        raise InvalidSetting("average", average_decay, known_decays)
    decays = list(state.averages) if average_decay is None else [average_decay]
    candidates = [_measure_average(state, decay, held_out_crops, device) for decay in decays]
    decay, psnr_by_noise_level, tensors = max(
        candidates, key=lambda candidate: sum(candidate[1].values())
    )
    header = _build_header(state, attribution, decay, psnr_by_noise_level)
    if teacher is not None:
        facts = f"share {teacher.share:g} of the targets, SHA-256 {teacher.identity}"
        header["teacher"] = f"{Path(teacher.source).name}, {facts}"
    parameter_count = sum(t.numel() for t in tensors.values() if t.dtype == torch.float16)
    card = ModelCard(
        path.name,
        header,
        state.config,
        parameter_count,
        psnr_by_noise_level,
        held_out_crops.shape[:2],
        state.patch_count,
    )
    write_atomically(path, save(tensors, header))
    write_atomically(path.with_suffix(".md"), format_model_card(card).encode())
    return card


def _build_header(
    state: TrainingState,
    attribution: PriorAttribution,
    decay: float,
    psnr_by_noise_level: dict[int, float],
) -> dict[str, str]:
    """Return the safetensors header of a trained prior's file, all values as text.

    Args:
        state: State of the training run.
        attribution: Name, license and training data.
        decay: Decay of the exported average.
        psnr_by_noise_level: PSNR in dB by noise level in gray levels.
    """
    header = build_prior_header(
        COMPACT,
        state.config,
        name=attribution.name,
        sigma_range=SIGMA_RANGE,
        weights_license=attribution.license,
        training_data=attribution.training_data,
    )
    return header | {
        "iteration": str(state.iteration),
        "average": str(decay),
        "validation_psnr": json.dumps(
            {str(k): round(v, 3) for k, v in psnr_by_noise_level.items()}
        ),
    }


def _measure_average(
    state: TrainingState, decay: float, held_out_crops: HeldOutCrops, device: torch.device
) -> tuple[float, dict[int, float], dict[str, torch.Tensor]]:
    """Measure the PSNR of one exponential average of the weights on held-out crops.

    Returns:
        The decay, the PSNR in dB by noise level in gray levels, and the tensors of the prior's
        file by name.
    """
    network = build_averaged_network(state, decay)
    tensors = {name: t.half().contiguous() for name, t in network.state_dict().items()}
    stored_network = CompactNetwork(state.config)
    stored_network.load_state_dict({name: t.float() for name, t in tensors.items()})
    crops = crops_from_pixels(held_out_crops)
    poll = CancelToken().raise_if_cancelled  # an export is not cancelled
    prior = create_trained_prior(stored_network, crops, device, poll)
    errors, sigmas = prior.info.band_error, prior.info.band_error_sigma
    assert errors is not None  # create_trained_prior has measured them
    assert sigmas is not None
    tensors |= {"band_error": errors.contiguous(), "band_error_sigma": sigmas}
    return decay, measure_psnr_by_noise(prior, crops, VALIDATION_NOISE_LEVELS, poll), tensors
