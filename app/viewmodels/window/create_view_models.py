"""Construction of the view models of the window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.config.paths import config_folder, log_folder
from app.config.settings import Settings
from app.jobs.batch.batch_cost import BatchCostEstimator
from app.jobs.batch.batch_file import BatchFileStore, batch_file_path
from app.jobs.parameters.preset_file import PRESET_FILE_NAME
from app.jobs.results.result_store import ResultStore
from app.jobs.run.prior_cache import PriorCache
from app.jobs.run.throughput_cache import ThroughputCache
from app.jobs.worker import JobRunner
from app.viewmodels.batch.batch import BatchViewModel
from app.viewmodels.batch.batch_thumbnails import BatchThumbnailsViewModel
from app.viewmodels.batch.opened_item import OpenedBatchItem
from app.viewmodels.batch.overview.batch_cost import BatchCostViewModel
from app.viewmodels.batch.overview.file_facts import FileFactsViewModel
from app.viewmodels.batch.overview.selection import SelectionViewModel
from app.viewmodels.batch.watched_folder_scanner import WATCH_INTERVAL_MS
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
from app.viewmodels.results.gallery_feed import GalleryFeed
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
from app.viewmodels.window.window_view_models import WindowViewModels


@dataclass(frozen=True, slots=True)
class JobRunners:
    """Runners of the window's jobs, separate so that short jobs do not wait for long ones.

    A download takes minutes. A disk with recent files may not answer at all.

    Attributes:
        main: Runner that opens files and restores images.
        download: Runner of the prior tasks, such as downloads.
        side: Runner that loads images, draws, and writes results, reports, presets and contact
            sheets.
        recent_files: Runner that checks whether recent files still exist, and reads the folder of
            the open file.
        batch: Runner that restores the items of the batch.
        thumbnails: Runner that loads the thumbnails of the batch.
        inspection: Runner that reads the files of the batch and estimates its cost.
    """

    main: JobRunner
    download: JobRunner
    side: JobRunner
    recent_files: JobRunner
    batch: JobRunner
    thumbnails: JobRunner
    inspection: JobRunner


def create_view_models(
    runners: JobRunners,
    settings: Settings,
    prior_cache: PriorCache,
    result_store: ResultStore,
    is_on_battery: Callable[[], bool],
    watch_interval_ms: int = WATCH_INTERVAL_MS,
) -> WindowViewModels:
    """Create all view models of the window; `prior_cache` also provides the array store."""
    main, side, run = runners.main, runners.side, RunViewModel(runners.main, prior_cache)
    document, parameters = DocumentViewModel(main), ParametersViewModel(main, prior_cache)
    results = _create_result_view_models(runners, prior_cache, result_store, document, run)
    costs, (batch, facts) = _create_batch(runners, prior_cache, run, watch_interval_ms)
    compute_settings = ComputeSettingsViewModel(prior_cache.compute_limits)
    quick_preview = QuickPreviewViewModel(main, prior_cache, is_on_battery)
    return WindowViewModels(
        document=document,
        recent_files=RecentFilesViewModel(runners.recent_files),
        recompression=RecompressionViewModel(main),
        inspector=InspectorViewModel(side),
        pixel_readout=ReadoutViewModel(side),
        parameters=parameters,
        undo=UndoViewModel(parameters),
        presets=PresetsViewModel(side, config_folder() / PRESET_FILE_NAME),
        reuse_settings=ReuseSettingsViewModel(main, prior_cache),
        cost_estimate=costs.of_run,
        cost_estimate_scheduler=CostEstimateScheduler(costs.of_run, document, parameters, run),
        priors=PriorsViewModel(runners.download),
        run=run,
        quick_preview=quick_preview,
        quick_preview_scheduler=QuickPreviewScheduler(
            quick_preview, document, parameters, run, results.compare, batch, compute_settings
        ),
        timeline=results.timeline,
        timeline_player=TimelinePlayer(results.timeline, results.image_presenter),
        run_history=results.run_history,
        stored_results=results.stored_results,
        unsaved_results=results.unsaved_results,
        unsaved_work_consent=UnsavedWorkConsent(results.unsaved_results),
        saving=results.saving,
        expected_file=ExpectedFileViewModel(side, run, results.saving),
        sharing=ShareViewModel(side, prior_cache.array_store.folder),
        compare=results.compare,
        gallery=results.gallery,
        image_presenter=results.image_presenter,
        comparison_file=ComparisonFileViewModel(side, results.gallery, document),
        regions=RegionsViewModel(),
        contact_sheet=ContactSheetViewModel(side),
        batch=batch,
        batch_thumbnails=BatchThumbnailsViewModel(runners.thumbnails, batch),
        batch_cost=costs.of_batch,
        batch_file_facts=facts,
        batch_selection=SelectionViewModel(batch, facts, costs.of_batch),
        opened_batch_item=OpenedBatchItem(batch, document, results.gallery),
        folder_files=FolderFilesViewModel(runners.recent_files, document),
        preferences=PreferencesViewModel(settings),
        panel_layer=PanelLayerViewModel(),
        compute_settings=compute_settings,
        bug_report=BugReportViewModel(side, log_folder()),
    )


@dataclass(frozen=True, slots=True)
class _ResultViewModels:
    """The view models of results, which need each other at their creation."""

    timeline: TimelineViewModel
    run_history: RunHistoryViewModel
    stored_results: StoredResultsViewModel
    gallery: GalleryViewModel
    saving: SavingViewModel
    unsaved_results: UnsavedResultsViewModel
    compare: CompareViewModel
    image_presenter: ImagePresenter


def _create_result_view_models(
    runners: JobRunners,
    prior_cache: PriorCache,
    result_store: ResultStore,
    document: DocumentViewModel,
    run: RunViewModel,
) -> _ResultViewModels:
    main, side, array_store = runners.main, runners.side, prior_cache.array_store
    timeline = TimelineViewModel(run)
    run_history = RunHistoryViewModel(side, array_store, run, document, result_store)
    gallery = GalleryViewModel(side)
    GalleryFeed(gallery, document, run, run_history, timeline)
    saving, compare = SavingViewModel(side), CompareViewModel()
    return _ResultViewModels(
        timeline,
        run_history,
        StoredResultsViewModel(side, result_store, run_history),
        gallery,
        saving,
        UnsavedResultsViewModel(main, array_store, run, run_history, timeline, saving),
        compare,
        ImagePresenter(gallery, compare),
    )


@dataclass(frozen=True, slots=True)
class _CostViewModels:
    """The view models of the costs of a run and of the batch, which share measurements."""

    of_run: CostEstimateViewModel
    of_batch: BatchCostViewModel


def _create_batch(
    runners: JobRunners, prior_cache: PriorCache, run: RunViewModel, watch_interval_ms: int
) -> tuple[_CostViewModels, tuple[BatchViewModel, FileFactsViewModel]]:
    """Create the view models of the costs, of the batch and of its files."""
    batch = BatchViewModel(
        runners.batch,
        runners.side,
        prior_cache,
        BatchFileStore(batch_file_path()),
        watch_interval_ms=watch_interval_ms,
    )
    throughput_cache = ThroughputCache()
    estimator = BatchCostEstimator(prior_cache, throughput_cache)
    costs = _CostViewModels(
        CostEstimateViewModel(runners.main, prior_cache, throughput_cache),
        BatchCostViewModel(runners.inspection, batch, run, estimator),
    )
    return costs, (batch, FileFactsViewModel(runners.inspection, batch))
