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
class InspectionViewModels:
    """What the window renders of it.

    Attributes:
        regions: Marked regions.
        contact_sheet: Of them, in a file.
        inspector: What the file says.
        pixel_readout: What is under the pointer.
        cost_estimate: What the next run would take.
    """

    regions: RegionsViewModel
    contact_sheet: ContactSheetViewModel
    inspector: InspectorViewModel
    pixel_readout: ReadoutViewModel
    cost_estimate: CostEstimateViewModel


def create_inspection_view_models(
    runner: JobRunner, side_runner: JobRunner, prior_cache: PriorCache
) -> InspectionViewModels:
    """Steps are timed where runs are made; the rest does not wait for runs."""
    return InspectionViewModels(
        regions=RegionsViewModel(),
        contact_sheet=ContactSheetViewModel(side_runner),
        inspector=InspectorViewModel(side_runner),
        pixel_readout=ReadoutViewModel(side_runner),
        cost_estimate=CostEstimateViewModel(runner, prior_cache),
    )
