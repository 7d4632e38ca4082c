"""The times at which the cost of the next run is estimated."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject, QTimer, Signal

from app.jobs.document.open import open_document
from app.viewmodels.document.document import (
    DocumentOpened,
    DocumentOpening,
    OpenRequest,
    document_of_state,
)
from app.viewmodels.parameters.parameters import ParametersState
from app.viewmodels.run.cost_estimate_scheduler import CostEstimateScheduler
from app.viewmodels.run.run import NoRun
from app.viewmodels.state_view_model import StateViewModel


class CostEstimates(QObject):
    """A test double of the cost estimate's view model that records requests for estimates."""

    state_changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.requests: list[object] = []

    def start(self, request) -> None:
        self.requests.append(request)

    def cancel(self) -> None:
        pass

    def clear(self, *, are_preset_times_valid: bool) -> None:
        pass


class Subject(StateViewModel[object]):
    """A test double of any view model that the scheduler observes: document, parameters or run."""

    def become(self, state) -> None:
        self._set_state(state)

    @property
    def document(self):
        return document_of_state(self.state)


@pytest.fixture
def opened(photo):
    return DocumentOpened(open_document(photo))


def test_nothing_is_estimated_while_a_file_is_read(qtbot, opened, photo):
    estimates, run = CostEstimates(), Subject(None)
    document, parameters = Subject(opened), Subject(ParametersState())
    scheduler = CostEstimateScheduler(estimates, document, parameters, run, idle_delay_ms=1)
    document.become(DocumentOpening(OpenRequest(photo), opened.document))
    with qtbot.waitSignal(scheduler.findChild(QTimer).timeout):
        run.become(NoRun())  # the run of the previous file has ended meanwhile
    assert estimates.requests == []
    document.become(opened)
    qtbot.waitUntil(lambda: len(estimates.requests) == 1)
