"""Access to sources in an object store."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from ddrm_core.batch.manifest.entries import SourceEntry
from ddrm_core.batch.manifest.manifest import Manifest
from ddrm_core.batch.object_path import ObjectPath
from ddrm_core.batch.output_paths import PlannedFile
from ddrm_core.batch.stores.object_store import ObjectStore
from ddrm_core.batch.stores.reasons import StoreError
from ddrm_core.cancel import CancelToken
from ddrm_core.errors import FileError, UnreadableFile, UnwritableOutput


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

    def find_content(self, file: PlannedFile) -> str | None:
        """Return the SHA-256 of a source whose version was read before, None of another one."""
        if not file.source_version:
            return None
        return self._manifest.find_source_content(str(file.source), file.source_version)

    @contextmanager
    def open(self, file: PlannedFile, token: CancelToken) -> Iterator[PlannedFile]:
        """Yield the file with a temporary copy of its source; see `SourceAccess.open`.

        Raise UnwritableOutput for the folder for temporary files if the copy cannot be written.
        """
        token.raise_if_cancelled()
        with tempfile.TemporaryDirectory(prefix="ddrm-restore-") as folder:
            path = Path(folder) / file.source.name
            key = file.source.relative_to(self._folder).as_posix()
            try:
                self._opened_version = self._store.download(key, path).version
                yield replace(file, source=path)
            except StoreError as error:
                raise UnreadableFile(file.source, error.reason) from error
            except FileError as error:
                if error.path == path:
                    is_local = isinstance(error, UnwritableOutput)
                    error.path = Path(folder).parent if is_local else file.source
                raise

    def note_content(self, file: PlannedFile, sha256: str) -> None:
        """Store the SHA-256 of the source that is open in the manifest."""
        self._manifest.add_later(SourceEntry(str(file.source), self._opened_version, sha256))
