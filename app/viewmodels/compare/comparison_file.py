"""View model of the further file that is compared with the open file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import Slot

from app.i18n.error_messages import UserMessage
from app.i18n.translation import tr
from app.imaging.mipmap_image import MipmapImage
from app.jobs.compare.comparison_image import ComparisonImage, load_comparison_image
from app.jobs.worker import JobOutcome, JobRunner, job_from_function
from app.viewmodels.compare.compare import Size
from app.viewmodels.compare.gallery import ComparisonFileKey, GalleryViewModel, LazyImage
from app.viewmodels.document.document import DocumentOpened, DocumentState, DocumentViewModel
from app.viewmodels.state_view_model import JobFailed, JobNotStarted, JobViewModel


@dataclass(frozen=True, slots=True)
class ComparisonFileLoading:
    """State while the file `path` is being read."""

    path: Path


@dataclass(frozen=True, slots=True)
class ComparisonFileLoaded:
    """State while the image of the file `path` can be compared."""

    path: Path


@dataclass(frozen=True, slots=True)
class ComparisonFileRefused:
    """State after a file was refused, because only images of the same size can be compared.

    Attributes:
        path: The file.
        size: Size of its image in pixels.
        expected_size: Size of the image of the open file in pixels.
    """

    path: Path
    size: Size
    expected_size: Size


ComparisonFileState = (
    JobNotStarted | ComparisonFileLoading | ComparisonFileLoaded | ComparisonFileRefused | JobFailed
)


def comparison_refused_message(refused: ComparisonFileRefused) -> UserMessage:
    """Return the message that a file has another size than the open file."""
    return UserMessage(
        tr("{name} has another size than the open file").format(name=refused.path.name),
        tr("It has {size} pixels, the open file {expected}. Choose a file of that size.").format(
            size=_format_size(refused.size), expected=_format_size(refused.expected_size)
        ),
    )


def _format_size(size: Size) -> str:
    return tr("{width} × {height}").format(width=size.width, height=size.height)  # noqa: RUF001


class ComparisonFileViewModel(JobViewModel[ComparisonFileState]):
    """View model that adds the image of one further file to the gallery.

    The file is for comparison only, and is forgotten when another file is opened.
    """

    def __init__(
        self, runner: JobRunner, gallery: GalleryViewModel, document: DocumentViewModel
    ) -> None:
        super().__init__(JobNotStarted(), runner)
        self._gallery = gallery
        self._document = document
        document.state_changed.connect(self._on_document_changed)

    def load(self, path: Path) -> None:
        """Load the image of a file, which replaces an earlier one if the sizes agree."""
        self._runner.discard(self._job_id)
        self._set_state(ComparisonFileLoading(path))
        self._job_id = self._runner.start(job_from_function(partial(load_comparison_image, path)))

    def _on_job_ended(self, outcome: JobOutcome) -> None:
        self._set_state(outcome.convert(ComparisonImage, self._accept, JobFailed))

    def _accept(self, loaded: ComparisonImage) -> ComparisonFileState:
        document = self._document.document
        assert document is not None  # a file is compared with the open file
        size, expected_size = _size_of(loaded.image), _size_of(document.image)
        if size != expected_size:
            return ComparisonFileRefused(loaded.path, size, expected_size)
        label = tr("Other file: {name}").format(name=loaded.path.name)
        lazy_image = LazyImage(ComparisonFileKey(), label, loaded, lambda: loaded.image)
        self._gallery.set_lazy_images(ComparisonFileKey, [lazy_image])
        return ComparisonFileLoaded(loaded.path)

    @Slot(object)
    def _on_document_changed(self, state: DocumentState) -> None:
        if isinstance(state, DocumentOpened):
            self._runner.discard(self._job_id)
            self._gallery.set_lazy_images(ComparisonFileKey, [])
            self._set_state(JobNotStarted())


def _size_of(image: MipmapImage) -> Size:
    return Size(image.full_size.width(), image.full_size.height())
