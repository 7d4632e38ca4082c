"""What the user goes through to restore."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from app.config.settings import LivePreviewFrequency
from app.i18n.error_messages import message_from_error
from app.i18n.translation import tr
from app.jobs.document.open import Document
from app.jobs.run.result import RunResult
from app.ui.priors.prior_controller import PriorController
from app.ui.widgets.message_bar import MessageBar
from app.viewmodels.compare.compare import visible_image_rectangle
from app.viewmodels.document.document import (
    DocumentOpened,
    DocumentOpenFailed,
    DocumentOpening,
    DocumentState,
)
from app.viewmodels.run.labels import (
    cpu_fallback_message,
    region_restored_message,
    run_stopped_message,
)
from app.viewmodels.run.run import (
    PreparingResult,
    ResultReady,
    RunFailed,
    RunInProgress,
    RunState,
    RunStopped,
    build_restore_request,
    can_restore_remaining,
)
from app.viewmodels.window.window_view_models import WindowViewModels
from ddrm_core.errors import InsufficientMemory, PriorNotInstalled
from ddrm_core.imaging.rectangle import Rectangle

_PREVIEW_INTERVALS = {
    LivePreviewFrequency.ALWAYS: 1,
    LivePreviewFrequency.OCCASIONALLY: 10,
    LivePreviewFrequency.OFF: 0,
}


class RunController(QObject):
    """Starts runs with the choices in force, says how they ended, and offers what is left."""

    def __init__(
        self,
        window: QWidget,
        view_models: WindowViewModels,
        *,
        confirm_continue: Callable[[], bool],
        message_bar: MessageBar,
        prior_controller: PriorController,
    ) -> None:
        super().__init__(window)
        self._run = view_models.run
        self._confirm_continue = confirm_continue
        self._document = view_models.document
        self._parameters = view_models.parameters
        self._compare = view_models.compare
        self._preferences = view_models.preferences
        self._message_bar = message_bar
        self._prior_controller = prior_controller
        self._announced_result: RunResult | None = None
        self._document.state_changed.connect(self._on_document_changed)
        self._run.state_changed.connect(self._on_run_changed)

    @Slot()
    def restore_image(self) -> None:
        """All of the picture."""
        document = self._document.document
        if document is not None:
            self._start_run(document, None)

    @Slot()
    def restore_visible_region(self) -> None:
        """What is seen of it."""
        document = self._document.document
        if document is not None:
            visible_rectangle = visible_image_rectangle(self._compare.state)
            self._start_run(
                document,
                document.display.to_stored_rectangle(visible_rectangle, document.source.size),
            )

    @Slot()
    def restore_remaining(self) -> None:
        """Restore what is around a region that is restored."""
        if self._confirm_continue():
            self._run.restore_remaining()

    def _start_run(self, document: Document, region: Rectangle | None) -> None:
        if not self._confirm_continue():
            return
        request = build_restore_request(document, self._parameters.state, region)
        preview_interval = _PREVIEW_INTERVALS[self._preferences.state.live_preview]
        self._run.start(replace(request, preview_interval=preview_interval))

    @Slot(object)
    def _on_document_changed(self, state: DocumentState) -> None:
        match state:
            case DocumentOpening():
                self._message_bar.hide()
                self._run.cancel()
            case DocumentOpened():
                self._run.reset()
            case DocumentOpenFailed():
                # Below why the file is refused, which the opener has said.
                self._offer_estimate(self._run.state)

    @Slot(object)
    def _on_run_changed(self, state: RunState) -> None:
        if not isinstance(state, ResultReady):
            self._announced_result = None  # or its memory would not be given back
        match state:
            case RunInProgress(
                estimate=None, is_cancelling=False, fallback_reason=InsufficientMemory() as reason
            ):
                self._message_bar.show_info(cpu_fallback_message(reason))
            case RunInProgress(estimate=None, is_cancelling=False):
                self._message_bar.hide()
            case PreparingResult():
                self._message_bar.hide()
            case RunStopped() if not isinstance(self._document.state, DocumentOpening):
                self._message_bar.show_info(run_stopped_message(state))
                self._offer_estimate(state)
            case RunFailed(error=PriorNotInstalled(name=prior_name)):
                self._prior_controller.offer_missing_prior(prior_name)
            case RunFailed(error=error):
                self._message_bar.show_error(message_from_error(error))
            case ResultReady(error=Exception() as error):
                self._message_bar.show_error(message_from_error(error))
            case ResultReady(result=result) if (
                can_restore_remaining(state) and result is not self._announced_result
            ):
                self._announce_region_result(result)

    def _announce_region_result(self, result: RunResult) -> None:
        """Once for each result, wherever its sharpness is."""
        is_announced = (
            self._announced_result is not None
            and self._announced_result.restoration is result.restoration
        )
        self._announced_result = result
        if not is_announced:
            self._message_bar.show_info(region_restored_message())
            self._message_bar.add_button(tr("Restore the rest"), self.restore_remaining)

    def _offer_estimate(self, run_state: RunState) -> None:
        if isinstance(run_state, RunStopped):
            self._message_bar.add_button(tr("Keep the estimate"), self._run.use_latest_estimate)
