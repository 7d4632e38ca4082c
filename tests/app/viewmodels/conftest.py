from __future__ import annotations

import pytest

from app.viewmodels.run.run import RunState


@pytest.fixture
def run(request) -> RunState:
    """Return the run state given as the fixture's parameter, which may be a function."""
    return request.param() if callable(request.param) else request.param
