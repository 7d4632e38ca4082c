"""A file taken as if it had been compressed harder, for pictures that once were."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch

from ddrm_core.errors import InvalidSetting
from ddrm_core.jpeg.measured import JpegImage, QualitySource
from ddrm_core.jpeg.operator import level_tensors, make_operator, operator_for
from ddrm_core.jpeg.quality import standard_tables


@torch.no_grad()
def assume_quality(image: JpegImage, quality: int) -> JpegImage:
    """`image` with the levels that libjpeg's tables at `quality` (1 to 100) give of what it shows.

    Raises:
        InvalidSetting: `quality` is out of range.
    """
    if not 1 <= quality <= 100:
        raise InvalidSetting("quality", quality, "1 to 100")
    shown = operator_for(image).decode(level_tensors(image, torch.device("cpu")))
    tables = standard_tables(quality, len(image.levels))
    width, height = image.size
    harsher = make_operator(height, width, image.components, tables)
    levels = tuple(
        k[0].permute(1, 2, 0).unflatten(2, (8, 8)).numpy().astype(np.int16)
        for k in harsher.encode(shown.clamp(-1, 1))
    )
    return replace(image, tables=tables, levels=levels, source=QualitySource.ASSUMED)
