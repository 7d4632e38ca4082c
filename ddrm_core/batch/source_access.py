"""Access to the sources of a batch: the interface, and files that need no access of their own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, runtime_checkable

from ddrm_core.batch.output_paths import PlannedFile
from ddrm_core.cancel import CancelToken


@runtime_checkable
class SourceAccess(Protocol):
    """The interface to the sources of a batch, which may lie in an object store."""

    def find_content(self, file: PlannedFile) -> str | None:
        """Return the SHA-256 of a source that an earlier batch has read, in hexadecimal.

        Return None if the source may have changed, so that it must be read.
        """
        ...

    @contextmanager
    def open(self, file: PlannedFile, token: CancelToken) -> Iterator[PlannedFile]:
        """Yield the file with a source in the file system, which exists until the block ends.

        An error that the block raises about this source names the source of `file` instead.

        Raises:
            UnreadableFile: If the source cannot be read.
            OperationCancelled: If `token` is cancelled.
        """
        ...

    def note_content(self, file: PlannedFile, sha256: str) -> None:
        """Store the SHA-256 of a source that was read, for `find_content` of a later batch.

        Args:
            file: File whose source was read.
            sha256: SHA-256 of the source's bytes, in hexadecimal.
        """
        ...

    def close(self) -> None:
        """Delete what is kept for the next file."""
        ...


class FileSystemAccess:
    """The access to sources in the file system, which are read where they are.

    This class implements `SourceAccess`.
    """

    def find_content(self, file: PlannedFile) -> str | None:  # noqa: ARG002
        """Return None, since a file can change without a trace."""
        return None

    @contextmanager
    def open(self, file: PlannedFile, token: CancelToken) -> Iterator[PlannedFile]:  # noqa: ARG002
        """Yield the file as it is."""
        yield file

    def note_content(self, file: PlannedFile, sha256: str) -> None:
        """Do nothing, since `find_content` returns nothing."""

    def close(self) -> None:
        """Do nothing, since nothing is kept."""


FILE_SYSTEM = FileSystemAccess()
"""The access to sources in the file system."""
