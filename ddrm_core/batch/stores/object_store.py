"""Objects of a folder in an object store: listed, read, and written under conditions."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from ddrm_core.batch.stores.address import StoreAddress, StoreScheme, escape_controls
from ddrm_core.batch.stores.clients.azure import AzureClient
from ddrm_core.batch.stores.clients.client import (
    ConditionFailed,
    ConflictingWrite,
    FoundObject,
    ObjectFacts,
    ObjectFolder,
    StoreClient,
    Upload,
)
from ddrm_core.batch.stores.clients.google import GoogleClient
from ddrm_core.batch.stores.clients.memory import MemoryClient
from ddrm_core.batch.stores.clients.s3 import S3Client
from ddrm_core.batch.stores.reasons import (
    ConditionsIgnored,
    ObjectChanged,
    ObjectExists,
    ObjectMissing,
    StoreAccessDenied,
    StoreFailure,
    StoreUnavailable,
)
from ddrm_core.os_errors import reading, writing

_CLIENT_CLASSES: dict[StoreScheme, Callable[[str], StoreClient]] = {
    StoreScheme.S3: S3Client,
    StoreScheme.GOOGLE: GoogleClient,
    StoreScheme.AZURE: AzureClient,
    StoreScheme.MEMORY: MemoryClient,
}
_READ_BYTES = 32 << 20
_WRITE_ATTEMPTS, _FIRST_PAUSE_SECONDS = 6, 0.1
_MAX_REASON_LENGTH = 300
_DEFAULT_CONTENT_TYPE = "application/octet-stream"
# Not by the module `mimetypes`, which knows other types on each system.
_CONTENT_TYPES = {
    ".avif": "image/avif",
    ".bmp": "image/bmp",
    ".csv": "text/csv",
    ".gif": "image/gif",
    ".jfif": "image/jpeg",
    ".jpe": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".json": "application/json",
    ".jsonl": "application/jsonl",
    ".jxl": "image/jxl",
    ".png": "image/png",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".webp": "image/webp",
}


class ObjectStore:
    """The objects of a folder in an object store; keys are relative to the folder.

    A store cannot rename, so that results are not written under temporary names. Instead, an
    object becomes visible only with its whole content, and it is written on condition that its key
    is free, or that it still has a known version. The store checks the condition and writes as one
    operation: of several programs that write one key, exactly one succeeds, and a killed program
    leaves the whole object or none.

    If the answer to a successful write is lost, the library repeats the request, and the store says
    that the condition is not met. Each write therefore has an identifier, which the object keeps as
    metadata, so that the program recognizes its own object.

    Every operation raises ObjectMissing if the bucket does not exist, StoreAccessDenied if
    credentials are missing or do not suffice, and StoreUnavailable if the store does not answer or
    refuses the request. An instance may be used by several threads, and may be pickled.

    Attributes:
        address: Address of the folder.
    """

    def __init__(self, address: StoreAddress) -> None:
        """Create the object without connecting.

        Raises:
            StoreNotInstalled: If a package for this kind of store is not installed.
            StoreAccessDenied: If the environment names no account, which Azure needs.
        """
        self.address = address
        try:
            self._client = _CLIENT_CLASSES[address.scheme](address.bucket)
        except ValueError as error:
            raise StoreAccessDenied(str(address), _describe(error)) from error

    def __reduce__(self) -> tuple[type[ObjectStore], tuple[StoreAddress]]:
        return ObjectStore, (self.address,)

    def iter_folder(self, folder: str = "") -> Iterator[ObjectFacts | ObjectFolder]:
        """Yield objects and folders directly in a folder, in the order of the store.

        Args:
            folder: Key of the folder with a slash at its end; empty for the folder of this object.
        """
        prefix = self.address.build_key(folder)
        with self._translating_errors(folder):
            for entry in self._client.list_folder(prefix):
                yield replace(entry, key=self.address.find_relative_key(entry.key))

    def find(self, key: str) -> ObjectFacts | None:
        """Return the facts about an object, None if it does not exist."""
        found = self._find(key)
        return None if found is None else found.facts

    def read_bytes(self, key: str) -> bytes:
        """Return the content of an object.

        Raises:
            ObjectMissing: If the object does not exist.
            ObjectChanged: If the object was changed during the call.
        """
        return self.read_version(self._get_facts(key))

    def read_version(self, facts: ObjectFacts) -> bytes:
        """Return the content of a version of an object.

        Args:
            facts: Facts about the object, which was listed or looked up.

        Raises:
            ObjectChanged: If the object does not have this version any more.
        """
        return b"".join(self._iter_content(facts))

    def download(self, key: str, path: Path) -> ObjectFacts:
        """Write the content of an object to a file; return the facts about the object.

        The file gets the object's date of the last write as its modification time. If the call
        fails, there is no file.

        Raises:
            ObjectMissing: If the object does not exist.
            ObjectChanged: If the object was changed during the call.
            UnwritableOutput: If the file cannot be written.
        """
        facts = self._get_facts(key)
        content = self._iter_content(facts)
        try:
            with writing(path), path.open("wb") as file:
                # Errors of the store are no OSErrors here.
                for data in content:
                    file.write(data)
            modified = facts.modified.timestamp()
            with writing(path):
                os.utime(path, (modified, modified))
        except BaseException:
            with suppress(OSError):
                path.unlink()
            raise
        return facts

    def create(self, key: str, path: Path) -> str:
        """Make an object of a file's content if its key is free; return the object's version.

        Raises:
            ObjectExists: If the object exists; it is not changed.
            UnreadableFile: If the file cannot be read.
        """
        return self.create_bytes(key, _read_file(path))

    def create_bytes(self, key: str, data: bytes) -> str:
        """Make an object with this content if its key is free; return the object's version.

        Raises:
            ObjectExists: If the object exists; it is not changed.
        """
        return self._put(key, data, None)

    def replace(self, key: str, path: Path, expected_version: str) -> str:
        """Replace an object by a file's content if the object still has a version.

        Args:
            key: Key of the object.
            path: File with the new content.
            expected_version: Version that the object must have.

        Returns:
            The object's new version.

        Raises:
            ObjectChanged: If the object has another version or does not exist; it is not changed.
            UnreadableFile: If the file cannot be read.
        """
        return self._put(key, _read_file(path), expected_version)

    def delete(self, key: str) -> None:
        """Delete an object; do nothing if it does not exist."""
        with self._translating_errors(key):
            self._client.delete(self.address.build_key(key))

    def check_conditions(self, key: str) -> None:
        """Check with an object, which is then deleted, that the store keeps conditions of writes.

        Args:
            key: Free key.

        Raises:
            ConditionsIgnored: If the store writes an object although its condition is not met.
        """
        version = self.create_bytes(key, b"1")
        try:
            with suppress(ObjectExists):
                self.create_bytes(key, b"2")
                raise ConditionsIgnored(str(self.address))
            self._put(key, b"3", version)
            with suppress(ObjectChanged):
                self._put(key, b"4", version)
                raise ConditionsIgnored(str(self.address))
        finally:
            self.delete(key)

    def _find(self, key: str) -> FoundObject | None:
        with self._translating_errors(key):
            found = self._client.find(self.address.build_key(key))
        return found and replace(found, facts=replace(found.facts, key=key))

    def _get_facts(self, key: str) -> ObjectFacts:
        """Return the facts about an object; raise ObjectMissing if it does not exist."""
        facts = self.find(key)
        if facts is None:
            raise ObjectMissing(self.address.format_object(key))
        return facts

    def _iter_content(self, facts: ObjectFacts) -> Iterator[bytes]:
        """Yield the content of an object in parts; raise ObjectChanged if it has changed."""
        key = self.address.build_key(facts.key)
        for start in range(0, facts.size, _READ_BYTES):
            size = min(_READ_BYTES, facts.size - start)
            try:
                with self._translating_errors(facts.key):
                    data = self._client.read_range(key, start, size, facts.version)
            except ConditionFailed as error:
                raise ObjectChanged(self.address.format_object(facts.key)) from error
            if len(data) != size:
                raise StoreUnavailable(
                    self.address.format_object(facts.key), StoreFailure.INCOMPLETE_ANSWER
                )
            yield data

    def _put(self, key: str, data: bytes, expected_version: str | None) -> str:
        """Write an object under a condition, and return its version."""
        content_type = _CONTENT_TYPES.get(Path(key).suffix.lower(), _DEFAULT_CONTENT_TYPE)
        upload = Upload(data, content_type, uuid.uuid4().hex, expected_version)
        full_key = self.address.build_key(key)
        for attempt in range(_WRITE_ATTEMPTS):
            try:
                with self._translating_errors(key):
                    return self._client.put(full_key, upload)
            except ConflictingWrite:
                time.sleep(_FIRST_PAUSE_SECONDS * 2**attempt)
            except ConditionFailed as error:
                found = self._find(key)
                if found is not None and found.write_id == upload.write_id:
                    return found.facts.version
                kind = ObjectExists if expected_version is None else ObjectChanged
                raise kind(self.address.format_object(key)) from error
        raise StoreUnavailable(self.address.format_object(key), StoreFailure.CONFLICTS)

    @contextmanager
    def _translating_errors(self, key: str) -> Iterator[None]:
        """Convert the errors of a client to errors of the core about an object or a folder."""
        try:
            yield
        except FileNotFoundError as error:
            bucket = StoreAddress(self.address.scheme, self.address.bucket)
            raise ObjectMissing(str(bucket), StoreFailure.BUCKET_MISSING) from error
        except PermissionError as error:
            address = self.address.format_object(key)
            raise StoreAccessDenied(address, _describe(error)) from error
        except self._client.library_errors as error:
            raise StoreUnavailable(self.address.format_object(key), _describe(error)) from error


def _read_file(path: Path) -> bytes:
    with reading(path):
        return path.read_bytes()


def _describe(error: Exception) -> str:
    """Return the first line of an error's text, in the words of the library or of the store."""
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return escape_controls(text.strip().splitlines()[0])[:_MAX_REASON_LENGTH].rstrip(".!")
