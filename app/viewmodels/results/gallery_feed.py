"""What there is to compare, told to the gallery."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, Slot

from app.i18n.translation import tr
from app.jobs.compare.compose_image import ImagePlacement, compose_stored_image
from app.jobs.document.open import Document
from app.jobs.results.archived_result import fetch_result
from app.jobs.run.estimate_recorder import Frame, fetch_frame
from app.jobs.storage.array_store import Kept
from app.viewmodels.compare.gallery import (
    EstimateKey,
    GalleryViewModel,
    LazyImage,
    MeanKey,
    PastRunKey,
    SampleKey,
)
from app.viewmodels.document.document import DocumentOpened, DocumentState, DocumentViewModel
from app.viewmodels.results.history import RunsViewModel
from app.viewmodels.results.history_text import run_label
from app.viewmodels.results.past_runs import RunsState
from app.viewmodels.run.labels import after_label
from app.viewmodels.run.run import Done, RunState, RunViewModel, picture_of
from app.viewmodels.run.timeline import TimelineState, TimelineViewModel, frame_words


def sample_offers(document: Document, run: RunState) -> tuple[LazyImage, ...]:
    """The samples of the result that are kept."""
    if not isinstance(run, Done):
        return ()
    place = ImagePlacement(document, run.restored.restoration.run.region)
    return tuple(
        LazyImage(
            SampleKey(number),
            tr("Sample {number}").format(number=number),
            kept,
            partial(compose_stored_image, kept, place),
        )
        for number, kept in enumerate(run.restored.samples, 1)
    )


def mean_offers(document: Document, run: RunState) -> tuple[LazyImage, ...]:
    """The mean of the samples, where a sample may be the result instead."""
    if not isinstance(run, Done) or not run.restored.samples:
        return ()
    restoration = run.restored.restoration
    mean, place = (
        Kept(restoration.picture.numpy()),
        ImagePlacement(document, restoration.run.region),
    )
    fetch = partial(compose_stored_image, mean, place)
    return (LazyImage(MeanKey(), tr("Mean of the samples"), restoration, fetch),)


def run_offers(document: Document, runs: RunsState) -> tuple[LazyImage, ...]:
    """The other runs of the file."""
    return tuple(
        LazyImage(
            PastRunKey(past.number),
            run_label(past),
            past,
            partial(fetch_result, past.put, past.sharpness, past.sample, document),
        )
        for past in runs.runs
        if past.here and past.number != runs.current
    )


def estimate_offers(document: Document, frames: Sequence[Frame]) -> tuple[LazyImage, ...]:
    """The estimates of the latest run that are kept."""
    return tuple(
        LazyImage(
            EstimateKey(frame.number),
            tr("Estimate: {where}").format(where=frame_words(frame)),
            frame,
            partial(fetch_frame, frame, document),
        )
        for frame in frames
    )


class GalleryFiller(QObject):
    """Follows the file and its runs."""

    def __init__(
        self,
        gallery: GalleryViewModel,
        document: DocumentViewModel,
        run: RunViewModel,
        runs: RunsViewModel,
        timeline: TimelineViewModel,
    ) -> None:
        super().__init__(gallery)
        self._gallery = gallery
        self._document = document
        self._runs = runs
        document.state_changed.connect(self._on_document_changed)
        run.state_changed.connect(self._on_run_changed)
        timeline.state_changed.connect(self._on_timeline_changed)
        runs.state_changed.connect(self._on_runs_changed)

    @Slot(object)
    def _on_document_changed(self, state: DocumentState) -> None:
        if isinstance(state, DocumentOpened):
            # A run that there was before is of another file, and will be forgotten.
            self._gallery.show_original(state.document.image, tr("Before"))
            self._on_runs_changed(self._runs.state)

    @Slot(object)
    def _on_run_changed(self, state: RunState) -> None:
        document = self._document.document
        if document is None:
            return
        picture = picture_of(state)
        if picture is None:
            self._gallery.remove_result()
        else:
            self._gallery.show_result(picture, after_label(state))
        self._gallery.set_lazy_images(MeanKey, mean_offers(document, state))
        self._gallery.set_lazy_images(SampleKey, sample_offers(document, state))

    @Slot(object)
    def _on_timeline_changed(self, state: TimelineState) -> None:
        document = self._document.document
        if document is not None:
            self._gallery.set_lazy_images(EstimateKey, estimate_offers(document, state.frames))

    @Slot(object)
    def _on_runs_changed(self, state: RunsState) -> None:
        document = self._document.document
        if document is not None:
            self._gallery.set_lazy_images(PastRunKey, run_offers(document, state))
