"""The opened file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from app.i18n.translation import tr
from app.jobs.document.open import Document, open_document
from app.jobs.document.reopen import reopen_document
from app.jobs.worker import JobOutcome, JobRunner, job_from_function
from app.viewmodels.state_view_model import StateViewModel
from ddrm_core.errors import DamagedJpeg, TooManyPixels
from ddrm_core.formats.defaults import MAX_PIXELS

if TYPE_CHECKING:  # imports torch, see `PriorCache`
    from ddrm_core.restoration.source import SourceImage


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """Which file, and what the user has agreed to.

    Attributes:
        path: The file.
        tolerate_damage: Whether to open what can be read of a damaged JPEG.
        max_pixels: In a picture that is opened.
        cached_source: The file as it was read for an earlier run that is gone back to; it is opened
            from memory where the file is gone or has changed. None for any other opening.
    """

    path: Path
    tolerate_damage: bool = False
    max_pixels: int = MAX_PIXELS
    cached_source: SourceImage | None = None

    def read_document(self) -> Document:
        """Do it; raises as `open_document`."""
        if self.cached_source is not None:
            return reopen_document(self.cached_source)
        return open_document(
            self.path, tolerate_damage=self.tolerate_damage, max_pixels=self.max_pixels
        )


@dataclass(frozen=True, slots=True)
class NoDocument:
    """Nothing was opened yet."""


@dataclass(frozen=True, slots=True)
class DocumentOpening:
    """A file is being read.

    Attributes:
        request: Which, and how.
        document: What was open before and still is.
    """

    request: OpenRequest
    document: Document | None

    @property
    def path(self) -> Path:
        return self.request.path


@dataclass(frozen=True, slots=True)
class DocumentOpened:
    """A file is open."""

    document: Document


@dataclass(frozen=True, slots=True)
class DocumentOpenFailed:
    """The last file could not be opened.

    Attributes:
        error: Why.
        request: Which it was, and how.
        document: What was open before and still is.
    """

    error: Exception
    request: OpenRequest
    document: Document | None


@dataclass(frozen=True, slots=True)
class OpenAlternative:
    """Another way to open a file that was refused.

    Attributes:
        label: What the user agrees to.
        request: The way.
    """

    label: str
    request: OpenRequest


DocumentState = NoDocument | DocumentOpening | DocumentOpened | DocumentOpenFailed


def document_of_state(state: DocumentState) -> Document | None:
    """The file that is open in this state."""
    return None if isinstance(state, NoDocument) else state.document


def state_after_open(opening: DocumentOpening, outcome: JobOutcome) -> DocumentState:
    """The state once the job has ended."""
    return outcome.convert(
        Document,
        DocumentOpened,
        lambda error: DocumentOpenFailed(error, opening.request, opening.document),
    )


def find_open_alternative(failure: DocumentOpenFailed) -> OpenAlternative | None:
    """What the user may agree to instead, None where nothing helps."""
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


class DocumentViewModel(StateViewModel[DocumentState]):
    """The opened file as one value that changes."""

    def __init__(self, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(NoDocument(), parent)
        self._runner = runner
        self._job_id = 0
        runner.ended.connect(self._on_ended)

    @property
    def document(self) -> Document | None:
        return document_of_state(self._state)

    def open(self, request: OpenRequest) -> None:
        """Read a file; another one still being read is given up."""
        self._runner.discard(self._job_id)
        self._set_state(DocumentOpening(request, self.document))
        self._job_id = self._runner.start(job_from_function(request.read_document))

    @Slot(int, object)
    def _on_ended(self, job_id: int, outcome: JobOutcome) -> None:
        if job_id == self._job_id and isinstance(self._state, DocumentOpening):
            self._set_state(state_after_open(self._state, outcome))
