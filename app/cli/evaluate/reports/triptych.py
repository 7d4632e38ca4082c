"""Triptychs: original, JPEG and result side by side, as in Figure 4 of the paper."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import torch

from ddrm_core.evaluation.evaluate import MeasurementFinished
from ddrm_core.evaluation.plan import PlannedMeasurement
from ddrm_core.formats.save import encode_image
from ddrm_core.metadata.model import NO_METADATA
from ddrm_core.metrics.psnr import Uint8Pixels

_GAP_PX = 4


def triptych_path(folder: Path, entry: PlannedMeasurement) -> Path:
    """Return the path of a measurement's triptych in `folder`.

    The file name contains a part of the measurement's key, so that other settings get another file.
    """
    method = re.sub(r"[^\w.-]+", "_", entry.method_name)
    return folder / f"{entry.image_path.stem}_qf{entry.quality}_{method}_{entry.key[:8]}.png"


def encode_triptych(scored: MeasurementFinished) -> bytes:
    """Return a PNG file that shows original, JPEG and result of a measurement side by side.

    White gaps separate the three images.
    """
    parts: list[Uint8Pixels] = [scored.original_pixels, scored.decoded_pixels, scored.result_pixels]
    gap = np.full(
        (len(scored.original_pixels), _GAP_PX, *scored.original_pixels.shape[2:]), 255, np.uint8
    )
    row = np.concatenate([parts[0], gap, parts[1], gap, parts[2]], axis=1)
    planes = row[None] if row.ndim == 2 else row.transpose(2, 0, 1)
    image = torch.from_numpy(planes.astype(np.float32))
    return encode_image(image, Path("a.png"), bits=8, metadata=NO_METADATA).data
