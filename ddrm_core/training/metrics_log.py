"""The log of a training run: one JSON object per line."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from math import isfinite
from pathlib import Path

import torch

from ddrm_core.errors import InvalidSetting
from ddrm_core.os_errors import writing
from ddrm_core.training.loop import TrainingStep
from ddrm_core.training.settings import TrainingSettings
from ddrm_core.training.validation import ValidationResult

LogRow = Mapping[str, object]


def append_log_row(path: Path, row: LogRow) -> None:
    """Append a row to the log file, as one line of JSON.

    Raises:
        UnwritableOutput: If the file cannot be written.
    """
    with writing(path), path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(row) + "\n")


def compute_mean_loss(steps: Sequence[TrainingStep], settings: TrainingSettings) -> float:
    """Return the mean loss over one or more iterations.

    The call waits until the device has computed the losses.

    Raises:
        InvalidSetting: About the learning rate in `settings`, if the mean is not finite.
    """
    loss = float(torch.stack([step.loss for step in steps]).mean())
    if not isfinite(loss):
        raise InvalidSetting("rate", settings.rate, "a lower one: the loss is no number any more")
    return loss


def build_training_row(steps: Sequence[TrainingStep], *, loss: float, seconds: float) -> LogRow:
    """Return the log row about consecutive iterations.

    Args:
        steps: Iterations in order.
        loss: Mean loss over the iterations.
        seconds: Wall time of all iterations in seconds.
    """
    return {
        "kind": "train",
        "iteration": steps[-1].iteration,
        "loss": round(loss, 5),
        "rate": steps[-1].learning_rate,
        "patches_per_second": round(sum(step.patch_count for step in steps) / seconds, 2),
        "waiting_share": round(sum(step.wait_seconds for step in steps) / seconds, 4),
    }


def build_validation_row(
    iteration: int, seconds: float, results: Mapping[float, ValidationResult]
) -> LogRow:
    """Return the log row about a validation of all exponential averages of the weights.

    Args:
        iteration: Number of completed iterations.
        seconds: Training time in seconds.
        results: Results by the decay of the average.
    """
    return {
        "kind": "validation",
        "iteration": iteration,
        "seconds": round(seconds, 1),
        "averages": {
            str(decay): {
                "noise": {str(k): round(v, 3) for k, v in result.psnr_by_noise_level.items()},
                "timestep": {str(k): round(v, 3) for k, v in result.psnr_by_timestep.items()},
                "qf10": round(result.restored_and_jpeg_psnr[0], 3),
                "qf10_jpeg": round(result.restored_and_jpeg_psnr[1], 3),
            }
            for decay, result in results.items()
        },
    }
