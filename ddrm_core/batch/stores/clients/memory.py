"""Objects in the memory of this process, through fsspec, for tests."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator

from ddrm_core.batch.stores.clients.client import (
    ConditionFailed,
    FoundObject,
    ObjectFacts,
    ObjectFolder,
    Upload,
    create_file_system,
)

# All clients share the objects, and fsspec has no operation that checks and writes at once.
_WRITE_LOCK = threading.Lock()


class MemoryClient:
    """A client to one bucket in memory; see `StoreClient`.

    A version is the SHA-256 of the content. Buckets exist without being created.
    """

    library_errors: tuple[type[Exception], ...] = (OSError,)

    def __init__(self, bucket: str) -> None:
        """Create a client. Raise StoreNotInstalled if fsspec is missing."""
        self._files = create_file_system("memory", "memory", "fsspec")
        self._root = f"/{bucket}/"

    def list_folder(self, prefix: str) -> Iterator[ObjectFacts | ObjectFolder]:
        """Yield objects and folders directly in a folder; see `StoreClient`."""
        folders: set[str] = set()
        for path in self._files.find(self._root):
            key = path.removeprefix(self._root)
            if not key.startswith(prefix):
                continue
            name, slash, _ = key[len(prefix) :].partition("/")
            if slash:
                folders.add(f"{prefix}{name}/")
            elif found := self.find(key):
                yield found.facts
        yield from map(ObjectFolder, sorted(folders))

    def find(self, key: str) -> FoundObject | None:
        """Return an object, None if it does not exist; see `StoreClient`."""
        try:
            data: bytes = self._files.cat_file(self._root + key)
            modified = self._files.modified(self._root + key)
        except FileNotFoundError:
            return None
        return FoundObject(ObjectFacts(key, len(data), _build_version(data), modified), "")

    def read_range(self, key: str, start: int, size: int, version: str) -> bytes:
        """Return bytes of an object of this version; see `StoreClient`."""
        try:
            data: bytes = self._files.cat_file(self._root + key)
        except FileNotFoundError as error:
            raise ConditionFailed from error
        if _build_version(data) != version:
            raise ConditionFailed
        return data[start : start + size]

    def put(self, key: str, upload: Upload) -> str:
        """Write an object under a condition; see `StoreClient`."""
        with _WRITE_LOCK:
            found = self.find(key)
            if (found.facts.version if found else None) != upload.expected_version:
                raise ConditionFailed
            self._files.pipe_file(self._root + key, upload.data)
        return _build_version(upload.data)

    def delete(self, key: str) -> None:
        """Delete an object; see `StoreClient`."""
        with _WRITE_LOCK:
            if self.find(key) is not None:
                self._files.rm_file(self._root + key)


def _build_version(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
