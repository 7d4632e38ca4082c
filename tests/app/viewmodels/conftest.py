from __future__ import annotations

import pytest

from app.viewmodels.run.run import RunState


@pytest.fixture
def run(request) -> RunState:
    """The state of the parameter, or what it makes."""
    return request.param() if callable(request.param) else request.param
