"""All view models of the window."""

from __future__ import annotations

from dataclasses import dataclass

from app.viewmodels.batch.batch import BatchViewModel
from app.viewmodels.compare.compare import CompareViewModel
from app.viewmodels.compare.gallery import GalleryViewModel
from app.viewmodels.document.document import DocumentViewModel
from app.viewmodels.document.recent_files import RecentFilesViewModel
from app.viewmodels.document.recompression import RecompressionViewModel
from app.viewmodels.export.saving import SavingViewModel
from app.viewmodels.export.sharing import ShareViewModel
from app.viewmodels.parameters.parameters import ParametersViewModel
from app.viewmodels.parameters.reuse_settings import ReuseSettingsViewModel
from app.viewmodels.preferences.preferences import PreferencesViewModel
from app.viewmodels.priors.priors import PriorsViewModel
from app.viewmodels.results.unsaved_results import UnsavedResultsViewModel
from app.viewmodels.run.run import RunViewModel
from app.viewmodels.support.bug_report import BugReportViewModel
from app.viewmodels.window.inspection_view_models import InspectionViewModels
from app.viewmodels.window.result_view_models import ResultViewModels


@dataclass(frozen=True, slots=True)
class WindowViewModels:
    """All that the window renders."""

    document: DocumentViewModel
    results: ResultViewModels
    recompression: RecompressionViewModel
    parameters: ParametersViewModel
    priors: PriorsViewModel
    reuse_settings: ReuseSettingsViewModel
    run: RunViewModel
    saving: SavingViewModel
    compare: CompareViewModel
    gallery: GalleryViewModel
    preferences: PreferencesViewModel
    recent_files: RecentFilesViewModel
    batch: BatchViewModel
    sharing: ShareViewModel
    bug_report: BugReportViewModel
    inspection: InspectionViewModels
    unsaved_results: UnsavedResultsViewModel
