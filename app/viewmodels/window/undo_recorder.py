"""The recorder of changes that undo can revert, besides those of parameters."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Slot

from app.i18n.translation import tr
from app.viewmodels.parameters.undo import ActionChange
from app.viewmodels.regions.regions import RegionsState
from app.viewmodels.run.run import PreparingResult, ResultReady, RunState
from app.viewmodels.window.window_view_models import WindowViewModels


class UndoRecorder(QObject):
    """Link that records changes of regions, of the shown result, and of its blend."""

    def __init__(self, view_models: WindowViewModels) -> None:
        super().__init__(view_models.undo)
        self._undo = view_models.undo
        self._regions, self._run = view_models.regions, view_models.run
        self._run_history = view_models.run_history
        self._last_regions = view_models.regions.state.regions
        self._last_result: ResultReady | None = None
        self._last_number: int | None = None
        # Number of the run whose result gives way to one of its earlier steps.
        self._replaced_number: int | None = None
        view_models.regions.state_changed.connect(self._on_regions_changed)
        view_models.run.state_changed.connect(self._on_run_changed)

    @Slot(object)
    def _on_regions_changed(self, state: RegionsState) -> None:
        before, after = self._last_regions, state.regions
        if before == after:
            return
        self._last_regions = after
        # Regions of a previous file are forgotten when another file resets the assumptions.
        self._undo.record_action(
            ActionChange(
                tr("Crops"),
                partial(self._regions.set_regions, before),
                partial(self._regions.set_regions, after),
            )
        )

    @Slot(object)
    def _on_run_changed(self, state: RunState) -> None:
        match state:
            case PreparingResult(is_from_archive=False):
                self._replaced_number = self._last_number
                self._last_result = self._last_number = None
            case ResultReady():
                self._record_result(state)
                self._last_result = state
                self._last_number = self._run_history.shown_run_number
                self._replaced_number = None
            case _:
                self._last_result = self._last_number = self._replaced_number = None

    def _record_result(self, state: ResultReady) -> None:
        before, number = self._last_result, self._run_history.shown_run_number
        if number is None:
            return
        if self._replaced_number is not None:
            self._undo.record_action(
                ActionChange(
                    tr("Use this step"),
                    partial(self._show_run, self._replaced_number),
                    partial(self._show_run, number),
                )
            )
        elif before is not None and self._last_number == number:
            self._record_blend(before, state, number)

    def _record_blend(self, before: ResultReady, after: ResultReady, run_number: int) -> None:
        """Record a change of sharpness, sample, strength or kept areas; no change is no record."""
        label = tr("Sharpness")
        merge_key: str | None = "sharpness"
        if before.strength.kept_areas != after.strength.kept_areas:
            label, merge_key = tr("Areas as in the file"), None
        elif before.strength != after.strength:
            label, merge_key = tr("Strength"), "strength"
        elif (before.sharpness, before.sample_number) == (after.sharpness, after.sample_number):
            return
        self._undo.record_action(
            ActionChange(
                label,
                partial(self._show_view, run_number, before),
                partial(self._show_view, run_number, after),
                merge_key=merge_key,
            )
        )

    def _show_run(self, run_number: int) -> None:
        self._run_history.activate_run(run_number, applies_settings=False)

    def _show_view(self, run_number: int, shown: ResultReady) -> None:
        if self._run_history.shown_run_number == run_number:
            self._run.set_view(shown.sharpness, shown.sample_number, shown.strength)
