"""Restoration of an opened image of a batch up to the bytes of its result."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import torch

from ddrm_core.batch.settings import BatchSettings
from ddrm_core.cancel import CancelToken
from ddrm_core.device.out_of_memory import convert_memory_errors
from ddrm_core.export.encode_result import EncodedResult, encode_result
from ddrm_core.jpeg.image import JpegImage
from ddrm_core.prior.denoiser import Prior
from ddrm_core.restoration.executor import OutputSelection
from ddrm_core.restoration.restore import Restoration, restore
from ddrm_core.restoration.run import create_jpeg_run
from ddrm_core.restoration.step import RunStep

_CPU = torch.device("cpu")


def restore_and_encode(
    image: JpegImage, path: Path, settings: BatchSettings, prior: Prior, token: CancelToken
) -> Generator[RunStep, None, tuple[Restoration[JpegImage], EncodedResult]]:
    """Restore an image and encode the result, yielding every step; nothing is written.

    Args:
        image: Image with the file's levels.
        path: Path whose suffix determines the format of the result.
        settings: Settings of the batch.
        prior: Denoiser.
        token: Cancel token, checked several times a second.

    Returns:
        The result and the content of its file.

    Raises:
        OperationCancelled: If `token` is cancelled.
        OutOfMemory: If memory does not suffice.
        CoreError: See `encode_result`.
    """
    run = create_jpeg_run(image, prior, settings.sampler, seed=settings.seed)
    outputs = OutputSelection(
        includes_spread=False, sample_count=1 if settings.export.sharpness else 0
    )
    steps = restore(run, token, outputs)
    yield from steps
    with convert_memory_errors(_CPU, *image.size):
        encoded = encode_result(steps.result, path, settings.export)
    token.raise_if_cancelled()
    return steps.result, encoded
