"""View model of the opened file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QImage

from app.i18n.translation import tr
from app.jobs.document.open import Document, open_document
from app.jobs.document.pasted_image import open_pasted_image
from app.jobs.document.reopen import reopen_document
from app.jobs.worker import JobOutcome, JobRunner, job_from_function
from app.viewmodels.state_view_model import JobViewModel
from ddrm_core.errors import DamagedJpeg, TooManyPixels
from ddrm_core.formats.defaults import MAX_PIXELS

if TYPE_CHECKING:  # imports torch, see `PriorCache`
    from ddrm_core.restoration.source import SourceImage


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """Request to open a file, with the exceptions to which the user has agreed.

    Attributes:
        path: The file.
        tolerate_damage: Whether to open the readable part of a damaged JPEG.
        max_pixels: Maximum number of pixels that the opened image may have.
        cached_source: Content of the file as a past run read it, which is opened instead of a
            missing or changed file; None unless a past run is activated.
        pasted_image: Image of the clipboard, which is opened instead of a file; None for files.
    """

    path: Path
    tolerate_damage: bool = False
    max_pixels: int = MAX_PIXELS
    cached_source: SourceImage | None = None
    pasted_image: QImage | None = None

    def read_document(self) -> Document:
        """Open the pasted image, the cached source or the file, and return the document.

        Raises the errors of `open_document` and `open_pasted_image`.
        """
        if self.pasted_image is not None:
            return open_pasted_image(self.pasted_image, self.path, max_pixels=self.max_pixels)
        if self.cached_source is not None:
            return reopen_document(self.cached_source)
        return open_document(
            self.path, tolerate_damage=self.tolerate_damage, max_pixels=self.max_pixels
        )


@dataclass(frozen=True, slots=True)
class NoDocument:
    """State before any file has been opened."""


@dataclass(frozen=True, slots=True)
class DocumentOpening:
    """State while a file is being read.

    Attributes:
        request: The request in progress.
        document: The document that was open before and is still shown.
    """

    request: OpenRequest
    document: Document | None

    @property
    def path(self) -> Path:
        return self.request.path


@dataclass(frozen=True, slots=True)
class DocumentOpened:
    """State while a file is open."""

    document: Document


@dataclass(frozen=True, slots=True)
class DocumentOpenFailed:
    """State after a file could not be opened.

    Attributes:
        error: The reason of the failure.
        request: The request that failed.
        document: The document that was open before and is still shown.
    """

    error: Exception
    request: OpenRequest
    document: Document | None


@dataclass(frozen=True, slots=True)
class OpenAlternative:
    """Offer to open a refused file in another way, such as only its readable part.

    Attributes:
        label: Text of the button with which the user agrees.
        request: Request that opens the file in this way.
    """

    label: str
    request: OpenRequest


DocumentState = NoDocument | DocumentOpening | DocumentOpened | DocumentOpenFailed


def document_of_state(state: DocumentState) -> Document | None:
    """Return the document shown in a state, None before the first file has been opened."""
    return None if isinstance(state, NoDocument) else state.document


def state_after_open(opening: DocumentOpening, outcome: JobOutcome) -> DocumentState:
    """Return the state after the job that opens a file has ended: opened or failed."""
    return outcome.convert(
        Document,
        DocumentOpened,
        lambda error: DocumentOpenFailed(error, opening.request, opening.document),
    )


def find_open_alternative(failure: DocumentOpenFailed) -> OpenAlternative | None:
    """Return another way to open the refused file, None if no other way can succeed."""
    request = failure.request
    match failure.error:
        case DamagedJpeg() if not request.tolerate_damage:
            return OpenAlternative(
                tr("Open what can be read"), replace(request, tolerate_damage=True)
            )
        case TooManyPixels(width=width, height=height):
            return OpenAlternative(tr("Open anyway"), replace(request, max_pixels=width * height))
        case _:
            return None


class DocumentViewModel(JobViewModel[DocumentState]):
    """View model of the opened file, which reads files on a worker thread."""

    def __init__(self, runner: JobRunner) -> None:
        super().__init__(NoDocument(), runner)

    @property
    def document(self) -> Document | None:
        return document_of_state(self._state)

    def open(self, request: OpenRequest) -> None:
        """Open a file; the job of a file that is still being read is discarded."""
        self._runner.discard(self._job_id)
        self._set_state(DocumentOpening(request, self.document))
        self._job_id = self._runner.start(job_from_function(request.read_document))

    def _on_job_ended(self, outcome: JobOutcome) -> None:
        if isinstance(self._state, DocumentOpening):
            self._set_state(state_after_open(self._state, outcome))
