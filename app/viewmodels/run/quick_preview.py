"""View model of the quick preview: restored patches that are shown before a run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import Signal, Slot

from app.jobs.document.open import Document
from app.jobs.run.prior_cache import PriorCache
from app.jobs.run.quick_preview import (
    PreviewNotStarted,
    PreviewPatch,
    PreviewPatchDone,
    PreviewProgress,
    PreviewRequest,
    preview_patch_job,
)
from app.jobs.run.restore_request import RestoreRequest
from app.jobs.run.restore_settings import RestoreSettings
from app.jobs.worker import JobOutcome, JobRunner
from app.viewmodels.run.preview_plan import PlannedPatch
from app.viewmodels.state_view_model import JobViewModel
from ddrm_core.errors import OperationCancelled
from ddrm_core.sampler.settings import PRESETS, Preset

MAX_PATCHES = 24
"""Largest number of separate patches; the oldest are removed first."""


@dataclass(frozen=True, slots=True)
class QuickPreviewState:
    """State of the quick preview.

    Attributes:
        patches: Restored patches in painting order.
        settings: Settings of `patches`, None without patches.
        is_chosen: Whether `patches` have the settings that the user chose, instead of those of the
            preset draft. While such a patch is being restored, the earlier ones remain.
        planned: Patch that is being restored, None if nothing is.
        fraction_done: Share of the patch's evaluations that are done, 0 to 1.
        pause: Why the latest patch was not restored, None if it was.
        error: Why the latest patch failed, None if it did not.
    """

    patches: tuple[PreviewPatch, ...] = ()
    settings: RestoreSettings | None = None
    is_chosen: bool = False
    planned: PlannedPatch | None = None
    fraction_done: float = 0.0
    pause: PreviewNotStarted | None = None
    error: Exception | None = None

    @property
    def is_working(self) -> bool:
        """Whether a patch is being restored."""
        return self.planned is not None

    @property
    def is_chosen_working(self) -> bool:
        """Whether a patch is being restored that the user asked for and can stop."""
        return self.is_chosen and self.is_working

    @property
    def shows_chosen(self) -> bool:
        """Whether the patches have the settings that the user chose."""
        return self.is_chosen and bool(self.patches) and not self.is_working


NO_PREVIEW = QuickPreviewState()
"""State without patches."""


def draft_settings(settings: RestoreSettings) -> RestoreSettings:
    """Return the settings of a quick preview: those of the preset draft, with the chosen texture.

    Prior, device, assumption and seed are those of `settings`.
    """
    sampler = replace(
        PRESETS[Preset.DRAFT],
        sigma_factor=settings.sampler.sigma_factor,
        sigma_factor_below=settings.sampler.sigma_factor_below,
    )
    return replace(settings, sampler=sampler)


def state_after_patch(state: QuickPreviewState, patch: PreviewPatch) -> QuickPreviewState:
    """Return the state with a finished patch, without the patches that it covers.

    A patch with the settings that the user chose replaces all others.
    """
    visible_patches = [
        earlier
        for earlier in state.patches
        if not state.is_chosen
        and earlier.rectangle.intersection(patch.rectangle) != earlier.rectangle
    ]
    patches = (*visible_patches, patch)[-MAX_PATCHES:]
    return replace(state, patches=patches, planned=None, pause=None, error=None)


class QuickPreviewViewModel(JobViewModel[QuickPreviewState]):
    """View model of the quick preview.

    A quick preview is neither a run nor a result: nothing has to be saved or is asked about.

    Signals:
        patch_finished: Emitted when a patch is finished. arg1: the `PlannedPatch`.
    """

    patch_finished = Signal(object)

    def __init__(
        self,
        runner: JobRunner,
        prior_cache: PriorCache,
        is_on_battery: Callable[[], bool],
    ) -> None:
        """Create a view model without patches.

        Args:
            runner: Runner of the jobs, that of the runs: a run and a preview never compete.
            prior_cache: Cache of the loaded prior.
            is_on_battery: Function, called by jobs, that returns whether the computer runs on its
                battery.
        """
        super().__init__(QuickPreviewState(), runner)
        self._prior_cache = prior_cache
        self._is_on_battery = is_on_battery
        self._seconds_per_pixel: dict[tuple[str, str | None], float] = {}
        runner.progressed.connect(self._on_progressed)

    def find_evaluated_pixels(self, settings: RestoreSettings, seconds: float) -> float | None:
        """Return how many pixels the network evaluates per step in a time.

        The speed is that of the latest patch with the same device and prior; None without one.
        """
        seconds_per_pixel = self._seconds_per_pixel.get((settings.device, settings.prior))
        if seconds_per_pixel is None:
            return None
        return seconds / seconds_per_pixel / settings.sampler.evaluation_count

    def start_patch(
        self,
        document: Document,
        settings: RestoreSettings,
        planned: PlannedPatch,
        *,
        is_chosen: bool = False,
    ) -> None:
        """Start to restore a patch; discard a patch in progress and patches with other settings.

        Args:
            document: The opened file.
            settings: Settings of the patch.
            planned: The patch, in pixels of the displayed image.
            is_chosen: Whether the user asked for the patch, with the settings of the next run. Such
                a patch is restored on battery, too.
        """
        self._runner.discard(self._job_id)
        state = self._state
        if (settings, is_chosen) != (state.settings, state.is_chosen):
            kept_patches = state.patches if is_chosen else ()
            state = QuickPreviewState(kept_patches, settings, is_chosen)
        self._set_state(replace(state, planned=planned, fraction_done=0.0, pause=None, error=None))
        region = document.display.to_stored_rectangle(planned.rectangle, document.source.size)
        request = PreviewRequest(
            RestoreRequest(document.source, settings, region=region),
            document.display,
            image_size=document.source.size,
            merged_patches=state.patches,
            merged_rectangle=planned.completed_rectangle,
        )
        is_on_battery = None if is_chosen else self._is_on_battery
        self._job_id = self._runner.start(
            partial(preview_patch_job, self._prior_cache, is_on_battery, request)
        )

    def cancel(self) -> None:
        """Discard the patch in progress; keep the finished patches."""
        self._runner.discard(self._job_id)
        self._set_state(replace(self._state, planned=None))

    def clear(self) -> None:
        """Discard the patch in progress and remove all patches."""
        self._runner.discard(self._job_id)
        self._set_state(QuickPreviewState())

    @Slot(int, object)
    def _on_progressed(self, job_id: int, progress: PreviewProgress) -> None:
        if job_id == self._job_id:
            self._set_state(replace(self._state, fraction_done=progress.fraction_done))

    def _on_job_ended(self, outcome: JobOutcome) -> None:
        state, planned = self._state, self._state.planned
        match outcome:
            case JobOutcome(error=None, result=PreviewPatchDone() as done):
                settings = state.settings
                if settings is not None:
                    key = (settings.device, settings.prior)
                    self._seconds_per_pixel[key] = done.seconds_per_pixel
                self._set_state(state_after_patch(state, done.patch))
                self.patch_finished.emit(planned)
            case JobOutcome(error=None, result=PreviewNotStarted() as pause):
                self._set_state(replace(state, planned=None, pause=pause))
            case JobOutcome(error=OperationCancelled()):
                self._set_state(replace(state, planned=None))
            case JobOutcome(error=Exception() as error):
                # A run with these settings reports the error; a preview stays silent.
                self._set_state(replace(state, planned=None, error=error))
            case _:
                raise TypeError(f"not a patch: {outcome.result!r}")
