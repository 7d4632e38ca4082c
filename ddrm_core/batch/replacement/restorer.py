"""The restorer of a batch whose results replace their sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack

from ddrm_core.batch.file_tracker import BatchTracker
from ddrm_core.batch.outcome import FileOutcome
from ddrm_core.batch.output_paths import PlannedFile
from ddrm_core.batch.replacement.run import Replacement, replace_files
from ddrm_core.batch.runner import FileRestoreProgress
from ddrm_core.batch.settings import BatchSettings
from ddrm_core.cancel import CancelToken
from ddrm_core.prior.denoiser import Prior, PriorInfo


class ReplacingRestorer:
    """A restorer that replaces each source by its result, one file after another."""

    def __init__(self, settings: BatchSettings, prior: Prior, replacement: Replacement) -> None:
        """Lock the folder of the sources until the restorer is closed.

        Args:
            settings: Settings of all files.
            prior: Denoiser.
            replacement: Place of the backups, and undo log.

        Raises:
            FolderInUse: If another process replaces sources of the folder.
            UnwritableOutput: If the undo log cannot be written.
        """
        self._settings, self._prior, self._replacement = settings, prior, replacement
        self._lock = ExitStack()
        self._lock.enter_context(replacement.log.lock())

    @property
    def prior_info(self) -> PriorInfo:
        """Description of the prior of the batch."""
        return self._prior.info

    @property
    def local_prior(self) -> Prior | None:
        """Prior of the batch."""
        return self._prior

    def restore(
        self,
        files: Iterable[PlannedFile],
        token: CancelToken,
        tracker: BatchTracker,  # noqa: ARG002
    ) -> Iterator[FileRestoreProgress | FileOutcome]:
        """Restore and replace files; see `replace_files`."""
        return replace_files(files, self._settings, self._prior, self._replacement, token)

    def close(self) -> None:
        """Unlock the folder of the sources."""
        self._lock.close()
