"""What the file says of itself, and one band of its coefficients."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QObject, Slot

from app.jobs.document.open import Document
from app.jobs.inspector.inspect import BandFound, BandRequest, ResultPixels, looking_at_band
from app.jobs.run.result import Restored
from app.jobs.worker import Outcome, Runner
from app.viewmodels.state_view_model import StateViewModel
from ddrm_core.jpeg.image import JpegImage


@dataclass(frozen=True, slots=True)
class InspectorState:
    """What is looked at.

    Attributes:
        document: The opened file, None before the first.
        restored: Its result, None where there is none.
        result: The same, piece by piece.
        component: Of the chosen band, from 0.
        band: The chosen one, 0 to 63: 8 times the vertical frequency plus the horizontal one.
        found: Of the band; None while it is looked up.
        error: Why that failed, None where it did not.
    """

    document: Document | None = None
    restored: Restored | None = None
    result: ResultPixels | None = None
    component: int = 0
    band: int = 0
    found: BandFound | None = None
    error: Exception | None = None

    @property
    def image(self) -> JpegImage | None:
        """What has levels: the file or, of one that is no JPEG, what its run assumed of it."""
        if self.document is not None and isinstance(self.document.source, JpegImage):
            return self.document.source
        if self.restored is not None:
            image = self.restored.restoration.run.image
            return image if isinstance(image, JpegImage) else None
        return None


def with_document(document: Document) -> InspectorState:
    """Another file; the lowest band of its first component is looked at."""
    return InspectorState(document)


def with_result(state: InspectorState, restored: Restored | None) -> InspectorState:
    """Another result of the same file, or none; what was chosen stays where there is such."""
    pixels = None if restored is None else ResultPixels(restored)
    changed = replace(state, restored=restored, result=pixels, found=None, error=None)
    image = changed.image
    if image is None or changed.component >= len(image.components):
        return replace(changed, component=0, band=0)
    return changed


def with_band(state: InspectorState, component: int, band: int) -> InspectorState:
    """Another band; the same where there is no such component."""
    image = state.image
    if image is None or component >= len(image.components):
        return state
    if (component, band) == (state.component, state.band):
        return state
    return replace(state, component=component, band=band, found=None, error=None)


class InspectorViewModel(StateViewModel[InspectorState]):
    """The inspection as one value that changes."""

    def __init__(self, runner: Runner, parent: QObject | None = None) -> None:
        super().__init__(InspectorState(), parent)
        self._runner = runner
        self._run_id = 0
        self._looking = False
        runner.ended.connect(self._on_ended)

    def show_document(self, document: Document) -> None:
        """Look at another file."""
        if document is not self._state.document:
            self._change(with_document(document))

    def show_result(self, restored: Restored | None) -> None:
        """Look at another result of it, or at none."""
        if restored is not self._state.restored:
            self._change(with_result(self._state, restored))

    def choose(self, component: int, band: int) -> None:
        """Look at another band."""
        self._change(with_band(self._state, component, band))

    def look(self, *, wanted: bool) -> None:
        """Whether anybody sees what bands hold; only then it is counted."""
        self._looking = wanted
        self._look_up()

    def _change(self, state: InspectorState) -> None:
        if state is not self._state:
            self._runner.withdraw(self._run_id)
            self._set(state)
            self._look_up()

    def _look_up(self) -> None:
        state = self._state
        if not self._looking or state.image is None or state.found is not None:
            return
        self._runner.withdraw(self._run_id)
        request = BandRequest(state.image, state.result, state.component, state.band)
        self._run_id = self._runner.start(partial(looking_at_band, request))

    @Slot(int, object)
    def _on_ended(self, run_id: int, outcome: Outcome) -> None:
        if run_id != self._run_id:
            return
        match outcome:
            case Outcome(error=None, result=BandFound() as found):
                self._set(replace(self._state, found=found, error=None))
            case Outcome(error=Exception() as error):
                self._set(replace(self._state, error=error))
