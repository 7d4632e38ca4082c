"""Access to sources in an object store."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from ddrm_core.batch.file_tracker import ContentInProgress
from ddrm_core.batch.manifest.entries import SourceEntry
from ddrm_core.batch.manifest.manifest import Manifest
from ddrm_core.batch.object_path import ObjectPath
from ddrm_core.batch.output_paths import PlannedFile
from ddrm_core.batch.stores.object_store import ObjectStore
from ddrm_core.batch.stores.reasons import StoreError
from ddrm_core.cancel import CancelToken
from ddrm_core.errors import FileError, UnreadableFile, UnwritableOutput
from ddrm_core.os_errors import writing


class _SourceCopy:
    """A copy of a source in a temporary folder, which is deleted with the object.

    Attributes:
        source: Path of the source in its store.
        path: Path of the copy.
        version: Version of the source.
        remove: Function that deletes the folder.
    """

    def __init__(self, source: Path) -> None:
        """Create the folder without a copy. Raise UnwritableOutput if the system refuses."""
        with writing(Path(tempfile.gettempdir())):
            folder = Path(tempfile.mkdtemp(prefix="ddrm-restore-"))
        self.source, self.path, self.version = source, folder / source.name, ""
        self.remove = weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)


class ObjectSources:
    """The access to sources in an object store, each of which is downloaded while it is restored.

    The manifest of the results tells the content of a version that was read before, so that a
    finished source is skipped without a request to its store.

    This class implements `SourceAccess`. An instance is not safe for concurrent threads.
    """

    def __init__(self, store: ObjectStore, folder: ObjectPath, manifest: Manifest) -> None:
        """Create the access without a connection.

        Args:
            store: Folder of the sources in the object store.
            folder: Path of this folder, with which the paths of all sources begin.
            manifest: Manifest of the results.
        """
        self._store, self._folder, self._manifest = store, folder, manifest
        self._opened_version = ""
        # A worker of a cluster asks for the content of each file before it restores the file.
        self._kept_copy: _SourceCopy | None = None

    def find_content(self, file: PlannedFile) -> str | None:
        """Return the SHA-256 of a source whose version was read before, None of another one."""
        if not file.source_version:
            return None
        return self._manifest.find_source_content(str(file.source), file.source_version)

    @contextmanager
    def open(self, file: PlannedFile, token: CancelToken) -> Iterator[PlannedFile]:
        """Yield the file with a temporary copy of its source; see `SourceAccess.open`.

        If the block raises ContentInProgress, the next call for this source uses the same copy.
        Raise UnwritableOutput for the folder for temporary files if the copy cannot be written.
        """
        token.raise_if_cancelled()
        copy: _SourceCopy | None = None
        try:
            copy = self._take_kept_copy(file.source) or self._download(file.source)
            self._opened_version = copy.version
            yield replace(file, source=copy.path)
        except ContentInProgress:
            self._kept_copy, copy = copy, None
            raise
        except StoreError as error:
            raise UnreadableFile(file.source, error.reason) from error
        except FileError as error:
            if copy is not None and error.path == copy.path:
                error.path = file.source
            raise
        finally:
            if copy is not None:
                copy.remove()

    def _take_kept_copy(self, source: Path) -> _SourceCopy | None:
        """Return the copy that was kept if it is that of a source that has not changed since."""
        copy, self._kept_copy = self._kept_copy, None
        if copy is None:
            return None
        if copy.source == source:
            facts = self._store.find(self._key_of(source))
            if facts is not None and facts.version == copy.version:
                return copy
        copy.remove()
        return None

    def _download(self, source: Path) -> _SourceCopy:
        copy = _SourceCopy(source)
        try:
            copy.version = self._store.download(self._key_of(source), copy.path).version
        except BaseException as error:
            if isinstance(error, UnwritableOutput):
                error.path = copy.path.parent.parent
            copy.remove()
            raise
        return copy

    def _key_of(self, source: Path) -> str:
        return source.relative_to(self._folder).as_posix()

    def note_content(self, file: PlannedFile, sha256: str) -> None:
        """Store the SHA-256 of the source that is open in the manifest."""
        self._manifest.add_later(SourceEntry(str(file.source), self._opened_version, sha256))

    def close(self) -> None:
        """Delete the copy that is kept for the next file."""
        if self._kept_copy is not None:
            self._kept_copy.remove()
        self._kept_copy = None
