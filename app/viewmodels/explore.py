"""What follows from runs: their estimates, samples and history."""

from __future__ import annotations

from dataclasses import dataclass

from app.viewmodels.runs import RunsViewModel
from app.viewmodels.timeline import TimelineViewModel


@dataclass(frozen=True, slots=True)
class ExploreViewModels:
    """What the window renders of it.

    Attributes:
        timeline: The estimates of the latest run.
        runs: The runs of the session.
    """

    timeline: TimelineViewModel
    runs: RunsViewModel
