from __future__ import annotations

import pytest

from app.viewmodels.run.run import RunState


@pytest.fixture
def run(request) -> RunState:
    """Return the state given by the parameter, or by the function that the parameter is."""
    return request.param() if callable(request.param) else request.param
