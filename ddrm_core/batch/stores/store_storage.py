"""Storage of results in an object store."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ddrm_core.batch.object_path import ObjectPath
from ddrm_core.batch.result_storage import OutputFile, StoredFile
from ddrm_core.batch.stores.address import find_key_problem, find_max_name_bytes
from ddrm_core.batch.stores.object_store import ObjectStore
from ddrm_core.batch.stores.reasons import (
    ObjectChanged,
    ObjectExists,
    StoreError,
)
from ddrm_core.batch.stores.store_errors import reading_store
from ddrm_core.errors import OutputExists, UnwritableOutput
from ddrm_core.os_errors import writing


class StoreStorage:
    """The storage of results as objects, whose paths are below the path of a folder in the store.

    A result is made in a temporary file of this machine, and becomes an object by one conditional
    request: another program never sees a part of it, and never replaces it by mistake.

    This class implements `ResultStorage`.
    """

    def __init__(self, store: ObjectStore, folder: ObjectPath) -> None:
        """Create the storage without a connection.

        Args:
            store: Folder of the results in the object store.
            folder: Path of this folder, with which all paths begin.
        """
        self._store, self._folder = store, folder

    def find(self, path: Path) -> StoredFile | None:
        """Return the state of an object, None if no object has the path."""
        with reading_store(path):
            facts = self._store.find(self._key_of(path))
        return None if facts is None else StoredFile(facts.size, None, facts.version)

    def exists(self, path: Path) -> bool:
        """Return whether an object has the path."""
        return self.find(path) is not None

    def prepare_folder_of(self, path: Path) -> None:
        """Check that the path can be a key; there are neither folders nor temporary objects.

        A name of a local image may contain what the key of an object must not, such as a control
        character.

        Raises:
            UnwritableOutput: If the path cannot be a key.
        """
        problem = find_key_problem(self._key_of(path), find_max_name_bytes())
        if problem is not None:
            raise UnwritableOutput(path, problem)

    def check_path(self, path: Path, *, source: Path, overwrite: bool) -> None:  # noqa: ARG002
        """Raise OutputExists if an object has the path and `overwrite` is False.

        The source cannot be the object, since plans keep sources out of the folder of results.
        """
        if not overwrite and self.exists(path):
            raise OutputExists(path)

    @contextmanager
    def writer(self, path: Path, *, overwrite: bool) -> Iterator[OutputFile]:
        """Yield a temporary file that becomes an object at the end; see `ResultStorage.writer`.

        If `overwrite` is set and the object is changed during the block, OutputExists is raised,
        too: the change may be the result of another program. An error of the temporary file names
        the folder for temporary files.
        """
        replaced = self.find(path) if overwrite else None
        local = writing(Path(tempfile.gettempdir()))
        with local, tempfile.TemporaryDirectory(prefix="ddrm-restore-") as folder:
            output = OutputFile(Path(folder) / path.name)
            output.path.touch()
            yield output
            key = self._key_of(path)
            try:
                if replaced is None:
                    output.version = self._store.create(key, output.path)
                else:
                    output.version = self._store.replace(key, output.path, str(replaced.version))
            except (ObjectExists, ObjectChanged) as error:
                raise OutputExists(path) from error
            except StoreError as error:
                raise UnwritableOutput(path, error.reason) from error

    def read(self, path: Path) -> bytes:
        """Return the bytes of an object; raises UnreadableFile if the store refuses."""
        with reading_store(path):
            return self._store.read_bytes(self._key_of(path))

    def compute_sha256(self, path: Path) -> str:
        """Return the SHA-256 of an object in hexadecimal, after reading the object."""
        return hashlib.sha256(self.read(path)).hexdigest()

    def _key_of(self, path: Path) -> str:
        return path.relative_to(self._folder).as_posix()
