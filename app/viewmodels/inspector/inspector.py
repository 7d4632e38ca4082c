"""View model of the inspector: a file's facts and one band of its coefficients."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from app.jobs.document.open import Document
from app.jobs.inspector.inspect import (
    BandInspection,
    BandInspectionRequest,
    ResultPixelReader,
    inspect_band_job,
)
from app.jobs.run.result import RunResult
from app.jobs.worker import JobOutcome, JobRunner
from app.viewmodels.state_view_model import JobViewModel
from ddrm_core.jpeg.image import JpegImage


@dataclass(frozen=True, slots=True)
class InspectorState:
    """State of the inspector: document, result, and selected band with its inspection.

    Attributes:
        document: The opened document, None before the first one.
        result: The result of the document, None without a result.
        result_pixels: Reader of the result's pixels, None without a result.
        component: Index of the selected component, from 0.
        band: Index of the selected band, 0 to 63: 8 times the vertical plus the horizontal
            frequency.
        band_inspection: Inspection of the selected band, None until the inspection has ended.
        error: Why the inspection failed, None without an error.
    """

    document: Document | None = None
    result: RunResult | None = None
    result_pixels: ResultPixelReader | None = None
    component: int = 0
    band: int = 0
    band_inspection: BandInspection | None = None
    error: Exception | None = None

    @property
    def jpeg_image(self) -> JpegImage | None:
        """JPEG whose levels are inspected: the opened JPEG, or the assumed JPEG of the result.

        None if the file is not a JPEG and no result was made from an assumed JPEG.
        """
        if self.document is not None and isinstance(self.document.source, JpegImage):
            return self.document.source
        if self.result is not None:
            image = self.result.restoration.run.image
            return image if isinstance(image, JpegImage) else None
        return None


def with_result(state: InspectorState, result: RunResult | None) -> InspectorState:
    """Return the state with another result, or without a result for None.

    The selected component and band stay selected if they still exist.
    """
    result_pixels = None if result is None else ResultPixelReader(result)
    changed = replace(
        state, result=result, result_pixels=result_pixels, band_inspection=None, error=None
    )
    jpeg_image = changed.jpeg_image
    if jpeg_image is None or changed.component >= len(jpeg_image.components):
        return replace(changed, component=0, band=0)
    return changed


def with_band(state: InspectorState, component: int, band: int) -> InspectorState:
    """Return the state with another band selected; unchanged if its component does not exist."""
    jpeg_image = state.jpeg_image
    if jpeg_image is None or component >= len(jpeg_image.components):
        return state
    if (component, band) == (state.component, state.band):
        return state
    return replace(state, component=component, band=band, band_inspection=None, error=None)


class InspectorViewModel(JobViewModel[InspectorState]):
    """View model of the inspector, which computes the histogram of the selected band."""

    def __init__(self, runner: JobRunner) -> None:
        super().__init__(InspectorState(), runner)
        self._is_visible = False

    def show_document(self, document: Document) -> None:
        """Inspect another document."""
        if document is not self._state.document:
            self._change_state(InspectorState(document))

    def show_result(self, result: RunResult | None) -> None:
        """Inspect another result of the document, None for no result."""
        if result is not self._state.result:
            self._change_state(with_result(self._state, result))

    def select_band(self, component: int, band: int) -> None:
        """Select another band to inspect."""
        self._change_state(with_band(self._state, component, band))

    def set_visible(self, visible: bool) -> None:
        """Set whether the band's histogram is visible; an invisible histogram is not computed."""
        self._is_visible = visible
        self._start_band_inspection()

    def _change_state(self, state: InspectorState) -> None:
        if state is not self._state:
            self._runner.discard(self._job_id)
            self._set_state(state)
            self._start_band_inspection()

    def _start_band_inspection(self) -> None:
        state = self._state
        if not self._is_visible or state.jpeg_image is None or state.band_inspection is not None:
            return
        self._runner.discard(self._job_id)
        request = BandInspectionRequest(
            state.jpeg_image, state.result_pixels, state.component, state.band
        )
        self._job_id = self._runner.start(partial(inspect_band_job, request))

    def _on_job_ended(self, outcome: JobOutcome) -> None:
        match outcome:
            case JobOutcome(error=None, result=BandInspection() as band_inspection):
                self._set_state(replace(self._state, band_inspection=band_inspection, error=None))
            case JobOutcome(error=Exception() as error):
                self._set_state(replace(self._state, error=error))
