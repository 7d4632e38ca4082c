"""Connections between the view models of the window."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Slot

from app.config.resources import is_installed_file
from app.config.settings_store import SettingsStore
from app.viewmodels.batch.batch_defaults import BatchDefaults
from app.viewmodels.document.document import (
    DocumentOpened,
    DocumentOpenFailed,
    DocumentOpening,
    DocumentState,
)
from app.viewmodels.document.file_defaults import detect_problem
from app.viewmodels.export.results_folder import ResultsFolder
from app.viewmodels.export.save_options import build_save_subject
from app.viewmodels.parameters.preferred_device import PreferredDevice
from app.viewmodels.parameters.reuse_settings import RecordReadDone, ReuseSettingsState
from app.viewmodels.priors.priors import PriorsState
from app.viewmodels.results.past_runs import PastRun
from app.viewmodels.run.run import ResultReady, RunState
from app.viewmodels.window.settings_autosave import SettingsAutosave
from app.viewmodels.window.undo_recorder import UndoRecorder
from app.viewmodels.window.window_view_models import WindowViewModels
from ddrm_core.jpeg.image import JpegImage


def connect_view_models(view_models: WindowViewModels, store: SettingsStore) -> None:
    """Apply the stored settings to view models, and connect the view models with each other."""
    SettingsAutosave(view_models, store)
    ViewModelConnections(view_models)
    UndoRecorder(view_models)
    BatchDefaults(
        view_models.batch,
        view_models.parameters,
        view_models.saving.options,
        view_models.preferences,
    )
    ResultsFolder(view_models.saving.options, view_models.preferences)
    PreferredDevice(view_models.preferences, view_models.parameters)


class ViewModelConnections(QObject):
    """Object whose slots react to changes of one view model by changing others.

    Each slot makes its changes in a fixed order.
    """

    def __init__(self, view_models: WindowViewModels) -> None:
        super().__init__(view_models.document)
        self._view_models = view_models
        view_models.document.state_changed.connect(self._on_document_changed)
        view_models.run.state_changed.connect(self._on_run_changed)
        view_models.priors.state_changed.connect(self._on_priors_changed)
        view_models.reuse_settings.state_changed.connect(self._on_reuse_changed)
        view_models.sharing.state_changed.connect(self._release_shared_result)
        view_models.run_history.activation_started.connect(self._on_activation_started)
        view_models.inspector.state_changed.connect(view_models.pixel_readout.set_inspector_state)
        for view_model in (view_models.saving, view_models.unsaved_results):
            view_model.result_saved.connect(view_models.run_history.mark_saved)

    @Slot(object)
    def _on_document_changed(self, state: DocumentState) -> None:
        view_models = self._view_models
        match state:
            case DocumentOpening():
                view_models.run.cancel()
            case DocumentOpened(document=document):
                view_models.run.reset()
                image = document.image.full_size
                view_models.regions.reset(image.width(), image.height())
                view_models.inspector.show_document(document)
                if not document.is_pasted:
                    path = document.source.path.absolute()
                    view_models.recent_files.add_file(path)
                    if not is_installed_file(path):  # the sample picture is no user's folder
                        view_models.batch.set_dialog_folder(path.parent)
                view_models.parameters.reset_assumptions(detect_problem(document))
                view_models.reuse_settings.reset()
                view_models.recompression.reset()
                if isinstance(document.source, JpegImage):
                    view_models.recompression.check(document.source)
                # After the parameters of the file: an activated run sets its own parameters.
                view_models.run_history.resume_activation()
            case DocumentOpenFailed(request=request):
                view_models.recent_files.handle_open_failure(request.path.absolute())

    @Slot(object)
    def _on_run_changed(self, state: RunState) -> None:
        view_models = self._view_models
        result = state.result if isinstance(state, ResultReady) else None
        self._release_shared_result()
        if result is not None:
            run, document = result.restoration.run, view_models.document.document
            subject = build_save_subject(run.image, run.region)
            if document is not None and document.is_pasted:
                folder = run.image.path.parent
                subject = replace(subject, default_folder=folder, is_pasted=True)
            view_models.saving.options.set_subject(subject)
        view_models.inspector.show_result(result)

    @Slot()
    def _release_shared_result(self) -> None:
        # The memory of a result that is not shown any more should be released.
        if not isinstance(self._view_models.run.state, ResultReady):
            self._view_models.sharing.release()

    @Slot(object)
    def _on_priors_changed(self, state: PriorsState) -> None:
        if state.entries:
            self._view_models.parameters.set_available_priors(state.imported_names)

    @Slot(object)
    def _on_reuse_changed(self, state: ReuseSettingsState) -> None:
        if isinstance(state, RecordReadDone):
            self._view_models.parameters.apply_recorded_settings(state.recorded_settings)

    @Slot(object)
    def _on_activation_started(self, past_run: PastRun) -> None:
        self._view_models.parameters.apply_request(past_run.request)
