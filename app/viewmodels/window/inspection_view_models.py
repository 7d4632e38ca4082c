"""What is looked at closely, and what can be said before a run."""

from __future__ import annotations

from dataclasses import dataclass

from app.jobs.run.prior_cache import PriorCache
from app.jobs.worker import JobRunner
from app.viewmodels.inspector.inspector import InspectorViewModel
from app.viewmodels.inspector.pixel_readout import ReadoutViewModel
from app.viewmodels.parameters.cost_estimate import CostEstimateViewModel
from app.viewmodels.regions.contact_sheet import ContactSheetViewModel
from app.viewmodels.regions.regions import RegionsViewModel


@dataclass(frozen=True, slots=True)
class UnderstandViewModels:
    """What the window renders of it.

    Attributes:
        crops: Marked regions.
        sheet: Of them, in a file.
        inspector: What the file says.
        readout: What is under the pointer.
        forecast: What the next run would take.
    """

    crops: RegionsViewModel
    sheet: ContactSheetViewModel
    inspector: InspectorViewModel
    readout: ReadoutViewModel
    forecast: CostEstimateViewModel


def understand_models(
    runner: JobRunner, side_runner: JobRunner, engine: PriorCache
) -> UnderstandViewModels:
    """Steps are timed where runs are made; the rest does not wait for runs."""
    return UnderstandViewModels(
        crops=RegionsViewModel(),
        sheet=ContactSheetViewModel(side_runner),
        inspector=InspectorViewModel(side_runner),
        readout=ReadoutViewModel(side_runner),
        forecast=CostEstimateViewModel(runner, engine),
    )
