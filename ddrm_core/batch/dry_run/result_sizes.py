"""Expected size of all results of a batch, without the prior and before any file is restored."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch

from ddrm_core.batch.dry_run.outcome import PlannedOutcome
from ddrm_core.batch.source_access import FILE_SYSTEM, SourceAccess
from ddrm_core.cancel import CancelToken
from ddrm_core.errors import CoreError
from ddrm_core.export.estimate_size import MAX_ENCODED_PIXELS, crop_middle
from ddrm_core.export.settings import ExportSettings
from ddrm_core.formats.load import load_image
from ddrm_core.formats.save import encode_image
from ddrm_core.metadata.model import NO_METADATA
from ddrm_core.os_errors import reading
from ddrm_core.performance.result_sizes import (
    SourceSize,
    choose_representative_files,
    estimate_total_size,
)

_ENCODED_FILES = 8
_RUN_RECORD_BYTES = 2_000  # about


@torch.no_grad()
def estimate_result_bytes(
    outcomes: Sequence[PlannedOutcome],
    settings: ExportSettings,
    sources: SourceAccess = FILE_SYSTEM,
) -> int:
    """Return the expected total size in bytes of the results of files that would be restored.

    The middles of a few decoded images are encoded in the format of their results. The size of a
    result differs from that of the decoded image by up to a third, because it has more detail and
    less blocking. Metadata of the sources is not counted.

    Args:
        outcomes: Planned outcomes of the files that would be restored.
        settings: Export settings of the results.
        sources: Access to the sources, a few of which are read again.
    """
    source_sizes = [
        SourceSize(_find_file_size(outcome), outcome.size[0] * outcome.size[1])
        for outcome in outcomes
    ]
    sizes: dict[int, int] = {}
    for index in choose_representative_files(source_sizes, _ENCODED_FILES):
        outcome = outcomes[index]
        try:
            with sources.open(outcome.file, CancelToken()) as file:
                sizes[index] = _estimate_size(file.source, outcome.target, settings)
        except CoreError:  # damaged files and those that were removed meanwhile
            continue
    return estimate_total_size(source_sizes, sizes) if sizes else 0


def _find_file_size(outcome: PlannedOutcome) -> int:
    if outcome.source_bytes is not None:
        return outcome.source_bytes
    path = outcome.file.source
    with reading(path):
        return path.stat().st_size


def _estimate_size(source: Path, target: Path, settings: ExportSettings) -> int:
    """Return the expected size of the result of one file, from the middle of its decoded image."""
    pixels = load_image(source).pixels
    part = crop_middle(pixels, MAX_ENCODED_PIXELS)
    encoded = encode_image(
        part, target, bits=settings.bits, metadata=NO_METADATA, jpeg_quality=settings.jpeg_quality
    )
    pixel_share = part.shape[1] * part.shape[2] / (pixels.shape[1] * pixels.shape[2])
    return round(len(encoded.data) / pixel_share) + _RUN_RECORD_BYTES
