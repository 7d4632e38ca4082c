"""Composition root: creates the objects of the window and connects them."""

from __future__ import annotations

import gc
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSettings, Qt, QTimer
from PySide6.QtWidgets import QApplication

from app.config.paths import cache_folder, log_folder
from app.config.settings import SYSTEM_LANGUAGE, Settings
from app.config.settings_store import SettingsStore
from app.desktop.services import (
    DesktopServices,
    create_desktop_services,
    is_always_on_battery,
)
from app.jobs.results.result_folders import results_folder
from app.jobs.results.result_store import ResultStore
from app.jobs.run.prior_cache import PriorCache
from app.jobs.storage.array_store import ArrayStore
from app.jobs.storage.temporary_folder import TemporaryFolder
from app.jobs.worker import JobRunner
from app.support.session_log import SessionLog
from app.ui.widgets.dialogs import Dialogs
from app.ui.widgets.theme import Theme
from app.ui.window.accessibility import install_accessibility_roles
from app.ui.window.application import Application
from app.ui.window.desktop_link import DesktopLink
from app.ui.window.garbage_collection import GuiThreadGarbageCollector
from app.ui.window.language import install_language
from app.ui.window.main_window import MainWindow
from app.viewmodels.batch.watched_folder_scanner import WATCH_INTERVAL_MS
from app.viewmodels.document.document import DocumentOpened, DocumentOpenFailed
from app.viewmodels.window.connections import connect_view_models
from app.viewmodels.window.create_view_models import JobRunners, create_view_models
from app.viewmodels.window.long_work import LongWorkViewModel
from app.viewmodels.window.window_view_models import WindowViewModels
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH

_EXIT_TIMEOUT_S = 2.0
_OPEN_TIMEOUT_MS = 60_000


def run_window(paths: Sequence[Path]) -> int:
    """Show the window with the files in `paths` opened.

    Return the exit status of the program when the window is closed.
    """
    # Python handles SIGINT only between its own instructions, and Qt's event loop runs none.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    app = Application(sys.argv[:1])
    collector = GuiThreadGarbageCollector(app)
    collector.start()
    session_log, settings_store = SessionLog(log_folder()), QSettings()
    session_log.start()
    language = SettingsStore(settings_store).load_settings().language
    install_language(app, None if language == SYSTEM_LANGUAGE else language)

    def exit_process() -> None:
        session_log.stop()
        os._exit(0)

    window = build_window(
        app,
        bundled_prior_path=BUNDLED_PRIOR_PATH,
        settings_store=settings_store,
        dialogs=Dialogs(),
        exit_process=exit_process,
        desktop=create_desktop_services(),
    )
    session_log.fault_logged.connect(window.support_controller.show_unexpected_error)
    app.file_open_requested.connect(window.open_path)
    # A direct connection, because the desktop reads the answer when the signal returns.
    app.commitDataRequest.connect(
        window.unsaved_results_prompt.handle_session_end, Qt.ConnectionType.DirectConnection
    )
    window.show()
    # The saved batch is loaded first: a file added earlier would replace the saved list.
    window.view_models.batch.load_saved_batch()
    if paths:
        window.open_paths(paths)
    elif window.view_models.preferences.state.reopen_last_file:
        window.document_controller.open_latest_file()
    QTimer.singleShot(0, window.view_models.parameters.find_devices)
    QTimer.singleShot(0, window.view_models.priors.list_priors)
    QTimer.singleShot(0, window.view_models.recent_files.check_missing_files)
    QTimer.singleShot(0, window.view_models.presets.load)
    QTimer.singleShot(0, window.view_models.run_history.remove_stale_folders)
    QTimer.singleShot(0, window.view_models.stored_results.find_earlier)
    QTimer.singleShot(0, window.view_models.bug_report.check_for_crash)
    status = app.exec()
    session_log.stop()
    collector.stop()
    # Otherwise, Python's last garbage collection would visit every object, for 1 to 2 seconds.
    gc.freeze()
    return status


def open_and_close_window(path: Path, settings_path: Path) -> list[str]:
    """Show the window, open a file in it and close it; return the errors that were logged.

    The list is empty if the file was opened and all went well.

    Args:
        path: File to open.
        settings_path: File for the settings of this window, instead of the user's.
    """
    app = Application(sys.argv[:1])
    errors = _LoggedErrors()
    logging.getLogger().addHandler(errors)
    window = build_window(
        app,
        bundled_prior_path=BUNDLED_PRIOR_PATH,
        settings_store=QSettings(str(settings_path), QSettings.Format.IniFormat),
        dialogs=Dialogs(),
    )
    document = window.view_models.document

    def quit_when_opened() -> None:
        if isinstance(document.state, DocumentOpened | DocumentOpenFailed):
            app.quit()

    document.state_changed.connect(quit_when_opened)
    QTimer.singleShot(_OPEN_TIMEOUT_MS, app.quit)
    window.show()
    QTimer.singleShot(0, lambda: window.open_paths([path]))
    app.exec()
    if not isinstance(document.state, DocumentOpened):
        errors.messages.append(f"{path} was not opened in time")
    window.close()
    logging.getLogger().removeHandler(errors)
    return errors.messages


class _LoggedErrors(logging.Handler):
    """A log handler that collects the messages of errors.

    Attributes:
        messages: The messages, each with the exception that was logged with it.
    """

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        error = None if record.exc_info is None else record.exc_info[1]
        text = record.getMessage()
        self.messages.append(text if error is None else f"{text}: {error}")


def _create_array_store(settings: Settings) -> ArrayStore:
    return ArrayStore(
        TemporaryFolder(cache_folder()),
        max_memory_bytes=_bytes_from_mib(settings.result_memory_mib),
        max_disk_bytes=_bytes_from_mib(settings.result_disk_mib),
    )


def _bytes_from_mib(mib: int | None) -> int | None:
    return None if mib is None else mib << 20


@dataclass(frozen=True, slots=True)
class SessionStores:
    """The stores of a window, which end with it.

    Attributes:
        arrays: Store for the arrays of runs.
        results: Store of the results that a later session can show.
        settings: Stored settings.
    """

    arrays: ArrayStore
    results: ResultStore
    settings: QSettings


def build_window(
    app: QApplication,
    *,
    bundled_prior_path: Path,
    settings_store: QSettings,
    dialogs: Dialogs,
    array_store: ArrayStore | None = None,
    watch_interval_ms: int = WATCH_INTERVAL_MS,
    exit_process: Callable[[], None] | None = None,
    desktop: DesktopServices | None = None,
) -> MainWindow:
    """Create the main window with its view models and worker threads.

    Closing the window ends the threads.

    Args:
        app: The Qt application.
        bundled_prior_path: File of the bundled prior.
        settings_store: Stored settings.
        dialogs: Dialogs of the window.
        array_store: Store for the arrays of runs; None for one with the budgets in the settings.
        watch_interval_ms: Time in milliseconds between two scans of a watched folder.
        exit_process: Function that ends the process if a thread cannot be stopped when the window
            is closed; None to wait for the thread.
        desktop: Services of the desktop; None for a window without them, which counts as on
            battery and shows no quick preview by itself.
    """
    runners = JobRunners(
        main=JobRunner(),
        download=JobRunner(),
        side=JobRunner(),
        recent_files=JobRunner(),
        thumbnails=JobRunner(),
        batch=JobRunner(),
        inspection=JobRunner(),
    )
    install_accessibility_roles()
    store = SettingsStore(settings_store)
    settings = store.load_settings()
    array_store = array_store or _create_array_store(settings)
    result_store = ResultStore(results_folder(), array_store)
    view_models = create_view_models(
        runners,
        settings,
        PriorCache(bundled_prior_path, array_store),
        result_store,
        watch_interval_ms=watch_interval_ms,
        is_on_battery=is_always_on_battery if desktop is None else desktop.is_on_battery,
    )
    connect_view_models(view_models, store)
    theme = Theme(app)
    window = MainWindow(view_models, theme, dialogs=dialogs, settings_store=store)
    theme.apply_style_sheet()
    if desktop is not None:
        long_work = LongWorkViewModel(view_models.document, view_models.run, view_models.batch)
        desktop_link = DesktopLink(window, long_work, desktop)
        window.closed.connect(desktop_link.close)
    stores = SessionStores(array_store, result_store, settings_store)
    window.closed.connect(partial(_end_session, view_models, runners, stores, exit_process))
    return window


def _end_session(
    view_models: WindowViewModels,
    runners: JobRunners,
    stores: SessionStores,
    exit_process: Callable[[], None] | None,
) -> None:
    """Write the settings and the batch file, and end the worker threads, after the window closed.

    The program ends in this order:

    1. `MainWindow.closeEvent` asks about unsaved results, which can keep the window open. Then it
       saves the state of the window and hides it.
    2. The settings are written.
    3. Every runner is asked to stop before the first one is waited for.
    4. Jobs that must finish are waited for: a result that is being saved, a contact sheet.
    5. A timer is started that calls `exit_process` after two seconds, even if a thread is in an
       operation that cannot be interrupted, such as loading a library. Files that are written at
       that time are temporary ones without their final names.
    6. The list of the batch is written, once the threads that write it have ended.
    7. The other threads end.
    8. The stored results stay for the next session, or are deleted if the preferences say so.
    9. The array store deletes its files, and `run_window` returns.
    """
    stores.settings.sync()
    writing_runners = (runners.side, runners.batch)
    other_runners = (
        runners.main,
        runners.download,
        runners.recent_files,
        runners.thumbnails,
        runners.inspection,
    )
    all_runners = (*writing_runners, *other_runners)
    for runner in all_runners:
        runner.stop()
    for runner in all_runners:
        if runner.must_finish:
            runner.shutdown()
    if exit_process is not None:
        exit_timer = threading.Timer(_EXIT_TIMEOUT_S, exit_process)
        exit_timer.daemon = True
        exit_timer.start()
    for runner in writing_runners:
        runner.shutdown()
    view_models.batch.close()
    for runner in other_runners:
        runner.shutdown()
    stores.results.close(keep=view_models.stored_results.state.keeps_results)
    stores.arrays.close()
