"""The controller of runs and their timeline."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Slot

from app.config.settings import ComputeSettings
from app.i18n.error_messages import message_from_error
from app.i18n.translation import tr
from app.jobs.document.open import Document
from app.ui.priors.prior_controller import PriorController
from app.ui.run.actions import RunActions
from app.ui.run.timeline_strip import TimelineStrip
from app.ui.window_context import Controller, WindowContext
from app.viewmodels.compare.compare import visible_image_rectangle
from app.viewmodels.document.document import DocumentOpenFailed, DocumentOpening, DocumentState
from app.viewmodels.run.labels import (
    cpu_fallback_message,
    region_restored_message,
    run_stopped_message,
)
from app.viewmodels.run.quick_preview import QuickPreviewState
from app.viewmodels.run.restore_request import build_restore_request
from app.viewmodels.run.run import (
    PreparingResult,
    ResultReady,
    RunFailed,
    RunInProgress,
    RunState,
    RunStopped,
    can_restore_remaining,
)
from app.viewmodels.run.timeline import TimelineState, can_use_estimate
from ddrm_core.errors import InsufficientMemory, PriorNotInstalled, UnknownPrior
from ddrm_core.imaging.rectangle import Rectangle


class RunController(Controller):
    """The controller that connects runs with their actions, messages and the timeline."""

    def __init__(
        self,
        context: WindowContext,
        actions: RunActions,
        timeline_strip: TimelineStrip,
        prior_controller: PriorController,
        confirm_continue: Callable[[], bool],
    ) -> None:
        super().__init__(context)
        view_models = context.view_models
        self._actions = actions
        self._timeline_strip = timeline_strip
        self._prior_controller = prior_controller
        self._confirm_continue = confirm_continue
        self._run = view_models.run
        self._timeline = view_models.timeline
        self._document = view_models.document
        self._parameters = view_models.parameters
        self._compare = view_models.compare
        self._preferences = view_models.preferences
        self._connect_timeline()
        self._connect_quick_preview(context)
        actions.restore_remaining.triggered.connect(lambda _checked: self.restore_remaining())
        self._document.state_changed.connect(self._on_document_changed)
        self._run.state_changed.connect(self._on_run_changed)
        self._run.region_restored.connect(self._on_region_restored)
        self._on_run_changed(self._run.state)

    def _connect_timeline(self) -> None:
        actions, timeline, strip = self._actions, self._timeline, self._timeline_strip
        strip.scrub_requested.connect(timeline.scrub)
        strip.playback_toggled.connect(timeline.toggle_playback)
        strip.use_estimate_requested.connect(timeline.use_selected_estimate)
        action_handlers = (
            (actions.play_estimates, timeline.toggle_playback),
            (actions.previous_estimate, lambda: timeline.move_by(-1)),
            (actions.next_estimate, lambda: timeline.move_by(1)),
            (actions.use_estimate, timeline.use_selected_estimate),
        )
        for action, handler in action_handlers:
            action.triggered.connect(lambda _checked, do=handler: do())
        timeline.state_changed.connect(self._render_timeline)
        self._render_timeline(timeline.state)

    def _connect_quick_preview(self, context: WindowContext) -> None:
        actions, view_models = self._actions, context.view_models
        scheduler = view_models.quick_preview_scheduler
        actions.preview_center.triggered.connect(lambda _checked: scheduler.preview_center())
        view_models.quick_preview.state_changed.connect(self._on_quick_preview_changed)
        compute_settings = view_models.compute_settings
        actions.toggle_quick_preview.triggered.connect(compute_settings.set_quick_preview)
        compute_settings.state_changed.connect(self._render_compute_settings)
        self._render_compute_settings(compute_settings.state)

    @Slot(object)
    def _on_quick_preview_changed(self, state: QuickPreviewState) -> None:
        # A preview that begins by itself fails silently: the run reports the same error.
        if state.is_chosen and state.error is not None:
            self._message_bar.show_error(message_from_error(state.error))

    @Slot(object)
    def _render_compute_settings(self, settings: ComputeSettings) -> None:
        self._actions.toggle_quick_preview.setChecked(settings.quick_preview)

    @Slot()
    def restore_image(self) -> None:
        """Restore the whole image."""
        document = self._document.document
        if document is not None:
            self._start_run(document, None)

    @Slot()
    def restore_visible_region(self) -> None:
        """Restore the part of the image that is visible."""
        document = self._document.document
        if document is not None:
            visible_rectangle = visible_image_rectangle(self._compare.state)
            self._start_run(
                document,
                document.display.to_stored_rectangle(visible_rectangle, document.source.size),
            )

    @Slot()
    def restore_remaining(self) -> None:
        """Restore the remaining image.

        If unsaved results exceed the budget of the array store, ask the user first.
        """
        if self._confirm_continue():
            self._run.restore_remaining()

    def _start_run(self, document: Document, region: Rectangle | None) -> None:
        if self._confirm_continue():
            live_preview = self._preferences.state.live_preview
            self._run.start(
                build_restore_request(document, self._parameters.state, region, live_preview)
            )

    @Slot(object)
    def _on_document_changed(self, state: DocumentState) -> None:
        match state:
            case DocumentOpening():
                self._message_bar.hide()
            case DocumentOpenFailed():
                # The bar already shows why the file was refused; its message gets a button.
                self._offer_estimate(self._run.state)

    @Slot(object)
    def _on_run_changed(self, state: RunState) -> None:
        self._actions.restore_remaining.setEnabled(can_restore_remaining(state))
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
            case RunFailed(error=PriorNotInstalled(name=name) | UnknownPrior(name=name)):
                self._prior_controller.offer_missing_prior(name)
            case RunFailed(error=error):
                self._message_bar.show_error(message_from_error(error))
            case ResultReady(error=Exception() as error):
                self._message_bar.show_error(message_from_error(error))

    @Slot()
    def _on_region_restored(self) -> None:
        self._message_bar.show_info(region_restored_message())
        self._message_bar.add_button(tr("Restore the rest"), self.restore_remaining)

    def _offer_estimate(self, run_state: RunState) -> None:
        if isinstance(run_state, RunStopped):
            self._message_bar.add_button(
                tr("Use the latest step"), self._run.use_latest_estimate, keeps_message=True
            )

    @Slot(object)
    def _render_timeline(self, state: TimelineState) -> None:
        self._timeline_strip.show_timeline(state)
        has_estimates, last_position = bool(state.estimates), len(state.estimates)
        self._actions.play_estimates.setEnabled(has_estimates)
        self._actions.previous_estimate.setEnabled(has_estimates and state.position > 0)
        self._actions.next_estimate.setEnabled(has_estimates and state.position < last_position)
        self._actions.use_estimate.setEnabled(can_use_estimate(state))
