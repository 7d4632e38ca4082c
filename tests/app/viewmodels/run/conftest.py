"""Request for a short run."""

from __future__ import annotations

import pytest

from app.jobs.document.open import open_document
from app.jobs.run.restore_settings import RestoreSettings
from app.viewmodels.parameters.parameters import ParametersState
from app.viewmodels.run.restore_request import build_restore_request
from ddrm_core.sampler.settings import SamplerSettings


@pytest.fixture
def request_(photo):
    """Return a request to restore the small photo with three steps and two samples."""
    settings = SamplerSettings(steps=3, samples=2)
    return build_restore_request(
        open_document(photo), ParametersState(RestoreSettings(settings, seed=4, device="cpu"))
    )
