"""An obstacle is found exactly if a run with the same file and parameters fails at its start."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.jobs.document.open import open_document
from app.jobs.run.restore_request import ProblemKind, create_run_from_request
from app.viewmodels.parameters.parameters import ParametersState, with_settings
from app.viewmodels.parameters.restore_obstacle import RestoreObstacle, find_restore_obstacle
from app.viewmodels.run.restore_request import build_restore_request
from ddrm_core.errors import BitDepthNotDetected, CompressionNotDetected
from ddrm_core.restoration.assumption import CompressionAssumption


@pytest.fixture
def clean(tmp_path, original):
    """Return the path of a PNG that was neither a JPEG nor reduced to fewer bits."""
    path = tmp_path / "clean.png"
    original.save(path)
    return path


@pytest.mark.parametrize("bits", [None, 3])
@pytest.mark.parametrize("quality", [None, 20])
@pytest.mark.parametrize("problem", ProblemKind)
@pytest.mark.parametrize("name", ["clean", "banded", "photo", "screenshot"])
def test_an_obstacle_is_found_where_a_run_fails(request, engine, name, problem, quality, bits):
    document = open_document(request.getfixturevalue(name))
    state = ParametersState(problem=problem, bits=bits)
    settings = replace(state.settings, assumption=CompressionAssumption(quality))
    state = with_settings(state, settings)
    failure = None
    try:
        create_run_from_request(engine, build_restore_request(document, state))
    except CompressionNotDetected:
        failure = RestoreObstacle.NO_COMPRESSION
    except BitDepthNotDetected:
        failure = RestoreObstacle.NO_BANDING
    assert find_restore_obstacle(document, state) is failure
