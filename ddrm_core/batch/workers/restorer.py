"""The interface to what restores the files of a batch, and its implementation in this process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Protocol, runtime_checkable

from ddrm_core.batch.file_tracker import BatchTracker
from ddrm_core.batch.manifest.manifest import Manifest
from ddrm_core.batch.outcome import FileOutcome
from ddrm_core.batch.output_paths import PlannedFile
from ddrm_core.batch.runner import FileRestoreProgress, restore_files
from ddrm_core.batch.settings import BatchSettings
from ddrm_core.batch.source_access import FILE_SYSTEM, SourceAccess
from ddrm_core.cancel import CancelToken
from ddrm_core.errors import UnwritableOutput
from ddrm_core.prior.denoiser import Prior, PriorInfo


@runtime_checkable
class BatchRestorer(Protocol):
    """The interface to what restores the files of a batch, in this or in other processes."""

    @property
    def prior_info(self) -> PriorInfo:
        """Description of the prior of the batch."""
        ...

    @property
    def local_prior(self) -> Prior | None:
        """Prior of the batch if this process has loaded it, None if other processes have."""
        ...

    def restore(
        self, files: Iterable[PlannedFile], token: CancelToken, tracker: BatchTracker
    ) -> Iterator[FileRestoreProgress | FileOutcome]:
        """Restore files as `restore_files` does; outcomes come in the order of completion.

        Args:
            files: Files to restore, with paths below the folder of the results.
            token: Cancel token, checked several times a second.
            tracker: Files of the same batch; `files` are added if they are a collection.

        Raises:
            OperationCancelled: If `token` is cancelled; nothing is written for unfinished files.
        """
        ...

    def close(self) -> None:
        """End all other processes; the files they restore remain without a result."""
        ...


class InProcessRestorer:
    """A restorer that restores one file after another in this process."""

    def __init__(
        self,
        settings: BatchSettings,
        prior: Prior,
        manifest: Manifest,
        sources: SourceAccess = FILE_SYSTEM,
    ) -> None:
        """Create a restorer of files with the same settings, prior, manifest and sources."""
        self._settings, self._prior = settings, prior
        self._manifest, self._sources = manifest, sources

    @property
    def prior_info(self) -> PriorInfo:
        """Description of the prior of the batch."""
        return self._prior.info

    @property
    def local_prior(self) -> Prior | None:
        """Prior of the batch."""
        return self._prior

    def restore(
        self, files: Iterable[PlannedFile], token: CancelToken, tracker: BatchTracker
    ) -> Iterator[FileRestoreProgress | FileOutcome]:
        """Restore files; see `restore_files`."""
        return restore_files(
            *(files, self._settings, self._prior, self._manifest, token, tracker), self._sources
        )

    def close(self) -> None:
        """Write what is left for the manifest; without it, a later batch reads files again."""
        with suppress(UnwritableOutput):
            self._manifest.flush()
