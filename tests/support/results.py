"""Results of a real run, of which a test can replace parts."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PIL import Image

from app.config.resources import EXAMPLE_IMAGE_PATH
from app.imaging.overlay import DeviationOverlay
from app.jobs.document.open import open_document
from app.jobs.run.prior_cache import PriorCache
from app.jobs.run.restore import RunResult, restore_job
from app.jobs.run.restore_request import ProblemKind, RestoreRequest
from app.jobs.run.restore_settings import RestoreSettings
from app.viewmodels.parameters.parameters import ParametersState
from app.viewmodels.run.restore_request import build_restore_request
from ddrm_core.cancel import CancelToken
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from ddrm_core.sampler.settings import SamplerSettings
from ddrm_core.step_iterator import StepIterator
from ddrm_core.verification.consistency import Consistency


def result(
    *,
    problem: ProblemKind = ProblemKind.JPEG,
    region: Rectangle | None = None,
    seconds: float = 2.0,
    exact: Consistency | None = None,
    rounded: Consistency | None = None,
    overlay: DeviationOverlay | None = None,
) -> RunResult:
    """Return a result of a run of 37x31 pixels, with some of its properties replaced.

    The consistencies and the overlay of the run are kept where an argument is None.

    Args:
        problem: Kind of the problem: JPEG or bit depth.
        region: Region that the run of the result states as restored.
        seconds: Duration of the run that the result states.
        exact: Consistency of the unrounded result.
        rounded: Consistency of the result in 8-bit pixels.
        overlay: Deviation overlay of the result.
    """
    made = _made(problem)
    run = replace(made.restoration.run, region=region)
    return replace(
        made,
        restoration=replace(made.restoration, run=run, seconds=seconds),
        exact_consistency=exact or made.exact_consistency,
        rounded_consistency=rounded or made.rounded_consistency,
        overlay=overlay or made.overlay,
    )


def with_settings(request: RestoreRequest, **changes: object) -> RestoreRequest:
    """Return the request with changed fields of its settings."""
    return replace(request, settings=replace(request.settings, **changes))


@cache
def _made(problem: ProblemKind) -> RunResult:
    settings = SamplerSettings(steps=1, samples=2)
    parameters = ParametersState(RestoreSettings(settings, seed=1, device="cpu"), problem=problem)
    with TemporaryDirectory() as folder, Image.open(EXAMPLE_IMAGE_PATH) as sample:
        pixels = sample.convert("RGB").crop((180, 30, 217, 61))
        path = Path(folder) / "picture.png"
        if problem is ProblemKind.JPEG:
            path = path.with_suffix(".jpg")
            pixels.save(path, quality=20)
        else:
            Image.fromarray(np.asarray(pixels) & np.uint8(0xE0)).save(path)  # keeps three bits
        request = build_restore_request(open_document(path), parameters)
        job = restore_job(PriorCache(BUNDLED_PRIOR_PATH), request, CancelToken())
        return StepIterator(job).drain()
