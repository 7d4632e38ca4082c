"""Images of the document and its runs, passed to the gallery."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, Slot

from app.i18n.translation import tr
from app.jobs.compare.compose_image import ImagePlacement, compose_stored_image
from app.jobs.document.open import Document
from app.jobs.results.archived_result import compose_result_image
from app.jobs.run.estimate_recorder import RecordedEstimate, compose_estimate_image
from app.jobs.storage.array_store import StoredArray
from app.viewmodels.compare.gallery import (
    EstimateKey,
    GalleryViewModel,
    LazyImage,
    MeanKey,
    PastRunKey,
    SampleKey,
)
from app.viewmodels.document.document import DocumentOpened, DocumentState, DocumentViewModel
from app.viewmodels.results.history import RunHistoryViewModel
from app.viewmodels.results.history_text import past_run_label
from app.viewmodels.results.past_runs import RunHistoryState
from app.viewmodels.run.labels import after_pane_label
from app.viewmodels.run.run import ResultReady, RunState, RunViewModel, image_of_state
from app.viewmodels.run.timeline import TimelineState, TimelineViewModel, recorded_estimate_text


def lazy_sample_images(document: Document, run_state: RunState) -> tuple[LazyImage, ...]:
    """Return the stored samples of the result as lazy images, none without a result."""
    if not isinstance(run_state, ResultReady):
        return ()
    placement = ImagePlacement(document, run_state.result.restoration.run.region)
    return tuple(
        LazyImage(
            SampleKey(number),
            tr("Version {number}").format(number=number),
            stored,
            partial(compose_stored_image, stored, placement),
        )
        for number, stored in enumerate(run_state.result.samples, 1)
    )


def lazy_mean_images(document: Document, run_state: RunState) -> tuple[LazyImage, ...]:
    """Return the mean of the samples as the only lazy image, none without stored samples."""
    if not isinstance(run_state, ResultReady) or not run_state.result.samples:
        return ()
    restoration = run_state.result.restoration
    mean = StoredArray(restoration.image.numpy())
    placement = ImagePlacement(document, restoration.run.region)
    load = partial(compose_stored_image, mean, placement)
    return (LazyImage(MeanKey(), tr("Mean of the versions"), restoration, load),)


def lazy_run_images(document: Document, history: RunHistoryState) -> tuple[LazyImage, ...]:
    """Return the results of past runs of the open file as lazy images.

    The current run is left out.
    """
    return tuple(
        LazyImage(
            PastRunKey(past_run.number),
            past_run_label(past_run),
            past_run,
            partial(
                compose_result_image,
                past_run.archived_result,
                past_run.sharpness,
                past_run.sample_number,
                document,
                strength=past_run.strength,
            ),
        )
        for past_run in history.runs
        if past_run.is_of_open_file and past_run.number != history.current_number
    )


def lazy_estimate_images(
    document: Document, estimates: Sequence[RecordedEstimate]
) -> tuple[LazyImage, ...]:
    """Return recorded estimates of the latest run as lazy images."""
    return tuple(
        LazyImage(
            EstimateKey(estimate.number),
            recorded_estimate_text(estimate),
            estimate,
            partial(compose_estimate_image, estimate, document),
        )
        for estimate in estimates
    )


class GalleryFeed(QObject):
    """Link that updates the gallery when the document, run, timeline or run history changes."""

    def __init__(
        self,
        gallery: GalleryViewModel,
        document: DocumentViewModel,
        run: RunViewModel,
        run_history: RunHistoryViewModel,
        timeline: TimelineViewModel,
    ) -> None:
        super().__init__(gallery)
        self._gallery = gallery
        self._document = document
        self._run_history = run_history
        document.state_changed.connect(self._on_document_changed)
        run.state_changed.connect(self._on_run_changed)
        timeline.state_changed.connect(self._on_timeline_changed)
        run_history.state_changed.connect(self._on_run_history_changed)

    @Slot(object)
    def _on_document_changed(self, state: DocumentState) -> None:
        if isinstance(state, DocumentOpened):
            # A run that is still in the state is of another file and is about to be reset.
            self._gallery.show_original(state.document.image, tr("Before"))
            self._on_run_history_changed(self._run_history.state)

    @Slot(object)
    def _on_run_changed(self, state: RunState) -> None:
        document = self._document.document
        if document is None:
            return
        image = image_of_state(state)
        if image is None:
            self._gallery.remove_result()
        else:
            self._gallery.show_result(image, after_pane_label(state))
        self._gallery.set_lazy_images(MeanKey, lazy_mean_images(document, state))
        self._gallery.set_lazy_images(SampleKey, lazy_sample_images(document, state))

    @Slot(object)
    def _on_timeline_changed(self, state: TimelineState) -> None:
        document = self._document.document
        if document is not None:
            self._gallery.set_lazy_images(
                EstimateKey, lazy_estimate_images(document, state.estimates)
            )

    @Slot(object)
    def _on_run_history_changed(self, state: RunHistoryState) -> None:
        document = self._document.document
        if document is not None:
            self._gallery.set_lazy_images(PastRunKey, lazy_run_images(document, state))
