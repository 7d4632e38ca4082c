"""View model of the images in the folder of the open file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal, Slot

from app.jobs.folder.folder_files import (
    FolderFileDetails,
    FolderListing,
    list_folder_files,
    load_folder_file_details,
)
from app.jobs.worker import JobOutcome, JobRunner, job_from_function
from app.viewmodels.document.document import (
    DocumentOpened,
    DocumentOpenFailed,
    DocumentOpening,
    DocumentState,
    DocumentViewModel,
)
from app.viewmodels.state_view_model import StateViewModel
from ddrm_core.batch.manifest.manifest import Manifest

# The files that were scrolled out of sight before their details were loaded are forgotten.
_MAX_PENDING_FILES = 60
_MAX_KEPT_DETAILS = 500


@dataclass(frozen=True, slots=True)
class FolderFilesState:
    """The images in the folder of the open file.

    Attributes:
        opened_path: The file that is open or being opened, None for pasted pixels and before any.
        files: Images of the folder in natural order; empty until they are listed.
        refused_path: The file of the folder that could not be opened last, None if the latest one
            was opened.
    """

    opened_path: Path | None = None
    files: tuple[Path, ...] = ()
    refused_path: Path | None = None

    @property
    def position_path(self) -> Path | None:
        """The file from which a walk through the folder goes on: refused, else open."""
        return self.refused_path or self.opened_path

    @property
    def opened_index(self) -> int | None:
        """Index of the open file in `files`, None if it is not listed."""
        return self._find_index(self.opened_path)

    @property
    def position_index(self) -> int | None:
        """Index of `position_path` in `files`, None if it is not listed."""
        return self._find_index(self.position_path)

    def _find_index(self, path: Path | None) -> int | None:
        return self.files.index(path) if path in self.files else None

    def find_neighbor(self, offset: int) -> Path | None:
        """Return the previous (-1) or next (+1) file, None beyond the ends."""
        index = self.position_index
        if index is None or not 0 <= index + offset < len(self.files):
            return None
        return self.files[index + offset]


class FolderFilesViewModel(StateViewModel[FolderFilesState]):
    """View model that lists the folder of the open file, and loads thumbnails on request.

    Signals:
        details_loaded: Details of a file were loaded. arg1: its path.
        details_cleared: All details were forgotten, because results have been written.
    """

    details_loaded = Signal(object)
    details_cleared = Signal()

    def __init__(self, runner: JobRunner, document: DocumentViewModel) -> None:
        super().__init__(FolderFilesState())
        self._runner = runner
        self._listing_job_id = 0
        self._details_job_id = 0
        self._is_loading = False
        # The manifest stays in memory, so that its lines are not read again for every thumbnail.
        self._manifest: Manifest | None = None
        # The latest request is last.
        self._pending_files: dict[Path, None] = {}
        self._details: dict[Path, FolderFileDetails] = {}
        document.state_changed.connect(self._on_document_changed)
        runner.ended.connect(self._on_ended)

    def find_details(self, path: Path) -> FolderFileDetails | None:
        """Return the details of a file; None until they are loaded, which the call requests."""
        details = self._details.get(path)
        if details is None:
            self._pending_files.pop(path, None)
            self._pending_files[path] = None
            while len(self._pending_files) > _MAX_PENDING_FILES:
                del self._pending_files[next(iter(self._pending_files))]
            self._load_next()
        return details

    @Slot()
    def refresh(self) -> None:
        """List the folder again and forget its details, because results have been written."""
        self._details.clear()
        # Details that are being loaded may have been read before the results were written.
        self._runner.discard(self._details_job_id)
        self._is_loading = False
        if self._state.position_path is not None:
            self._list_folder(self._state.position_path)
        self.details_cleared.emit()

    @Slot(object)
    def _on_document_changed(self, state: DocumentState) -> None:
        match state:
            case DocumentOpening(request=request) if request.pasted_image is None:
                self._set_opened_path(request.path.absolute())
            case DocumentOpened(document=document) if document.is_pasted:
                self._set_state(FolderFilesState())
            case DocumentOpened(document=document):
                self._set_opened_path(document.source.path.absolute())
            case DocumentOpenFailed(request=request, document=document) if (
                request.pasted_image is None
            ):
                opened_path = None
                if document is not None and not document.is_pasted:
                    opened_path = document.source.path.absolute()
                self._set_refused_path(request.path.absolute(), opened_path)

    def _set_opened_path(self, path: Path) -> None:
        previous = self._state
        position = previous.position_path
        has_folder = position is not None and position.parent == path.parent
        if has_folder and path in previous.files:
            self._set_state(replace(previous, opened_path=path, refused_path=None))
            return
        if path != previous.opened_path or not previous.files:
            files = previous.files if has_folder else ()
            self._set_state(FolderFilesState(path, files))
            self._list_folder(path)

    def _set_refused_path(self, refused_path: Path, opened_path: Path | None) -> None:
        """Mark the file that stays open, from whose folder the refused file may be."""
        if opened_path is not None and opened_path.parent != refused_path.parent:
            self._set_opened_path(opened_path)
        else:
            refused = replace(self._state, opened_path=opened_path, refused_path=refused_path)
            self._set_state(refused)

    def _list_folder(self, path: Path) -> None:
        self._runner.discard(self._listing_job_id)
        self._listing_job_id = self._runner.start(
            job_from_function(partial(list_folder_files, path.parent, path))
        )

    def _load_next(self) -> None:
        if self._is_loading or not self._pending_files:
            return
        path, _ = self._pending_files.popitem()
        self._is_loading = True
        if self._manifest is None or self._manifest.folder != path.parent:
            self._manifest = Manifest(path.parent)
        job = job_from_function(partial(load_folder_file_details, self._manifest, path))
        self._details_job_id = self._runner.start(job)

    @Slot(int, object)
    def _on_ended(self, job_id: int, outcome: JobOutcome) -> None:
        if job_id == self._details_job_id:
            self._is_loading = False
            if isinstance(outcome.result, FolderFileDetails):
                self._add_details(outcome.result)
            self._load_next()
        elif job_id == self._listing_job_id and isinstance(outcome.result, FolderListing):
            listing, position = outcome.result, self._state.position_path
            if position is not None and position.parent == listing.folder:
                self._set_state(replace(self._state, files=listing.files))

    def _add_details(self, details: FolderFileDetails) -> None:
        self._details[details.path] = details
        self._pending_files.pop(details.path, None)  # was requested again while it was loaded
        while len(self._details) > _MAX_KEPT_DETAILS:
            del self._details[next(iter(self._details))]
        self.details_loaded.emit(details.path)
