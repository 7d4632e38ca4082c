"""All view models of the window."""

from __future__ import annotations

from dataclasses import dataclass

from app.viewmodels.batch.batch import BatchViewModel
from app.viewmodels.batch.batch_thumbnails import BatchThumbnailsViewModel
from app.viewmodels.batch.opened_item import OpenedBatchItem
from app.viewmodels.batch.overview.batch_cost import BatchCostViewModel
from app.viewmodels.batch.overview.file_facts import FileFactsViewModel
from app.viewmodels.batch.overview.selection import SelectionViewModel
from app.viewmodels.compare.compare import CompareViewModel
from app.viewmodels.compare.comparison_file import ComparisonFileViewModel
from app.viewmodels.compare.gallery import GalleryViewModel
from app.viewmodels.compare.image_presenter import ImagePresenter
from app.viewmodels.document.document import DocumentViewModel
from app.viewmodels.document.recent_files import RecentFilesViewModel
from app.viewmodels.document.recompression import RecompressionViewModel
from app.viewmodels.export.expected_file import ExpectedFileViewModel
from app.viewmodels.export.saving import SavingViewModel
from app.viewmodels.export.sharing import ShareViewModel
from app.viewmodels.folder.folder_files import FolderFilesViewModel
from app.viewmodels.inspector.inspector import InspectorViewModel
from app.viewmodels.inspector.pixel_readout import ReadoutViewModel
from app.viewmodels.parameters.cost_estimate import CostEstimateViewModel
from app.viewmodels.parameters.parameters import ParametersViewModel
from app.viewmodels.parameters.presets import PresetsViewModel
from app.viewmodels.parameters.reuse_settings import ReuseSettingsViewModel
from app.viewmodels.parameters.undo import UndoViewModel
from app.viewmodels.preferences.compute_settings import ComputeSettingsViewModel
from app.viewmodels.preferences.panel_layer import PanelLayerViewModel
from app.viewmodels.preferences.preferences import PreferencesViewModel
from app.viewmodels.priors.priors import PriorsViewModel
from app.viewmodels.regions.contact_sheet import ContactSheetViewModel
from app.viewmodels.regions.regions import RegionsViewModel
from app.viewmodels.results.history import RunHistoryViewModel
from app.viewmodels.results.stored_results import StoredResultsViewModel
from app.viewmodels.results.timeline_player import TimelinePlayer
from app.viewmodels.results.unsaved_results import UnsavedResultsViewModel
from app.viewmodels.results.unsaved_work_consent import UnsavedWorkConsent
from app.viewmodels.run.cost_estimate_scheduler import CostEstimateScheduler
from app.viewmodels.run.quick_preview import QuickPreviewViewModel
from app.viewmodels.run.run import RunViewModel
from app.viewmodels.run.timeline import TimelineViewModel
from app.viewmodels.support.bug_report import BugReportViewModel
from app.viewmodels.window.quick_preview_scheduler import QuickPreviewScheduler


@dataclass(frozen=True, slots=True)
class WindowViewModels:
    """All view models of a window."""

    document: DocumentViewModel
    recent_files: RecentFilesViewModel
    recompression: RecompressionViewModel
    inspector: InspectorViewModel
    pixel_readout: ReadoutViewModel
    parameters: ParametersViewModel
    undo: UndoViewModel
    presets: PresetsViewModel
    reuse_settings: ReuseSettingsViewModel
    cost_estimate: CostEstimateViewModel
    cost_estimate_scheduler: CostEstimateScheduler
    priors: PriorsViewModel
    run: RunViewModel
    quick_preview: QuickPreviewViewModel
    quick_preview_scheduler: QuickPreviewScheduler
    timeline: TimelineViewModel
    timeline_player: TimelinePlayer
    run_history: RunHistoryViewModel
    stored_results: StoredResultsViewModel
    unsaved_results: UnsavedResultsViewModel
    unsaved_work_consent: UnsavedWorkConsent
    saving: SavingViewModel
    expected_file: ExpectedFileViewModel
    sharing: ShareViewModel
    compare: CompareViewModel
    gallery: GalleryViewModel
    image_presenter: ImagePresenter
    comparison_file: ComparisonFileViewModel
    regions: RegionsViewModel
    contact_sheet: ContactSheetViewModel
    batch: BatchViewModel
    batch_thumbnails: BatchThumbnailsViewModel
    batch_cost: BatchCostViewModel
    batch_file_facts: FileFactsViewModel
    batch_selection: SelectionViewModel
    opened_batch_item: OpenedBatchItem
    folder_files: FolderFilesViewModel
    preferences: PreferencesViewModel
    panel_layer: PanelLayerViewModel
    compute_settings: ComputeSettingsViewModel
    bug_report: BugReportViewModel

    def stop_timers(self) -> None:
        """Stop all timers of the view models, so that none starts a job while the window closes."""
        self.cost_estimate_scheduler.stop()
        self.batch_cost.stop()
        self.batch_file_facts.stop()
        self.quick_preview_scheduler.stop()
        self.recompression.reset()
        self.timeline_player.stop()
