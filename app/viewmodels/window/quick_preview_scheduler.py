"""Scheduler of the quick preview, which works while the user touches nothing."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Slot

from app.config.settings import ComputeSettings
from app.jobs.run.restore_request import ProblemKind
from app.jobs.run.restore_settings import RestoreSettings
from app.viewmodels.batch.batch import BatchViewModel
from app.viewmodels.batch.batch_state import BatchState
from app.viewmodels.compare.compare import (
    CompareMode,
    CompareState,
    CompareViewModel,
    visible_image_rectangle,
)
from app.viewmodels.compare.gallery import ResultKey
from app.viewmodels.document.document import (
    DocumentOpened,
    DocumentOpening,
    DocumentState,
    DocumentViewModel,
)
from app.viewmodels.parameters.parameters import ParametersState, ParametersViewModel
from app.viewmodels.preferences.compute_settings import ComputeSettingsViewModel
from app.viewmodels.run.preview_plan import (
    PlannedPatch,
    plan_first_patch,
    plan_next_patch,
    plan_patch_after,
)
from app.viewmodels.run.quick_preview import QuickPreviewViewModel, draft_settings
from app.viewmodels.run.run import (
    PreparingResult,
    ResultReady,
    RunInProgress,
    RunState,
    RunStopped,
    RunViewModel,
)
from ddrm_core.imaging.rectangle import Rectangle

REST_MS = 300
"""Time without any input after which a quick preview begins or continues."""
_FIRST_PATCH_SECONDS = 1.0
_NEXT_PATCH_SECONDS = 2.0
_CHOSEN_PATCH_SECONDS = 10.0


class QuickPreviewScheduler(QObject):
    """Timer that starts the patches of a quick preview while the user touches nothing.

    The first patch is in the middle of the visible image. Further patches follow around the first
    one until the visible image is covered. Any input discards the patch in progress, and the
    finished patches stay. There is no quick preview of settings with which the shown result was
    made.
    """

    def __init__(
        self,
        preview: QuickPreviewViewModel,
        document: DocumentViewModel,
        parameters: ParametersViewModel,
        run: RunViewModel,
        compare: CompareViewModel,
        batch: BatchViewModel,
        compute_settings: ComputeSettingsViewModel,
        *,
        rest_ms: int = REST_MS,
    ) -> None:
        super().__init__(preview)
        self._preview = preview
        self._document = document
        self._parameters = parameters
        self._run = run
        self._compare = compare
        self._batch = batch
        self._compute_settings = compute_settings
        self._visible: Rectangle | None = None
        self._latest: PlannedPatch | None = None  # its band continues while the view stays
        self._rest_timer = QTimer(self)
        self._rest_timer.setSingleShot(True)
        self._rest_timer.setInterval(rest_ms)
        self._rest_timer.timeout.connect(self._on_rest)
        preview.patch_finished.connect(self._on_patch_finished)
        document.state_changed.connect(self._on_document_changed)
        parameters.state_changed.connect(self._on_parameters_changed)
        run.state_changed.connect(self._on_run_changed)
        compare.state_changed.connect(self._on_compare_changed)
        batch.state_changed.connect(self._on_batch_changed)
        compute_settings.state_changed.connect(self._on_compute_settings_changed)

    @Slot()
    def touch(self) -> None:
        """Discard the patch in progress, and start the next one after a rest.

        A patch that the user asked for is not discarded.
        """
        if not self._preview.state.is_chosen_working:
            self._preview.cancel()
            self._schedule()

    @Slot()
    def preview_center(self) -> None:
        """Restore the middle of the visible image with the settings of the next run."""
        document, settings = self._document.document, self._parameters.state.settings
        if document is None or not self._is_possible:
            return
        self._rest_timer.stop()
        pixels = self._preview.find_evaluated_pixels(settings, _CHOSEN_PATCH_SECONDS)
        planned = plan_first_patch(*self._visible_and_image(), pixels or 0)
        self._preview.start_patch(document, settings, planned, is_chosen=True)

    @Slot()
    def stop_chosen(self) -> None:
        """Discard a preview that the user asked for, and go on as before; else do nothing."""
        if self._preview.state.is_chosen_working:
            self._restart()

    def stop(self) -> None:
        """Discard the patch in progress, and start no other one until something changes."""
        self._rest_timer.stop()
        self._preview.cancel()

    @property
    def _is_possible(self) -> bool:
        """Whether a patch can be restored at all: a file is open and nothing else is computed."""
        return (
            self._document.document is not None
            and not isinstance(self._document.state, DocumentOpening)
            and not isinstance(self._run.state, RunInProgress | PreparingResult)
            and not self._batch.state.is_active
            and self._parameters.state.problem is ProblemKind.JPEG
        )

    @property
    def _is_wanted(self) -> bool:
        """Whether a quick preview is switched on, possible, and shows something new."""
        preview = self._preview.state
        return (
            self._compute_settings.state.quick_preview
            and self._is_possible
            and _shows_after_image(self._compare.state)
            and not preview.is_chosen
            and preview.error is None
            and not self._is_result_current
        )

    @property
    def _is_result_current(self) -> bool:
        """Whether a result or estimate of the present settings is shown."""
        if not isinstance(self._run.state, ResultReady | RunStopped) or self._run.request is None:
            return False
        return _settings_without_seed(self._run.request.settings) == _settings_without_seed(
            self._parameters.state.settings
        )

    def _visible_and_image(self) -> tuple[Rectangle, Rectangle]:
        """Return the visible and the whole rectangle of the displayed image."""
        state = self._compare.state
        image = Rectangle(0, 0, state.image_size.width, state.image_size.height)
        return visible_image_rectangle(state), image

    def _schedule(self) -> None:
        self._rest_timer.stop()
        if self._is_wanted:
            self._rest_timer.start()

    @Slot()
    def _on_rest(self) -> None:
        document = self._document.document
        if document is None or not self._is_wanted:
            return
        settings = draft_settings(self._parameters.state.settings)
        planned = self._plan(settings)
        if planned is not None:
            self._preview.start_patch(document, settings, planned)

    def _plan(self, settings: RestoreSettings) -> PlannedPatch | None:
        """Return the next patch, None if the visible image is covered."""
        visible, image = self._visible_and_image()
        if visible.pixel_count == 0:
            return None
        pixels = self._preview.find_evaluated_pixels(settings, _NEXT_PATCH_SECONDS) or 0
        if self._latest is not None:
            planned = plan_patch_after(self._latest, pixels)
            if planned is not None:
                return planned
        center = Rectangle(
            visible.left + visible.width // 2, visible.top + visible.height // 2, 1, 1
        )
        for patch in reversed(self._preview.state.patches):
            if patch.rectangle.intersection(center) == center:
                return plan_next_patch(patch.rectangle.intersection(visible), visible, pixels)
        first_pixels = self._preview.find_evaluated_pixels(settings, _FIRST_PATCH_SECONDS) or 0
        return plan_first_patch(visible, image, first_pixels)

    @Slot(object)
    def _on_patch_finished(self, planned: PlannedPatch) -> None:
        self._latest = planned
        self._on_rest()

    @Slot(object)
    def _on_document_changed(self, state: DocumentState) -> None:
        match state:
            case DocumentOpening():
                self.stop()
            case DocumentOpened():
                self._restart()
            case _:
                self.touch()

    @Slot(object)
    def _on_parameters_changed(self, state: ParametersState) -> None:
        preview = self._preview.state
        settings = state.settings if preview.is_chosen else draft_settings(state.settings)
        is_outdated = preview.settings is not None and preview.settings != settings
        if is_outdated or not self._is_possible or self._is_result_current:
            self._restart()
        elif preview.settings is None:
            self.touch()

    @Slot(object)
    def _on_run_changed(self, state: RunState) -> None:
        if isinstance(state, RunInProgress | PreparingResult) or self._is_result_current:
            self._rest_timer.stop()
            self._clear()
        else:
            self.touch()

    @Slot(object)
    def _on_compare_changed(self, state: CompareState) -> None:
        visible = visible_image_rectangle(state) if _shows_after_image(state) else None
        if visible != self._visible:
            self._visible, self._latest = visible, None
            self.touch()

    @Slot(object)
    def _on_batch_changed(self, state: BatchState) -> None:
        if state.is_active and self._preview.state.is_working:
            self.stop()

    @Slot(object)
    def _on_compute_settings_changed(self, settings: ComputeSettings) -> None:
        if settings.quick_preview:
            self._schedule()
        else:
            self._rest_timer.stop()
            self._clear()

    def _restart(self) -> None:
        """Remove all patches, and begin again after a rest."""
        self._clear()
        self._schedule()

    def _clear(self) -> None:
        self._latest = None
        self._preview.clear()


def _shows_after_image(state: CompareState) -> bool:
    """Return whether a pane shows the image over which a quick preview is painted."""
    visible_keys = {state.slot_keys[slot] for slot in state.visible_slots}
    return ResultKey() in visible_keys and state.mode is not CompareMode.DIFFERENCE


def _settings_without_seed(settings: RestoreSettings) -> RestoreSettings:
    """Return settings of a quick preview whose seed, on which little depends, is always 0."""
    return replace(draft_settings(settings), seed=0)
