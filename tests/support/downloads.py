"""A published file of random bytes, and its download to the end."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ddrm_core.cancel import CancelToken
from ddrm_core.prior.download.download import DownloadProgress, download_prior
from ddrm_core.prior.store.registry import PublishedPrior
from ddrm_core.step_iterator import StepIterator

DATA = np.random.default_rng(0).bytes(300_001)
SIZE = len(DATA)
HALF = 150_000


def drained(
    published: PublishedPrior, folder: Path, token: CancelToken | None = None, **choices: float
) -> tuple[list[DownloadProgress], Path]:
    """Download a published prior; return all progress reports and the path of the file."""
    steps = StepIterator(download_prior(published, folder, token or CancelToken(), **choices))
    return list(steps), steps.result
