"""View model of sharing a result with another program."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from app.jobs.export.save import ShareFolder, write_shared_file
from app.jobs.run.result import RunResult
from app.jobs.storage.temporary_folder import TemporaryFolder
from app.jobs.worker import JobOutcome, JobRunner, job_from_function
from app.viewmodels.export.save_options import SaveOptionsState
from app.viewmodels.run.run import ResultReady
from app.viewmodels.state_view_model import JobFailed, JobNotStarted, JobViewModel

# The module imports torch, without which the window starts, see `PriorCache`.
if TYPE_CHECKING:
    from ddrm_core.export.settings import ExportSettings


@dataclass(frozen=True, slots=True)
class ShareRequest:
    """Request to share a result as a file.

    Attributes:
        result: The result.
        file_name: Name of the file.
        settings: Settings of the export.
        keep_date: Whether the file gets the modification time of the source.
    """

    result: RunResult
    file_name: str
    settings: ExportSettings
    keep_date: bool = True


@dataclass(frozen=True, slots=True)
class ShareInPreparation:
    """State while the file to share is being written."""

    request: ShareRequest


@dataclass(frozen=True, slots=True)
class ShareReady:
    """State after the file to share has been written to `path`."""

    request: ShareRequest
    path: Path


ShareState = JobNotStarted | ShareInPreparation | ShareReady | JobFailed


def create_share_request(done: ResultReady, options: SaveOptionsState) -> ShareRequest:
    """Return a request to share a result with the current save options.

    The file has the first available format: usually PNG, but JPEG if the option for the same
    levels is on.
    """
    result = done.result
    source = result.restoration.run.image.path
    file_name = (
        options.propose_path(source).with_suffix(options.available_formats[0].suffixes[0]).name
    )
    settings = options.to_export_settings(
        sharpness=result.sharpness, sample=result.sample_number, strength=result.strength
    )
    return ShareRequest(result, file_name, settings, keep_date=options.should_keep_date)


class ShareViewModel(JobViewModel[ShareState]):
    """View model of sharing: writes the file of a result for the clipboard or a drag."""

    def __init__(self, runner: JobRunner, temporary_folder: TemporaryFolder) -> None:
        super().__init__(JobNotStarted(), runner)
        self._share_folder = ShareFolder(temporary_folder)
        self._is_copy_requested = False

    def prepare(self, request: ShareRequest, *, for_copy: bool = False) -> None:
        """Write the file to share, unless the same request is already done or in progress.

        Args:
            request: The result and its file name and settings.
            for_copy: Whether the file is copied to the clipboard as soon as it is ready.
        """
        self._is_copy_requested = for_copy or self._is_copy_requested
        match self._state:
            case ShareInPreparation(request=prepared) | ShareReady(request=prepared) if (
                prepared == request
            ):
                return
        self._runner.discard(self._job_id)
        self._set_state(ShareInPreparation(request))
        job = partial(
            write_shared_file,
            request.result,
            self._share_folder,
            request.file_name,
            settings=request.settings,
            keep_date=request.keep_date,
        )
        self._job_id = self._runner.start(job_from_function(job))

    def take_copy_request(self) -> bool:
        """Return whether the file is to be copied to the clipboard, and clear that request."""
        is_requested, self._is_copy_requested = self._is_copy_requested, False
        return is_requested

    def release(self) -> None:
        """Drop the result that was shared, but keep its file for programs that may read it."""
        if isinstance(self._state, ShareReady):
            self._set_state(JobNotStarted())

    def _on_job_ended(self, outcome: JobOutcome) -> None:
        if isinstance(self._state, ShareInPreparation):
            self._set_state(
                outcome.convert(Path, partial(ShareReady, self._state.request), JobFailed)
            )
