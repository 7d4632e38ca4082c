"""The controller of the pages of samples and of the run history."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import Slot

from app.i18n.translation import tr
from app.jobs.run.result_strength import ResultStrength
from app.ui.compare.compare_view import CompareView
from app.ui.results.actions import ResultActions
from app.ui.results.history_page import RunHistoryPage
from app.ui.results.result_adjustments import ResultAdjustments
from app.ui.results.samples_page import SamplesPage
from app.ui.window_context import Controller, WindowContext
from app.viewmodels.compare.compare import BEFORE_SLOT
from app.viewmodels.compare.gallery import MeanKey, PastRunKey, ResultKey, SampleKey
from app.viewmodels.document.document import DocumentOpened, DocumentState, OpenRequest
from app.viewmodels.parameters.undo import ActionChange
from app.viewmodels.results.pending_runs import (
    RunLeftUnsaved,
    run_left_unsaved_message,
    source_changed_message,
)
from app.viewmodels.results.unsaved_results_text import run_removed_message
from app.viewmodels.run.run import ResultReady, RunState
from ddrm_core.imaging.rectangle import Rectangle


class ResultsController(Controller):
    """The controller of the pages of samples and past runs, and of the adjustments of a result.

    Attributes:
        samples_page: The page with the samples of the result.
        history_page: The page with the runs of the session.
    """

    def __init__(
        self,
        context: WindowContext,
        actions: ResultActions,
        adjustments: ResultAdjustments,
        compare_view: CompareView,
    ) -> None:
        super().__init__(context)
        view_models = context.view_models
        self._run = view_models.run
        self._run_history = view_models.run_history
        self._undo = view_models.undo
        self._document = view_models.document
        self._parameters = view_models.parameters
        self._presenter = view_models.image_presenter
        self.samples_page = SamplesPage()
        context.bottom_panel.add_page(
            self.samples_page,
            "SamplesPage",
            tr("Versions"),
            tr("Every version of the result, to choose from"),
        )
        self.history_page = RunHistoryPage()
        context.bottom_panel.add_page(
            self.history_page, "RunsPage", tr("Runs"), tr("What the runs of this session gave")
        )
        for action, page in (
            (actions.show_samples, self.samples_page),
            (actions.show_run_history, self.history_page),
        ):
            action.triggered.connect(
                lambda _checked, page=page: context.bottom_panel.toggle_page(page)
            )
        self.samples_page.view_requested.connect(self._on_view_sample_requested)
        self.samples_page.use_requested.connect(self._on_use_sample_requested)
        self._run.state_changed.connect(self.samples_page.show_run)
        self.history_page.compare_requested.connect(self._on_compare_requested)
        self.history_page.activate_requested.connect(self._run_history.activate_run)
        self.history_page.use_settings_requested.connect(self._on_use_settings_requested)
        self.history_page.remove_requested.connect(self._on_remove_requested)
        self._run_history.state_changed.connect(self.history_page.show_history)
        self._run_history.run_left_unsaved.connect(self._on_run_left_unsaved)
        self._document.state_changed.connect(self._on_document_changed)
        self._kept_areas_row = adjustments.kept_areas_row
        adjustments.strength_slider.position_changed.connect(self._on_strength_changed)
        self._kept_areas_row.drawing_toggled.connect(compare_view.region_drawing.set_area_mode)
        self._kept_areas_row.remove_requested.connect(self._on_remove_area_requested)
        compare_view.area_drawn.connect(self._on_area_drawn)
        self._run.state_changed.connect(self._on_run_changed)

    @Slot(int)
    def _on_view_sample_requested(self, sample_number: int) -> None:
        self._presenter.show(SampleKey(sample_number) if sample_number else MeanKey())

    @Slot(int)
    def _on_use_sample_requested(self, sample_number: int) -> None:
        self._run.select_sample(sample_number or None)
        self._presenter.show(ResultKey())

    @Slot(int)
    def _on_compare_requested(self, run_number: int) -> None:
        self._presenter.show(PastRunKey(run_number), BEFORE_SLOT)

    @Slot(int)
    def _on_remove_requested(self, run_number: int) -> None:
        """Remove a run at once; its removal can be undone, which a message offers if unsaved."""
        past_run = self._run_history.state.find_run(run_number)
        self._run_history.remove_run(run_number)
        if past_run is None:
            return
        label = tr("Remove run {number}").format(number=run_number)
        self._undo.record_action(
            ActionChange(
                label,
                partial(self._run_history.undo_remove, past_run),
                partial(self._run_history.remove_run, run_number),
                belongs_to_file=False,
            )
        )
        if past_run.saved_path is None:
            self._message_bar.show_info(run_removed_message(past_run))
            self._message_bar.add_button(tr("Undo"), partial(self._undo.undo_action, label))

    @Slot(object)
    def _on_run_left_unsaved(self, run_left: RunLeftUnsaved) -> None:
        self._message_bar.show_info(run_left_unsaved_message(run_left))
        go_back = partial(self._document.open, OpenRequest(run_left.request.source.path))
        if run_left.run_number is not None:
            go_back = partial(self._run_history.activate_run, run_left.run_number)
        self._message_bar.add_button(tr("Go back"), go_back)

    @Slot(object)
    def _on_document_changed(self, state: DocumentState) -> None:
        if isinstance(state, DocumentOpened) and state.document.is_from_memory:
            self._message_bar.show_info(source_changed_message(state.document.source.path))

    @Slot(int)
    def _on_use_settings_requested(self, run_number: int) -> None:
        past_run = self._run_history.state.find_run(run_number)
        if past_run is not None:
            self._parameters.apply_request(past_run.request)

    @Slot(float)
    def _on_strength_changed(self, strength: float) -> None:
        if isinstance(self._run.state, ResultReady):
            state = self._run.state
            self._show_strength(state, replace(state.strength, strength=strength))

    @Slot(object)
    def _on_area_drawn(self, displayed_area: Rectangle) -> None:
        """Keep an area in pixels of the displayed image, and end the drawing."""
        self._kept_areas_row.draw_button.setChecked(False)
        state, document = self._run.state, self._document.document
        if isinstance(state, ResultReady) and document is not None:
            area = document.display.to_stored_rectangle(displayed_area, document.source.size)
            self._show_strength(state, state.strength.with_area(area))

    @Slot()
    def _on_remove_area_requested(self) -> None:
        if isinstance(self._run.state, ResultReady):
            state = self._run.state
            self._show_strength(state, state.strength.without_last_area())

    @Slot(object)
    def _on_run_changed(self, state: RunState) -> None:
        if not isinstance(state, ResultReady):
            self._kept_areas_row.draw_button.setChecked(False)

    def _show_strength(self, state: ResultReady, strength: ResultStrength) -> None:
        self._run.set_view(state.sharpness, state.sample_number, strength)
