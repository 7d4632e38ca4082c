"""The files of a batch that workers take: retried, waiting for equal files, or new."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from ddrm_core.batch.outcome import FileOutcome, FileState
from ddrm_core.batch.output_paths import PlannedFile
from ddrm_core.batch.workers.reasons import WorkerCrashed
from ddrm_core.messages import Message

MAX_TRIES = 3
"""Number of workers that may be lost during the restoration of a file until it counts as failed."""


@dataclass(slots=True, eq=False)
class FileAssignment:
    """A file of a batch with the state of its restoration.

    Attributes:
        number: Number of the file, from 1.
        file: Planned file.
        lost_count: Number of workers that were lost during its restoration.
        content: SHA-256 of the file's bytes, None until a worker has computed it.
    """

    number: int
    file: PlannedFile
    lost_count: int = 0
    content: str | None = None


class FileDistributor:
    """A queue from which several workers take files, so that equal files never run at once.

    A file whose content another worker restores waits until that worker has finished, because the
    finished result can be copied. The files may be an endless or very long iterable: each is
    requested only when a worker is free.
    """

    def __init__(self, files: Iterable[PlannedFile]) -> None:
        """Create a queue of files that are not yet started, in the order of `files`."""
        self._new_files = iter(files)
        self._next_number = 1
        self._is_exhausted = False
        self._ready: deque[FileAssignment] = deque()
        # The file that is restored of each content, and the files that wait for it.
        self._active_by_content: dict[str, FileAssignment] = {}
        self._waiting_by_content: dict[str, list[FileAssignment]] = {}

    @property
    def is_empty(self) -> bool:
        """Whether all files were taken and none was put back."""
        return self._is_exhausted and not self._ready and not self._waiting_by_content

    def take(self) -> FileAssignment | None:
        """Return the next file for a worker, None if there is none at present.

        Raises the errors of the iterable of files.
        """
        if self._ready:
            return self._ready.popleft()
        if self._is_exhausted:
            return None
        file = next(self._new_files, None)
        if file is None:
            self._is_exhausted = True
            return None
        assignment = FileAssignment(self._next_number, file)
        self._next_number += 1
        return assignment

    def start_content(self, assignment: FileAssignment, sha256: str) -> bool:
        """Return whether a taken file may be restored now; otherwise, it must be deferred.

        Args:
            assignment: File that a worker has taken.
            sha256: SHA-256 of the file's bytes, in hexadecimal.
        """
        assignment.content = sha256
        return self._active_by_content.setdefault(sha256, assignment) is assignment

    def defer(self, assignment: FileAssignment) -> None:
        """Put a taken file back, to be taken again when no file of its content is restored."""
        if assignment.content in self._active_by_content:
            self._waiting_by_content.setdefault(assignment.content, []).append(assignment)
        else:
            self._ready.append(assignment)

    def finish(self, assignment: FileAssignment) -> None:
        """Record that a taken file has an outcome; files of its content can be taken again."""
        if (
            assignment.content is None
            or self._active_by_content.get(assignment.content) is not assignment
        ):
            return
        del self._active_by_content[assignment.content]
        self._ready.extend(self._waiting_by_content.pop(assignment.content, ()))

    def lose(self, assignment: FileAssignment) -> bool:
        """Record that the worker of a taken file was lost; return whether the file is tried again.

        If not, the file is finished.
        """
        self.finish(assignment)
        assignment.lost_count += 1
        if assignment.lost_count >= MAX_TRIES:
            return False
        self._ready.appendleft(assignment)
        return True


def describe_lost_file(assignment: FileAssignment, end: Message) -> FileOutcome:
    """Return the outcome of a file that is not tried again because too many workers were lost.

    Args:
        assignment: File that is finished after `FileDistributor.lose`.
        end: Way in which the last worker ended.
    """
    file = assignment.file
    error = WorkerCrashed(file.source, assignment.lost_count, end)
    return FileOutcome(file, file.target, FileState.FAILED, error=error)
