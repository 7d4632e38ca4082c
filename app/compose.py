"""The one place that builds the window's objects and connects them."""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSettings, Qt, QTimer
from PySide6.QtWidgets import QApplication

from app.config.paths import cache_folder, log_folder
from app.config.resources import BUNDLED_PRIOR
from app.config.settings import SYSTEM_LANGUAGE, Settings, load_settings
from app.jobs.batch.batch_file import BatchFileStore, batch_file_path
from app.jobs.run.prior_cache import PriorCache
from app.jobs.storage.array_store import Vault
from app.jobs.storage.session_directory import SessionFolder
from app.jobs.worker import Runner
from app.support.session_log import Journal
from app.ui.widgets.dialogs import FileDialogs, NativeFileDialogs
from app.ui.widgets.theme import Theme
from app.ui.window.accessibility import tell_roles
from app.ui.window.application import Application
from app.ui.window.garbage_collection import GuiThreadCollector
from app.ui.window.language import choose_language
from app.ui.window.main_window import MainWindow
from app.viewmodels.batch.batch import WATCH_INTERVAL_MS, BatchViewModel
from app.viewmodels.compare.compare import CompareViewModel
from app.viewmodels.compare.gallery import GalleryViewModel
from app.viewmodels.document.document import DocumentViewModel
from app.viewmodels.document.recent_files import RecentFilesViewModel
from app.viewmodels.document.recompression import RecompressionViewModel
from app.viewmodels.export.saving import SavingInProgress, SavingViewModel
from app.viewmodels.export.sharing import ShareViewModel
from app.viewmodels.parameters.parameters import ParametersViewModel
from app.viewmodels.parameters.reuse_settings import ReuseSettingsViewModel
from app.viewmodels.preferences.preferences import PreferencesViewModel
from app.viewmodels.priors.priors import PriorsViewModel
from app.viewmodels.regions.contact_sheet import ContactSheetExporting
from app.viewmodels.results.gallery_feed import GalleryFeed
from app.viewmodels.results.unsaved_results import UnsavedResultsViewModel
from app.viewmodels.run.run import RunViewModel
from app.viewmodels.support.bug_report import ReportingViewModel
from app.viewmodels.window.inspection_view_models import understand_models
from app.viewmodels.window.result_view_models import explore_models
from app.viewmodels.window.window import ViewModels

_PATIENCE_S = 2.0


def run_window(paths: Sequence[Path]) -> int:
    """Show the window with `paths` opened until it is closed; gives the exit status."""
    # Python sees Ctrl+C only between two of its own instructions, and Qt's loop runs none.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    app = Application(sys.argv[:1])
    collector = GuiThreadCollector(app)
    collector.start()
    journal, store = Journal(log_folder()), QSettings()
    journal.begin()
    language = load_settings(store).language
    choose_language(app, None if language == SYSTEM_LANGUAGE else language)
    window = build(app, prior_path=BUNDLED_PRIOR, store=store, dialogs=NativeFileDialogs())
    journal.fault.connect(window.desk.report.show_fault)
    app.file_wanted.connect(window.open_path)
    # Before this returns, the desktop has its answer.
    app.commitDataRequest.connect(
        window.unsaved.handle_session_end, Qt.ConnectionType.DirectConnection
    )
    window.closing.connect(partial(_leave_in_time, window, store, journal))
    window.show()
    # Before anything is added, whose list would be kept in the place of the one to recall.
    window.models.queue.load_saved_batch()
    if paths:
        window.open_paths(paths)
    elif window.models.preferences.state.reopen:
        window.desk.recent.open_latest_file()
    QTimer.singleShot(0, window.models.parameters.find_devices)
    QTimer.singleShot(0, window.models.priors.list_priors)
    QTimer.singleShot(0, window.models.recent.check_missing_files)
    QTimer.singleShot(0, window.models.explore.presets.load)
    QTimer.singleShot(0, window.models.explore.runs.remove_stale_folders)
    QTimer.singleShot(0, window.models.reporting.look)
    status = app.exec()
    journal.end()
    collector.stop()
    # Python's last collection would look at every object once more, for one or two seconds.
    gc.freeze()
    return status


def _leave_in_time(window: MainWindow, store: QSettings, journal: Journal) -> None:
    """End the process soon, even where a thread is in something that cannot be interrupted.

    Loading a library is. What is written then is a temporary file that takes no name; only a result
    or a contact sheet that is being saved is waited for.
    """
    store.sync()
    models = window.models
    sheet = models.understand.sheet.state
    if isinstance(models.saving.state, SavingInProgress) or isinstance(
        sheet, ContactSheetExporting
    ):
        return

    def leave() -> None:
        journal.end()
        os._exit(0)

    last_resort = threading.Timer(_PATIENCE_S, leave)
    last_resort.daemon = True
    last_resort.start()


def _vault_for(settings: Settings) -> Vault:
    return Vault(
        SessionFolder(cache_folder()),
        memory_bytes=_bytes(settings.memory_mib),
        disk_bytes=_bytes(settings.disk_mib),
    )


def _bytes(mib: int | None) -> int | None:
    return None if mib is None else mib << 20


def build(
    app: QApplication,
    *,
    prior_path: Path,
    store: QSettings,
    dialogs: FileDialogs,
    vault: Vault | None = None,
    watch_interval_ms: int = WATCH_INTERVAL_MS,
) -> MainWindow:
    """Build the window and all behind it; closing it ends the worker threads.

    `vault` keeps what runs leave; where none is given, one within the budgets of the settings does.
    A watched folder is looked into every `watch_interval_ms`.
    """
    # A download takes minutes: pictures are not to wait for it. Nor is the runner of what is only
    # looked up or drawn to wait for a run, or for a disk of former files that does not answer.
    runner, prior_runner, side_runner, recent_runner, queue_runner = (Runner() for _ in range(5))
    tell_roles()
    settings = load_settings(store)
    vault = vault or _vault_for(settings)
    engine = PriorCache(prior_path, vault)
    run = RunViewModel(runner, engine)
    document = DocumentViewModel(runner)
    parameters = ParametersViewModel(runner, engine)
    explore = explore_models(side_runner, vault, run, document, parameters)
    saving = SavingViewModel(runner)
    queue_store = BatchFileStore(batch_file_path())
    queue = BatchViewModel(
        queue_runner, side_runner, engine, queue_store, watch_interval_ms=watch_interval_ms
    )
    unsaved = UnsavedResultsViewModel(runner, vault, run, explore.runs, explore.timeline, saving)
    for model in (saving, unsaved):
        model.result_saved.connect(explore.runs.mark_saved)
    models = ViewModels(
        document=document,
        history=RecompressionViewModel(runner),
        parameters=parameters,
        priors=PriorsViewModel(prior_runner),
        repeat=ReuseSettingsViewModel(runner, engine),
        explore=explore,
        run=run,
        saving=saving,
        compare=CompareViewModel(),
        gallery=GalleryViewModel(side_runner),
        preferences=PreferencesViewModel(settings),
        recent=RecentFilesViewModel(recent_runner),
        queue=queue,
        handing=ShareViewModel(side_runner, vault.folder),
        reporting=ReportingViewModel(side_runner, log_folder()),
        understand=understand_models(runner, side_runner, engine),
        unsaved=unsaved,
    )
    GalleryFeed(models.gallery, document, run, explore.runs, explore.timeline)
    window = MainWindow(models, Theme(app), dialogs=dialogs, store=store)
    writing, others = (side_runner, queue_runner), (runner, prior_runner, recent_runner)
    _end_with(window, writing, others)
    window.closed.connect(vault.close)
    return window


def _end_with(window: MainWindow, writing: Sequence[Runner], others: Sequence[Runner]) -> None:
    """Have the runners end when the window is closed.

    All are asked before the first is waited for. What is still to be written does not wait for
    those that may be in something that cannot be interrupted.
    """
    for each in (*writing, *others):
        window.closed.connect(each.stop)
    for each in writing:
        window.closed.connect(each.shutdown)
    window.closed.connect(window.models.queue.close)
    for each in others:
        window.closed.connect(each.shutdown)
