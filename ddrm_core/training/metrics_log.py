"""A run's log: one JSON object per line, which anything can plot."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from math import isfinite
from pathlib import Path

import torch

from ddrm_core.errors import InvalidSetting, UnwritableOutput
from ddrm_core.training.loop import TrainStep
from ddrm_core.training.settings import TrainingSettings
from ddrm_core.training.validation import Validation

Row = Mapping[str, object]


def append(path: Path, row: Row) -> None:
    """Add a line.

    Raises:
        UnwritableOutput: The system refused.
    """
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")
    except OSError as error:
        raise UnwritableOutput.after(path, error) from error


def mean_loss(steps: Sequence[TrainStep], settings: TrainingSettings) -> float:
    """Of one or more iterations; waits for an accelerator to be done with them.

    Raises:
        InvalidSetting: It is no number any more.
    """
    loss = float(torch.stack([step.loss for step in steps]).mean())
    if not isfinite(loss):
        raise InvalidSetting("rate", settings.rate, "a lower one: the loss is no number any more")
    return loss


def training_row(steps: Sequence[TrainStep], *, loss: float, seconds: float) -> Row:
    """Of one or more iterations in a row that took so many seconds."""
    return {
        "kind": "train",
        "iteration": steps[-1].iteration,
        "loss": round(loss, 5),
        "rate": steps[-1].rate,
        "patches_per_second": round(sum(step.patches for step in steps) / seconds, 2),
        "waiting_share": round(sum(step.waited for step in steps) / seconds, 4),
    }


def validation_row(iteration: int, seconds: float, results: Mapping[float, Validation]) -> Row:
    """Of every average, by decay.

    Args:
        iteration: How many are done.
        seconds: Spent on them.
        results: By the average's decay.
    """
    return {
        "kind": "validation",
        "iteration": iteration,
        "seconds": round(seconds, 1),
        "averages": {
            str(decay): {
                "noise": {str(k): round(v, 3) for k, v in result.noise.items()},
                "timestep": {str(k): round(v, 3) for k, v in result.timesteps.items()},
                "qf10": round(result.restored[0], 3),
                "qf10_jpeg": round(result.restored[1], 3),
            }
            for decay, result in results.items()
        },
    }
